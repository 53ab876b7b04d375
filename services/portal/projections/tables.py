"""The read tables as projections write them: names, keys and types from the models, one statement for many rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from operator import itemgetter
from typing import Any

from pydantic_core import to_json
from sqlalchemy.dialects import postgresql

from services.portal.read_tables import SCHEMA, Base

Key = tuple[Any, ...]

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Column:
    """How a column's values travel."""

    name: str
    type: str

    @property
    def json(self) -> bool:
        return self.type == "JSONB"

    @property
    def time(self) -> bool:
        return self.type.startswith("TIMESTAMP")

    def array(self, number: int) -> str:
        return f"${number}::{'text' if self.json else self.type}[]"

    @property
    def taken(self) -> str:
        """Its value out of the row that was given."""
        return f'n."{self.name}"::jsonb' if self.json else f'n."{self.name}"'

    def values(self, rows: Iterable[Any]) -> list[Any]:
        """Of all rows; a value that is JSON as its text."""
        if not self.json:
            return list(rows)
        return [None if value is None else to_json(value).decode() for value in rows]


@dataclass(frozen=True)
class ReadTable:
    """One table. Its statements name no schema: the search path says which generation is written.

    Parameters are arrays, one a column, numbered from `first`.
    """

    name: str
    keys: tuple[str, ...]
    columns: dict[str, Column]

    @cached_property
    def key(self) -> Callable[[dict[str, Any]], Key]:
        """Picks the key out of a row."""
        if len(self.keys) > 1:
            return itemgetter(*self.keys)
        (name,) = self.keys
        return lambda row: (row[name],)

    @cached_property
    def sums(self) -> tuple[str, ...]:
        """For a table of sums: its key, and then what is added."""
        return (*self.keys, *(name for name in self.columns if name not in self.keys))

    def given(self, names: Sequence[str], first: int) -> str:
        """The arrays as rows."""
        arrays = ", ".join(self.columns[name].array(number) for number, name in enumerate(names, first))
        listed = ", ".join(f'"{name}"' for name in names)
        return f"unnest({arrays}) WITH ORDINALITY AS n({listed}, ord)"

    def insert(self, names: Sequence[str], first: int) -> str:
        """Rows added, in the order given."""
        listed = ", ".join(f'"{name}"' for name in names)
        taken = ", ".join(self.columns[name].taken for name in names)
        return f'INSERT INTO "{self.name}" AS t ({listed}) SELECT {taken} FROM {self.given(names, first)} ORDER BY n.ord'  # noqa: S608

    def upsert(self, names: Sequence[str], first: int) -> str:
        """Rows written whether they are there or not; a column that is not named stays as it is."""
        changed = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in self.keys)
        return f"{self.insert(names, first)} ON CONFLICT ({self._key}) DO UPDATE SET {changed}"

    def gather(self, names: Sequence[str], first: int) -> str:
        """Rows added to what is there: numbers by addition, times by the later of both."""
        changed = [
            f'"{name}" = greatest(t."{name}", excluded."{name}")' if self.columns[name].time
            else f'"{name}" = t."{name}" + excluded."{name}"'
            for name in names if name not in self.keys
        ]  # fmt: skip
        return f"{self.insert(names, first)} ON CONFLICT ({self._key}) DO UPDATE SET {', '.join(changed)}"

    def select(self) -> str:
        """Rows by their keys, one array for each column of the key."""
        same = " AND ".join(f't."{name}" = n."{name}"' for name in self.keys)
        # LIMIT makes it one look into the index for each key, whatever the planner thinks of the table's size
        one = f'SELECT * FROM "{self.name}" t WHERE {same} LIMIT 1'  # noqa: S608
        return f"SELECT r.* FROM {self.given(self.keys, 1)} CROSS JOIN LATERAL ({one}) r"  # noqa: S608

    @property
    def _key(self) -> str:
        return ", ".join(f'"{name}"' for name in self.keys)


@cache
def read_table(name: str) -> ReadTable:
    table = Base.metadata.tables[f"{SCHEMA}.{name}"]
    columns = {column.name: Column(column.name, column.type.compile(_DIALECT)) for column in table.columns}
    return ReadTable(name, tuple(column.name for column in table.primary_key.columns), columns)
