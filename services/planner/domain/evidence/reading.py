"""Reading the ledger: each line in the order of its number, measured against those before it."""

from collections.abc import Iterable, Iterator

from services.planner.domain.evidence import of_investigations, of_operations, of_periods
from services.planner.domain.evidence.books import Books
from services.planner.domain.evidence.chain import Gap
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


def gaps(lines: Iterable[Line]) -> Iterator[Gap]:
    """Every line that lacks something which it needs. None: the ledger holds."""
    books = Books()
    for line in lines:
        yield from (Gap(line, why) for why in take(books, line))
