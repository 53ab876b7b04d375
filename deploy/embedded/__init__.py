"""A real Kafka, a real PostgreSQL and the services as child processes of `jpa up`, all on loopback."""
