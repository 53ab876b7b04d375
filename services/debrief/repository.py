"""Every query of debrief.

What is heard is written as it comes, each row with the audience of the event that said it, and marks its period as
changed in the same statement. The mark is a row that is locked until the change is committed, so that whoever takes it
away sees every change that it stands for.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from services.debrief.domain.debrief import Debrief
from services.debrief.domain.material import Material, Posted, Sum
from services.debrief.domain.period import Period
from shared.errors import NotFound
from shared.events.planner import (
    Headline,
    HeadlineReleased,
    Objective,
    OperationEvent,
    PeriodProposed,
    PeriodSealed,
    UpdatePosted,
    UpdateReleased,
)
from shared.runtime.db import Tx
from shared.vocabulary import Indicator, OperationState, UpdateStatus

Said = tuple[UpdatePosted | UpdateReleased, UpdateStatus]


def _marking(statement: str) -> str:
    """The statement, whose `$1` is a period, with the mark."""
    mark = "ON CONFLICT (period_id) DO UPDATE SET period_id = excluded.period_id"
    return f"WITH marked AS (INSERT INTO changed (period_id) VALUES ($1) {mark}) {statement}"  # noqa: S608


_PROPOSED = """
INSERT INTO period (id, title, first_day, last_day, objectives, co_chairs, answers)
VALUES ($1, $2, $3, $4, $5::jsonb, $6, '{}')
"""
_ANSWERED = """
UPDATE period SET answers = answers || jsonb_build_object($2::text, $3::text) WHERE id = $1 RETURNING id
"""
_AIMED = _marking("UPDATE period SET objectives = $2::jsonb WHERE id = $1 RETURNING id")
# a later part of a seal adds to those before it; the mark has it compiled once more
_SEALED = _marking(
    "UPDATE period SET sealed = CASE WHEN $3::boolean THEN coalesce(sealed, '{}') ELSE '{}'::jsonb END || $2::jsonb "
    "WHERE id = $1 RETURNING id"
)
_HEADLINE = _marking("""
INSERT INTO operation (id, period_id, owner, status, audience) VALUES ($2, $1, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET status = excluded.status, audience = excluded.audience
""")
# what is opened to newcomers stays with those who had it
_TOGETHER = "ARRAY(SELECT DISTINCT unnest({table}.audience || excluded.audience) ORDER BY 1)"
_HEADLINE_OPENED = _HEADLINE.replace("excluded.audience", _TOGETHER.format(table="operation"))
_PROGRESS = _marking("UPDATE operation SET status = $3 WHERE id = $2 RETURNING id")
_UPDATES = """
WITH marked AS (
    INSERT INTO changed (period_id) SELECT DISTINCT p FROM unnest($1::uuid[]) AS p ORDER BY p
    ON CONFLICT (period_id) DO UPDATE SET period_id = excluded.period_id
)
INSERT INTO update (period_id, id, operation_id, party, status, counts, audience)
SELECT u.period_id, u.id, u.operation_id, u.party, u.status, u.counts::jsonb, string_to_array(u.audience, ' ')
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])
     AS u (period_id, id, operation_id, party, status, counts, audience)
ON CONFLICT (id) DO UPDATE SET status = excluded.status, audience = excluded.audience
"""
_UPDATES_OPENED = _UPDATES.replace("excluded.audience", _TOGETHER.format(table="update"))
_JUDGED = _marking("UPDATE update SET status = $3 WHERE id = $2 RETURNING id")

_COMPILABLE = """
SELECT c.period_id FROM changed c JOIN debrief USING (period_id) JOIN period p ON p.id = c.period_id
WHERE p.sealed IS NOT NULL ORDER BY c.period_id
"""
# a row is shared where all who read the debrief ($2) are among its readers: by a figure that counted more, one of them could
# tell what is kept from it, because it knows all the rest; what was returned or superseded counts nowhere
_SUMS = """
SELECT u.party, c.key AS indicator,
       coalesce(sum(c.value::bigint) FILTER (WHERE u.status = 'validated'), 0)::bigint AS validated,
       coalesce(sum(c.value::bigint) FILTER (WHERE u.status = 'provisional'), 0)::bigint AS provisional,
       count(*) AS updates
FROM update u, jsonb_each_text(u.counts) c
WHERE u.period_id = $1 AND u.status IN ('validated', 'provisional') AND u.audience @> $2
GROUP BY u.party, c.key ORDER BY u.party, c.key
"""
_POSTED = """
SELECT party, count(*) AS shared, count(*) FILTER (WHERE status = 'provisional') AS provisional
FROM update WHERE period_id = $1 AND status IN ('validated', 'provisional') AND audience @> $2
GROUP BY party ORDER BY party
"""
_OPERATIONS = """
SELECT owner, status, count(*) AS n FROM operation WHERE period_id = $1 AND audience @> $2 GROUP BY owner, status
"""
# how far an operation was heard is what the inbox keeps anyway
_BEHIND = """
SELECT count(*) AS n FROM period p, jsonb_each(p.sealed) s
LEFT JOIN position h ON h.topic = $2 AND h.key = s.key
WHERE p.id = $1 AND (coalesce(h.epoch, 0), coalesce(h.sequence, 0)) < ((s.value->>0)::int, (s.value->>1)::bigint)
"""


class Periods:
    """Periods as they were heard."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def get(self, period_id: UUID) -> Period:
        rows = await self._tx.sql(
            "SELECT id, title, first_day, last_day, objectives, co_chairs, answers FROM period "
            "WHERE id = $1 FOR UPDATE",
            period_id,
        )
        if not rows:
            raise NotFound
        return Period.model_validate(dict(rows[0]))

    async def add(self, said: PeriodProposed) -> None:
        await self._tx.sql(
            _PROPOSED,
            said.period_id,
            said.title,
            said.first_day,
            said.last_day,
            to_json(said.objectives).decode(),
            list(said.co_chairs),
        )

    async def answer(self, period_id: UUID, party: str, answer: str) -> None:
        """What a party said to the invitation, or that it left."""
        await _known(self._tx, _ANSWERED, period_id, party, answer)

    async def aim(self, period_id: UUID, objectives: Collection[Objective]) -> None:
        """The plan in force has these."""
        await _known(self._tx, _AIMED, period_id, to_json(objectives).decode())

    async def seal(self, said: PeriodSealed) -> None:
        topic = OperationEvent.topic
        heard = [operation for operation in said.operations if topic in operation.sequences]
        reached = {str(o.operation_id): (o.epochs.get(topic, 1), o.sequences[topic]) for o in heard}
        await _known(self._tx, _SEALED, said.period_id, to_json(reached).decode(), said.part > 1)


class Operations:
    """Operations as they were heard."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def put(self, said: Headline) -> None:
        opened = isinstance(said, HeadlineReleased) and said.to_newcomers
        statement, readers = _HEADLINE_OPENED if opened else _HEADLINE, list(said.audience)
        await self._tx.sql(statement, said.period_id, said.operation_id, said.party, said.status.value, readers)

    async def become(self, period_id: UUID, operation_id: UUID, status: OperationState) -> None:
        await _known(self._tx, _PROGRESS, period_id, operation_id, status.value)


def is_opened(update: UpdatePosted | UpdateReleased) -> bool:
    """Whether it only adds readers to what was said before."""
    return isinstance(update, UpdateReleased) and update.to_newcomers


class Updates:
    """Updates as they were heard."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def put(self, said: Collection[Said]) -> None:
        """New ones, or the present state of such as were held or are opened to newcomers; each of them once."""
        for statement, opened in ((_UPDATES, False), (_UPDATES_OPENED, True)):
            if some := [one for one in said if is_opened(one[0]) is opened]:
                await self._put(statement, some)

    async def _put(self, statement: str, said: Collection[Said]) -> None:
        await self._tx.sql(
            statement,
            [update.period_id for update, _ in said],
            [update.update_id for update, _ in said],
            [update.operation_id for update, _ in said],
            [update.party for update, _ in said],
            [status.value for _, status in said],
            [to_json(update.counts).decode() for update, _ in said],
            [" ".join(update.audience) for update, _ in said],
        )

    async def become(self, period_id: UUID, update_id: UUID, status: UpdateStatus) -> None:
        await _known(self._tx, _JUDGED, period_id, update_id, status.value)


class Changes:
    """Which periods changed since their debrief was compiled."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def compilable(self) -> list[UUID]:
        """Those whose debrief is open and whose end is known. Of the others the mark stays."""
        return [row["period_id"] for row in await self._tx.sql(_COMPILABLE)]

    async def take(self, period_id: UUID) -> bool:
        """Take the mark away; waits for changes that are not committed yet. False where another was faster."""
        return bool(await self._tx.sql("DELETE FROM changed WHERE period_id = $1 RETURNING period_id", period_id))


class Debriefs:
    """Debriefs, whole; one a period."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def get(self, period_id: UUID) -> Debrief:
        rows = await self._tx.sql("SELECT body FROM debrief WHERE period_id = $1 FOR UPDATE", period_id)
        if not rows:
            raise NotFound
        return Debrief.model_validate(rows[0]["body"])

    async def put(self, debrief: Debrief) -> None:
        await self._tx.sql(
            "INSERT INTO debrief (period_id, id, version, body) VALUES ($1, $2, $3, $4::jsonb) "
            "ON CONFLICT (period_id) DO UPDATE SET version = excluded.version, body = excluded.body",
            debrief.period_id,
            debrief.id,
            debrief.version,
            to_json(debrief).decode(),
        )

    async def material(self, period: Period) -> Material:
        """Sums made by the database, whose size is that of the parties and indicators and not of the updates."""
        asked = (period.id, list(period.together))
        sums = [
            Sum(row["party"], Indicator(row["indicator"]), row["validated"], row["provisional"], row["updates"])
            for row in await self._tx.sql(_SUMS, *asked)
        ]
        posted = [
            Posted(row["party"], row["shared"], row["provisional"])
            for row in await self._tx.sql(_POSTED, *asked)
        ]
        operations = {
            (row["owner"], OperationState(row["status"])): row["n"] for row in await self._tx.sql(_OPERATIONS, *asked)
        }
        behind = (await self._tx.sql(_BEHIND, period.id, OperationEvent.topic))[0]["n"]
        return Material(tuple(sums), tuple(posted), operations, heard_to_the_end=behind == 0)


async def _known(tx: Tx, statement: str, *parameters: Any) -> None:
    """A change of something that was heard of before: its topic is in order, so a stranger is refused aloud."""
    if not await tx.sql(statement, *parameters):
        raise NotFound
