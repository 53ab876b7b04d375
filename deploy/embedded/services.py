"""The services as children: what each is told by its environment, and when it answers."""

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.embedded import credentials
from deploy.embedded.child import Program
from deploy.embedded.cluster import names
from deploy.embedded.places import CHECKOUT, Home
from deploy.provision.access import Broker, Database
from deploy.provision.database import ROLES

NOT_FOR_SERVICES = {"PYTHONDONTWRITEBYTECODE", "DATABASE_URL", "KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD"}


@dataclass(frozen=True)
class Service:
    """A name and the ASGI app behind it."""

    name: str
    app: str


SERVICES = tuple(Service(name, f"services.{name}.app:app") for name in ("planner", "intel", "debrief", "portal"))


@dataclass(frozen=True)
class Surroundings:
    """What is the same for every service of an installation."""

    home: Home
    broker: Broker
    database: Database
    ports: Mapping[str, int]
    embedded: bool
    replicas: int = 1

    def passwords(self) -> dict[str, str]:
        """Of each role in the databases and of each service at the broker, by name."""
        return {role: credentials.password(self.home, f"database-{role}") for role in ROLES}

    def broker_password(self, service: str) -> str:
        return credentials.password(self.home, f"kafka-{service}")

    def url(self, service: str) -> str:
        """Of a service's first replica, or of the one that is named (`planner.2`)."""
        return self.urls(service)[0]

    def urls(self, service: str) -> list[str]:
        """Of every replica."""
        return [f"http://127.0.0.1:{self.ports[name]}" for name in self.names(service)]

    def names(self, service: str) -> list[str]:
        """What the processes of this service are called."""
        return [service] if service in self.ports and "." in service else names(service, self.replicas)

    def settings(self, name: str, replica: str = "") -> dict[str, str]:
        """The variables that this service reads; `replica` is its process's name where it runs twice."""
        home, roles = self.home, self.passwords()
        settings = {
            "JPA_HOME": str(home.root),
            **self.broker.as_user(name, self.broker_password(name)).environment(),
            "DATABASE_URL": self.database.for_sqlalchemy(name, roles[name], name),
            "ACTOR_PUBLIC_KEYS_FILE": str(credentials.public_keys(home, "actor")),
            "SEAL_PRIVATE_KEY_FILE": str(credentials.signing_key(home, f"seal-{name}")),
            "TRACE_FILE": str(home.traces / f"{replica or name}.jsonl"),
            "UNCLEAN_FILE": str(home.unclean_file),
        }
        if self.embedded:
            settings |= {
                "CLOCK_FILE": str(home.clock_file),
                "PLAYBACK": "true",
                "DISK_PATH": str(home.postgres),
            }
        if name == "portal":
            settings |= {
                "PROJECTOR_DATABASE_URL": self.database.for_sqlalchemy(
                    "portal_projector", roles["portal_projector"], "portal"
                ),
                "READER_DATABASE_URL": self.database.for_sqlalchemy("portal_reader", roles["portal_reader"], "portal"),
                "ACTOR_PRIVATE_KEY_FILE": str(credentials.signing_key(home, "actor")),
                "TARGET_KEY_FILE": str(credentials.target_key(home)),
                "PUBLIC_URL": self.url("portal"),
                **{f"{other.upper()}_URL": ",".join(self.urls(other)) for other in ("planner", "intel", "debrief")},
            }
        return settings

    def programs(self, service: Service) -> list[Program]:
        """The service as something to run, once for each replica."""
        return [self._program(service, name) for name in self.names(service.name)]

    def _program(self, service: Service, name: str) -> Program:
        port = self.ports[name]
        words = ["--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "warning"]
        words += ["--loop", "uvloop", "--http", "httptools", "--timeout-graceful-shutdown", "3"]
        words += ["--no-proxy-headers"]  # else whoever is on this machine says which address they come from
        inherited = {key: value for key, value in os.environ.items() if key not in NOT_FOR_SERVICES}
        common = {"PYTHONPATH": str(CHECKOUT), "PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "2", "TZ": "UTC"}
        return Program(
            name=name,
            command=lambda: [sys.executable, "-m", "uvicorn", service.app, *words],
            environment=lambda: {**inherited, **common, **self.settings(service.name, name)},
            answers=lambda: answers(port),
            port=port,
            folder=CHECKOUT,
        )


async def answers(port: int, path: str = "/health/live") -> bool:
    """Whether a GET is answered with 200."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        status = await asyncio.wait_for(reader.readline(), 5)
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()
    return b" 200 " in status
