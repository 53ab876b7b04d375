"""A party that is out of an operation's readers: all that stands there loses it, with its sums, and nothing else changes."""

from functools import cache

from services.portal.projections.operations import move_updates
from services.portal.projections.rows import Needs, Rows
from shared.events import CATALOGUE
from shared.events.planner import DetailEvent, DetailReaderLeft, OperationEvent, ReaderLeft
from shared.runtime.listener import Listener

NEEDS: Needs = {}
_UPDATES = 'SELECT id FROM "update" WHERE operation_id = $1'
_HEADLINE = {"operation": "id = $1", "referral_count": "operation_id = $1"}
_DETAIL = {
    "operation_detail": "operation_id = $1", "update_detail": "operation_id = $1",
    "named_file": "subject_id IN (SELECT update_id FROM update_detail WHERE operation_id = $1)",
}  # fmt: skip
"""Where something of an operation stands, by the topic that wrote it there; its updates and their sums come beside."""
_AUDIENCES = """
SELECT DISTINCT s.audience_id FROM ({some}) s JOIN audience_entry e USING (audience_id)
WHERE split_part(e.entry, '#', 1) = $2 ORDER BY 1
"""
_MOVE = """
UPDATE {table} SET audience_id = m.after FROM unnest($2::int[], $3::int[]) AS m(before, after)
WHERE {where} AND audience_id = m.before
"""


def listen(listener: Listener) -> None:
    """Register the handlers of this family. Neither is told on a timeline."""

    @listener.on(ReaderLeft)
    async def close_headline(event: ReaderLeft, rows: Rows) -> None:
        await rows.flush()
        await _close(rows, event, {**_HEADLINE, "timeline": _told_on(OperationEvent.topic)})
        moves = await _moves(rows, event, {'"update"': "operation_id = $1"})
        found = await rows.tx.sql(f"{_UPDATES} AND audience_id = ANY ($2::int[])", event.operation_id, list(moves))
        await move_updates(rows, [row["id"] for row in found], moves)

    @listener.on(DetailReaderLeft)
    async def close_detail(event: DetailReaderLeft, rows: Rows) -> None:
        await rows.flush()
        await _close(rows, event, {**_DETAIL, "timeline": _told_on(DetailEvent.topic)})


async def _close(rows: Rows, event: ReaderLeft | DetailReaderLeft, tables: dict[str, str]) -> None:
    moves = await _moves(rows, event, tables)
    for table, where in tables.items() if moves else ():
        statement = _MOVE.format(table=table, where=where)
        await rows.tx.sql(statement, event.operation_id, list(moves), list(moves.values()))


async def _moves(rows: Rows, event: ReaderLeft | DetailReaderLeft, tables: dict[str, str]) -> dict[int, int]:
    """The audiences with that party of what stands there, and what each of them is without it."""
    parts = (f"SELECT audience_id FROM {table} WHERE {where}" for table, where in tables.items())  # noqa: S608
    there = await rows.tx.sql(_AUDIENCES.format(some=" UNION ".join(parts)), event.operation_id, event.reader)
    return {row["audience_id"]: await rows.audiences.without(row["audience_id"], event.reader) for row in there}


@cache
def _told_on(topic: str) -> str:
    """What the timeline tells of an operation and its updates, as far as this topic told it."""
    kinds = ", ".join(f"'{name}'" for name, kind in sorted(CATALOGUE.items()) if kind.topic == topic)
    return f"subject_id = ANY (ARRAY({_UPDATES} UNION ALL SELECT $1::uuid)) AND type IN ({kinds})"
