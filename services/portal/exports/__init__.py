"""Documents that leave the portal: each made from what its reader may see, and saying for whom it is."""
