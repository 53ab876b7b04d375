"""What docker-compose.yml mounts into its containers, and how its secrets are made the first time."""
