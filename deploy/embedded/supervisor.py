"""Starts all of an installation at once where it can, keeps it running and stops it in order."""

import asyncio
import contextlib
import os
import shutil
import signal
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.embedded import control, state
from deploy.embedded.child import Child
from deploy.embedded.cluster import Shape
from deploy.embedded.places import Home, Trouble, is_free, require_room, take_ports
from deploy.embedded.servers import Servers
from deploy.embedded.services import SERVICES, Service
from deploy.embedded.state import State
from deploy.provision.access import Broker

LOG_BYTES = 8 * 2**20
SERVERS = ("kafka", "postgres")
WITH_PORTS = ("planner", "intel", "debrief", "portal")


class Supervisor:
    """Everything that runs below one JPA_HOME."""

    def __init__(
        self,
        home: Home,
        port: int = 8080,
        services: Sequence[Service] = SERVICES,
        say: Callable[[str], None] = lambda text: None,
        changed: Callable[[], None] = lambda: None,
        brokers: int = 0,
        replicas: int = 0,
    ) -> None:
        self.home = home
        self.status = "starting"
        self.children: dict[str, Child] = {}
        self.url = f"http://127.0.0.1:{port}"
        self.servers: Servers | None = None
        self.shape = Shape()
        self._asked = (brokers, replicas)
        self._port = port
        self._services = services
        self._tell = say
        self._changed = changed
        self._done = asyncio.Event()

    async def start(self) -> None:
        """Come up, or raise the sentence that says why not."""
        for name in await asyncio.to_thread(state.stop_left_behind, self.home):
            self.say(f"stopped {name}, which an earlier supervisor had left behind")
        self._require_room()
        self.servers = servers = await asyncio.to_thread(self._plan)
        for program in servers.programs():
            self.children[program.name] = self._child(program)
        for service in self._services:
            for program in servers.surroundings.programs(service):
                self.children[program.name] = self._child(program)
        self._write()
        provisioned = servers.is_provisioned()
        starting = [self._come_up("postgres", servers.provision_database)]
        starting += [self._brokers_come_up(servers)]
        services = [name for name in self.children if state.kind(name) not in SERVERS]
        if provisioned:  # services wait for servers by themselves, so nobody has to wait
            starting += [self._come_up(name) for name in services]
        await _all(starting)
        if not provisioned:
            await _all([self._come_up(name) for name in services])
        self.status = "ready"
        self._write()

    async def stop(self) -> None:
        """The portal first, so that nothing is accepted; then the services; the servers last."""
        self.status = "stopping"
        self._write()
        for group in (("portal",), ("planner", "intel", "debrief"), ("kafka",), ("postgres",)):
            leaving = [child for name, child in self.children.items() if state.kind(name) in group]
            await asyncio.gather(*(child.stop() for child in leaving))
        await asyncio.to_thread(self.shape.close)
        self.home.state_file.unlink(missing_ok=True)

    async def run(self) -> None:
        """Start, stay until told to go (SIGINT, SIGTERM, `down`), stop."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._done.set)
        server = await control.serve(self.home, self._handle)
        keeping = asyncio.create_task(self._keep_logs_small())
        starting = asyncio.create_task(self.start())
        told = asyncio.create_task(self._done.wait())
        try:
            await asyncio.wait({starting, told}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                await told
        finally:
            for task in (starting, keeping, told):
                task.cancel()
            await asyncio.wait({starting, keeping, told})
            await self.stop()
            server.close()
            self.home.control_socket.unlink(missing_ok=True)

    def leave(self) -> None:
        """Make `run` stop everything and return."""
        self._done.set()

    def say(self, text: str) -> None:
        """Tell whoever watches, and the log."""
        with (self.home.logs / "supervisor.log").open("a") as log:
            log.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {text}\n")
        self._tell(text)

    def state(self) -> State:
        """As it is written down."""
        processes = [child.state() for child in self.children.values()]
        pid = os.getpid()
        born = state.birth(pid)
        return {"pid": pid, "born": born, "status": self.status, "portal": self.url, "processes": processes}

    def _plan(self) -> Servers:
        """Where everything will listen; the network for several brokers is made here."""
        self.shape = shape = Shape.plan(self.home, *self._asked, others_brokers=Broker.named() is not None).open()
        if shape.loopback_because:
            self.say(f"the brokers share loopback, so cutting one off means stopping it ({shape.loopback_because})")
        first, *_ = shape.names("portal")
        taken = take_ports(self.home, [name for name in shape.ports(list(WITH_PORTS)) if name != first], {self._port})
        shape.keep(self.home)
        return Servers.of(self.home, {**taken, first: self._port}, shape)

    def _child(self, program: Any) -> Child:
        return Child(program, self.home.logs / f"{program.name}.log", self._write, self.say)

    async def _brokers_come_up(self, servers: Servers) -> None:
        await _all([self._come_up(kafka.node.name) for kafka in servers.kafkas])
        await servers.provision_broker()

    async def _come_up(self, name: str, then: Callable[[], Any] | None = None) -> None:
        if child := self.children.get(name):
            child.start()
            await child.ready()
        if then:
            await then()

    def _write(self) -> None:
        state.write(self.home, self.state())
        self._changed()

    def _require_room(self) -> None:
        if self._services and self.home.restoring.exists():
            raise Trouble("A restore was broken off: run ./jpa restore FILE --replace once more.")
        if any(service.name == "portal" for service in self._services) and not is_free(self._port):
            raise Trouble(f"Port {self._port} is in use: choose another with ./jpa up --port {self._port + 1}.")
        require_room(self.home.root)

    async def _keep_logs_small(self) -> None:
        while True:
            for log in self.home.logs.glob("*.log"):
                if log.stat().st_size > LOG_BYTES:
                    await asyncio.to_thread(_rotate, log)
            await asyncio.sleep(10)

    async def _handle(self, question: dict[str, Any]) -> dict[str, Any]:
        match question:
            case {"do": "status"}:
                return dict(self.state())
            case {"do": "down"}:
                self.leave()
                return {}
            case {"do": "stop" | "start" as verb, "process": str(name)} if child := self.children.get(name):
                if verb == "stop":
                    await child.stop()
                    return {}
                child.start()
                with contextlib.suppress(Trouble):
                    await child.ready()
                    return {}
                return {"problem": f"{name} does not start: see ./jpa logs {name}."}
        return {"problem": "The supervisor does not know how to do that."}


async def _all(waiting: Sequence[Any]) -> None:
    """Wait for all; with the first failure, for none."""
    async with asyncio.TaskGroup() as group:
        for one in waiting:
            group.create_task(one)


def first_problem(error: BaseException) -> Trouble | None:
    """The sentence in whatever was raised."""
    if isinstance(error, Trouble):
        return error
    if isinstance(error, BaseExceptionGroup):
        return next((found for inner in error.exceptions if (found := first_problem(inner))), None)
    return None


def _rotate(log: Path) -> None:
    """Children append to the file that they opened, so its content moves and the file stays."""
    shutil.copyfile(log, log.with_suffix(".log.1"))
    os.truncate(log, 0)


def wait_until_gone(home: Home, patience: float = 60.0) -> bool:
    """Whether no supervisor runs any more within that time."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with state.sole_supervisor(home) as alone:
            if alone:
                return True
        time.sleep(0.05)
    return False
