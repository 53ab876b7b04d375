"""What one transaction changes in the read model: held here while its events are handled, and written all at once.

Handlers say what a row becomes. Several events of one row leave its last state; what events add to sums is added up
first. `flush` sends it: each table's rows in one array a column, all tables in one statement, in an order that is always
the same, so that two who write the same sums wait for each other and not in a circle.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.portal.projections.audiences import Audiences
from services.portal.projections.tables import Key, read_table
from shared.events.base import Event
from shared.runtime.db import Tx

Row = dict[str, Any]
Needs = Mapping[type[Event], Callable[[Any], Iterable[tuple[Any, ...]]]]
"""Which rows a kind of event is measured against: a table's name and a key, each. All of a batch are read at once."""

_FIRST = """
INSERT INTO public.delivered (subject_id, recipient, kind)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]) ON CONFLICT DO NOTHING RETURNING subject_id, recipient, kind
"""
_LOCKED = "SELECT pg_advisory_xact_lock(hashtextextended(k, 0)) FROM unnest($1::text[]) AS k"
_TOLD = ("period_id", "at", "type", "party", "subject_id", "audience_id", "body")


@dataclass(slots=True)
class _Held:
    """A row as it stands; None: there is no such row. Unless it is whole, only what was replaced is known."""

    row: Row | None
    whole: bool
    changed: bool


class Rows:
    """The read model as the handlers of one transaction see and change it."""

    def __init__(
        self, tx: Tx, audiences: Audiences, needs: Needs, late_after: timedelta = timedelta(hours=24)
    ) -> None:
        self.tx, self.audiences, self._needs, self._late_after = tx, audiences, needs, late_after
        self._forget()

    def _forget(self) -> None:
        self._known: dict[str, dict[Key, _Held]] = {}
        self._added: dict[str, dict[Key, list[Any]]] = {}
        self._told: list[tuple[Any, ...]] = []
        self._receipts: dict[tuple[UUID, str, str], Event] = {}

    async def prepare(self, events: Sequence[Event]) -> None:
        """Read what these events will ask for."""
        await self.audiences.learn(event.audience for event in events)
        wanted: dict[str, dict[Key, None]] = {}
        for event in events:
            if needed := self._needs.get(type(event)):
                for table, *key in needed(event):
                    wanted.setdefault(table, {})[tuple(key)] = None
        for table, keys in wanted.items():
            await self._read(table, list(keys))

    def is_late(self, happened_at: datetime, posted_at: datetime) -> bool:
        """Whether it was reported later than the setting says."""
        return posted_at - happened_at > self._late_after

    def audience(self, event: Event) -> int:
        """The number of the event's audience."""
        return self.audiences[event.audience]

    async def get(self, table: str, *key: Any) -> Row | None:
        """A row as it stands after all that was handled before."""
        held = self._known.get(table, {}).get(key)
        if held is None or not held.whole:
            await self._read(table, [key])
        return self._known[table][key].row

    async def look(self, table: str, keys: Sequence[Key]) -> None:
        """Read many rows at once, for `get`."""
        await self._read(table, list(keys))

    def replace(self, table: str, **columns: Any) -> None:
        """Write a current-state row; columns that are not named stay as they are."""
        key = read_table(table).key(columns)
        rows = self._known.setdefault(table, {})
        if held := rows.get(key):
            held.row = {**held.row, **columns} if held.row else columns
            held.changed = True
        else:
            rows[key] = _Held(columns, whole=False, changed=True)

    def change(self, table: str, row: Row, **columns: Any) -> None:
        """Change columns of a row that `get` gave."""
        row.update(columns)
        self._known[table][read_table(table).key(row)].changed = True

    def add(self, table: str, key: Key, *amounts: Any) -> None:
        """Add to a row of sums: amounts in the order of its columns; of times the latest counts."""
        sums = self._added.setdefault(table, {})
        held = sums.get(key)
        if held is None:
            sums[key] = list(amounts)
            return
        for place, amount in enumerate(amounts):
            held[place] = max(held[place], amount) if isinstance(amount, datetime) else held[place] + amount

    def tell(
        self, event: Event, period_id: UUID | None, subject_id: UUID, body: Row, at: datetime | None = None
    ) -> None:
        """Add to the timeline of a period, at the event's own time unless another is given."""
        if period_id is not None:
            number = self.audiences[event.audience]
            self._told.append((period_id, at or event.time, event.type, event.party, subject_id, number, body))

    def receipt(self, subject_id: UUID, recipient: str, kind: str, fact: Event) -> None:
        """Say it unless it was said before; that is remembered beyond a rebuild."""
        self._receipts.setdefault((subject_id, recipient, kind), fact)

    async def flush(self) -> None:
        """Write all of it. What is asked for afterwards is read anew."""
        texts: list[str] = []
        values: list[list[Any]] = []

        def put(
            statement: Callable[[Sequence[str], int], str], table: str, names: Sequence[str], cells: Iterable[Sequence[Any]]
        ) -> None:
            texts.append(statement(names, len(values) + 1))
            columns = read_table(table).columns
            values.extend(columns[name].values(column) for name, column in zip(names, cells, strict=True))

        # of several changing parts PostgreSQL runs the last one first: sums, which others wait for, are held shortest
        for table, sums in sorted(self._added.items()):
            names = read_table(table).sums
            added = sorted([(*key, *amounts) for key, amounts in sums.items()])
            put(read_table(table).gather, table, names, zip(*added, strict=True))
        if self._told:
            put(read_table("timeline").insert, "timeline", _TOLD, zip(*self._told, strict=True))
        for table, known in sorted(self._known.items()):
            alike: dict[tuple[str, ...], list[Row]] = {}
            for key in sorted([key for key, held in known.items() if held.changed]):
                row = known[key].row or {}
                alike.setdefault(tuple(row), []).append(row)
            for some in alike.values():
                present = [name for name in read_table(table).columns if name in some[0]]
                put(read_table(table).upsert, table, present, [[row[name] for row in some] for name in present])
        receipts = self._receipts
        self._forget()
        if texts:
            *parts, last = texts
            given = ", ".join(f"w{number} AS ({part})" for number, part in enumerate(parts))
            await self.tx.sql(f"WITH {given} {last}" if parts else last, *values)
        if receipts:
            await self._announce(receipts)

    async def _announce(self, receipts: Mapping[tuple[UUID, str, str], Event]) -> None:
        asked = sorted(receipts)
        first = await self.tx.sql(_FIRST, *([key[place] for key in asked] for place in range(3)))
        if first:
            # a receipt's aggregate has no row to lock
            await self.tx.sql(_LOCKED, sorted({str(row["subject_id"]) for row in first}))
            new = {(row["subject_id"], row["recipient"], row["kind"]) for row in first}
            self.tx.announce(*(fact for key, fact in receipts.items() if key in new))

    async def _read(self, table: str, keys: list[Key]) -> None:
        """Look rows up; what was changed here already stays on top of what is found."""
        shape, rows = read_table(table), self._known.setdefault(table, {})
        asked = [key for key in keys if not ((held := rows.get(key)) and held.whole)]
        if not asked:
            return
        found = await self.tx.sql(shape.select(), *([key[place] for key in asked] for place in range(len(shape.keys))))
        there = {shape.key(row): dict(row) for row in map(dict, found)}
        for key in asked:
            row = there.get(key)
            if held := rows.get(key):
                held.row, held.whole = {**(row or {}), **(held.row or {})}, True
            else:
                rows[key] = _Held(row, whole=True, changed=False)


def dated(event: Event) -> datetime:
    """When the fact was said."""
    assert event.time
    return event.time
