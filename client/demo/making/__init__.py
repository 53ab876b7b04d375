"""How `jpa-1-2015.yaml` was made: published totals, and an illustrative story that adds up to them."""
