"""`./jpa demo`: a scenario is played through the running system, as its officers would do it, and its figures checked."""
