"""Kafka and PostgreSQL for the tests: named in the environment, else in containers, else the embedded ones.

    async with running_servers() as servers:
        settings = PlannerSettings(**lowered(servers.settings("planner")))
        desk = servers.integrator("NZ")

All is new each time: nothing of an earlier run is there.
"""

import asyncio
import contextlib
import fcntl
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TextIO

from client import integrators
from deploy.embedded.places import CHECKOUT, SHARED_STATE, Home, checkout_mark, make_folder
from deploy.embedded.servers import Servers
from deploy.embedded.services import Service
from deploy.embedded.supervisor import Supervisor
from deploy.provision.access import Broker, Database
from tests.containers import containers, docker_runs


class RunningServers:
    """Two servers that are up and provisioned; optionally the services too."""

    def __init__(self, supervisor: Supervisor, servers: Servers) -> None:
        self.supervisor = supervisor
        self.home = supervisor.home
        self.surroundings = servers.surroundings
        self.broker: Broker = servers.surroundings.broker  # as administrator
        self.database: Database = servers.surroundings.database

    def settings(self, service: str) -> dict[str, str]:
        """The environment variables that the supervisor would give to this service."""
        return self.surroundings.settings(service)

    def as_service(self, service: str) -> Broker:
        """The broker with that service's own credential."""
        return self.broker.as_user(service, self.surroundings.broker_password(service))

    def integrator(self, party: str, name: str = "test") -> integrators.Credential:
        """A credential that reads one party's feed."""
        return integrators.issue(self.broker, party, name)

    def pid(self, process: str) -> int:
        """Of a child, to do it harm."""
        pid = self.supervisor.children[process].pid
        assert pid
        return pid

    async def stop(self, process: str) -> None:
        """Take it away, until `start`."""
        await self.supervisor.children[process].stop()

    async def start(self, process: str) -> None:
        """Bring it back, and wait until it answers."""
        self.supervisor.children[process].start()
        await self.back(process)

    async def back(self, process: str) -> None:
        """Wait until it is there again."""
        await self.supervisor.children[process].ready()


def lowered(settings: dict[str, str]) -> dict[str, str]:
    """Environment variables as the arguments of a settings class."""
    return {name.lower(): value for name, value in settings.items()}


@contextlib.asynccontextmanager
async def running_servers(
    services: tuple[Service, ...] = (), port: int = 0, brokers: int = 1, replicas: int = 1
) -> AsyncIterator[RunningServers]:
    """Servers of our own for as long as the block lasts; with `services` also those, as children.

    Of three brokers, faults are made from within: they are the embedded ones whatever else there is.
    """
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(fresh_home())
        if brokers == 1 and not Broker.named() and not Database.named() and await asyncio.to_thread(docker_runs):
            started = await asyncio.to_thread(stack.enter_context, containers(home))
            stack.enter_context(_environment(started))
        supervisor = Supervisor(home, port or free_port(), services, brokers=brokers, replicas=replicas)
        try:
            await supervisor.start()
            assert supervisor.servers
            yield RunningServers(supervisor, supervisor.servers)
        finally:
            await supervisor.stop()


@contextlib.contextmanager
def fresh_home() -> Iterator[Home]:
    """An empty JPA_HOME of this checkout that nobody else uses now; gone when it was left in order."""
    base = SHARED_STATE if os.geteuid() == 0 else CHECKOUT / ".jpa"
    make_folder(base)
    for number in range(20):
        folder = base / (f"test-{checkout_mark()}-{number}" if os.geteuid() == 0 else f"test-{number}")
        lock = _take(folder.with_suffix(".lock"))
        if lock:
            break
    else:
        raise RuntimeError(f"twenty test runs use {base} at once")
    with lock:
        shutil.rmtree(folder, ignore_errors=True)
        home = Home(folder)
        home.make()
        yield home
        if not os.environ.get("JPA_KEEP_TEST_HOME"):
            shutil.rmtree(folder, ignore_errors=True)


def _take(path: Path) -> TextIO | None:
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def free_port() -> int:
    """A port where nobody listens now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def _environment(named: dict[str, str]) -> Iterator[None]:
    before = {key: os.environ.get(key) for key in named}
    os.environ.update(named)
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                del os.environ[key]
            else:
                os.environ[key] = value
