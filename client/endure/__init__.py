"""`./jpa endure`: a load of updates under injected faults, judged from outside by what the clients were told."""
