"""Two of each service: one may go, be restarted or be stopped in its tracks, and nobody who posts or reads is the worse."""

import asyncio
import re

import httpx
import pytest
from uuid_utils.compat import uuid7

from tests.portal.pages_client import Desk
from tests.system.conftest import Cluster
from tests.system.journals import Journal, Load, judge
from tests.world import Officer, Period, until

pytestmark = pytest.mark.system


async def relays(cluster: Cluster, process: str) -> bool:
    """Whether this replica is the one that relays."""
    words = cluster.world.servers.surroundings
    async with httpx.AsyncClient(trust_env=False) as http:
        said = (await http.get(f"{words.url(process)}/metrics")).text
    return "jpa_relay_leads 1.0" in said


async def who_relays(cluster: Cluster, among: list[str]) -> str:
    found: list[str] = []

    async def one() -> bool:
        found[:] = [name for name in among if await relays(cluster, name)]
        return len(found) == 1

    await until(one, 30)
    return found[0]


async def all_shown(reader: Officer, journals: list[Journal]) -> bool:
    """Whether another party sees all that was accepted."""
    for journal in journals:
        rows = await reader.all("/updates", operation_id=journal.operation_id, limit=200)
        if [row["id"] for row in rows][::-1] != journal.accepted:
            return False
    return True


class Posting:
    """A load for as long as the block lasts."""

    def __init__(self, cluster: Cluster, journals: list[Journal], portals: list[str]) -> None:
        self._enough = asyncio.Event()
        self.load = Load(journals, portals, self._enough.is_set)

    async def __aenter__(self) -> "Posting":
        self._task = asyncio.create_task(self.load.run())
        await self.more(20)
        return self

    async def more(self, posts: int) -> None:
        goal = self.load.done + posts
        while self.load.done < goal:
            assert not self._task.done(), self._task.exception()
            await asyncio.sleep(0.02)

    async def __aexit__(self, *_: object) -> None:
        self._enough.set()
        await asyncio.wait_for(self._task, 60)


async def test_one_key_sent_to_both_at_once_is_one_update(cluster: Cluster):
    period, journals, _ = await cluster.joint_work()
    officer, path = journals[0].officer, f"/api/v1/operations/{journals[0].operation_id}/updates"
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        for number in range(10):
            headers = {"authorization": f"Bearer {officer.token}", "idempotency-key": str(uuid7())}
            body = {"kind": "result", "text": f"number {number}", "counts": {"arrests": 1}}
            twice = [http.post(url + path, json=body, headers=headers) for url in cluster.portals * 2]
            answers = await asyncio.gather(*twice)
            assert {answer.status_code for answer in answers} == {201}
            assert len({answer.json()["id"] for answer in answers}) == 1
    await cluster.world.settled()
    assert len(await period.coordinators["TH"].all("/updates", operation_id=journals[0].operation_id)) == 10


async def test_posts_go_on_while_every_service_is_restarted_one_replica_after_the_other(cluster: Cluster):
    period, journals, outsider = await cluster.joint_work()
    async with Posting(cluster, journals, cluster.portals) as posting:
        for services in (("planner", "intel"), ("portal", "debrief")):
            await asyncio.gather(*map(cluster.faults.rolling_restart, services))
            await posting.more(20)
    assert [journal.refused for journal in journals] == [[]] * len(journals), "one is always there"
    await cluster.world.settled()
    await judge(cluster.world, period, journals, outsider)


async def test_what_a_stopped_replica_holds_is_taken_over_and_its_awakening_changes_nothing(cluster: Cluster):
    """SIGSTOP: it keeps its connections, its lock and what it was about to send; nothing tells the servers."""
    period, journals, outsider = await cluster.joint_work()
    first, second = cluster.portals
    relay = await who_relays(cluster, cluster.faults.replicas("planner"))
    cluster.faults.pause("portal.2")  # projects half of the topics, and holds rows while it does
    try:
        async with Posting(cluster, journals, [first]) as posting:
            cluster.faults.pause(relay)
            await posting.more(60)
            (other,) = set(cluster.faults.replicas("planner")) - {relay}
            assert await who_relays(cluster, [other]) == other
        reader = period.officers["TH"]
        await until(lambda: all_shown(reader, journals), 60)
    finally:
        cluster.faults.heal()
    async with Posting(cluster, journals, [second, first]) as posting:
        await posting.more(40)
    await cluster.world.settled()
    assert [await relays(cluster, name) for name in (other, relay)] == [True, False]
    await judge(cluster.world, period, journals, outsider)


async def test_a_live_page_tells_what_the_other_portal_projected(cluster: Cluster):
    """Each portal projects some of the topics: the streams of both tell everything."""
    period, journals, _ = await cluster.joint_work()
    told: list[set[str]] = [set() for _ in cluster.portals]
    streams = [asyncio.create_task(follow(*where, period)) for where in zip(cluster.portals, told, strict=True)]
    try:
        async with Posting(cluster, journals, cluster.portals):
            pass
        expected = {f"/updates/{update_id}" for journal in journals for update_id in journal.accepted}

        async def all_told() -> bool:
            assert not any(stream.done() for stream in streams)
            return all(expected <= heard for heard in told)

        await until(all_told, 60)
    finally:
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)


async def follow(url: str, told: set[str], period: Period) -> None:
    """Note the updates that a portal's live stream tells."""
    async with Desk(url) as desk:
        await desk.sign_in(period.officers["TH"])
        async with desk.http.stream("GET", f"/periods/{period.id}/stream?after=0") as answer:
            assert answer.status_code == 200
            async for line in answer.aiter_lines():
                told |= set(re.findall(r"/updates/[0-9a-f-]{36}", line))
