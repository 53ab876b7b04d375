"""Surroundings that change: no free space, clocks that are wrong by a day."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from client.endure.faults.attack import Attack, Fault
from client.operator import set_clock

DAY = timedelta(days=1)
PATIENCE = 15.0


async def no_room(attack: Attack) -> None:
    """Nothing is accepted while there is no free space, and everything when there is."""
    attack.stack.seem_full(True)
    try:
        await _answers(attack, 503, "a command is accepted without free space")
    finally:
        attack.stack.seem_full(False)
    await _answers(attack, 201, "no command is accepted although there is free space again")


async def _answers(attack: Attack, wanted: int, otherwise: str) -> None:
    """Draft an operation until it is answered so: the services look at their volume once a second."""
    body = {
        "period_id": attack.cast.period_id,
        "kind": "training",
        "title": "A draft",
        "window": {"starts_at": "2020-02-01T00:00:00Z", "ends_at": "2020-03-01T00:00:00Z"},
    }
    deadline = time.monotonic() + PATIENCE
    while (await attack.door.once("nz.liaison_officer", "/operations", body, str(uuid4()))).status != wanted:
        if time.monotonic() > deadline:
            attack.problems.append(otherwise)
            return
        await asyncio.sleep(0.2)


async def clock_steps(attack: Attack) -> None:
    """A day ahead, a day behind, and right again, with updates posted on each."""
    for step in (DAY, -DAY, None):
        moment = datetime.now(UTC) + step if step else None
        await asyncio.to_thread(set_clock, attack.stack.home, moment, 1.0)
        await attack.more(5, "nothing is accepted after a step of the clock")


ROOM: dict[str, Fault] = {"no free space": no_room, "clock steps": clock_steps}
