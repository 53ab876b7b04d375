"""The two servers of an installation: ours as children, or those that the environment names."""

import asyncio
import hashlib
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded import credentials
from deploy.embedded.child import Program
from deploy.embedded.cluster import Shape
from deploy.embedded.kafka import Kafka
from deploy.embedded.places import CHECKOUT, Home, Trouble, kept_ports
from deploy.embedded.postgres import Postgres
from deploy.embedded.services import Surroundings
from deploy.provision import topics
from deploy.provision.access import Broker, Database


@dataclass(frozen=True)
class Servers:
    """What to start, and how to reach it; a server that the environment names is not started."""

    surroundings: Surroundings
    kafkas: tuple[Kafka, ...]
    postgres: Postgres | None

    @classmethod
    def of(cls, home: Home, ports: Mapping[str, int], shape: Shape = Shape()) -> "Servers":
        """Those that the environment names, else our own."""
        kafkas: tuple[Kafka, ...] = ()
        postgres = None
        broker, database = Broker.named(), Database.named()
        embedded = not broker and not database
        if not broker:
            nodes = shape.nodes(home, ports)
            kafkas = tuple(Kafka(home, node, nodes) for node in nodes)
            servers = ",".join(f"{node.address}:{node.port}" for node in nodes)
            broker = Broker(servers, "admin", credentials.password(home, "kafka-admin"))
        if not database:
            postgres = Postgres(home)
            database = Database(postgres.url)
        return cls(Surroundings(home, broker, database, ports, embedded, shape.replicas), kafkas, postgres)

    @classmethod
    def installed(cls, home: Home) -> "Servers":
        """Those of an installation that has been up, for commands that speak with them."""
        try:
            return cls.of(home, kept_ports(home), Shape.kept(home))
        except KeyError:
            raise Trouble("The system has not been up yet: start it with ./jpa up.") from None

    def programs(self) -> list[Program]:
        """Ours, as something to run."""
        found = []
        if self.postgres:
            postgres = self.postgres
            calls = (postgres.command, postgres.environment, postgres.answers)
            found.append(Program("postgres", *calls, prepare=postgres.prepare, user=_numbers(postgres.user)))
        for kafka in self.kafkas:
            calls, node = (kafka.command, kafka.environment, kafka.answers), kafka.node
            program = Program(node.name, *calls, port=node.port, prepare=kafka.prepare, user=_numbers(kafka.user))
            program.network = node.namespace
            found.append(program)
        return found

    def is_provisioned(self) -> bool:
        """Whether both are ours and known to be as this checkout wants them."""
        return self._is_marked(self._broker_mark) and self._is_marked(self._database_mark)

    async def provision_broker(self) -> None:
        """Topics, users and rights."""
        if self._is_marked(self._broker_mark):
            return
        wanted = topics.topics(topics.party_codes())
        passwords = {service: self.surroundings.broker_password(service) for service in topics.SERVICES}

        def work() -> None:
            from deploy.provision.broker import BrokerAdmin

            BrokerAdmin(self.surroundings.broker, min(3, len(self.kafkas)) or -1).ensure(wanted, passwords)

        await asyncio.to_thread(work)
        self._set_mark(self._broker_mark)

    async def provision_database(self) -> None:
        """Roles and databases."""
        if self._is_marked(self._database_mark):
            return
        from deploy.provision import database

        passwords = self.surroundings.passwords()
        await database.ensure(self.surroundings.database, passwords, own_server=self.postgres is not None)
        self._set_mark(self._database_mark)

    # A mark lies beside the data it speaks of and goes with it. Others' servers are compared each time.

    @property
    def _broker_mark(self) -> Path | None:
        return self.surroundings.home.kafka / "provisioned" if self.kafkas else None

    @property
    def _database_mark(self) -> Path | None:
        return self.surroundings.home.postgres / "provisioned" if self.postgres else None

    def _is_marked(self, mark: Path | None) -> bool:
        return mark is not None and mark.exists() and mark.read_text() == self._fingerprint()

    def _set_mark(self, mark: Path | None) -> None:
        if mark:
            mark.write_text(self._fingerprint())

    def _fingerprint(self) -> str:
        digest = hashlib.sha256()
        parties = CHECKOUT / "shared" / "parties.py"  # read, not imported: the supervisor stays small
        for file in [topics.FILE, parties, *sorted(Path(topics.__file__).parent.glob("*.py"))]:
            digest.update(file.read_bytes())
        for role, password in sorted(self.surroundings.passwords().items()):
            digest.update(f"{role}={password} ".encode())
        for service in topics.SERVICES:
            digest.update(f"{service}={self.surroundings.broker_password(service)} ".encode())
        return digest.hexdigest()


def _numbers(user: pwd.struct_passwd | None) -> tuple[int, int] | None:
    return (user.pw_uid, user.pw_gid) if user else None
