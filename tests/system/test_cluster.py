"""Three brokers and two of each service: whichever fails, is restarted or stopped in its tracks, nobody is the worse for it.

Of a broker: what was answered with 201 is there once and in order. Of a replica: neither who posts nor who reads notices.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest
from uuid_utils.compat import uuid7

from deploy.embedded.faults import CLIENTS, Faults
from deploy.embedded.services import SERVICES
from deploy.provision.broker import BrokerAdmin
from tests.portal.pages_client import Desk
from tests.servers import running_servers
from tests.system.journals import Journal, Load, judge, open_journals
from tests.world import Officer, Period, World, until

pytestmark = pytest.mark.system

TOPIC = "planner.operations"
STATES = ("NZ", "LK", "TH")


@dataclass
class Cluster:
    """The system as its users have it, and what does harm to it."""

    world: World
    faults: Faults
    portals: list[str]

    async def joint_work(self) -> tuple[Period, list[Journal], Officer]:
        """A period of three states with an operation each, and somebody whom it does not concern."""
        period = await self.world.period(*STATES)
        outsider = await self.world.officer("AU", "liaison_officer", "coordinator", name="outsider")
        return period, await open_journals(self.world, period, STATES * 2), outsider


@pytest.fixture(scope="module")
async def cluster() -> AsyncIterator[Cluster]:
    """Three JVMs start slowly, so all tests that need them are in this file."""
    async with running_servers(SERVICES, brokers=3, replicas=2) as running:
        async with World.of(running) as world:
            yield Cluster(world, Faults(running.supervisor), running.surroundings.urls("portal"))


async def kill_a_leader(cluster: Cluster) -> None:
    """The broker that leads is killed and comes back by itself."""
    leader = cluster.faults.process(await cluster.faults.leader_of(TOPIC))
    await cluster.faults.kill(leader)
    await cluster.faults.back(leader)


async def silence_a_leader(cluster: Cluster) -> None:
    """It hears the others, and they do not hear it: the worst kind, as it goes on believing that it leads."""
    leader = await cluster.faults.leader_of(TOPIC)
    async with cluster.faults.cut_off(leader, one_way=True):
        await posts_pass(cluster, 60)


async def deafen_a_leader_for_clients(cluster: Cluster) -> None:
    """Clients reach it and get no answer, while the brokers among themselves see nothing wrong."""
    leader = await cluster.faults.leader_of(TOPIC)
    async with cluster.faults.cut(leader, CLIENTS):
        await asyncio.sleep(3)  # nobody can tell when a client would have had an answer


async def posts_pass(cluster: Cluster, more: int) -> None:
    load = LOADS[0]
    goal = load.done + more
    while load.done < goal:
        await asyncio.sleep(0.05)


LOADS: list[Load] = []
FAULTS: list[Callable[[Cluster], Awaitable[None]]] = [kill_a_leader, silence_a_leader, deafen_a_leader_for_clients]


async def test_every_topic_has_three_copies_and_none_is_written_with_fewer_than_two(cluster: Cluster):
    if not cluster.faults.real:
        print("the brokers share loopback:", cluster.faults.why)
    admin = BrokerAdmin(cluster.world.servers.broker)
    partitions = admin.partitions()
    assert len(partitions) > 100
    assert {len(partition.replicas) for partition in partitions.values()} == {3}
    assert {admin.setting(name, "min.insync.replicas") for name in ("feed.nz", TOPIC)} == {"2"}
    assert admin.setting(TOPIC, "unclean.leader.election.enable") == "false"


async def test_leaders_are_killed_and_cut_off_under_load_and_nothing_is_lost_or_doubled(cluster: Cluster):
    period, journals, outsider = await cluster.joint_work()
    enough = asyncio.Event()
    load = Load(journals, cluster.portals, enough.is_set)
    LOADS[:] = [load]
    posting = asyncio.create_task(load.run())
    try:
        for fault in FAULTS:
            await posts_pass(cluster, 30)
            await fault(cluster)
            await cluster.faults.in_sync()
    finally:
        enough.set()
        cluster.faults.heal()
    await asyncio.wait_for(posting, 60)
    await cluster.world.settled(60)
    await judge(cluster.world, period, journals, outsider)
    assert not cluster.world.servers.home.unclean_file.exists(), "one broker at a time loses nothing"


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
