"""Processes that end, stop or fail between two particular steps."""

import asyncio
import signal
from typing import Any

from client import operator
from client.endure.faults.attack import Attack, Fault
from client.endure.stack import until, until_asked
from shared.runtime.failpoints import Point

WHO: dict[Point, tuple[str, ...]] = {
    Point.BEFORE_PUBLISH: ("planner",),
    Point.BEFORE_MARK: ("planner",),
    Point.BEFORE_OFFSET: ("portal", "debrief"),
    Point.MIGRATION: ("planner", "portal", "debrief", "intel"),
    Point.REBUILD: ("portal",),
}
RUNNING = frozenset({Point.BEFORE_PUBLISH, Point.BEFORE_MARK, Point.BEFORE_OFFSET})
"""Those at which the service itself ends while it works: a rebuild is a program of its own."""
HOLDS_STILL = 2.5


def _at(point: Point, how: str) -> Fault:
    async def fault(attack: Attack) -> None:
        stack, name = attack.stack, attack.chance.choice(WHO[point])
        replicas = stack.all_of(name)
        await stack.well(*replicas)
        before = stack.pids(*replicas)
        file = stack.arm(name, point, how)
        if point is Point.MIGRATION:
            stack.signal(replicas[0], signal.SIGKILL, below=False)  # it migrates when it starts
        elif point is Point.REBUILD:
            await until_asked(lambda: _begun(attack), "no rebuild is begun")
        await until(lambda: not file.exists(), f"{name} never came by {point}")
        if how == "stop":
            await asyncio.sleep(HOLDS_STILL)  # that it stands still there is the fault
            for replica in replicas:
                stack.signal(replica, signal.SIGCONT)
        elif how == "kill" and point in RUNNING:
            await stack.succeeded(before)
        await stack.well(*replicas)
        if point is Point.REBUILD:
            await until_asked(lambda: _built(attack), "the read model is not built")
            attack.forgets("portal")

    return fault


async def _begun(attack: Attack) -> bool:
    """As `./jpa replay portal` begins it."""
    return await _asked(attack, "POST") is not None


async def _built(attack: Attack) -> bool:
    said = await _asked(attack, "GET")
    return said is not None and not said["building"]


async def _asked(attack: Attack, method: str) -> dict[str, Any] | None:
    """What the portal says of its rebuild; None while it, or Kafka behind it, is not there."""
    try:
        return await asyncio.to_thread(operator.ask, attack.stack.home, "portal", "/operator/rebuild", method)
    except operator.Away:
        return None


POINTS: dict[str, Fault] = {f"{how} {point}": _at(point, how) for point in Point for how in ("kill", "stop", "error")}
