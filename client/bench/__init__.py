"""`./jpa bench`: how fast the system is, against the least that the same work could cost on the same servers."""
