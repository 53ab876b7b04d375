"""The plumbing that every service stands on, each piece once."""
