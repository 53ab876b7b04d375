"""Records that no relay wrote, sent with a service's own credential; and real ones, to be sent again."""

import contextlib
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from client.endure.faults.attack import Attack
from shared.events.base import CONTENT_TYPE, Event, internal_bytes
from shared.events.planner import OperationDrafted, OperationScheduled, UpdateValidated, Window
from shared.vocabulary import OperationKind, OperationState

TOPIC = "planner.operations"
HEARD_BY = ("portal", "debrief")
HEADERS = [("content-type", CONTENT_TYPE)]
_REAL, FORGED = b'"source":"/planner"', b'"tlp":"CLEAR"'
WINDOW = Window(starts_at=datetime(2020, 2, 1, tzinfo=UTC), ends_at=datetime(2020, 3, 1, tzinfo=UTC))


class Writer:
    """Writes as the planner would."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self.producer = producer

    async def put(
        self,
        value: bytes | None,
        key: bytes | None,
        headers: Iterable[tuple[str, bytes]] = HEADERS,
        topic: str = TOPIC,
        partition: int | None = None,
    ) -> tuple[int, int]:
        """Its partition and offset."""
        where = await self.producer.send_and_wait(topic, value, key, partition, headers=list(headers))
        return where.partition, where.offset

    async def say(self, event: Event, sequence: int) -> tuple[int, int]:
        return await self.put(whole(event, sequence), event.key.encode())


@contextlib.asynccontextmanager
async def writer(attack: Attack) -> AsyncIterator[Writer]:
    """With the planner's credential; what is sent arrives once."""
    producer = AIOKafkaProducer(
        **attack.stack.broker_as("planner").for_aiokafka(),
        acks="all",
        enable_idempotence=True,
        max_request_size=2_000_000,
        linger_ms=5,
    )
    await producer.start()
    try:
        yield Writer(producer)
    finally:
        await producer.stop()


def whole(event: Event, sequence: int) -> bytes:
    """As it stands on a services' topic."""
    return internal_bytes(event.public_bytes(datetime.now(UTC)), sequence, " ".join(event.audience), "")


def drafted(operation_id: UUID, period_id: UUID, owner: str) -> OperationDrafted:
    return OperationDrafted(status=OperationState.DRAFTED, **_headline(operation_id, period_id, owner, 1))


def scheduled(operation_id: UUID, period_id: UUID, owner: str) -> OperationScheduled:
    return OperationScheduled(status=OperationState.SCHEDULED, **_headline(operation_id, period_id, owner, 2))


def validated(operation_id: UUID, period_id: UUID, update_id: UUID, owner: str) -> UpdateValidated:
    return UpdateValidated(
        operation_id=operation_id, period_id=period_id, update_id=update_id, version=2, by="nobody", party=owner,
        audience=(owner,),
    )  # fmt: skip


def _headline(operation_id: UUID, period_id: UUID, owner: str, version: int) -> dict[str, Any]:
    return {
        "operation_id": operation_id, "period_id": period_id, "version": version, "kind": OperationKind.TRAINING,
        "window": WINDOW, "party": owner, "audience": (owner,),
    }  # fmt: skip


async def last_records(attack: Attack, count: int) -> list[Any]:
    """Real ones among the newest records of the longest partition, oldest first."""
    consumer = AIOKafkaConsumer(**attack.stack.broker_as("portal").for_aiokafka(), enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(TOPIC, number) for number in range(6)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        place = max(places, key=lambda place: ends[place])
        for other in places:
            if other != place:
                consumer.pause(other)
        consumer.seek(place, max(0, ends[place] - count))
        found: list[Any] = []
        while (await consumer.position(place)) < ends[place]:
            for records in (await consumer.getmany(place, timeout_ms=500)).values():
                found += records
        ours = {lane.operation_id.encode() for lane in attack.journal.lanes}
        return [r for r in found if r.key in ours and r.value and _REAL in r.value and FORGED not in r.value]
    finally:
        await consumer.stop()
