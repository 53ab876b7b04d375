"""Exactly one effect: what a consumer has seen, how far each aggregate has come, and what is set aside.

All of it is written in the transaction of the effect. An event's place is its aggregate's `sequence` on its topic:
behind one that failed, or before one that has not come yet, it waits in quarantine and is applied when its turn comes.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shared.events.base import Event, Unreadable, read
from shared.runtime import telemetry
from shared.runtime.db import Tx


class Record(Protocol):
    """What Kafka hands over."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[Any, Any]]


@dataclass(frozen=True)
class Heard:
    """A record and what it says: an event, or why it cannot be read."""

    record: Record
    digest: bytes
    event: Event | None
    problem: str = ""

    @property
    def place(self) -> tuple[str, str]:
        return self.record.topic, self.event.key if self.event else ""


def hear(record: Record) -> Heard:
    """Never raises: what cannot be read is told by `problem`."""
    value = record.value if isinstance(record.value, bytes) else None
    digest = hashlib.sha256(value or b"").digest()
    try:
        for name, content in record.headers or ():
            if not isinstance(name, str) or not isinstance(content, bytes):
                raise Unreadable("a bad header")
            content.decode()
        event = read(value)
        if event.topic != record.topic and not record.topic.startswith("replay."):
            raise Unreadable("on a topic that is not its own")
        if record.key is None or record.key.decode(errors="replace") != event.key:
            raise Unreadable("its key is not its aggregate")
    except UnicodeDecodeError:
        return Heard(record, digest, None, "a bad header")
    except Unreadable as problem:
        return Heard(record, digest, None, str(problem))
    if event.sequence < 1:
        return Heard(record, digest, None, "no sequence")
    return Heard(record, digest, event)


class Inbox:
    """The consumer's books in one schema of its service's database."""

    def __init__(self, consumer: str, schema: str = "public") -> None:
        self.consumer = consumer
        self._tables = {name: f"{schema}.{name}" for name in ("inbox", "position", "quarantine")}

    async def enter(self, tx: Tx, heard: Sequence[Heard]) -> set[int]:
        """Write inbox rows; returns the indexes of those that are new. A repeat with other bytes raises Tampered."""
        events = [(i, h) for i, h in enumerate(heard) if h.event]
        first: dict[tuple[str, str], tuple[int, Heard]] = {}
        for i, h in events:
            assert h.event
            kept = first.setdefault((h.event.source, str(h.event.id)), (i, h))
            if kept[1].digest != h.digest:
                raise Tampered(h)
        new = await tx.sql(
            f"INSERT INTO {self._tables['inbox']} (source, event_id, sha256) "  # noqa: S608
            "SELECT * FROM unnest($1::text[], $2::uuid[], $3::bytea[]) ON CONFLICT DO NOTHING "
            "RETURNING source, event_id",
            [source for source, _ in first],
            [event_id for _, event_id in first],
            [h.digest for _, h in first.values()],
        )
        fresh = {(row["source"], str(row["event_id"])) for row in new}
        known = [(key, h) for key, (_, h) in first.items() if key not in fresh]
        if known:
            kept_rows = await tx.sql(
                f"SELECT source, event_id, sha256 FROM {self._tables['inbox']} "  # noqa: S608
                "WHERE (source, event_id) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))",
                [source for (source, _), _ in known],
                [event_id for (_, event_id), _ in known],
            )
            digests = {(row["source"], str(row["event_id"])): bytes(row["sha256"]) for row in kept_rows}
            for key, h in known:
                if digests.get(key) != h.digest:
                    raise Tampered(h)
        return {first[key][0] for key in fresh}

    async def positions(self, tx: Tx, heard: Sequence[Heard]) -> dict[tuple[str, str], int]:
        """How far each aggregate in `heard` has come."""
        return {place: at for place, (at, _) in (await self._places(tx, heard)).items()}

    async def someone_waits(self, tx: Tx, heard: Sequence[Heard]) -> tuple[dict[tuple[str, str], int], bool]:
        """The same, and whether any of these aggregates has events in quarantine that wait for their turn."""
        places = await self._places(tx, heard)
        return {place: at for place, (at, _) in places.items()}, any(waits for _, waits in places.values())

    async def _places(self, tx: Tx, heard: Sequence[Heard]) -> dict[tuple[str, str], tuple[int, bool]]:
        places = sorted({h.place for h in heard if h.event})
        rows = await tx.sql(
            "SELECT e.topic, e.key, coalesce(p.sequence, 0) AS sequence, "  # noqa: S608
            f"EXISTS (SELECT FROM {self._tables['quarantine']} q "
            "WHERE q.topic = e.topic AND q.key = e.key AND q.state <> 'failed') AS waits "
            "FROM unnest($1::text[], $2::text[]) AS e(topic, key) "
            f"LEFT JOIN {self._tables['position']} p USING (topic, key)",
            [topic for topic, _ in places],
            [key for _, key in places],
        )
        return {(row["topic"], row["key"]): (row["sequence"], row["waits"]) for row in rows}

    async def advance(self, tx: Tx, positions: dict[tuple[str, str], int]) -> None:
        if positions:
            await tx.sql(
                f"INSERT INTO {self._tables['position']} AS p (topic, key, sequence) "  # noqa: S608
                "SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) "
                "ON CONFLICT (topic, key) DO UPDATE SET sequence = greatest(p.sequence, excluded.sequence)",
                [topic for topic, _ in positions],
                [key for _, key in positions],
                list(positions.values()),
            )

    async def set_aside(self, tx: Tx, heard: Heard, reason: str, state: str) -> None:
        """One quarantine row; the same record twice is one row. Nothing in a record keeps it from being set aside."""
        record, event = heard.record, heard.event
        headers = [
            [_kept(str(name)), content.hex() if isinstance(content, bytes) else None]
            for name, content in record.headers or ()
        ]
        await tx.sql(
            f'INSERT INTO {self._tables["quarantine"]} (consumer, topic, partition, "offset", key, source, event_id, '  # noqa: S608
            "type, sequence, reason, state, sha256, headers, body) "
            "VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13::jsonb,$14) ON CONFLICT DO NOTHING",
            self.consumer,
            record.topic,
            record.partition,
            record.offset,
            _kept(event.key if event else (record.key or b"").decode(errors="replace")) or None,
            event.source if event else None,
            str(event.id) if event else None,
            event.type if event else None,
            event.sequence if event else None,
            reason,
            state,
            heard.digest.hex(),
            json.dumps(headers),
            record.value,
        )
        telemetry.QUARANTINED.labels(state).inc()

    async def next_waiting(self, tx: Tx, topic: str, key: str, sequence: int) -> dict[str, Any] | None:
        """Take the waiting record with this sequence out of quarantine, if it is there."""
        rows = await tx.sql(
            f"DELETE FROM {self._tables['quarantine']} WHERE id = (SELECT id FROM {self._tables['quarantine']} "  # noqa: S608
            "WHERE topic = $1 AND key = $2 AND sequence = $3 AND state <> 'failed' ORDER BY id LIMIT 1) "
            'RETURNING topic, partition, "offset", key, headers, body, state',
            topic,
            key,
            sequence,
        )
        return dict(rows[0]) if rows else None

    async def take(self, tx: Tx, quarantine_id: int) -> dict[str, Any] | None:
        """Take one out for replay, whatever its state."""
        rows = await tx.sql(
            f"DELETE FROM {self._tables['quarantine']} WHERE id = $1 "  # noqa: S608
            'RETURNING topic, partition, "offset", key, headers, body',
            quarantine_id,
        )
        return dict(rows[0]) if rows else None

    async def forget_failed(self, tx: Tx, heard: Heard) -> None:
        """It has its effect now: earlier tries of the same event need nobody any more."""
        assert heard.event
        await tx.sql(
            f"DELETE FROM {self._tables['quarantine']} WHERE topic = $1 AND key = $2 AND event_id = $3 "  # noqa: S608
            "AND state = 'failed' AND sha256 = $4",
            *heard.place,
            str(heard.event.id),
            heard.digest.hex(),
        )

    async def count(self, tx: Tx) -> int:
        rows = await tx.sql(f"SELECT count(*) AS n FROM {self._tables['quarantine']} WHERE state <> 'applied'")  # noqa: S608
        return int(rows[0]["n"])


def _kept(text: str) -> str:
    """Text as the database can keep it: without zero characters, and not endless."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:200]


class Tampered(Exception):
    """The same id came again with other bytes: a security alert, never an effect."""

    def __init__(self, heard: Heard) -> None:
        super().__init__("the same id came with other bytes")
        self.heard = heard
