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
HOLDS_STILL = 2.5


def _at(point: Point, how: str) -> Fault:
    async def fault(attack: Attack) -> None:
        stack, name = attack.stack, attack.chance.choice(WHO[point])
        await stack.well(name)
        if point is Point.REBUILD:
            await _drop(attack)
        file = stack.arm(name, point, how)
        if point is Point.MIGRATION:
            stack.signal(name, signal.SIGKILL)  # it migrates when it starts
        elif point is Point.REBUILD:
            stack.child(name).start()
        before = stack.child(name).pid
        await until(lambda: not file.exists(), f"{name} never came by {point}")
        if how == "stop":
            await asyncio.sleep(HOLDS_STILL)  # that it stands still there is the fault
            stack.signal(name, signal.SIGCONT)
        elif how == "kill" and point in {Point.BEFORE_PUBLISH, Point.BEFORE_MARK, Point.BEFORE_OFFSET}:
            await stack.succeeded(name, before)
        await until(lambda: stack.child(name).status == "ready", f"{name} does not answer after {point}")

    return fault


async def _drop(attack: Attack) -> None:
    """As `./jpa demo` has the portal built anew."""
    await attack.stack.stop("portal")
    async with attack.stack.database("portal") as connection:
        await connection.execute("DROP SCHEMA IF EXISTS read CASCADE")


POINTS: dict[str, Fault] = {f"{how} {point}": _at(point, how) for point in Point for how in ("kill", "stop", "error")}
