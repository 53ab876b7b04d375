"""Queries that only pages need, each bounded, and each under the row-level security of the one who reads."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.portal.lists import Listing, UpdateFilter, listed_updates
from services.portal.selects import OPERATIONS, TIMELINE, UPDATES, Row
from shared.runtime.db import Tx

_HEADLINES = """
SELECT o.*, d.title, d.place, d.audience_id AS detail_audience_id
FROM read.operation o LEFT JOIN read.operation_detail d ON d.operation_id = o.id
"""
_OWN = f"""
{OPERATIONS} WHERE o.period_id = $1 AND (o.owner = $2 OR o.partners ? $2)
ORDER BY array_position(ARRAY['under_way', 'scheduled', 'drafted', 'completed', 'cancelled'], o.status), o.starts_at
LIMIT 100
"""
_WAITING = """
SELECT count(*)::int AS n FROM read.alert a
LEFT JOIN read.alert_line mine ON mine.alert_id = a.id AND mine.recipient = $1
WHERE a.status = 'published' AND a.originator <> $1 AND a.recipients ? $1
  AND coalesce(mine.state, 'queued') NOT IN ('acknowledged', 'actioned')
"""
_OVERDUE = """
SELECT a.id, a.kind, a.answer_due, l.recipient FROM read.alert a JOIN read.alert_line l ON l.alert_id = a.id
WHERE a.status = 'published' AND a.answer_due < $1 AND l.state IN ('queued', 'delivered', 'read')
ORDER BY a.answer_due LIMIT 10
"""
# what stands now, without what was posted since
_BEFORE = """
SELECT indicator, sum(value)::bigint AS value FROM (
    SELECT indicator, validated + provisional AS value FROM read.total WHERE period_id = $1 AND party = ANY ($2)
    UNION ALL
    SELECT indicator, -value FROM read.total_by_day WHERE period_id = $1 AND day >= $3 AND party = ANY ($2)
) sums GROUP BY indicator HAVING sum(value) <> 0
"""
_BY_DAY = """
SELECT day, indicator, sum(value)::bigint AS value FROM read.total_by_day WHERE period_id = $1
GROUP BY day, indicator HAVING sum(value) <> 0 ORDER BY day, indicator
"""
_COUNTED = """
SELECT coalesce(sum(updates), 0)::bigint AS n FROM read.total
WHERE period_id = $1 AND indicator = $2 AND ($3::text IS NULL OR party = $3)
"""
_FIGURED = """
SELECT coalesce(sum(f.updates), 0)::bigint AS n FROM read.debrief_figure f JOIN read.debrief d ON d.id = f.debrief_id
WHERE d.period_id = $1 AND f.indicator = $2 AND ($3::text IS NULL OR f.reporting = $3)
"""
_REPORTS = """
SELECT party, sum(updates)::bigint AS updates, sum(provisional)::bigint AS provisional, max(day - before)::int AS silent
FROM (
    SELECT party, day, sum(updates) AS updates, sum(provisional) AS provisional,
           coalesce(lag(day) OVER (PARTITION BY party ORDER BY day), $2::date) AS before
    FROM read.posted WHERE period_id = $1 AND updates > 0 GROUP BY party, day
) posts GROUP BY party
"""
_STANDING = """
SELECT indicator, sum(value)::bigint AS value FROM read.operation_total WHERE operation_id = $1
GROUP BY indicator HAVING sum(value) > 0 ORDER BY 2 DESC
"""


class PageQueries:
    """Mixed into `Reads`."""

    def __init__(self, tx: Tx, party: str) -> None:
        self._tx, self._party = tx, party

    async def alerts_waiting_count(self) -> int:
        return int((await self._tx.sql(_WAITING, self._party))[0]["n"])

    async def alerts_overdue(self, now: datetime) -> Sequence[Row]:
        """Lines of the ledgers that this reader sees, without an answer after the time for it."""
        return await self._tx.sql(_OVERDUE, now)

    async def joined_counts(self) -> dict[UUID, int]:
        """How many parties take part, by period."""
        rows = await self._tx.sql(
            "SELECT period_id, count(*)::int AS n FROM read.answer WHERE answer = 'joined' GROUP BY period_id"
        )
        return {row["period_id"]: row["n"] for row in rows}

    async def latest(self, period_id: UUID) -> Sequence[Row]:
        """What happened last, by its own date: after a rebuild entries arrive in another order than they happened in."""
        listing = Listing("read.timeline", "at DESC, id DESC")
        listing.where("x.period_id = {}", period_id)
        query = f"{TIMELINE} WHERE t.period_id = $1 AND t.id = ANY ({listing.ids(20)}) ORDER BY t.at DESC, t.id DESC"
        return await self._tx.sql(query, *listing.values)

    async def last_entry(self, period_id: UUID) -> int:
        """Where a live timeline goes on from."""
        listing = Listing("read.timeline", "id DESC")
        listing.where("x.period_id = {}", period_id)
        rows = await self._tx.sql(f"SELECT {listing.ids(1)} AS ids", *listing.values)
        return int(next(iter(rows[0]["ids"]), 0))

    async def headlines(self, period_id: UUID) -> Sequence[Row]:
        """The operations of a period, without looking into their updates."""
        return await self._tx.sql(
            f"{_HEADLINES} WHERE o.period_id = $1 ORDER BY o.owner, o.starts_at LIMIT 300", period_id
        )

    async def owners(self, period_id: UUID) -> tuple[str, ...]:
        """Whose operations there are in a period."""
        rows = await self._tx.sql(
            "SELECT DISTINCT o.owner FROM read.operation o WHERE o.period_id = $1 ORDER BY o.owner", period_id
        )
        return tuple(row["owner"] for row in rows)

    async def own_operations(self, period_id: UUID) -> Sequence[Row]:
        return await self._tx.sql(_OWN, period_id, self._party)

    async def headline(self, operation_id: UUID) -> Row | None:
        rows = await self._tx.sql(f"{_HEADLINES} WHERE o.id = $1", operation_id)
        return rows[0] if rows else None

    async def operation_counts(self, operation_id: UUID) -> dict[str, int]:
        """What the updates of one operation sum to."""
        return {row["indicator"]: row["value"] for row in await self._tx.sql(_STANDING, operation_id)}

    async def entries(self, *audience_ids: int | None) -> Mapping[int | None, tuple[str, ...]]:
        """The entries of audiences, as they were decided when the events were made."""
        wanted = sorted({number for number in audience_ids if number is not None})
        rows = await self._tx.sql(
            "SELECT audience_id, array_agg(entry ORDER BY entry) AS entries FROM read.audience_entry "
            "WHERE audience_id = ANY ($1::int[]) GROUP BY audience_id",
            wanted,
        )
        return {row["audience_id"]: tuple(row["entries"]) for row in rows}

    async def newest_of_party(self, period_id: UUID) -> Sequence[Row]:
        """The last updates of the reader's own party, and the last that were returned, newest first."""
        found: dict[UUID, Row] = {}
        for status, limit in ((None, 60), ("returned", 5)):
            listing = listed_updates(UpdateFilter(period_id, party=self._party, status=status), None)
            query = f"{UPDATES} WHERE u.id = ANY ({listing.ids(limit)})"
            found |= {row["id"]: row for row in await self._tx.sql(query, *listing.values)}
        return sorted(found.values(), key=lambda row: str(row["id"]), reverse=True)

    async def counts_before(self, period_id: UUID, parties: Sequence[str], day: date) -> dict[str, int]:
        """What stands now of all that was posted before a day, by indicator."""
        rows = await self._tx.sql(_BEFORE, period_id, list(parties), day)
        return {row["indicator"]: row["value"] for row in rows}

    async def counts_by_day(self, period_id: UUID) -> Sequence[Row]:
        """What stands of each day's counts, by indicator: as many rows as there are days and indicators."""
        return await self._tx.sql(_BY_DAY, period_id)

    async def updates_counted(self, period_id: UUID, indicator: str, party: str | None) -> tuple[int, int]:
        """How many updates a figure sums: all that are in it, and those that this reader may see."""
        shown = (await self._tx.sql(_COUNTED, period_id, indicator, party))[0]["n"]
        figured = (await self._tx.sql(_FIGURED, period_id, indicator, party))[0]["n"]
        return max(figured, shown), shown

    async def reports(self, period_id: UUID, first_day: date) -> dict[str, Any]:
        """By party: updates, how many still provisional, and the longest time without one, in days."""
        return {row["party"]: row for row in await self._tx.sql(_REPORTS, period_id, first_day)}

    async def detail_choice(self, operation_id: UUID) -> Row | None:
        """For whom the owner chose the detail to be."""
        rows = await self._tx.sql("SELECT * FROM read.detail_choice WHERE operation_id = $1", operation_id)
        return rows[0] if rows else None

    async def detail_recalls(self, operation_id: UUID) -> Sequence[Row]:
        """From whom the detail was taken back, as far as the reader is told."""
        query = "SELECT * FROM read.detail_recall WHERE operation_id = $1 ORDER BY recipient"
        return await self._tx.sql(query, operation_id)
