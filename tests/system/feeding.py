"""Officers who post and write down what they were told; integrators who read a feed and keep to the documented rule."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.provision.access import Broker
from deploy.provision.topics import SERVICES
from tests.world import Json, Officer, World

IN_A_MONTH = (datetime.now(UTC) + timedelta(days=30)).isoformat()


@dataclass
class Journal:
    """What one officer, posting on one operation, was told: the ids, in the order of their 201."""

    officer: Officer
    operation_id: str
    accepted: list[str] = field(default_factory=list)


async def post(journal: Journal, count: int) -> None:
    for _ in range(count):
        body = {"kind": "result", "text": f"number {len(journal.accepted)}", "counts": {"arrests": 1}}
        said = await journal.officer.do(f"/operations/{journal.operation_id}/updates", body)
        journal.accepted.append(said["id"])


async def whole_feed(broker: Broker, topic: str) -> list[Json]:
    """From its beginning to its end, with the credential given."""
    consumer = AIOKafkaConsumer(**broker.for_aiokafka(), enable_auto_commit=False)
    await consumer.start()
    try:
        place = TopicPartition(topic, 0)
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        consumer.seek(place, (await consumer.beginning_offsets([place]))[place])
        found: list[Json] = []
        while await consumer.position(place) < end:
            for messages in (await consumer.getmany(timeout_ms=1000)).values():
                found += [json.loads(message.value or b"") for message in messages]
        return found
    finally:
        await consumer.stop()


def by_the_rule(held: dict[tuple[str, str], Json], feed: list[Json]) -> dict[tuple[str, str], Json]:
    """What docs/events.md tells an integrator to do when a feed began anew in a higher epoch."""
    again = {(event["source"], event["id"]): event for event in feed}
    for marker in (event for event in feed if event["type"] == "audit.feed.restarted.v1"):
        source, epoch = marker["source"], int(marker["epoch"])
        came = [e for e in again.values() if e["source"] == source and int(e.get("epoch", "1")) < epoch]
        assert len(came) == marker["data"]["count"], "all that the marker tells of came"
        held = {key: event for key, event in held.items() if key[0] != source or key in again}
    return held | again


async def truth(world: World, party: str) -> set[tuple[str, str]]:
    """What the owners' databases hold for this party now."""
    words, found = world.servers.surroundings, set()
    for service in SERVICES:
        connection = await asyncpg.connect(words.database.as_role(service, words.passwords()[service], service))
        try:
            rows = await connection.fetch(
                "SELECT event_id FROM outbox WHERE $1 = ANY (string_to_array(audience, ' '))", party
            )
        finally:
            await connection.close()
        found |= {(f"/{service}", str(row["event_id"])) for row in rows}
    return found
