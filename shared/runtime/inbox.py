"""Exactly one effect: what a consumer has seen, how far each aggregate has come, and what is set aside.

All of it is written in the transaction of the effect. An event's place is its aggregate's `sequence` on its topic:
behind one that failed, or before one that has not come yet, it waits in quarantine and is applied when its turn comes.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from shared.events.base import Event, Unreadable, read
from shared.runtime import telemetry
from shared.runtime.db import Tx
from shared.runtime.order import NOWHERE, Number

_RECORD = 'coalesce(heard_on, topic) AS topic, partition, "offset", key, headers, body'


class Record(Protocol):
    """What Kafka hands over."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[Any, Any]]


@dataclass(slots=True)
class Heard:
    """A record and what it says: an event, or why it cannot be read."""

    record: Record
    digest: bytes
    event: Event | None
    problem: str = ""
    place: tuple[str, str] = ("", "")
    """Its aggregate on its own topic, also where it was said again on another."""
    number: Number = NOWHERE


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
        if record.topic.startswith("replay."):
            if record.topic.rpartition(".")[2] != event.source.removeprefix("/"):
                raise Unreadable("said again by another than its owner")
        elif event.topic != record.topic:
            raise Unreadable("on a topic that is not its own")
        key = event.key
        if record.key is None or record.key.decode(errors="replace") != key:
            raise Unreadable("its key is not its aggregate")
    except UnicodeDecodeError:
        return Heard(record, digest, None, "a bad header")
    except Unreadable as problem:
        return Heard(record, digest, None, str(problem))
    if event.sequence < 1:
        return Heard(record, digest, None, "no sequence")
    return Heard(record, digest, event, "", (event.topic, key), Number(event.epoch, event.sequence))


@dataclass(frozen=True)
class Place:
    """How far an aggregate has come on a topic, and whether events of it are set aside."""

    position: Number
    has_aside: bool


class Inbox:
    """The consumer's books in one schema of its service's database."""

    def __init__(self, consumer: str, schema: str = "public") -> None:
        self.consumer = consumer
        self._tables = {name: f"{schema}.{name}" for name in ("inbox", "position", "quarantine")}

    async def enter(self, tx: Tx, heard: Sequence[Heard]) -> set[int]:
        """Write inbox rows; returns the indexes of those that are new. A repeat with other bytes raises Tampered."""
        if not heard:
            return set()
        first: dict[tuple[str, UUID], tuple[int, Heard]] = {}
        for i, h in enumerate(heard):
            if h.event:
                kept = first.setdefault((h.event.source, h.event.id), (i, h))
                if kept[1].digest != h.digest:
                    raise Tampered(h)
        rows = await tx.sql(
            f"WITH new AS (INSERT INTO {self._tables['inbox']} (source, event_id, sha256) "  # noqa: S608
            "SELECT * FROM unnest($1::text[], $2::uuid[], $3::bytea[]) ON CONFLICT DO NOTHING "
            "RETURNING source, event_id) "
            "SELECT count(*) AS n, CASE WHEN count(*) < $4 THEN array_agg(source) END AS sources, "
            "CASE WHEN count(*) < $4 THEN array_agg(event_id) END AS ids FROM new",
            [source for source, _ in first],
            [event_id for _, event_id in first],
            [h.digest for _, h in first.values()],
            len(first),
        )
        if rows[0]["n"] == len(first):
            return {i for i, _ in first.values()}
        fresh = set(zip(rows[0]["sources"] or (), rows[0]["ids"] or (), strict=True))
        known = [(key, h) for key, (_, h) in first.items() if key not in fresh]
        if known:
            kept_rows = await tx.sql(
                f"SELECT source, event_id, sha256 FROM {self._tables['inbox']} "  # noqa: S608
                "WHERE (source, event_id) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))",
                [source for (source, _), _ in known],
                [event_id for (_, event_id), _ in known],
            )
            digests = {(row["source"], row["event_id"]): bytes(row["sha256"]) for row in kept_rows}
            for key, h in known:
                if digests.get(key) != h.digest:
                    raise Tampered(h)
        return {first[key][0] for key in fresh}

    async def places(self, tx: Tx, heard: Sequence[Heard]) -> dict[tuple[str, str], Place]:
        """How far each aggregate in `heard` has come, and whether some of it is in quarantine."""
        places = sorted({h.place for h in heard if h.event})
        if not places:
            return {}
        rows = await tx.sql(
            "SELECT e.topic, e.key, coalesce(p.epoch, 0) AS epoch, coalesce(p.sequence, 0) AS sequence, "  # noqa: S608
            f"EXISTS (SELECT FROM {self._tables['quarantine']} q "
            "WHERE q.topic = e.topic AND q.key = e.key) AS waits "
            "FROM unnest($1::text[], $2::text[]) AS e(topic, key) "
            f"LEFT JOIN LATERAL (SELECT epoch, sequence FROM {self._tables['position']} at "
            "WHERE at.topic = e.topic AND at.key = e.key LIMIT 1) p ON true",
            [topic for topic, _ in places],
            [key for _, key in places],
        )
        return {
            (row["topic"], row["key"]): Place(Number(row["epoch"], row["sequence"]), row["waits"]) for row in rows
        }

    async def earlier_aside(self, tx: Tx, heard: Heard, at: Number) -> bool:
        """Whether something of an earlier epoch than this one's is set aside and was not passed yet."""
        if heard.number.epoch <= max(at.epoch, 1):
            return False
        rows = await tx.sql(
            f"SELECT 1 AS one FROM {self._tables['quarantine']} "  # noqa: S608
            "WHERE topic = $1 AND key = $2 AND epoch < $3 AND (epoch, sequence) > ($4::int, $5::bigint) LIMIT 1",
            *heard.place,
            heard.number.epoch,
            *at,
        )
        return bool(rows)

    async def advance(self, tx: Tx, positions: dict[tuple[str, str], Number]) -> None:
        if positions:
            places = sorted(positions)  # always in one order: two who advance the same ones wait, and not in a circle
            await tx.sql(
                f"INSERT INTO {self._tables['position']} AS p (topic, key, epoch, sequence) "  # noqa: S608
                "SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[]) "
                "ON CONFLICT (topic, key) DO UPDATE SET epoch = excluded.epoch, sequence = excluded.sequence "
                "WHERE (p.epoch, p.sequence) < (excluded.epoch, excluded.sequence)",
                [topic for topic, _ in places],
                [key for _, key in places],
                [positions[place].epoch for place in places],
                [positions[place].sequence for place in places],
            )

    async def set_aside(self, tx: Tx, heard: Heard, reason: str, state: str) -> None:
        """One quarantine row; the same record twice is one row. Nothing in a record keeps it from being set aside."""
        record, event = heard.record, heard.event
        headers = [
            [_kept(str(name)), content.hex() if isinstance(content, bytes) else None]
            for name, content in record.headers or ()
        ]
        await tx.sql(
            f"INSERT INTO {self._tables['quarantine']} (consumer, topic, partition, \"offset\", key, source, event_id, "  # noqa: S608
            "type, sequence, reason, state, sha256, headers, body, epoch, heard_on) "
            "VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13::jsonb,$14,$15,$16) ON CONFLICT DO NOTHING",
            self.consumer,
            heard.place[0],
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
            event.epoch if event else None,
            record.topic,
        )
        telemetry.QUARANTINED.labels(state).inc()

    async def next_waiting(self, tx: Tx, topic: str, key: str, at: Number) -> dict[str, Any] | None:
        """Take out of quarantine what waits for its turn and now has it: the next number, else the next epoch's first."""
        table = self._tables["quarantine"]
        rows = await tx.sql(
            f"DELETE FROM {table} WHERE id = (SELECT q.id FROM {table} q "  # noqa: S608
            "WHERE q.topic = $1 AND q.key = $2 AND q.state <> 'failed' AND (q.epoch = $3 AND q.sequence = $4::bigint + 1 "
            f"OR q.epoch > $3 AND q.sequence = 1 AND NOT EXISTS (SELECT FROM {table} e WHERE e.topic = $1 AND e.key = $2 "
            "AND e.epoch < q.epoch AND (e.epoch, e.sequence) > ($3::int, $4::bigint))) ORDER BY q.epoch, q.id LIMIT 1) "
            f"RETURNING {_RECORD}, epoch, sequence, state",
            topic,
            key,
            *at,
        )
        return dict(rows[0]) if rows else None

    async def due(self, tx: Tx) -> list[int]:
        """What waits although the number before it was applied."""
        rows = await tx.sql(
            f"SELECT q.id FROM {self._tables['quarantine']} q JOIN {self._tables['position']} p USING (topic, key) "  # noqa: S608
            "WHERE q.state = 'waiting' AND q.epoch = p.epoch AND q.sequence = p.sequence + 1 ORDER BY q.id LIMIT 100"
        )
        return [row["id"] for row in rows]

    async def take(self, tx: Tx, quarantine_id: int) -> dict[str, Any] | None:
        """Take one out for replay, whatever its state."""
        rows = await tx.sql(
            f"DELETE FROM {self._tables['quarantine']} WHERE id = $1 "  # noqa: S608
            f"RETURNING {_RECORD}",
            quarantine_id,
        )
        return dict(rows[0]) if rows else None

    async def look(self, tx: Tx, quarantine_id: int) -> dict[str, Any] | None:
        """One of them, which nobody else changes until the transaction ends."""
        rows = await tx.sql(
            f"SELECT {_RECORD}, state FROM {self._tables['quarantine']} WHERE id = $1 FOR UPDATE",  # noqa: S608
            quarantine_id,
        )
        return dict(rows[0]) if rows else None

    async def close(self, tx: Tx, quarantine_id: int, why: str) -> None:
        await tx.sql(
            f"UPDATE {self._tables['quarantine']} SET state = 'closed', "  # noqa: S608
            "reason = reason || '; closed: ' || $2::text WHERE id = $1",
            quarantine_id,
            why,
        )

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
        """How many somebody or something still has to do with."""
        return sum(n for state, n in (await self.by_state(tx)).items() if state not in ("applied", "closed"))

    async def by_state(self, tx: Tx) -> dict[str, int]:
        """How many are set aside, by state."""
        rows = await tx.sql(f"SELECT state, count(*) AS n FROM {self._tables['quarantine']} GROUP BY state")  # noqa: S608
        return {row["state"]: row["n"] for row in rows}


def _kept(text: str) -> str:
    """Text as the database can keep it: without zero characters, and not endless."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:200]


class Tampered(Exception):
    """The same id came again with other bytes: a security alert, never an effect."""

    def __init__(self, heard: Heard) -> None:
        super().__init__("the same id came with other bytes")
        self.heard = heard
