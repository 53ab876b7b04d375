"""The relay: carries committed events from the outbox to Kafka, to their topic and to the feeds of their audience.

One relay per service is active (see `lead`). Order per aggregate holds because a round sends the oldest unsent
events of an aggregate, each partition's part in one record batch, which is appended whole or not at all, and because
nothing is marked before every part of it is acknowledged: what is sent again is sent in the same order.
"""

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2

from shared.events.base import CONTENT_TYPE, MAX_EVENT_BYTES, internal_bytes
from shared.parties import PARTIES, feed_topic
from shared.runtime import failpoints, telemetry
from shared.runtime.db import Database
from shared.runtime.failpoints import Point
from shared.runtime.kafka import client_arguments
from shared.runtime.lead import Lead
from shared.runtime.settings import ServiceSettings

log = logging.getLogger("jpa.relay")

# A mark that a crash of the database loses is an event that is sent twice, which it may be: it need not wait for the disk.
# The table of what is unsent is empty at one moment and long at the next, so no plan may rest on how long it was.
_SESSION = ("SET synchronous_commit = off", "SET enable_seqscan = off")
# What the last round sent is marked, and what is due next is read, in one statement; both see the table as it was before.
# OFFSET 0 keeps the outbox inside: read from there, each look would go through all that was ever said.
_MARK_AND_DUE = """
WITH marked AS (DELETE FROM outbox_unsent WHERE id = ANY ($2::bigint[]))
SELECT o.id, o.topic, o.key, o.sequence, o.type, o.audience, o.traceparent, o.body
FROM (SELECT id FROM outbox_unsent WHERE id <> ALL ($2::bigint[]) ORDER BY id {first}) u
CROSS JOIN LATERAL (SELECT * FROM outbox WHERE id = u.id AND key <> ALL ($1::text[]) OFFSET 0) o
ORDER BY u.id LIMIT {limit}
"""
_RESEND = """
WITH first AS (
    INSERT INTO resent (at) VALUES ($1) ON CONFLICT DO NOTHING RETURNING at
), last AS (
    -- counted from what was said last before the stop: the machine may have been off for days
    SELECT max(o.at) AS at FROM outbox o, first WHERE o.at <= to_timestamp(first.at)
)
INSERT INTO outbox_unsent
SELECT o.id FROM outbox o, last WHERE o.at BETWEEN last.at - make_interval(secs => $2) AND last.at
ON CONFLICT DO NOTHING
"""
# room for the batch's own framing above one event of the largest size
_BATCH_BYTES = MAX_EVENT_BYTES + 128 * 1024


class Due(Protocol):
    """A row of the outbox that is to be sent."""

    id: int
    topic: str
    key: str
    sequence: int
    type: str
    audience: str
    traceparent: str
    body: bytes


class Relay:
    """Runs for as long as the service; `wake` makes it look at once."""

    def __init__(self, service: str, database: Database, settings: ServiceSettings) -> None:
        self._service, self._database, self._settings = service, database, settings
        self._woken = asyncio.Event()
        self._lead = Lead(database, settings.lead_seconds, self._woken)
        self._producer: AIOKafkaProducer | None = None
        self._stopped: dict[str, float] = {}  # aggregates that wait after a failure, until this loop time
        self._sent: list[int] = []  # acknowledged, and marked with the next look
        self._resent = 0.0  # what this process has seen to already; the table remembers for all of them
        self._pause = settings.retry_min_seconds

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Hold the lock and relay; on any failure pause and begin anew. Ends when cancelled."""
        pause = self._settings.retry_min_seconds
        while True:
            try:
                async with self._lead.held(), self._database.connection() as connection:
                    for setting in _SESSION:
                        await connection.execute(setting)
                    self._sent = []  # what is not marked is sent again
                    await self._producer_anew()
                    while True:
                        self._lead.require()  # before marks too: another one may have been told to send them again
                        await self._resend_after_unclean_stop(connection)
                        sent = await self._round(connection)
                        pause = self._settings.retry_min_seconds
                        if not sent:
                            await self._rest()
            except asyncio.CancelledError:
                raise
            except Exception as problem:
                log.warning("relay pauses %.1f s: %s", pause, type(problem).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._settings.retry_max_seconds)

    async def stop(self) -> None:
        if self._producer:
            await self._producer.stop()
            self._producer = None

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), self._settings.relay_poll_seconds)
        self._woken.clear()

    async def _producer_anew(self) -> None:
        """A producer that failed for good can answer out-of-order for ever after: never keep one."""
        if self._producer:
            await self._producer.stop()
        self._producer = new_producer(self._settings, f"{self._service}-relay")
        await self._producer.start()

    async def _resend_after_unclean_stop(self, connection: Any) -> None:
        """A broker that did not stop cleanly may have lost what it acknowledged last: send it again."""
        at = _unclean_at(self._settings.unclean_file)
        if at <= self._resent:
            return
        self._sent = []  # acknowledged by the broker that may have lost it: it stays unsent
        await connection.execute(_RESEND, at, self._settings.resend_seconds)
        self._resent = at

    async def _round(self, connection: Any) -> int:
        """Mark what the last round sent, and send the oldest unsent events; returns how many were sent."""
        now = asyncio.get_running_loop().time()
        self._stopped = {key: until for key, until in self._stopped.items() if until > now}
        look = mark_and_due(self._settings.relay_batch, some_wait=bool(self._stopped))
        due: Sequence[Due] = await connection.fetch(look, list(self._stopped), self._sent)
        self._sent = []
        if not due:
            return 0
        failpoints.reach(Point.BEFORE_PUBLISH)
        failed = await self._send(due)
        failpoints.reach(Point.BEFORE_MARK)
        stopped: set[str] = set()
        for row in due:
            if row.id in failed or row.key in stopped:
                stopped.add(row.key)
            else:
                self._sent.append(row.id)
        telemetry.PUBLISHED.inc(len(self._sent))
        if stopped:
            until = asyncio.get_running_loop().time() + self._pause
            self._pause = min(self._pause * 2, self._settings.retry_max_seconds)
            self._stopped |= dict.fromkeys(stopped, until)
            log.warning("%d aggregates wait after a failed send", len(stopped))
            await self._producer_anew()
        else:
            self._pause = self._settings.retry_min_seconds
        return len(self._sent)

    async def _send(self, due: Sequence[Due]) -> set[int]:
        """Send every part of every event; returns the ids of those with a part that was not acknowledged."""
        assert self._producer
        parts: dict[tuple[str, int], list[tuple[int, bytes, bytes]]] = defaultdict(list)
        failed: set[int] = set()
        for row in due:
            key = row.key.encode()
            with telemetry.span_if_sampled("publish", row.traceparent, type=row.type):
                try:
                    partition = await partition_of(self._producer, row.topic, key)
                except KafkaError:
                    failed.add(row.id)
                    continue
                whole = internal_bytes(row.body, row.sequence, row.audience, row.traceparent)
                parts[row.topic, partition].append((row.id, key, whole))
                for feed in feeds_of(row.audience):
                    parts[feed, 0].append((row.id, key, row.body))
        producer = self._producer
        sent = (send_part(producer, *place, records, self._lead.require) for place, records in parts.items())
        results = await asyncio.gather(*sent)
        return failed.union(*results)


def mark_and_due(limit: int, some_wait: bool) -> str:
    """Those of aggregates that wait are passed over, so that they keep no others from their turn."""
    return _MARK_AND_DUE.format(limit=limit, first="" if some_wait else f"LIMIT {limit}")


def new_producer(settings: ServiceSettings, client_id: str) -> AIOKafkaProducer:
    """A producer whose batches hold an event of the largest size."""
    return AIOKafkaProducer(
        **client_arguments(settings),
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        max_batch_size=_BATCH_BYTES,
        max_request_size=_BATCH_BYTES + 64 * 1024,
        request_timeout_ms=10_000,
    )


async def partition_of(producer: AIOKafkaProducer, topic: str, key: bytes) -> int:
    """The same partition for the same aggregate, as Kafka's own clients choose it."""
    partitions = await producer.partitions_for(topic)
    return _place(key) % len(partitions)


async def send_part(
    producer: AIOKafkaProducer,
    topic: str,
    partition: int,
    records: list[tuple[int, bytes, bytes]],
    require: Callable[[], None] = lambda: None,
) -> set[int]:
    """One partition's records in as few batches as fit, one after the other; stops at the first failure.

    `require` is asked before each batch, and raises when nothing may be sent any more.
    """
    at = 0
    while at < len(records):
        batch = producer.create_batch()
        start = at
        while at < len(records) and batch.append(
            key=records[at][1], value=records[at][2], timestamp=None, headers=[("content-type", CONTENT_TYPE)]
        ):
            at += 1
        if at == start:  # cannot happen below MAX_EVENT_BYTES; never loop for ever if it does
            return {event_id for event_id, _, _ in records[start:]}
        require()
        try:
            await (await producer.send_batch(batch, topic, partition=partition))
        except KafkaError as problem:
            log.warning("%s: %d events not acknowledged: %s", topic, at - start, type(problem).__name__)
            return {event_id for event_id, _, _ in records[start:]}
    return set()


@lru_cache(maxsize=10_000)
def _place(key: bytes) -> int:
    """Where Kafka's own partitioner puts a key, before it knows how many partitions there are."""
    return int(murmur2(key) & 0x7FFFFFFF)


def feeds_of(audience: str) -> list[str]:
    """The feeds that get a copy: those of whole parties; a role's entry never reaches one."""
    return [feed_topic(entry) for entry in audience.split() if entry in PARTIES]


def _unclean_at(file: Path | None) -> float:
    """When the broker was last found to have stopped uncleanly (Unix seconds); 0 when it never was."""
    try:
        return float(json.loads(file.read_text())["at"]) if file else 0.0
    except FileNotFoundError:
        return 0.0
