"""What is announced, as the lines of a ledger: numbered in order, and sealed when it is asked for."""

from collections.abc import Iterable

from services.planner.domain.evidence import Gap, Sealed, Walk
from services.planner.domain.ledger import Line, chained, line_of
from shared.actor import Actor
from shared.events.base import Event
from shared.vocabulary import LedgerKind
from tests.builders import NOON

CONSENTS = frozenset({
    LedgerKind.YES, LedgerKind.RESERVATION, LedgerKind.ADOPTED, LedgerKind.ACTIVATED, LedgerKind.SCHEDULED,
    LedgerKind.HELD, LedgerKind.RELEASED, LedgerKind.CHOSEN,
})  # fmt: skip
"""On which other lines rest."""


class Ledgered:
    """A ledger in memory."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._number = 0

    def note(self, events: Iterable[Event], by: Actor | None = None) -> None:
        for event in events:
            self._number += 1
            officer = by.name if by and by.party == event.party else ""
            if line := line_of(event, officer, NOON, self._number):
                self.lines.append(line)

    def gaps(self) -> list[str]:
        return told(gaps(self.lines))

    def without(self, line: Line) -> list[str]:
        """What is found when this line is not there, by what the others need of it."""
        return told(gaps(one for one in self.lines if one is not line))

    def sealed(self) -> list[Sealed]:
        rows, value = [], b""
        for place, line in enumerate(self.lines, 1):
            value = chained(value, line)
            rows.append(Sealed(line, place, value))
        return rows

    def broken_without(self, line: Line) -> list[str]:
        """What is found when this line is not there, by the chain."""
        return told(breaks(row for row in self.sealed() if row.line is not line))


def gaps(lines: Iterable[Line]) -> list[Gap]:
    """Every line that lacks something which it needs."""
    walk = Walk()
    for line in lines:
        walk.read(line)
    return walk.gaps


def breaks(rows: Iterable[Sealed]) -> list[Gap]:
    """Where the chain does not hold: rows in the order of their seals."""
    walk = Walk()
    for row in rows:
        walk.link(row)
    return walk.gaps


def told(found: Iterable[Gap]) -> list[str]:
    return [f"{gap.line.number}: {gap.why}" for gap in found]
