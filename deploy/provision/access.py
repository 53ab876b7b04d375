"""How to reach the Kafka and the PostgreSQL that this installation uses, as who may change them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit


def _said(environ: Mapping[str, str], name: str) -> str:
    """A variable, or what the file holds that NAME_FILE names: a secret belongs in no environment."""
    if file := environ.get(f"{name}_FILE"):
        return Path(file).read_text().strip()
    return environ.get(name, "")


@dataclass(frozen=True)
class Broker:
    """A Kafka and one principal's credential there."""

    bootstrap_servers: str
    username: str
    password: str
    security_protocol: str = "SASL_PLAINTEXT"
    mechanism: str = "SCRAM-SHA-256"

    @classmethod
    def named(cls, environ: Mapping[str, str] = os.environ) -> "Broker | None":
        """The Kafka that the environment names, with an administrator's credential."""
        servers = environ.get("KAFKA_BOOTSTRAP_SERVERS")
        if not servers:
            return None
        return cls(
            bootstrap_servers=servers,
            username=environ.get("KAFKA_SASL_USERNAME", ""),
            password=_said(environ, "KAFKA_SASL_PASSWORD"),
            security_protocol=environ.get("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT"),
            mechanism=environ.get("KAFKA_SASL_MECHANISM", "SCRAM-SHA-256"),
        )

    def as_user(self, username: str, password: str) -> "Broker":
        """The same Kafka for another principal."""
        return Broker(self.bootstrap_servers, username, password, self.security_protocol, self.mechanism)

    def environment(self) -> dict[str, str]:
        """As a service's settings."""
        return {
            "KAFKA_BOOTSTRAP_SERVERS": self.bootstrap_servers,
            "KAFKA_SECURITY_PROTOCOL": self.security_protocol,
            "KAFKA_SASL_MECHANISM": self.mechanism,
            "KAFKA_SASL_USERNAME": self.username,
            "KAFKA_SASL_PASSWORD": self.password,
        }

    def for_librdkafka(self) -> dict[str, str]:
        """As settings of confluent-kafka."""
        return {
            "bootstrap.servers": self.bootstrap_servers,
            "security.protocol": self.security_protocol,
            "sasl.mechanism": self.mechanism,
            "sasl.username": self.username,
            "sasl.password": self.password,
        }

    def for_aiokafka(self) -> dict[str, str]:
        """As arguments of aiokafka's clients."""
        return {
            "bootstrap_servers": self.bootstrap_servers,
            "security_protocol": self.security_protocol,
            "sasl_mechanism": self.mechanism,
            "sasl_plain_username": self.username,
            "sasl_plain_password": self.password,
        }


@dataclass(frozen=True)
class Database:
    """A PostgreSQL, as a role that may create roles and databases."""

    url: str

    @classmethod
    def named(cls, environ: Mapping[str, str] = os.environ) -> "Database | None":
        """The PostgreSQL that the environment names."""
        url = _said(environ, "DATABASE_URL")
        return cls(url.replace("postgresql+asyncpg://", "postgresql://", 1)) if url else None

    def as_role(self, role: str, password: str, database: str) -> str:
        """The URL with which a role reaches a database on the same server."""
        parts = urlsplit(self.url)
        place = parts.netloc.rpartition("@")[2]
        return urlunsplit(("postgresql", f"{role}:{password}@{place}", f"/{database}", parts.query, ""))

    def for_sqlalchemy(self, role: str, password: str, database: str) -> str:
        """The same, naming the driver."""
        return self.as_role(role, password, database).replace("postgresql://", "postgresql+asyncpg://", 1)
