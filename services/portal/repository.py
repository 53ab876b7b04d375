"""Every query of the portal's read model, each under the row-level security of the one who reads."""

import base64
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from services.portal.board_queries import BoardQueries
from services.portal.conflict_queries import ConflictQueries
from services.portal.group_queries import GroupQueries
from services.portal.joint_queries import JointQueries
from services.portal.lists import Listing, UpdateFilter, listed_updates
from services.portal.page_queries import PageQueries
from services.portal.protection_queries import ProtectionQueries
from services.portal.selects import ALERTS, OPERATIONS, TIMELINE, UPDATES, Row
from shared.actor import Actor
from shared.errors import Invalid, NotFound
from shared.runtime.db import Database, Tx

C = TypeVar("C")

__all__ = ["ReadModel", "Reads", "Row", "UpdateFilter", "encode_cursor", "entry_after", "thing_after"]

PAGE = 50


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


class Reads(PageQueries, GroupQueries, JointQueries, ConflictQueries, ProtectionQueries, BoardQueries):
    """The queries, inside one reader's transaction. `one` of a thing raises NotFound when it is not there for them."""

    def __init__(self, tx: Tx, actor: Actor) -> None:
        super().__init__(tx, actor.party)
        self._actor = actor

    async def periods(self, cursor: str | None = None, limit: int = PAGE) -> tuple[Sequence[Row], str | None]:
        """The latest first."""
        day, last = _decoded(cursor, _day_and_id) or (None, None)
        rows = await self._tx.sql(
            "SELECT * FROM read.period WHERE $1::date IS NULL OR (first_day, id) < ($1, $2) "
            "ORDER BY first_day DESC, id DESC LIMIT $3",
            day,
            last,
            limit + 1,
        )
        more = f"{rows[limit - 1]['first_day']} {rows[limit - 1]['id']}" if len(rows) > limit else None
        return rows[:limit], encode_cursor(more) if more else None

    async def period(self, period_id: UUID) -> Row:
        return _one(await self._tx.sql("SELECT * FROM read.period WHERE id = $1", period_id))

    async def answers(self, period_id: UUID) -> Sequence[Row]:
        return await self._tx.sql(
            "SELECT * FROM read.answer WHERE period_id = $1 AND answer <> 'asked_again' ORDER BY party", period_id
        )

    async def answers_of(self, party: str) -> Sequence[Row]:
        return await self._tx.sql("SELECT * FROM read.answer WHERE party = $1 AND answer <> 'asked_again'", party)

    async def participants(self, period_id: UUID) -> tuple[str, ...]:
        rows = await self.answers(period_id)
        return tuple(row["party"] for row in rows if row["answer"] == "joined")

    async def plans(self, period_id: UUID) -> Sequence[Row]:
        return await self._tx.sql("SELECT * FROM read.plan WHERE period_id = $1 ORDER BY number", period_id)

    async def plan_answers(self, period_id: UUID) -> Sequence[Row]:
        return await self._tx.sql(
            "SELECT * FROM read.plan_answer WHERE period_id = $1 ORDER BY number, party", period_id
        )

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
        values: list[Any] = []
        conditions = ["true"]
        asked = {"o.period_id =": period_id, "o.owner =": party, "o.status =": status, "o.id >": after}
        for condition, value in asked.items():
            if value is not None:
                values.append(value)
                conditions.append(f"{condition} ${len(values)}")
        query = f"{OPERATIONS} WHERE {' AND '.join(conditions)} ORDER BY o.id LIMIT {2 * PAGE + 1}"
        rows = await self._tx.sql(query, *values)
        return rows[: 2 * PAGE], encode_cursor(rows[2 * PAGE - 1]["id"]) if len(rows) > 2 * PAGE else None

    async def operation(self, operation_id: UUID) -> Row:
        """At the version that the last word made of which the reader knows, in headline or beside it."""
        row = _one(await self._tx.sql(f"{OPERATIONS} WHERE o.id = $1", operation_id))
        return {**row, "version": max(row["version"], row["choice_version"] or 0, row["amendment_version"] or 0)}

    async def operation_detail(self, operation_id: UUID) -> Row | None:
        rows = await self._tx.sql("SELECT * FROM read.operation_detail WHERE operation_id = $1", operation_id)
        return rows[0] if rows else None

    async def updates(
        self, wanted: UpdateFilter, cursor: str | None = None, limit: int = PAGE
    ) -> tuple[Sequence[Row], str | None]:
        """Newest first."""
        listing = listed_updates(wanted, thing_after(cursor))
        query = f"{UPDATES} WHERE u.id = ANY ({listing.ids(limit + 1)}) ORDER BY u.id DESC"
        rows = await self._tx.sql(query, *listing.values)
        return rows[:limit], encode_cursor(rows[limit - 1]["id"]) if len(rows) > limit else None

    async def update(self, update_id: UUID) -> Row:
        return _one(await self._tx.sql(f"{UPDATES} WHERE u.id = $1", update_id))

    async def return_reason(self, update_id: UUID) -> Row | None:
        rows = await self._tx.sql("SELECT * FROM read.return_reason WHERE update_id = $1", update_id)
        return rows[0] if rows else None

    async def last_posts(self, period_id: UUID) -> Mapping[str, Any]:
        """When each party last posted, as far as the reader sees."""
        rows = await self._tx.sql(
            "SELECT p.party, (SELECT d.last_at FROM read.posted d WHERE d.period_id = $1 AND d.party = p.party "
            "AND d.updates > 0 ORDER BY d.day DESC, d.last_at DESC LIMIT 1) AS at "
            "FROM read.answer p WHERE p.period_id = $1 AND p.answer = 'joined'",
            period_id,
        )
        return {row["party"]: row["at"] for row in rows}

    async def timeline(
        self, period_id: UUID, before: int | None = None, after: int | None = None, limit: int = 20
    ) -> Sequence[Row]:
        """Newest first; what came `after` an entry oldest first."""
        listing = Listing("read.timeline", "id" if after is not None else "id DESC")
        listing.where("x.period_id = {}", period_id)
        listing.where("x.id > {}", after)
        listing.where("x.id < {}", before)
        query = f"{TIMELINE} WHERE t.period_id = $1 AND t.id = ANY ({listing.ids(limit)}) ORDER BY t.{listing.order}"
        return await self._tx.sql(query, *listing.values)

    async def timeline_ids(self, period_id: UUID, after: int) -> Sequence[int]:
        """The newest first."""
        listing = Listing("read.timeline", "id DESC")
        listing.where("x.period_id = {}", period_id)
        listing.where("x.id > {}", after)
        rows = await self._tx.sql(f"SELECT {listing.ids(1500)} AS ids", *listing.values)
        return list(rows[0]["ids"])

    async def timeline_entries(self, period_id: UUID, ids: Sequence[int]) -> Sequence[Row]:
        """Oldest first."""
        query = f"{TIMELINE} WHERE t.period_id = $1 AND t.id = ANY ($2::bigint[]) ORDER BY t.id"
        return await self._tx.sql(query, period_id, list(ids))

    async def history(self, period_id: UUID, subject_id: UUID) -> Sequence[Row]:
        """What happened to one thing, oldest first."""
        return await self._tx.sql(
            f"{TIMELINE} WHERE t.period_id = $1 AND t.subject_id = $2 ORDER BY t.id LIMIT 200", period_id, subject_id
        )

    async def alerts(self, cursor: str | None = None, limit: int = PAGE) -> tuple[Sequence[Row], str | None]:
        """Newest first."""
        listing = Listing("read.alert", "id DESC", values=[self._actor.party])
        listing.where("x.id < {}", thing_after(cursor))
        query = f"{ALERTS} WHERE a.id = ANY ({listing.ids(limit + 1)}) ORDER BY a.id DESC"
        rows = await self._tx.sql(query, *listing.values)
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


def _day_and_id(text: str) -> tuple[date, UUID]:
    day, _, last = text.partition(" ")
    return date.fromisoformat(day), UUID(last)


NO_CURSOR = "This is no cursor of this list; begin at the first page."


def _decoded(cursor: str | None, kind: Callable[[str], C]) -> C | None:
    if not cursor:
        return None
    try:
        return kind(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
    except ValueError:
        raise Invalid.field("cursor", NO_CURSOR) from None
