"""The `jpa` command, the feed subscriber that integrators import, and the demo."""
