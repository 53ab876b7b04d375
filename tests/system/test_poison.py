"""Poison on a real topic is set aside, and what comes behind it passes."""

import asyncio

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError
from uuid_utils.compat import uuid7

from client.operator import readiness
from tests.world import World, until

pytestmark = pytest.mark.system

TOPIC = "planner.operations"
POISONS: dict[str, tuple[bytes | None, list[tuple[str, bytes]]]] = {
    "bad JSON": (b"{", []),
    "a bad header": (b"{}", [("traceparent", b"\xff\xfe")]),
    "a tombstone": (None, []),
    "an unknown type": (b'{"specversion":"1.0","type":"planner.rumour.v1","data":{}}', [("reply_to", b"feed.au")]),
    "too large for an event": (b'"' + b"x" * 700_000 + b'"', []),
}


async def test_poison_of_every_kind_is_set_aside_and_the_next_update_passes(system: World):
    period = await system.period("NZ", "LK")
    operation = await system.operation(period, "NZ")
    await system.settled()
    portal = system.servers.surroundings.url("portal")
    planner = AIOKafkaProducer(**system.servers.as_service("planner").for_aiokafka(), max_request_size=2_000_000)
    await planner.start()
    try:
        for value, headers in POISONS.values():
            # in every partition, so that the update behind them is behind each of them
            for partition in await planner.partitions_for(TOPIC):
                await planner.send_and_wait(TOPIC, value, key=b"poison", partition=partition, headers=headers)
        with pytest.raises(MessageSizeTooLargeError):
            await planner.send_and_wait(TOPIC, b"x" * 1_500_000, key=b"poison")
        partitions = len(await planner.partitions_for(TOPIC))
    finally:
        await planner.stop()
    posted = await period.officers["NZ"].do(
        f"/operations/{operation['id']}/updates", {"kind": "result", "text": "Behind it.", "counts": {"arrests": 1}}
    )

    async def passed() -> bool:
        return (await period.officers["LK"].get(f"/updates/{posted['id']}")).status_code == 200

    await until(passed)

    async def all_aside() -> bool:
        said = await asyncio.to_thread(readiness, portal)
        return bool(said["ready"] and said["quarantine"] == partitions * len(POISONS))

    await until(all_aside)  # also of the partitions that the update is not behind in
    await system.forget_quarantine()


async def test_an_operation_goes_on_after_poison_that_bears_its_key(system: World):
    period = await system.period("NZ", "LK")
    operation = await system.operation(period, "NZ")
    await system.settled()
    planner = AIOKafkaProducer(**system.servers.as_service("planner").for_aiokafka())
    await planner.start()
    try:
        await planner.send_and_wait(TOPIC, b"not an event", key=operation["id"].encode())
    finally:
        await planner.stop()
    posted = await period.officers["NZ"].do(f"/operations/{operation['id']}/updates", {"kind": "progress", "text": "On."})

    async def passed() -> bool:
        return (await period.officers["LK"].get(f"/updates/{posted['id']}")).status_code == 200

    await until(passed)
    unknown = await period.officers["LK"].get(f"/updates/{uuid7()}")
    assert unknown.status_code == 404
    await system.forget_quarantine()
