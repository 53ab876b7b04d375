"""Keeping the consent ledger: its lines are written by the statement that writes the outbox, and chained as the audit is."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.planner.domain.ledger import LINES, Line, chained, line_of
from shared.actor import Actor
from shared.events.base import Event, read
from shared.runtime.audit import Chain
from shared.runtime.db import Database, Tx
from shared.vocabulary import LedgerKind

log = logging.getLogger("jpa.planner")

COLUMNS = (
    "number, event_id, at, party, officer, kind, type, aggregate, subject, period_id, operation_id, version, named, "
    "audience"
)
_GIVEN = "event_id, at, party, officer, kind, type, aggregate, subject, period_id, operation_id, version, named, audience"
# the number is that of the event in the outbox: who decides holds the locks of what it decides on until its commit, so
# whatever rests on a word has a higher number than that word
_WRITE = f"""
INSERT INTO consent_ledger ({COLUMNS})
SELECT k.id, {", ".join(f"l.{name}" for name in _GIVEN.split(", "))}
FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[],
            $9::uuid[], $10::uuid[], $11::int[], $12::text[], $13::text[]) AS l({_GIVEN})
JOIN kept k ON k.event_id = l.event_id
"""  # noqa: S608
_MISSED = """
SELECT o.id, o.body, o.audience FROM outbox o
WHERE o.id > $1 AND o.type = ANY ($2) AND NOT (o.type = ANY ($3) AND o.audience = o.party)
  AND NOT EXISTS (SELECT 1 FROM consent_ledger l WHERE l.number = o.id)
ORDER BY o.id LIMIT 2000
"""
# who left a period, or declined, hears that its own word arrived, and nothing of others any more
_HEARD_OF = f"""
SELECT last.subject FROM (
    SELECT DISTINCT ON (subject) subject, party, kind, type, audience FROM consent_ledger WHERE aggregate = 'period'
    ORDER BY subject, number DESC
) last
WHERE string_to_array(last.audience, ' ') && $4
  AND NOT (last.party IS NOT DISTINCT FROM $3 AND last.kind IN ('{LedgerKind.LEFT.value}', '{LedgerKind.NO.value}')
           AND last.type <> 'planner.plan.answered.v1')
"""  # noqa: S608
_CATCH_UP = f"WITH kept AS (SELECT id, event_id FROM outbox WHERE id = ANY ($14)){_WRITE}ON CONFLICT DO NOTHING"  # noqa: S608
_ALL = [kind.type for kind in LINES]
_DISCLOSED = [kind.type for kind, entry in LINES.items() if entry.kind is LedgerKind.DISCLOSED]


def line_from(row: Any) -> Line:
    """The line in a row of the table."""
    return Line(
        row["number"], row["event_id"], row["at"], row["party"], row["officer"], LedgerKind(row["kind"]), row["type"],
        row["aggregate"], row["subject"], row["period_id"], row["operation_id"], row["version"],
        tuple(row["named"].split()), tuple(row["audience"].split()),
    )  # fmt: skip


class Ledger:
    """Writes the lines of what is announced; see `shared.runtime.outbox.Beside`."""

    statement = _WRITE
    chain = Chain("consent_ledger", "number", COLUMNS, lambda before, row: chained(before, line_from(row)))

    def values(self, announced: Sequence[Event], actor: Actor | None, at: datetime) -> tuple[Any, ...]:
        found = []
        for event in announced:
            # who acts on another's behalf (a newcomer, the clock) is not the officer who gave the word
            officer = actor.name if actor and actor.party == event.party else ""
            if line := line_of(event, officer, at):
                found.append(line)
        return _columns(found)


async def catch_up(database: Database) -> int:
    """Lines of what was announced before there was a ledger, or by a process that knew of none; how many."""
    last, written = 0, 0
    while True:
        async with database.begin() as tx:
            rows = await tx.sql(_MISSED, last, _ALL, _DISCLOSED)
            lines = [line for row in rows if (line := _missed(row))]
            if lines:
                await tx.sql(_CATCH_UP, *_columns(lines), [line.number for line in lines])
        if not rows:
            if written:
                log.warning("%s lines were added to the consent ledger from the outbox", written)
            return written
        last, written = rows[-1]["id"], written + len(lines)


async def lines_for(
    tx: Tx, actor: Actor, period_id: UUID | None, after: UUID | None, newest_first: bool, limit: int
) -> Sequence[Line]:
    """The words of the actor's own party, and of periods that it hears of those lines whose event it could read.

    In order, or from the newest back.
    """
    follows, order = ("<", "DESC") if newest_first else (">", "ASC")
    own = actor.party if actor.reads((actor.party,)) else None
    rows = await tx.sql(
        f"SELECT {COLUMNS} FROM consent_ledger "  # noqa: S608
        "WHERE ($1::uuid IS NULL OR period_id = $1) "
        f"AND ($2::uuid IS NULL OR number {follows} (SELECT number FROM consent_ledger WHERE event_id = $2)) "
        f"AND (party = $3 OR (string_to_array(audience, ' ') && $4 AND period_id IN ({_HEARD_OF}))) "
        f"ORDER BY number {order} LIMIT $5",
        period_id, after, own, list(actor.entries), limit,
    )  # fmt: skip
    return [line_from(row) for row in rows]


def _missed(row: Any) -> Line | None:
    event = read(bytes(row["body"])).model_copy(update={"audience": tuple(row["audience"].split())})
    assert event.time
    return line_of(event, "", event.time, row["id"])


def _columns(lines: Iterable[Line]) -> tuple[Any, ...]:
    rows = [(*line[1:-2], " ".join(line.named), " ".join(line.audience)) for line in lines]
    return tuple(list(column) for column in zip(*rows, strict=True))
