"""Whatever is killed, an update that was answered with 201 is there exactly once, in order, for those entitled to it."""

import asyncio
import os
import random
import signal
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from uuid_utils.compat import uuid7

from tests.world import Officer, Period, World

pytestmark = pytest.mark.system

STATES = ("NZ", "LK", "TH", "MV")
UPDATES = 2000
KILLS = 10
VICTIMS = ("planner", "portal", "kafka", "postgres", "planner", "portal", "kafka", "postgres", "intel", "debrief")


@dataclass
class Journal:
    """What one officer, posting one after the other on one operation, was told."""

    officer: Officer
    operation_id: str
    accepted: list[str] = field(default_factory=list)  # ids, in the order of their 201
    tries: int = 0


async def post_once(journal: Journal, number: int) -> None:
    """Post, and post again with the same key until the answer is certain: as the portal asks its users to."""
    key, body = str(uuid7()), {"kind": "result", "text": f"number {number}", "counts": {"arrests": 1}}
    while True:
        journal.tries += 1
        try:
            answer = await journal.officer.post(f"/operations/{journal.operation_id}/updates", body, key=key)
        except httpx.TransportError:
            await asyncio.sleep(0.2)  # the portal itself is being restarted
            continue
        if answer.status_code == 201:
            journal.accepted.append(answer.json()["id"])
            return
        assert answer.status_code in {503, 504}, answer.text
        await asyncio.sleep(0.2)


async def kill_under_load(world: World, journals: list[Journal]) -> list[str]:
    """SIGKILL a process each time that a further share of the posts is done: always in the middle of work."""
    killed = []
    seed = random.randrange(10**6)
    print("seed:", seed)
    for number, victim in enumerate(random.Random(seed).sample(VICTIMS, KILLS), 1):
        share = number * UPDATES // (KILLS + 1)
        while sum(len(journal.accepted) for journal in journals) < share:
            await asyncio.sleep(0.01)
        os.kill(world.servers.pid(victim), signal.SIGKILL)
        killed.append(victim)
        await asyncio.sleep(0.05)
        await world.servers.back(victim)
    return killed


def first_occurrences(feed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: set[tuple[str, str]] = set()
    return [e for e in feed if not ((e["source"], e["id"]) in seen or seen.add((e["source"], e["id"])))]  # type: ignore[func-returns-value]


async def test_what_was_accepted_is_there_once_and_in_order_after_ten_kills_under_load(system: World):
    period: Period = await system.period(*STATES)
    outsider = await system.officer("AU", "liaison_officer", "coordinator", name="outsider")
    journals = []
    for party in STATES * 2:
        operation = await system.operation(period, party)
        journals.append(Journal(period.officers[party], operation["id"]))

    async def work(journal: Journal) -> None:
        for number in range(UPDATES // len(journals)):
            await post_once(journal, number)

    killer = asyncio.create_task(kill_under_load(system, journals))
    await asyncio.wait_for(asyncio.gather(*map(work, journals)), 500)
    print("killed:", await killer, "tries:", sum(journal.tries for journal in journals))
    await system.settled(120)

    every = {update_id for journal in journals for update_id in journal.accepted}
    for party in STATES:
        reader = period.officers[party]
        feed = first_occurrences(await system.feed(party))
        for journal in journals:
            rows = await reader.all("/updates", operation_id=journal.operation_id, limit=200)
            seen = [row["id"] for row in rows]
            if party == journal.officer.party:
                texts = [row["detail"]["text"] for row in rows]
                assert texts[::-1] == [f"number {number}" for number in range(len(rows))]
            else:
                assert all(row["detail"] is None for row in rows)
            assert seen[::-1] == journal.accepted, f"{party} sees another list on an operation of {journal.officer.party}"
            fed = [
                event["data"]["update_id"]
                for event in feed
                if event["type"] == "planner.update.posted.v1" and event["subject"] == journal.operation_id
            ]
            assert fed == journal.accepted, f"the feed of {party} has another list"
        totals = await reader.see(f"/periods/{period.id}/totals")
        assert sum(row["provisional"] for row in totals["items"]) == UPDATES
        told = [entry["subject_id"] for entry in await reader.all(f"/periods/{period.id}/timeline", limit=200)]
        assert len([one for one in told if one in every]) == UPDATES, "the timeline tells each once"
    mine = {journal.operation_id for journal in journals}
    assert not [row for row in await outsider.all("/updates") if row["operation_id"] in mine]
    assert not [event for event in await system.feed("AU") if event["subject"] in mine]
