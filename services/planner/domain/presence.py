"""What of an operation is compared with others: its window, the coarse cells of its places, and its targets' tokens."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import h3.api.basic_int as h3
from pydantic import BaseModel, ConfigDict

from services.planner.domain.frame import Frame
from services.planner.domain.operation import Operation
from shared.events.planner import Window
from shared.vocabulary import OperationState, PeriodState
from shared.vocabulary import Overlap as Kind

RESOLUTION = 4
"""Of H3's cells, with edges of 26 km on average. Same or neighbouring: nothing within 20 km is missed, and nothing beyond
100 km is found. That joins a city to its airports and its port (Bangkok and Suvarnabhumi 28 km, Kuala Lumpur and Port Klang
36 km, Jakarta's airport and Tanjung Priok 25 km), where two teams can meet, and keeps Singapore apart from Johor's airport.
One step finer parts Bangkok from Suvarnabhumi; one coarser joins it to Laem Chabang at 69 km. And it is coarse on purpose:
that there is a conflict tells no more of the other's place than this.
"""
LIVE = frozenset({OperationState.SCHEDULED, OperationState.UNDER_WAY})
OVER = frozenset({PeriodState.ARCHIVED, PeriodState.CANCELLED})


class Overlap(BaseModel):
    """Where two operations meet: in two cells at a time, or in a token. First and second are as in their conflict."""

    model_config = ConfigDict(frozen=True)
    kind: Kind
    first: int | str
    second: int | str
    during: Window | None = None

    def covers(self, other: "Overlap") -> bool:
        """Whether whoever settled this one has settled the other with it."""
        if (self.kind, self.first, self.second) != (other.kind, other.first, other.second):
            return False
        if self.during is None or other.during is None:
            return True
        return self.during.starts_at <= other.during.starts_at and other.during.ends_at <= self.during.ends_at


@dataclass(frozen=True, slots=True)
class Presence:
    """A live operation as others are compared with it; a held headline takes part like any other."""

    operation_id: UUID
    period_id: UUID
    owner: str
    window: Window
    cells: frozenset[int] = frozenset()
    tokens: frozenset[str] = frozenset()

    @property
    def near(self) -> frozenset[int]:
        """Its cells and their neighbours."""
        return frozenset().union(*map(_disk, self.cells))

    def overlaps(self, other: "Presence") -> tuple[Overlap, ...]:
        """With an operation of another owner: in the same or neighbouring cells at a time, or in a token at any time."""
        if other.owner == self.owner:
            return ()
        starts = max(self.window.starts_at, other.window.starts_at)
        ends = min(self.window.ends_at, other.window.ends_at)
        found: list[Overlap] = []
        if starts < ends:
            during = Window(starts_at=starts, ends_at=ends)
            found += [
                Overlap(kind=Kind.WINDOW_AND_PLACE, first=cell, second=near, during=during)
                for cell in sorted(self.cells)
                for near in sorted(other.cells & _disk(cell))
            ]
        found += [Overlap(kind=Kind.TARGET, first=one, second=one) for one in sorted(self.tokens & other.tokens)]
        return tuple(found)


def presence_of(operation: Operation, frame: Frame, tokens: Iterable[str]) -> Presence | None:
    """Of an operation that is scheduled or under way in a period that goes on; a draft is compared with nothing."""
    if operation.state not in LIVE or frame.state in OVER:
        return None
    return Presence(
        operation_id=operation.id,
        period_id=operation.period_id,
        owner=operation.owner,
        window=operation.window,
        cells=cells_of(operation),
        tokens=frozenset(tokens),
    )


def cells_of(operation: Operation) -> frozenset[int]:
    """Of the places that have a point."""
    return frozenset(
        cell_of(place.latitude, place.longitude)
        for place in operation.places
        if place.latitude is not None and place.longitude is not None
    )


@lru_cache(maxsize=10_000)  # most of what a busy place meets lies in few cells
def _disk(cell: int) -> frozenset[int]:
    """The cell and its neighbours."""
    return frozenset(h3.grid_disk(cell, 1))


def cell_of(latitude: float, longitude: float) -> int:
    cell: int = h3.latlng_to_cell(latitude, longitude, RESOLUTION)
    return cell
