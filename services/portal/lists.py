"""Lists that cost the same at a thousand rows and at a million.

Row-level security alone would look through whatever lies between two rows that the reader may see. So a list takes the first
rows of each audience that the reader is in, straight from an index, and merges them. The policy still has the last word.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.vocabulary import UpdateStatus

_MINE = """
SELECT DISTINCT e.audience_id FROM read.audience_entry e
WHERE e.entry = ANY (string_to_array(current_setting('jpa.reader', true), ' '))
"""
_FEW = {UpdateStatus.RETURNED, UpdateStatus.SUPERSEDED}
"""So rare that it is better to look for what they count among them than for them among all that count it."""


@dataclass(frozen=True)
class UpdateFilter:
    """Which updates to list."""

    period_id: UUID | None = None
    operation_id: UUID | None = None
    party: str | None = None
    indicator: str | None = None
    status: str | None = None


@dataclass
class Listing:
    """The ids of some rows of a table `x`, in an order: conditions, and their values."""

    table: str
    order: str
    id: str = "id"
    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def where(self, condition: str, value: Any) -> None:
        """A condition with `{}` for its value; without a value there is none."""
        if value is not None:
            self.values.append(value)
            self.conditions.append(condition.format(f"${len(self.values)}"))

    def ids(self, limit: int) -> str:
        """As an array of at most so many."""
        self.values.append(limit)
        limited = f"LIMIT ${len(self.values)}"
        conditions = "".join(f" AND {condition}" for condition in self.conditions)
        keys = [word.split()[0] for word in self.order.split(", ")]
        columns = ", ".join(f"x.{key} AS k{n}" for n, key in enumerate(keys))
        inner = ", ".join(f"x.{word}" for word in self.order.split(", "))
        outer = ", ".join(f"f.{word.replace(keys[n], f'k{n}', 1)}" for n, word in enumerate(self.order.split(", ")))
        return (
            f"ARRAY(SELECT f.id FROM ({_MINE}) mine CROSS JOIN LATERAL (SELECT x.{self.id} AS id, {columns} "  # noqa: S608
            f"FROM {self.table} x WHERE x.audience_id = mine.audience_id{conditions} ORDER BY {inner} {limited}) f "
            f"ORDER BY {outer} {limited})"
        )


def listed_updates(wanted: UpdateFilter, before: UUID | None) -> Listing:
    """Newest first: their ids are in the order in which they were posted."""
    if wanted.indicator and not wanted.operation_id and wanted.status not in _FEW:
        found = Listing("read.update_count", "update_id DESC", "update_id")
        found.where("x.indicator = {}", wanted.indicator)
        status = '(SELECT u.status FROM read."update" u WHERE u.id = x.update_id LIMIT 1) = {}'
        found.where(status, wanted.status)
    else:
        found = Listing('read."update"', "id DESC")
        # not EXISTS: that is made into a join, which may read all counts
        counted = "(SELECT true FROM read.update_count c WHERE c.update_id = x.id AND c.indicator = {} LIMIT 1)"
        found.where(counted, wanted.indicator)
        found.where("x.operation_id = {}", wanted.operation_id)
        found.where("x.status = {}", wanted.status)
    found.where("x.period_id = {}", wanted.period_id)
    found.where("x.party = {}", wanted.party)
    found.where(f"x.{found.id} < {{}}", before)
    return found
