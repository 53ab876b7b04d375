"""Every query of the portal's read model, each under the row-level security of the one who reads."""

import base64
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from services.portal.page_queries import PageQueries
from services.portal.selects import ALERTS, OPERATIONS, TIMELINE, UPDATES, Row
from shared.actor import Actor
from shared.errors import Invalid, NotFound
from shared.runtime.db import Database, Tx

C = TypeVar("C")

__all__ = ["ReadModel", "Reads", "Row", "UpdateFilter", "encode_cursor", "entry_after"]

PAGE = 50


@dataclass(frozen=True)
class UpdateFilter:
    """Which updates to list."""

    period_id: UUID | None = None
    operation_id: UUID | None = None
    party: str | None = None
    indicator: str | None = None
    status: str | None = None


class ReadModel:
    """Opens the read model for one reader at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def reader(self, actor: Actor) -> AsyncIterator["Reads"]:
        """Everything read inside sees what this actor may see, and nothing else."""
        async with self._database.begin(actor) as tx:
            await tx.sql("SELECT set_config('jpa.reader', $1, true)", " ".join(actor.entries))
            yield Reads(tx, actor)


class Reads(PageQueries):
    """The queries, inside one reader's transaction. `one` of a thing raises NotFound when it is not there for them."""

    def __init__(self, tx: Tx, actor: Actor) -> None:
        super().__init__(tx, actor.party)
        self._actor = actor

    async def periods(self) -> Sequence[Row]:
        return await self._tx.sql("SELECT * FROM read.period ORDER BY first_day DESC, id DESC LIMIT 200")

    async def period(self, period_id: UUID) -> Row:
        return _one(await self._tx.sql("SELECT * FROM read.period WHERE id = $1", period_id))

    async def answers(self, period_id: UUID) -> Sequence[Row]:
        return await self._tx.sql("SELECT * FROM read.answer WHERE period_id = $1 ORDER BY party", period_id)

    async def answers_of(self, party: str) -> Sequence[Row]:
        return await self._tx.sql("SELECT * FROM read.answer WHERE party = $1", party)

    async def participants(self, period_id: UUID) -> tuple[str, ...]:
        rows = await self.answers(period_id)
        return tuple(row["party"] for row in rows if row["answer"] == "joined")

    async def plans(self, period_id: UUID) -> Sequence[Row]:
        return await self._tx.sql("SELECT * FROM read.plan WHERE period_id = $1 ORDER BY number", period_id)

    async def plan_answers(self, period_id: UUID) -> Sequence[Row]:
        return await self._tx.sql("SELECT * FROM read.plan_answer WHERE period_id = $1 ORDER BY number, party", period_id)

    async def held(self, period_id: UUID) -> int:
        """How many headlines are held; nought for whoever is not told."""
        rows = await self._tx.sql("SELECT held FROM read.held WHERE period_id = $1", period_id)
        return int(rows[0]["held"]) if rows else 0

    async def totals(self, period_id: UUID) -> Sequence[Row]:
        """Sums by indicator and party over what the reader sees."""
        return await self._tx.sql(
            "SELECT indicator, party, sum(validated)::bigint AS validated, sum(provisional)::bigint AS provisional, "
            "sum(updates)::bigint AS updates FROM read.total WHERE period_id = $1 GROUP BY indicator, party "
            "HAVING sum(updates) > 0 ORDER BY indicator, party",
            period_id,
        )

    async def operations(
        self, period_id: UUID | None, party: str | None = None, status: str | None = None, cursor: str | None = None
    ) -> tuple[Sequence[Row], str | None]:
        after = thing_after(cursor)
        rows = await self._tx.sql(
            f"{OPERATIONS} WHERE ($1::uuid IS NULL OR o.period_id = $1) AND ($2::text IS NULL OR o.owner = $2) "
            "AND ($3::text IS NULL OR o.status = $3) AND ($4::uuid IS NULL OR o.id > $4) ORDER BY o.id LIMIT $5",
            period_id,
            party,
            status,
            after,
            201,
        )
        return rows[:200], encode_cursor(rows[199]["id"]) if len(rows) > 200 else None

    async def operation(self, operation_id: UUID) -> Row:
        return _one(await self._tx.sql(f"{OPERATIONS} WHERE o.id = $1", operation_id))

    async def operation_detail(self, operation_id: UUID) -> Row | None:
        rows = await self._tx.sql("SELECT * FROM read.operation_detail WHERE operation_id = $1", operation_id)
        return rows[0] if rows else None

    async def updates(
        self, wanted: UpdateFilter, cursor: str | None = None, limit: int = PAGE
    ) -> tuple[Sequence[Row], str | None]:
        """Newest first."""
        before = thing_after(cursor)
        conditions = ["true"]
        values: list[Any] = []
        for column, value in (
            ("u.period_id", wanted.period_id),
            ("u.operation_id", wanted.operation_id),
            ("u.party", wanted.party),
            ("u.status", wanted.status),
        ):
            if value is not None:
                values.append(value)
                conditions.append(f"{column} = ${len(values)}")
        if wanted.indicator is not None:
            values += [wanted.indicator, wanted.period_id]
            conditions.append(
                f"u.id IN (SELECT c.update_id FROM read.update_count c WHERE c.indicator = ${len(values) - 1} "  # noqa: S608
                f"AND (${len(values)}::uuid IS NULL OR c.period_id = ${len(values)}))"
            )
        if before:
            values.append(before)
            conditions.append(f"u.id < ${len(values)}")
        values.append(limit + 1)
        query = f"{UPDATES} WHERE {' AND '.join(conditions)} ORDER BY u.id DESC LIMIT ${len(values)}"
        rows = await self._tx.sql(query, *values)
        return rows[:limit], encode_cursor(rows[limit - 1]["id"]) if len(rows) > limit else None

    async def update(self, update_id: UUID) -> Row:
        return _one(await self._tx.sql(f"{UPDATES} WHERE u.id = $1", update_id))

    async def return_reason(self, update_id: UUID) -> Row | None:
        rows = await self._tx.sql("SELECT * FROM read.return_reason WHERE update_id = $1", update_id)
        return rows[0] if rows else None

    async def last_posts(self, period_id: UUID) -> Mapping[str, Any]:
        """When each party last posted, as far as the reader sees."""
        rows = await self._tx.sql(
            'SELECT p.party, (SELECT max(u.posted_at) FROM read."update" u WHERE u.period_id = $1 AND u.party = p.party) '
            "AS at FROM read.answer p WHERE p.period_id = $1 AND p.answer = 'joined'",
            period_id,
        )
        return {row["party"]: row["at"] for row in rows}

    async def timeline(
        self, period_id: UUID, before: int | None = None, after: int | None = None, limit: int = 20
    ) -> Sequence[Row]:
        """Newest first; what came `after` an entry oldest first."""
        if after is not None:
            return await self._tx.sql(
                f"{TIMELINE} WHERE t.period_id = $1 AND t.id > $2 ORDER BY t.id LIMIT $3", period_id, after, limit
            )
        return await self._tx.sql(
            f"{TIMELINE} WHERE t.period_id = $1 AND ($2::bigint IS NULL OR t.id < $2) ORDER BY t.id DESC LIMIT $3",
            period_id,
            before,
            limit,
        )

    async def timeline_ids(self, period_id: UUID, after: int) -> Sequence[int]:
        """The newest first."""
        rows = await self._tx.sql(
            "SELECT id FROM read.timeline WHERE period_id = $1 AND id > $2 ORDER BY id DESC LIMIT 1000", period_id, after
        )
        return [row["id"] for row in rows]

    async def timeline_entries(self, period_id: UUID, ids: Sequence[int]) -> Sequence[Row]:
        """Oldest first."""
        query = f"{TIMELINE} WHERE t.period_id = $1 AND t.id = ANY ($2::int[]) ORDER BY t.id"
        return await self._tx.sql(query, period_id, list(ids))

    async def history(self, period_id: UUID, subject_id: UUID) -> Sequence[Row]:
        """What happened to one thing, oldest first."""
        return await self._tx.sql(
            f"{TIMELINE} WHERE t.period_id = $1 AND t.subject_id = $2 ORDER BY t.id LIMIT 200", period_id, subject_id
        )

    async def alerts(self, cursor: str | None = None, limit: int = PAGE) -> tuple[Sequence[Row], str | None]:
        """Newest first."""
        before = thing_after(cursor)
        rows = await self._tx.sql(
            f"{ALERTS} WHERE ($2::uuid IS NULL OR a.id < $2) ORDER BY a.id DESC LIMIT $3",
            self._actor.party,
            before,
            limit + 1,
        )
        return rows[:limit], encode_cursor(rows[limit - 1]["id"]) if len(rows) > limit else None

    async def alerts_waiting(self) -> Sequence[Row]:
        """What waits for this party's answer, the most pressing first."""
        return await self._tx.sql(
            f"{ALERTS} WHERE a.status = 'published' AND a.originator <> $1 AND a.recipients ? $1 "
            "AND coalesce(mine.state, 'queued') NOT IN ('acknowledged', 'actioned') ORDER BY a.answer_due LIMIT 50",
            self._actor.party,
        )

    async def alert(self, alert_id: UUID) -> Row:
        return _one(await self._tx.sql(f"{ALERTS} WHERE a.id = $2", self._actor.party, alert_id))

    async def ledger(self, alert_id: UUID) -> Sequence[Row]:
        return await self._tx.sql("SELECT * FROM read.alert_line WHERE alert_id = $1 ORDER BY recipient", alert_id)

    async def debrief(self, period_id: UUID) -> Row:
        return _one(await self._tx.sql("SELECT * FROM read.debrief WHERE period_id = $1", period_id))

    async def figures(self, debrief_id: UUID) -> Sequence[Row]:
        return await self._tx.sql(
            "SELECT * FROM read.debrief_figure WHERE debrief_id = $1 ORDER BY reporting, indicator", debrief_id
        )


def _one(rows: Sequence[Row]) -> Row:
    if not rows:
        raise NotFound
    return rows[0]


def encode_cursor(value: object) -> str:
    """Where the next page begins; opaque to whoever carries it."""
    return base64.urlsafe_b64encode(str(value).encode()).decode().rstrip("=")


def thing_after(cursor: str | None) -> UUID | None:
    """The id that a cursor of a list of things holds. Raises Invalid for one that we did not make for such a list."""
    return _decoded(cursor, UUID)


def entry_after(cursor: str | None) -> int | None:
    """The number that a cursor of a timeline holds. Raises Invalid for one that we did not make for a timeline."""
    number = _decoded(cursor, int)
    if number is not None and not 0 <= number < 2**31:
        raise Invalid.field("cursor", NO_CURSOR)
    return number


NO_CURSOR = "This is no cursor of this list; begin at the first page."


def _decoded(cursor: str | None, kind: Callable[[str], C]) -> C | None:
    if not cursor:
        return None
    try:
        return kind(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
    except ValueError:
        raise Invalid.field("cursor", NO_CURSOR) from None
