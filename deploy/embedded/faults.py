"""Faults on purpose, for tests and `jpa endure`: of brokers and the network between them, and of services.

    faults = Faults(supervisor)             # of a system that is up, in the same event loop
    await faults.kill("kafka.2")            # SIGKILL; the supervisor starts it again by itself
    async with faults.cut(1, 2): ...        # packets from broker 1 to broker 2 vanish, the others pass
    faults.cut(1, CLIENTS, seconds=5)       # not awaited as a block: heals by itself
    leader = await faults.leader_of("planner.operations", 0)
    await faults.rolling_restart("planner")

A broker is named by its number, the side of services and clients by `CLIENTS`. A process is named as `jpa status` names it.
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any

from deploy.embedded import state
from deploy.embedded.network import CLIENTS
from deploy.embedded.places import Trouble
from deploy.embedded.services import answers
from deploy.embedded.supervisor import Supervisor
from deploy.provision.access import Broker

__all__ = ["CLIENTS", "Cut", "Faults"]


class Cut:
    """Directions in which nothing passes until `heal`, or the end of an `async with` block."""

    def __init__(self, faults: "Faults", directions: list[tuple[int, int]], paused: list[str]) -> None:
        self._faults, self._directions, self._paused = faults, directions, paused
        self.timer: asyncio.TimerHandle | None = None

    def heal(self) -> None:
        """Let everything pass again; harmless when it does."""
        if self.timer:
            self.timer.cancel()
        network = self._faults.supervisor.shape.network
        while self._directions and network:
            network.pass_again(*self._directions.pop())
        while self._paused:
            self._faults.resume(self._paused.pop())
        self._faults.cuts.discard(self)

    async def __aenter__(self) -> "Cut":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.heal()


class Faults:
    """Does harm to what one supervisor runs."""

    def __init__(self, supervisor: Supervisor) -> None:
        if not supervisor.servers:
            raise Trouble("There is nothing to harm: start the supervisor first.")
        self.supervisor = supervisor
        self.cuts: set[Cut] = set()
        self._broker: Broker = supervisor.servers.surroundings.broker
        self._paused: dict[str, int] = {}

    @property
    def brokers(self) -> list[int]:
        """The numbers of the brokers."""
        servers = self.supervisor.servers
        return [kafka.node.number for kafka in servers.kafkas] if servers else []

    @property
    def real(self) -> bool:
        """Whether packets can be dropped; else `cut` stops a broker (SIGSTOP), and `why` says why."""
        return self.supervisor.shape.network is not None

    @property
    def why(self) -> str:
        return self.supervisor.shape.loopback_because

    def process(self, broker: int) -> str:
        """What the process of a broker is called."""
        assert self.supervisor.servers
        return next(kafka.node.name for kafka in self.supervisor.servers.kafkas if kafka.node.number == broker)

    def replicas(self, service: str) -> list[str]:
        """What the processes of a service are called."""
        return [name for name in self.supervisor.children if state.kind(name) == service]

    # Processes

    async def kill(self, process: str) -> None:
        """SIGKILL, and return when it is gone. The supervisor starts it again by itself: see `back`."""
        pid = self._pid(process)
        self._paused.pop(process, None)
        os.kill(pid, signal.SIGKILL)
        child = self.supervisor.children[process]
        await _until(lambda: _is(child.pid != pid), 30, f"{process} does not go")

    async def back(self, process: str) -> None:
        """Wait until it answers again."""
        await self.supervisor.children[process].ready()

    async def stop(self, process: str) -> None:
        """End it in order, and keep it away until `start`."""
        self.resume(process)
        await self.supervisor.children[process].stop()

    async def start(self, process: str) -> None:
        """Bring it back, and wait until it does its work."""
        self.supervisor.children[process].start()
        await self.back(process)
        if state.kind(process) not in ("kafka", "postgres"):
            await self._works(process)

    async def restart(self, process: str) -> None:
        """End it in order and bring it back."""
        await self.stop(process)
        await self.start(process)

    async def rolling_restart(self, service: str) -> None:
        """One replica after the other, each only when the one before does its work again."""
        for process in self.replicas(service):
            await self.restart(process)

    def pause(self, process: str) -> None:
        """SIGSTOP: it keeps its connections, and answers nobody."""
        pid = self._pid(process)
        os.kill(pid, signal.SIGSTOP)
        self._paused[process] = pid

    def resume(self, process: str) -> None:
        """SIGCONT, if it is paused."""
        pid = self._paused.pop(process, None)
        if pid is not None and self.supervisor.children[process].pid == pid:
            os.kill(pid, signal.SIGCONT)

    # The network

    def cut(self, source: int, target: int, *, one_way: bool = True, seconds: float = 60) -> Cut:
        """From now on no packet of `source` reaches `target`, nor, unless `one_way`, the other way round.

        It ends with `heal`, with an `async with` block around it, or after so many seconds. Where the brokers share
        loopback, the broker is stopped for that time instead (`real` is false).
        """
        return self._cut([(source, target)] + ([] if one_way else [(target, source)]), seconds)

    def cut_off(self, broker: int, *, from_clients: bool = False, one_way: bool = False, seconds: float = 60) -> Cut:
        """Cut a broker off from the other brokers, or from the clients only; `one_way`: it hears and is not heard."""
        others = [CLIENTS] if from_clients else [other for other in self.brokers if other != broker]
        out, back = [(broker, other) for other in others], [(other, broker) for other in others]
        return self._cut(out if one_way else out + back, seconds)

    def _cut(self, directions: list[tuple[int, int]], seconds: float) -> Cut:
        network = self.supervisor.shape.network
        paused: list[str] = []
        if network:
            for source, target in directions:
                network.drop(source, target)
        else:
            first = next(place for place in directions[0] if place != CLIENTS)
            paused = [self.process(first)]
            self.pause(paused[0])
        cut = Cut(self, directions, paused)
        cut.timer = asyncio.get_running_loop().call_later(seconds, cut.heal)
        self.cuts.add(cut)
        return cut

    def slow(self, broker: int, milliseconds: int) -> None:
        """Delay all that a broker sends; 0 ends it. Raises Trouble where this machine cannot."""
        if not self.supervisor.shape.network:
            raise Trouble(f"The brokers share loopback: {self.why}.")
        self.supervisor.shape.network.slow(broker, milliseconds)

    def heal(self) -> None:
        """Let everything pass, and wake whatever is paused."""
        for cut in list(self.cuts):
            cut.heal()
        for process in list(self._paused):
            self.resume(process)

    # What Kafka says

    async def leader_of(self, topic: str, partition: int = 0) -> int:
        """The broker that leads a partition now; -1 while none does."""
        found = (await self._partitions())[topic, partition]
        return int(found.leader)

    async def in_sync(self, seconds: float = 60) -> None:
        """Wait until every partition has a leader and every copy of it is up to date."""

        async def whole() -> bool:
            try:
                found = await self._partitions()
            except Exception:
                return False
            return all(p.leader > 0 and len(p.isrs) == len(p.replicas) for p in found.values())

        await _until(whole, seconds, "the copies are not up to date")

    async def _partitions(self) -> dict[tuple[str, int], Any]:
        from deploy.provision.broker import BrokerAdmin

        return await asyncio.to_thread(lambda: BrokerAdmin(self._broker).partitions())

    def _pid(self, process: str) -> int:
        pid = self.supervisor.children[process].pid
        if pid is None:
            raise Trouble(f"{process} does not run.")
        return pid

    async def _works(self, process: str) -> None:
        port = self.supervisor.children[process].program.port
        assert port
        await _until(lambda: answers(port, "/health/ready"), 60, f"{process} is not ready")


async def _is(true: bool) -> bool:
    return true


async def _until(condition: Callable[[], Awaitable[bool]], seconds: float, otherwise: str) -> None:
    end = time.monotonic() + seconds
    while not await condition():
        if time.monotonic() > end:
            raise Trouble(f"{otherwise} within {seconds:.0f} s.")
        await asyncio.sleep(0.05)  # processes do not tell us
