"""What officers were told when they posted, and the judgement: each 201 once, in order, where it is due and nowhere else."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from uuid_utils.compat import uuid7

from tests.world import Officer, Period, World


@dataclass
class Journal:
    """What one officer, posting one after the other on one operation, was told."""

    officer: Officer
    operation_id: str
    accepted: list[str] = field(default_factory=list)  # ids, in the order of their 201
    refused: list[int] = field(default_factory=list)  # other answers that were given on the way
    tries: int = 0


async def open_journals(world: World, period: Period, parties: Sequence[str]) -> list[Journal]:
    """One for each of the parties, on an operation of its own that is under way."""
    journals = []
    for party in parties:
        operation = await world.operation(period, party)
        journals.append(Journal(period.officers[party], operation["id"]))
    return journals


async def post_once(journal: Journal, http: httpx.AsyncClient, urls: Sequence[str]) -> None:
    """Post, and post again with the same key until the answer is certain, each time through the next of the portals."""
    key, number = str(uuid7()), len(journal.accepted)
    body = {"kind": "result", "text": f"number {number}", "counts": {"arrests": 1}}
    headers = {"idempotency-key": key}
    while True:
        url = urls[journal.tries % len(urls)]
        journal.tries += 1
        headers["authorization"] = f"Bearer {journal.officer.token}"
        try:
            path = f"{url}/api/v1/operations/{journal.operation_id}/updates"
            answer = await http.post(path, json=body, headers=headers)
        except httpx.TransportError:
            await asyncio.sleep(0.05)  # this portal is being restarted: the next one is asked
            continue
        if answer.status_code == 201:
            journal.accepted.append(answer.json()["id"])
            return
        assert answer.status_code in {503, 504}, answer.text
        journal.refused.append(answer.status_code)
        await asyncio.sleep(0.2)


@dataclass
class Load:
    """Posts on all journals at once, until it is told that it was enough."""

    journals: list[Journal]
    urls: Sequence[str]
    enough: Callable[[], bool]
    pause: float = 0.2  # between an officer's posts: the machine is to be busy and not full

    async def run(self) -> None:
        async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
            await asyncio.gather(*(self._work(http, journal) for journal in self.journals))

    async def _work(self, http: httpx.AsyncClient, journal: Journal) -> None:
        while not self.enough():
            await post_once(journal, http, self.urls)
            await asyncio.sleep(self.pause)

    @property
    def done(self) -> int:
        return sum(len(journal.accepted) for journal in self.journals)


def first_occurrences(feed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A feed as its reader keeps it: repeats dropped by source and id."""
    seen: set[tuple[str, str]] = set()
    return [e for e in feed if not ((e["source"], e["id"]) in seen or seen.add((e["source"], e["id"])))]  # type: ignore[func-returns-value]


async def judge(world: World, period: Period, journals: list[Journal], outsider: Officer) -> None:
    """Each accepted update exactly once and in order in every view and feed that is entitled to it, and in no other."""
    every = {update_id for journal in journals for update_id in journal.accepted}
    for party, reader in period.officers.items():
        feed = first_occurrences(await world.feed(party))
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
        assert sum(row["provisional"] for row in totals["items"]) == len(every)
        told = [entry["subject_id"] for entry in await reader.all(f"/periods/{period.id}/timeline", limit=200)]
        assert len([one for one in told if one in every]) == len(every), "the timeline tells each once"
    mine = {journal.operation_id for journal in journals}
    assert not [row for row in await outsider.all("/updates") if row["operation_id"] in mine]
    assert not [event for event in await world.feed(outsider.party) if event["subject"] in mine]
