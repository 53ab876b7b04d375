"""Whatever is killed, an update that was answered with 201 is there exactly once, in order, for those entitled to it."""

import asyncio
import os
import random
import signal

import pytest

from tests.system.journals import Load, judge, open_journals
from tests.world import Period, World

pytestmark = pytest.mark.system

STATES = ("NZ", "LK", "TH", "MV")
UPDATES = 2000
KILLS = 10
VICTIMS = ("planner", "portal", "kafka", "postgres", "planner", "portal", "kafka", "postgres", "intel", "debrief")


async def kill_under_load(world: World, load: Load) -> list[str]:
    """SIGKILL a process each time that a further share of the posts is done: always in the middle of work."""
    killed = []
    seed = random.randrange(10**6)
    print("seed:", seed)
    for number, victim in enumerate(random.Random(seed).sample(VICTIMS, KILLS), 1):
        share = number * UPDATES // (KILLS + 1)
        while load.done < share:
            await asyncio.sleep(0.01)
        os.kill(world.servers.pid(victim), signal.SIGKILL)
        killed.append(victim)
        await asyncio.sleep(0.05)
        await world.servers.back(victim)
    return killed


async def test_what_was_accepted_is_there_once_and_in_order_after_ten_kills_under_load(system: World):
    period: Period = await system.period(*STATES)
    outsider = await system.officer("AU", "liaison_officer", "coordinator", name="outsider")
    journals = await open_journals(system, period, STATES * 2)
    load = Load(journals, [str(system.http.base_url).rstrip("/")], lambda: load.done >= UPDATES, pause=0)
    killer = asyncio.create_task(kill_under_load(system, load))
    await asyncio.wait_for(load.run(), 500)
    print("killed:", await killer, "tries:", sum(journal.tries for journal in journals))
    await system.settled(120)
    await judge(system, period, journals, outsider)
