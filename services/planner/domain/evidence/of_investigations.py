"""What the lines of an investigation plan need: the consent of every state of it, and no reader beside them."""

from collections.abc import Callable, Iterator

from services.planner.domain.evidence.books import Books, InvestigationBook
from services.planner.domain.ledger import Line, parties_of
from shared.vocabulary import LedgerKind

K = LedgerKind
Rule = Callable[[Books, Line], Iterator[str]]


def _rule(rule: Callable[[InvestigationBook, Line], Iterator[str]]) -> Rule:
    def of_plan(books: Books, line: Line) -> Iterator[str]:
        book = books.investigations.get(line.subject)
        if book is None:
            yield "Nothing tells that this investigation plan was proposed."
            return
        yield from rule(book, line)
        yield from _readers(book, line)

    return of_plan


def _proposed(books: Books, line: Line) -> Iterator[str]:
    period = books.periods.get(line.period_id) if line.period_id else None
    if period is None:
        yield "Nothing tells that the period of this investigation plan was proposed."
        return
    before = books.investigations.get(line.subject)
    if before and before.owner != line.party:
        yield f"{line.party} changed {before.owner}'s plan."
    book = InvestigationBook(line.party, period, frozenset(line.named), line.version, line.officer)
    books.investigations[line.subject] = book
    if strangers := sorted(book.states - period.participants):
        yield f"It was put to {', '.join(strangers)}, who took no part in the period."
    yield from _readers(book, line)


def _word(book: InvestigationBook, line: Line) -> Iterator[str]:
    if line.party not in book.states:
        yield f"{line.party} gave its word on a plan that was not put to it."
    elif line.version != book.proposed:
        yield f"{line.party} gave its word on version {line.version}, which is not the one that was proposed last."
    elif line.kind is K.YES and line.party == book.owner and line.officer == book.proposer:
        yield f"{line.officer} proposed it and consented for {line.party}."
    book.words[line.party] = line.kind


def _agreed(book: InvestigationBook, line: Line) -> Iterator[str]:
    missing = sorted(state for state in book.states if book.words.get(state) is not K.YES)
    if missing:
        yield f"Version {line.version} was agreed without the consent of {', '.join(missing)}."
    book.agreed = True


def _taken_back(book: InvestigationBook, line: Line) -> Iterator[str]:
    if line.party not in book.states:
        yield f"{line.party} withdrew from a plan that was not put to it."
    book.words[line.party], book.agreed = line.kind, False


def _went_on(book: InvestigationBook, line: Line) -> Iterator[str]:
    if not book.agreed:
        yield "It went on and nothing tells that every state agreed to it."


def _readers(book: InvestigationBook, line: Line) -> Iterator[str]:
    if strangers := sorted(parties_of(line.audience) - book.states - {line.party}):
        yield f"It was shown to {', '.join(strangers)}, who are none of its states."


RULES: dict[tuple[str, LedgerKind], Rule] = {
    ("investigation", K.PROPOSED): _proposed,
    ("investigation", K.YES): _rule(_word),
    ("investigation", K.NO): _rule(_word),
    ("investigation", K.ADOPTED): _rule(_agreed),
    ("investigation", K.WITHDRAWN): _rule(_taken_back),
    ("investigation", K.DISCLOSED): _rule(_went_on),
}
