"""A service's ear without Kafka: events become the records that they would be, and go to its real database.

And from outside: what is said on a topic.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.provision.access import Broker
from shared.events.base import Event, internal_bytes
from shared.runtime.listener import Listener
from shared.runtime.migrate import migrate
from shared.runtime.service import Service, build
from shared.runtime.settings import ServiceSettings
from tests.builders import NOON
from tests.servers import RunningServers, lowered


@dataclass(frozen=True)
class Record:
    """What Kafka would hand over."""

    topic: str
    offset: int
    key: bytes
    value: bytes
    partition: int = 0
    headers: tuple[Any, ...] = ()


@dataclass
class Ear:
    """A service, and what was said to it: an event that is said again is the same bytes again."""

    service: Service
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    records: dict[UUID, Record] = field(default_factory=dict)
    first_offset: int = field(default_factory=time.time_ns)  # another one each time, as the database may be kept

    def record(self, event: Event) -> Record:
        """Numbered in the order in which its aggregate's events are first recorded."""
        if event.id not in self.records:
            place = (event.topic, event.key)
            number = self.numbers[place] = self.numbers.get(place, 0) + 1
            value = internal_bytes(event.public_bytes(NOON), number, " ".join(event.audience), "")
            offset = self.first_offset + len(self.records)
            self.records[event.id] = Record(event.topic, offset, event.key.encode(), value)
        return self.records[event.id]

    async def hear(self, *events: Event) -> None:
        """All of it in one batch."""
        await self.service.consumer.batch([self.record(event) for event in events])

    async def sql(self, statement: str, *parameters: Any) -> list[dict[str, Any]]:
        async with self.service.database.begin() as tx:
            return [dict(row) for row in await tx.sql(statement, *parameters)]

    async def quarantined(self, key: object) -> list[str]:
        rows = await self.sql("SELECT reason FROM quarantine WHERE key = $1 ORDER BY id", str(key))
        return [row["reason"] for row in rows]

    async def said(self, kind: type[Event], key: object) -> list[dict[str, Any]]:
        """The events of this kind that the service announced of an aggregate, in their order."""
        rows = await self.sql(
            "SELECT convert_from(body, 'UTF8')::jsonb -> 'data' AS data, audience FROM outbox "
            "WHERE type = $1 AND key = $2 ORDER BY sequence",
            kind.type,
            str(key),
        )
        return [{**row["data"], "audience": row["audience"]} for row in rows]


@asynccontextmanager
async def listening(
    name: str, servers: RunningServers, settings: type[ServiceSettings], listener: Listener
) -> AsyncIterator[Ear]:
    """The service on its own database, without relay and Kafka."""
    service = build(name, settings(**lowered(servers.settings(name))), listener)
    await migrate(service.database, f"services.{name}")
    yield Ear(service)
    await service.database.close()


async def said_on(
    broker: Broker, topic: str, count: int, about: Callable[[dict[str, Any]], bool]
) -> list[dict[str, Any]]:
    """The events on a topic that are about it, once there are so many; fails when they do not come."""
    consumer = AIOKafkaConsumer(topic, **broker.for_aiokafka(), auto_offset_reset="earliest", enable_auto_commit=False)
    await consumer.start()
    try:
        found: list[dict[str, Any]] = []
        async with asyncio.timeout(15):
            while len(found) < count:
                for messages in (await consumer.getmany(timeout_ms=200)).values():
                    found += filter(about, (json.loads(message.value) for message in messages))
        return found
    finally:
        await consumer.stop()


async def everything_on(broker: Broker, topic: str) -> list[dict[str, Any]]:
    """All events on a topic with one partition, up to its present end."""
    consumer = AIOKafkaConsumer(**broker.for_aiokafka(), enable_auto_commit=False)
    await consumer.start()
    try:
        place = TopicPartition(topic, 0)
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        await consumer.seek_to_beginning(place)
        found: list[dict[str, Any]] = []
        while await consumer.position(place) < end:
            for messages in (await consumer.getmany(timeout_ms=500)).values():
                found += [json.loads(message.value) for message in messages]
        return found
    finally:
        await consumer.stop()
