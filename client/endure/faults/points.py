"""Processes that end, stop or fail between two particular steps."""

import asyncio
import signal

from client.endure.faults.attack import Attack, Fault
from client.endure.stack import until
from shared.runtime.failpoints import Point

WHO: dict[Point, tuple[str, ...]] = {
    Point.BEFORE_PUBLISH: ("planner",),
    Point.BEFORE_MARK: ("planner",),
    Point.BEFORE_OFFSET: ("portal", "debrief"),
    Point.MIGRATION: ("planner", "portal", "debrief", "intel"),
    Point.REBUILD: ("portal",),
}
RUNNING = frozenset({Point.BEFORE_PUBLISH, Point.BEFORE_MARK, Point.BEFORE_OFFSET})
"""Those that a process comes by while it works, and not while it starts."""
HOLDS_STILL = 2.5


def _at(point: Point, how: str) -> Fault:
    async def fault(attack: Attack) -> None:
        stack, name = attack.stack, attack.chance.choice(WHO[point])
        replicas = stack.all_of(name)
        await stack.well(*replicas)
        if point is Point.REBUILD:
            await _drop(attack, replicas)
        before = stack.pids(*replicas)
        file = stack.arm(name, point, how)
        if point is Point.MIGRATION:
            stack.signal(replicas[0], signal.SIGKILL, below=False)  # it migrates when it starts
        elif point is Point.REBUILD:
            for replica in replicas:
                stack.child(replica).start()  # that it answers is not waited for: it may stand still before
        await until(lambda: not file.exists(), f"{name} never came by {point}")
        if how == "stop":
            await asyncio.sleep(HOLDS_STILL)  # that it stands still there is the fault
            for replica in replicas:
                stack.signal(replica, signal.SIGCONT)
        elif how == "kill" and point in RUNNING:
            await stack.succeeded(before)
        await stack.well(*replicas)

    return fault


async def _drop(attack: Attack, portals: list[str]) -> None:
    """As `./jpa demo` has the portal built anew."""
    await attack.stack.stop(*portals)
    async with attack.stack.database("portal") as connection:
        await connection.execute("DROP SCHEMA IF EXISTS read CASCADE")


POINTS: dict[str, Fault] = {f"{how} {point}": _at(point, how) for point in Point for how in ("kill", "stop", "error")}
