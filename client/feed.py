"""A party's feed as an integrator subscribes to it: every event once, in order, from where one was."""

import json
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from deploy.provision.access import Broker

REMEMBERED = 10_000  # repeats come close together: a relay sends again what it had not marked


@dataclass(frozen=True)
class FeedEvent:
    """One event of a feed. `number` counts the feed's messages without a gap."""

    number: int
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        """The CloudEvent."""
        event: dict[str, Any] = json.loads(self.body)
        return event


async def subscribe(
    broker: Broker, topic: str, start: int | None = None, only_new: bool = False
) -> AsyncIterator[FeedEvent]:
    """From the first event that is kept, from `start`, or only what is new; repeats are dropped."""
    from aiokafka import AIOKafkaConsumer, TopicPartition

    # Subscribed, not assigned: only then aiokafka says that one may not read it.
    consumer = AIOKafkaConsumer(
        topic,
        **broker.for_aiokafka(),
        enable_auto_commit=False,
        auto_offset_reset="latest" if only_new else "earliest",
    )
    seen: OrderedDict[tuple[str, str], None] = OrderedDict()
    await consumer.start()
    try:
        if start is not None:
            consumer.seek(TopicPartition(topic, 0), start)
        async for message in consumer:
            found = FeedEvent(message.offset, message.value or b"")
            try:
                event = found.event
                key = (event["source"], event["id"])
            except (ValueError, KeyError, TypeError):
                continue  # not an event: nothing that a relay writes
            if key not in seen:
                seen[key] = None
                if len(seen) > REMEMBERED:
                    seen.popitem(last=False)
                yield found
    finally:
        await consumer.stop()
