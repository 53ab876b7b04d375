"""The system under attack: servers and services of its own in a home of its own, and how to lay hands on them."""

import asyncio
import contextlib
import shutil
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy.embedded import state
from deploy.embedded.child import Child, Program
from deploy.embedded.places import Home, Trouble, take_ports
from deploy.embedded.services import SERVICES, Service, Surroundings
from deploy.embedded.supervisor import Supervisor
from deploy.provision.access import Broker, Database
from shared.runtime.failpoints import Point

if TYPE_CHECKING:
    import asyncpg

NAMES = tuple(service.name for service in SERVICES)
NO_ROOM = Path("/proc")
"""A file system on which never a byte is free."""
PATIENCE = 120.0


class Endured(Supervisor):
    """Gives the services what only this run has: a folder of failpoints, and a volume that can seem full."""

    def __init__(
        self, home: Home, port: int, services: Sequence[Service], more: Mapping[str, str], brokers: int, replicas: int
    ) -> None:
        super().__init__(home, port, services, brokers=brokers, replicas=replicas)
        self._more = more

    def _child(self, program: Program) -> Child:
        if kind(program.name) in NAMES:
            plain = program.environment
            program = replace(program, environment=lambda: {**plain(), **self._more})
        return super()._child(program)


@dataclass
class Stack:
    """All processes, by name: the services, `kafka` and `postgres`."""

    home: Home
    supervisor: Supervisor

    @property
    def surroundings(self) -> Surroundings:
        assert self.supervisor.servers
        return self.supervisor.servers.surroundings

    @property
    def processes(self) -> list[str]:
        return list(self.supervisor.children)

    def all_of(self, what: str) -> list[str]:
        """The processes of a service or server: one, or its replicas."""
        return [name for name in self.processes if kind(name) == what]

    @property
    def volume(self) -> Path:
        return self.home.run / "volume"

    def child(self, name: str) -> Child:
        return self.supervisor.children[name]

    def broker_as(self, service: str) -> Broker:
        """The broker with that service's own credential."""
        return self.surroundings.broker.as_user(service, self.surroundings.broker_password(service))

    @contextlib.asynccontextmanager
    async def database(self, service: str) -> "AsyncIterator[asyncpg.Connection]":
        """That service's database, as its own role."""
        import asyncpg

        words = self.surroundings
        connection = await asyncpg.connect(words.database.as_role(service, words.passwords()[service], service))
        try:
            yield connection
        finally:
            await connection.close()

    def signal(self, name: str, number: signal.Signals, below: bool = True) -> None:
        """To the process and all below it: PostgreSQL's own have groups of their own."""
        import psutil

        pid = self.child(name).pid
        if pid is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            first = psutil.Process(pid)
            for process in (first, *(first.children(recursive=True) if below else ())):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(number)

    async def kill(self, name: str) -> None:
        """SIGKILL, and wait until its successor answers."""
        await self.well(name)
        before = self.pids(name)
        self.signal(name, signal.SIGKILL, below=False)
        await self.succeeded(before)

    def pids(self, *names: str) -> dict[str, int | None]:
        return {name: self.child(name).pid for name in names}

    async def succeeded(self, before: dict[str, int | None]) -> None:
        """Wait until one of these processes has a successor, and all answer."""
        names, others = [*before], "has no successor"
        await until(lambda: any(pid not in {None, before[n]} for n, pid in self.pids(*names).items()), f"{names} {others}")
        await self.well(*names)

    async def well(self, *names: str) -> None:
        """Wait until these, or all, answer."""
        await until(
            lambda: all(self.child(name).status == "ready" for name in names or self.processes),
            f"{', '.join(names) or 'the system'} does not answer",
        )

    async def stop(self, *names: str) -> None:
        await asyncio.gather(*(self.child(name).stop() for name in names))

    async def start(self, *names: str) -> None:
        for name in names:
            self.child(name).start()
        await self.well(*names)

    def arm(self, service: str, point: Point, how: str) -> Path:
        """The file that strikes once; its absence tells that it did."""
        folder = self.home.run / "failpoints"
        folder.mkdir(exist_ok=True)
        draft = folder / "new"
        draft.write_text(how)
        return draft.replace(folder / f"{service}.{point}")

    def seem_full(self, full: bool) -> None:
        """Let the volume whose free space the services look at be one without any."""
        draft = self.volume.with_suffix(".new")
        draft.unlink(missing_ok=True)
        draft.symlink_to(NO_ROOM if full else self.home.postgres)
        draft.replace(self.volume)


def kind(name: str) -> str:
    """What a process is: replicas and brokers are numbered (`planner.2`)."""
    return name.partition(".")[0]


@contextlib.asynccontextmanager
async def running(
    home: Home, services: Sequence[Service] = SERVICES, brokers: int = 1, replicas: int = 1
) -> AsyncIterator[Stack]:
    """The whole system for as long as the block lasts."""
    port = take_ports(home, ["endure"])["endure"]
    more = {"FAILPOINTS_PATH": str(home.run / "failpoints"), "DISK_PATH": str(home.run / "volume")}
    # signed often, so that each run has some
    supervisor = Endured(home, port, services, {**more, "CHECKPOINT_SECONDS": "20"}, brokers, replicas)
    stack = Stack(home, supervisor)
    stack.seem_full(False)
    try:
        await supervisor.start()
        yield stack
    finally:
        for name in supervisor.children:
            stack.signal(name, signal.SIGCONT)  # what is stopped cannot end
        await supervisor.stop()


@contextlib.contextmanager
def fresh_home(beside: Path) -> Iterator[Home]:
    """An empty home of this run alone; deleted when the block was left in order, else kept.

    Raises:
        Trouble: servers are named from outside, and those are not ours to attack.
    """
    if Broker.named() or Database.named():
        raise Trouble("An endurance run attacks its servers: unset KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL.")
    for number in range(1, 100):
        home = Home(beside / f"endure-{number}")
        if home.root.exists():
            continue
        home.make()
        with state.sole_supervisor(home) as alone:
            if alone:
                try:
                    yield home
                except (KeyboardInterrupt, asyncio.CancelledError):
                    shutil.rmtree(home.root)  # whoever ends it does not want it
                    raise
                shutil.rmtree(home.root)
                return
    raise Trouble(f"{beside} is full of earlier endurance runs: delete what is not needed.")


async def until(condition: Callable[[], bool], otherwise: str, patience: float = PATIENCE) -> None:
    """Wait for something that other processes do."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise Trouble(f"After {patience:.0f} s: {otherwise}.")
        await asyncio.sleep(0.02)


async def until_asked(ask: Callable[[], Awaitable[Any]], otherwise: str, patience: float = PATIENCE) -> None:
    """The same for a question that has to be awaited."""
    deadline = time.monotonic() + patience
    while not await ask():
        if time.monotonic() > deadline:
            raise Trouble(f"After {patience:.0f} s: {otherwise}.")
        await asyncio.sleep(0.1)
