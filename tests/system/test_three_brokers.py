"""Three brokers: whatever happens to one of them, what was answered with 201 is there once and in order."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from deploy.embedded.faults import CLIENTS
from deploy.provision.broker import BrokerAdmin
from tests.system.conftest import Cluster
from tests.system.journals import Load, judge

pytestmark = pytest.mark.system

TOPIC = "planner.operations"


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
