"""What the services need on a Kafka and a PostgreSQL: topics, users, rights, roles and databases."""
