"""Fills the portal's read tables with as many updates as one asks for, in bulk: what posting a million would leave there."""

from typing import Any
from uuid import UUID

import asyncpg

from client.bench.scene import DAYS, PARTIES

OPERATIONS = 200
_SUMS = "read.total, read.total_by_day, read.operation_total, read.posted, read.operation_posted"
_CLEAR = f'TRUNCATE read."update", read.update_count, read.update_detail, read.timeline, {_SUMS}'
_OPERATIONS = """
CREATE TEMP TABLE seeded_operation AS
SELECT n, uuidv7() AS id, ($2::text[])[1 + n % cardinality($2::text[])] AS party FROM generate_series(0, $1::int - 1) n
"""
_HEADLINES = """
INSERT INTO read.operation (audience_id, id, period_id, owner, version, kind, status, starts_at, ends_at, held)
SELECT $2, id, $1, party, 3, 'visa_checks', 'under_way', now() - make_interval(days => $3),
       now() + make_interval(days => $3), false
FROM seeded_operation
"""
_BRIEFS = """
INSERT INTO read.operation_detail (audience_id, operation_id, title, place, narrative, tactics, resources, contacts,
                                   agency, places, means, tasks)
SELECT own.id, o.id, 'Operation ' || o.n, '', '', '', '', '', '', '[]', '[]', '[]'
FROM seeded_operation o JOIN read.audience own ON own.entries = o.party
"""
# one in twenty returned, one in four provisional; by number, so that each run seeds the same
_UPDATES = """
CREATE TEMP TABLE seeded_update AS
SELECT g.n, uuidv7(at.ago) AS id, o.id AS operation_id, o.party, now() + at.ago AS at,
       CASE WHEN g.n % 20 = 19 THEN 'returned' WHEN g.n % 20 > 13 THEN 'provisional' ELSE 'validated' END AS status,
       jsonb_build_object('arrests', g.n % 3, 'persons_checked', g.n % 50) AS counts
FROM generate_series($1::int, $2::int - 1) AS g (n)
JOIN seeded_operation o ON o.n = g.n % $3
CROSS JOIN LATERAL (SELECT make_interval(secs => -86400.0 * $4 * ($2 - g.n) / ($2 - $1)) AS ago) at
"""
_FILL = (
    """INSERT INTO read."update" (audience_id, id, operation_id, period_id, party, version, kind, status, happened_at,
                                  posted_at, counts, late)
SELECT $2, id, operation_id, $1, party, 2, 'result', status, at, at, counts, false FROM seeded_update ORDER BY n""",
    """INSERT INTO read.update_count (audience_id, update_id, indicator, period_id, party, value)
SELECT $2, u.id, c.key, $1, u.party, c.value::int FROM seeded_update u, jsonb_each_text(u.counts) c ORDER BY u.n""",
    """INSERT INTO read.timeline (audience_id, period_id, at, type, party, subject_id, body)
SELECT $2, $1, at, 'planner.update.posted.v1', party, id,
       jsonb_build_object('kind', 'result', 'counts', counts, 'operation_id', operation_id, 'supersedes', NULL)
FROM seeded_update ORDER BY n""",
)
_DETAILS = """
INSERT INTO read.update_detail (audience_id, update_id, operation_id, text, place, language, "by")
SELECT own.id, u.id, u.operation_id, left($1, 200), 'At the airport', 'en', lower(u.party) || '.officer'
FROM seeded_update u JOIN read.audience own ON own.entries = u.party ORDER BY u.n
"""
# what the projections keep as updates come, from what is there now; what was returned counts nowhere
_COUNTED = """FROM read.update_count c JOIN read."update" u ON u.id = c.update_id WHERE u.status <> 'returned'"""
_SUM_UP = (
    f"TRUNCATE {_SUMS}",
    f"""INSERT INTO read.total (period_id, party, indicator, audience_id, validated, provisional, updates)
SELECT c.period_id, c.party, c.indicator, c.audience_id, coalesce(sum(c.value) FILTER (WHERE u.status = 'validated'), 0),
       coalesce(sum(c.value) FILTER (WHERE u.status = 'provisional'), 0), count(*) {_COUNTED} GROUP BY 1, 2, 3, 4""",
    f"""INSERT INTO read.total_by_day (period_id, day, party, indicator, audience_id, value)
SELECT c.period_id, (u.posted_at AT TIME ZONE 'UTC')::date, c.party, c.indicator, c.audience_id, sum(c.value)
{_COUNTED} GROUP BY 1, 2, 3, 4, 5""",
    f"""INSERT INTO read.operation_total (operation_id, indicator, audience_id, value)
SELECT u.operation_id, c.indicator, c.audience_id, sum(c.value) {_COUNTED} GROUP BY 1, 2, 3""",
    """INSERT INTO read.posted (period_id, party, day, audience_id, updates, provisional, late, last_at)
SELECT period_id, party, (posted_at AT TIME ZONE 'UTC')::date, audience_id, count(*),
       count(*) FILTER (WHERE status = 'provisional'), 0, max(posted_at) FROM read."update" GROUP BY 1, 2, 3, 4""",
    """INSERT INTO read.operation_posted (operation_id, audience_id, updates, last_at)
SELECT operation_id, audience_id, count(*), max(posted_at) FROM read."update" GROUP BY 1, 2""",
)


class Seed:
    """Rows of one period; call `grow` with more and more."""

    def __init__(self, connection: Any, period_id: UUID, everyone: int, text: str) -> None:
        self._connection, self._period, self._everyone, self._text = connection, period_id, everyone, text
        self._there = 0

    @classmethod
    async def planted(cls, dsn: str, period_id: UUID, text: str) -> "Seed":
        """No updates but these, and two hundred operations more."""
        connection = await asyncpg.connect(dsn, command_timeout=600)
        everyone = await connection.fetchval("SELECT id FROM read.audience WHERE entries = $1", " ".join(PARTIES))
        await connection.execute(_CLEAR)
        await connection.execute(_OPERATIONS, OPERATIONS, list(PARTIES))
        await connection.execute(_HEADLINES, period_id, everyone, DAYS - 1)
        await connection.execute(_BRIEFS)
        return cls(connection, period_id, everyone, text)

    async def grow(self, updates: int) -> None:
        """Until there are so many."""
        await self._connection.execute(_UPDATES, self._there, updates, OPERATIONS, DAYS)
        for statement in _FILL:
            await self._connection.execute(statement, self._period, self._everyone)
        await self._connection.execute(_DETAILS, self._text)
        for statement in _SUM_UP:
            await self._connection.execute(statement)
        await self._connection.execute("DROP TABLE seeded_update")
        await self._connection.execute("VACUUM ANALYZE")
        self._there = updates

    async def some(self, party: str) -> tuple[UUID, UUID, UUID]:
        """An operation of a party, its newest update, and the update in the middle of all."""
        row = await self._connection.fetchrow(
            'SELECT o.id, u.id AS update_id FROM seeded_operation o JOIN read."update" u ON u.operation_id = o.id '
            "WHERE o.party = $1 ORDER BY u.id DESC LIMIT 1",
            party,
        )
        middle = await self._connection.fetchval(
            'SELECT id FROM read."update" ORDER BY id OFFSET $1 LIMIT 1', self._there // 2
        )
        return row["id"], row["update_id"], middle

    async def close(self) -> None:
        await self._connection.close()
