"""What the lines of a period need: who was asked, who takes part, and what all have endorsed."""

from collections.abc import Callable, Iterator

from services.planner.domain.evidence.books import JOINED, Books, PeriodBook, Version
from services.planner.domain.ledger import Line, parties_of
from shared.vocabulary import LedgerKind

K = LedgerKind
BY_CLOCK = frozenset({K.ACTIVATED, K.CLOSED})
"""What comes by itself, on the plan that all endorsed."""
WORDS = frozenset({K.YES, K.RESERVATION, K.OBSERVING, K.NO})
Rule = Callable[[Books, Line], Iterator[str]]


def _period_rule(rule: Callable[[PeriodBook, Line], Iterator[str]]) -> Rule:
    def of_period(books: Books, line: Line) -> Iterator[str]:
        book = books.periods.get(line.subject)
        if book is None:
            yield "Nothing tells that this period was proposed."
        else:
            yield from rule(book, line)

    return of_period


def _proposed(books: Books, line: Line) -> Iterator[str]:
    books.periods[line.subject] = PeriodBook(frozenset(line.named), frozenset(parties_of(line.audience)))
    if line.party not in line.named:
        yield f"{line.party} proposed the period and is none of its co-chairs."


def _word(book: PeriodBook, line: Line) -> Iterator[str]:
    if line.type == "planner.plan.answered.v1":
        yield from _word_on_plan(book, line)
        return
    if line.party not in book.asked | book.co_chairs:
        yield f"{line.party} answered and was not asked."
    if book.in_force and line.kind in JOINED and not book.endorsed(book.in_force, line.party):
        yield f"{line.party} joined without a word on version {book.in_force} of the plan, which is in force."
    book.words[line.party] = line.kind


def _word_on_plan(book: PeriodBook, line: Line) -> Iterator[str]:
    version = book.versions.get(line.version)
    if version is None:
        yield f"{line.party} gave its word on version {line.version} of the plan, which was not published."
        return
    # who joins once a plan is in force endorses it first: the rule for that looks whether it did
    if line.party not in book.participants and line.version != book.in_force:
        yield f"{line.party} gave its word on a plan and did not take part."
    if line.kind is K.YES and line.officer and line.officer == version.officer:
        yield f"{line.officer} published version {line.version} of the plan and endorsed it for {line.party}."
    version.words[line.party] = line.kind


def _invited(book: PeriodBook, line: Line) -> Iterator[str]:
    """Further parties, and those out of it that are asked once more: these have said nothing then."""
    yield from _of_co_chair(book, line)
    book.asked |= frozenset(line.named)
    for party in line.named:
        book.words.pop(party, None)


def _left(book: PeriodBook, line: Line) -> Iterator[str]:
    if line.party not in book.words:
        yield f"{line.party} left and had not answered."
    book.words[line.party] = line.kind


def _published(book: PeriodBook, line: Line) -> Iterator[str]:
    yield from _of_co_chair(book, line)
    carried = frozenset(line.named)
    if book.in_force and (passed_over := sorted(carried & book.bound)):
        yield f"Version {line.version} passes over {', '.join(passed_over)}: asked about one before it, or against it."
    asked = frozenset(book.participants - carried)
    book.versions[line.version] = Version(book.in_force, carried, asked, line.officer)


def _adopted(book: PeriodBook, line: Line) -> Iterator[str]:
    if line.kind is K.ADOPTED:
        yield from _of_co_chair(book, line)
    if len(book.participants) < 2:
        yield f"Version {line.version} came in force with fewer than two participating states."
    if missing := book.missing(line.version):
        yield f"Version {line.version} came in force without the endorsement of {', '.join(missing)}."
    book.in_force = line.version


def _activated(book: PeriodBook, line: Line) -> Iterator[str]:
    yield from _of_co_chair(book, line)
    if book.in_force is None:
        yield "The period was started without a plan that all had endorsed."
    book.active = True


def _closed(book: PeriodBook, line: Line) -> Iterator[str]:
    yield from _of_co_chair(book, line)
    if not book.active:
        yield "The period was closed and had not been started."
    book.active, book.over = False, True


def _ended(book: PeriodBook, line: Line) -> Iterator[str]:
    yield from _of_co_chair(book, line)
    book.active, book.over = False, True


def _of_co_chair(book: PeriodBook, line: Line) -> Iterator[str]:
    if line.party not in book.co_chairs and not (line.party == "" and line.kind in BY_CLOCK):
        yield f"{line.party or 'Nobody'} did this and is none of the period's co-chairs."


def _lives_first(books: Books, line: Line) -> Iterator[str]:
    """Distress at sea goes to every party of the period without anybody's consent."""
    yield from ()


RULES: dict[tuple[str, LedgerKind], Rule] = {
    ("period", K.PROPOSED): _proposed,
    **{("period", kind): _period_rule(_word) for kind in WORDS},
    ("period", K.INVITED): _period_rule(_invited),
    ("period", K.LEFT): _period_rule(_left),
    ("period", K.PUBLISHED): _period_rule(_published),
    ("period", K.ADOPTED): _period_rule(_adopted),
    ("period", K.AMENDED): _period_rule(_adopted),
    ("period", K.ACTIVATED): _period_rule(_activated),
    ("period", K.CLOSED): _period_rule(_closed),
    ("period", K.ARCHIVED): _period_rule(_ended),
    ("period", K.CANCELLED): _period_rule(_ended),
    ("distress", K.DISCLOSED): _lives_first,
}
