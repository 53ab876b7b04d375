"""An installation for the bench alone: new, with what is shipped, and gone afterwards."""

import contextlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from deploy.embedded import state
from deploy.embedded.places import Home, Trouble, take_ports
from deploy.embedded.supervisor import Supervisor, first_problem
from deploy.provision.access import Broker, Database

FREE_BYTES = 8 * 2**30


@dataclass(frozen=True)
class Stack:
    """Its supervisor, and ways in that only an administrator has."""

    supervisor: Supervisor

    @property
    def home(self) -> Home:
        return self.supervisor.home

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.supervisor.url)
        return str(parts.hostname), int(parts.port or 80)

    @property
    def broker(self) -> Broker:
        assert self.supervisor.servers
        return self.supervisor.servers.surroundings.broker

    def url(self, service: str) -> str:
        assert self.supervisor.servers
        return self.supervisor.servers.surroundings.url(service)

    def as_admin(self, database: str) -> str:
        """The URL of a database, for the superuser."""
        assert self.supervisor.servers
        parts = urlsplit(self.supervisor.servers.surroundings.database.url)
        return urlunsplit(parts._replace(path=f"/{database}"))

    def as_role(self, role: str, database: str) -> str:
        """The URL of a database, for a service's role."""
        assert self.supervisor.servers
        surroundings = self.supervisor.servers.surroundings
        return surroundings.database.as_role(role, surroundings.passwords()[role], database)

    def pids(self) -> dict[str, int]:
        """Of everything that runs."""
        return {name: child.pid for name, child in self.supervisor.children.items() if child.pid}

    async def stop(self, *names: str) -> None:
        for name in names:
            await self.supervisor.children[name].stop()

    async def start(self, *names: str) -> None:
        for name in names:
            self.supervisor.children[name].start()
        for name in names:
            await self.supervisor.children[name].ready()


@contextlib.asynccontextmanager
async def own_stack(installation: Home) -> AsyncIterator[Stack]:
    """A system that is up for as long as the block lasts."""
    if Broker.named() or Database.named():
        raise Trouble("The bench starts servers of its own: unset KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL.")
    before = installation.root.exists()
    home = Home(installation.root / "bench")
    home.make()
    if shutil.disk_usage(home.root).free < FREE_BYTES:
        raise Trouble(f"Less than {FREE_BYTES // 2**30} GiB is free where {home.root} lies: make room or set JPA_HOME.")
    with state.sole_supervisor(home) as alone:
        if not alone:
            raise Trouble("Another bench of this installation runs: wait until it has ended.")
        try:
            state.stop_left_behind(home)
            _clear(home)
            supervisor = Supervisor(home, port=take_ports(home, ("portal",))["portal"])
            try:
                await supervisor.start()
                yield Stack(supervisor)
            except BaseExceptionGroup as group:
                raise first_problem(group) or group from None
            finally:
                await supervisor.stop()
        finally:
            shutil.rmtree(home.root, ignore_errors=True)
            if not before:
                with contextlib.suppress(OSError):
                    installation.root.rmdir()


def _clear(home: Home) -> None:
    """What a bench that was killed has left; the lock stays, for we hold it."""
    for path in home.root.iterdir():
        if path.is_dir() and path != home.run:
            shutil.rmtree(path)
    home.make()
