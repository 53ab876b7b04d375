"""The read model as handlers leave it, without a database: what is asked for is what was written before."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from services.portal.consumers import NEEDS, listener
from services.portal.projections.audiences import Audiences, Entries
from services.portal.projections.rows import Row, Rows
from services.portal.projections.tables import read_table
from shared.events.base import Event
from tests.builders import NOON


class Nothing:
    """A transaction in whose database nothing is."""

    now = NOON

    async def sql(self, statement: str, *parameters: Any) -> list[Any]:
        return []


class Numbered(Audiences):
    """Audiences that are numbered as they come."""

    def __init__(self) -> None:
        super().__init__(cast(Any, None))
        self.entries: list[Entries] = []

    async def learn(self, audiences: Iterable[Entries]) -> None:
        for audience in audiences:
            if audience not in self._known:
                self._know([(audience, len(self.entries))])
                self.entries.append(audience)


class Shown:
    """Hears events, and tells which rows there are."""

    def __init__(self) -> None:
        self._audiences = Numbered()
        self._rows = Rows(cast(Any, Nothing()), self._audiences, NEEDS)
        self._now = NOON

    async def hear(self, *events: Event) -> None:
        for event in events:
            self._now += timedelta(minutes=1)
            dated = event.model_copy(update={"time": event.time or self._now})
            await self._rows.prepare([dated])
            await listener.handle(dated, self._rows)

    def row(self, table: str, *key: Any) -> Row:
        """One row, with its audience in words."""
        return self._worded(self._rows._known[table][key].row or {})

    def rows(self, table: str) -> list[Row]:
        held = self._rows._known.get(table, {})
        return [self._worded(one.row) for one in held.values() if one.row]

    def timeline(self) -> Sequence[tuple[str, Entries]]:
        """The types of what was told, and to whom."""
        return [(told[2], self._audiences.entries[told[5]]) for told in self._rows._told]

    def told_at(self, kind: str) -> list[datetime]:
        """When what was told of this type happened."""
        return [told[1] for told in self._rows._told if told[2] == kind]

    def standing(self) -> dict[Entries, int]:
        """What all counts sum to, for each audience that sees any."""
        found: dict[Entries, int] = {}
        for (*_, readers), (validated, provisional, _) in self.sums("total").items():
            found[readers] = found.get(readers, 0) + validated + provisional
        return {readers: value for readers, value in found.items() if value}

    def sums(self, table: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        """What was added up; the audience, which is the last part of the key, in words."""
        found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for key, amounts in self._rows._added.get(table, {}).items():
            assert read_table(table).keys[-1] == "audience_id"
            found[(*key[:-1], self._audiences.entries[key[-1]])] = tuple(amounts)
        return found

    def _worded(self, row: Row) -> Row:
        return {**row, "audience": self._audiences.entries[row["audience_id"]]}
