"""The ear on Kafka: one FastStream batch subscriber for all that a service hears, on raw bytes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from aiokafka import TopicPartition
from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from shared.runtime import telemetry
from shared.runtime.bus import Consumer
from shared.runtime.kafka import security
from shared.runtime.settings import ServiceSettings

log = logging.getLogger("jpa.bus")

# After a look that found nothing the framework sleeps for as long as it had looked: let it look until there is something.
_NEVER_EMPTY_MS = 365 * 24 * 3600 * 1000
# How far it came is told to the broker beside the work, not between two batches: what is heard again after an end in
# between has no second effect, and at a hundred updates a second the telling took more than a third of the time.
_TELL_SECONDS = 0.2
_TOLD_WITHIN = 5.0


class Bus:
    """The service's ear on Kafka: one batch subscriber for all that it hears."""

    def __init__(self, consumer: Consumer, group: str, settings: ServiceSettings, topics: tuple[str, ...]) -> None:
        self._consumer, self._topics = consumer, topics
        self._reached: dict[TopicPartition, int] = {}  # the offset behind the last record that was handled
        self._untold: set[TopicPartition] = set()
        self._further = asyncio.Event()
        self._telling: asyncio.Task[None] | None = None
        self.handled_at = 0.0  # when Kafka took in the oldest event of the last batch that was handled (Unix seconds)
        self.broker = KafkaBroker(
            settings.kafka_bootstrap_servers.split(","),  # one string would be one address
            security=security(settings),
            client_id=group,
            parser=self._parse,
            decoder=_decode,
            apply_types=False,
            allow_auto_create_topics=False,
            consumer_only=True,  # else it makes a producer as well, and leaves that open at each try without a broker
            logger=None,  # it would log whole tracebacks, and these quote contents; what matters is logged here
        )
        self.subscriber = self.broker.subscriber(
            *self._topics,
            group_id=group,
            batch=True,
            max_records=settings.batch_max_events,
            batch_timeout_ms=_NEVER_EMPTY_MS,
            max_partition_fetch_bytes=settings.fetch_max_bytes,
            fetch_min_bytes=settings.fetch_min_bytes,
            fetch_max_wait_ms=settings.fetch_wait_ms,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.NACK_ON_ERROR,
            no_reply=True,
            session_timeout_ms=settings.session_timeout_ms,
            heartbeat_interval_ms=max(1000, settings.session_timeout_ms // 4),
        )
        self.subscriber(self._batch)

    async def _parse(self, message: Any, original: Callable[[Any], Awaitable[Any]]) -> Any:
        """The framework's own parser decodes headers and loses what it cannot: hand it none, and keep the records."""
        records = message if isinstance(message, tuple) else (message,)
        parsed = await original((replace(records[-1], headers=()),))
        parsed.raw_message = message
        parsed.body = records
        parsed.consumer = _Handled(self, parsed.consumer, records)
        return parsed

    async def _batch(self, records: Sequence[Any]) -> None:
        await self._consumer.batch(records)
        self.handled_at = min((record.timestamp for record in records), default=0) / 1000

    async def run(self) -> None:
        """Start, and keep trying while the broker is away. Ends when cancelled."""
        while True:
            try:
                await self.broker.start()
                break
            except Exception as problem:
                log.warning("no broker yet: %s", type(problem).__name__)
                await self.broker.stop()
                await asyncio.sleep(1)
        self._telling = asyncio.create_task(self._tell_on())

    async def stop(self) -> None:
        if self._telling:
            self._telling.cancel()
            await asyncio.gather(self._telling, return_exceptions=True)
            await self._tell()
        await self.broker.stop()

    def reach(self, records: Sequence[Any]) -> None:
        """All of them were handled."""
        for record in records:
            place = TopicPartition(record.topic, record.partition)
            self._reached[place] = record.offset + 1
            self._untold.add(place)
        self._further.set()

    async def _tell_on(self) -> None:
        """Only after something was handled: while members of the group change, a commit makes them begin anew."""
        while True:
            await self._further.wait()
            self._further.clear()
            await self._tell()
            await asyncio.sleep(_TELL_SECONDS)

    async def _tell(self) -> None:
        """Commit the offsets of what was handled. A partition that was given away is its new owner's to tell of."""
        client = self.subscriber.consumer
        if client is None or not (told := self._untold & client.assignment()):
            return
        self._untold -= told
        try:
            await asyncio.wait_for(client.commit({place: self._reached[place] for place in told}), _TOLD_WITHIN)
        except Exception as problem:  # whatever it was, what is not told is heard again
            self._untold |= told
            log.info("offsets are told later: %s", type(problem).__name__)

    async def lag(self, prefix: str = "") -> int | None:
        """Events on the heard topics, or those with names that begin so, not handled yet; None while that is not known."""
        client = self.subscriber.consumer
        if client is None:
            return None
        mine: set[TopicPartition] = {place for place in client.assignment() if place.topic.startswith(prefix)}
        if not mine:
            return None
        ends = await asyncio.wait_for(client.end_offsets(list(mine)), 3)
        reached = {place: self._reached.get(place, 0) for place in ends}
        for place, end in ends.items():
            if reached[place] < end:  # what was handled before it was ours, the broker knows
                reached[place] = max(reached[place], await client.committed(place) or 0)
        open_ones = [place for place, end in ends.items() if end > reached[place]]
        # what has aged out is behind nobody: it is not there to be heard
        begins = await asyncio.wait_for(client.beginning_offsets(open_ones), 3) if open_ones else {}
        behind: int = sum(max(0, ends[place] - max(reached[place], begins[place])) for place in open_ones)
        if not prefix:
            telemetry.LAG.set(behind)
        return behind


async def _decode(message: Any, _original: Any = None) -> Any:
    return message.body


class _Handled:
    """What the framework commits with or rewinds after a batch."""

    def __init__(self, bus: Bus, consumer: Any, records: Sequence[Any]) -> None:
        self._bus, self._records, self.seek = bus, records, consumer.seek

    async def commit(self) -> None:
        self._bus.reach(self._records)
