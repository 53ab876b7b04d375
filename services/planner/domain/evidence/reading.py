"""Reading the ledger: each line in the order of its number, measured against those before it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from services.planner.domain.evidence import of_investigations, of_operations, of_periods
from services.planner.domain.evidence.books import Books
from services.planner.domain.evidence.chain import Gap, Links, Sealed
from services.planner.domain.ledger import Line
from shared.vocabulary import LedgerKind

RULES = {**of_periods.RULES, **of_operations.RULES, **of_investigations.RULES}
"""What is looked at when a line of this kind comes, by the kind of thing that it is about."""


def take(books: Books, line: Line) -> Iterator[str]:
    """Take the next line in; says what it lacks."""
    rule = RULES.get((line.aggregate, line.kind))
    if rule is not None:
        yield from rule(books, line)
    elif line.kind is LedgerKind.DISCLOSED:
        yield "No rule says on whose word this may be shown."


@dataclass
class Walk:
    """Through a ledger: once by the numbers of its lines, and once by its seals. `gaps`: none, and it holds."""

    lines: int = 0
    books: Books = field(default_factory=Books)
    links: Links = field(default_factory=Links)
    gaps: list[Gap] = field(default_factory=list)

    def read(self, line: Line) -> None:
        """The next line in the order of the numbers: whether it lacks something that it needs."""
        self.lines += 1
        self.gaps += [Gap(line, why) for why in take(self.books, line)]

    def link(self, row: Sealed) -> None:
        """The next row in the order of the seals: whether it fits to the one before."""
        self.gaps += [Gap(row.line, why) for why in self.links.take(row)]
