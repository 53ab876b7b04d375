"""What may be shown of an operation beyond its own states, and to whom: by the kind of event that shows it."""

from collections.abc import Callable, Iterator

from services.planner.domain.evidence.books import OperationBook
from services.planner.domain.ledger import Line


def shown(book: OperationBook, line: Line) -> Iterator[str]:
    """What is shown beyond its home needs the owner's consent, and goes to those that take part."""
    rule = DISCLOSURES.get(line.type, _as_headline)
    home = book.home | {line.party}
    if beyond := [entry for entry in line.audience if entry.partition("#")[0] not in home]:
        yield from rule(book, line, beyond)


def _as_headline(book: OperationBook, line: Line, beyond: list[str]) -> Iterator[str]:
    if not book.open:
        yield f"It was shown to {', '.join(beyond)} without {book.owner}'s consent: nothing tells that it was released."
    yield from readers(book, line)


def _as_brief(book: OperationBook, line: Line, beyond: list[str]) -> Iterator[str]:
    yield from _as_chosen(book, line, beyond)
    book.detail_to.update(line.audience)


def _as_detail(book: OperationBook, line: Line, beyond: list[str]) -> Iterator[str]:
    yield from _as_chosen(book, line, beyond)
    if strangers := sorted(set(beyond) - book.detail_to):
        yield f"Its detail was shown to {', '.join(strangers)}, for whom {book.owner} had not released it."


def _as_chosen(book: OperationBook, line: Line, beyond: list[str]) -> Iterator[str]:
    """A detail goes to those for whom the owner chose it last, and to nobody from whom it was taken back since."""
    yield from _as_headline(book, line, beyond)
    if strangers := sorted(set(beyond) - book.chosen):
        yield f"Its detail was shown to {', '.join(strangers)}: nothing tells that {book.owner} chose them for it."
    if recalled := sorted(set(beyond) & book.chosen & book.taken_back):
        yield f"Its detail was shown to {', '.join(recalled)}, from whom {book.owner} had taken it back."


def _between_states(book: OperationBook, line: Line, beyond: list[str]) -> Iterator[str]:
    yield f"What its states were asked was shown to {', '.join(beyond)}."


def readers(book: OperationBook, line: Line) -> Iterator[str]:
    allowed, home = book.period.together | book.named, book.home | {line.party}
    strangers = [entry for entry in line.audience if entry not in allowed and entry.partition("#")[0] not in home]
    if strangers:
        yield f"It was shown to {', '.join(strangers)}, who took no part in the period."


Disclosure = Callable[[OperationBook, Line, list[str]], Iterator[str]]
DISCLOSURES: dict[str, Disclosure] = {
    "planner.joint.amendment_proposed.v1": _between_states,
    "planner.joint.amendment_briefed.v1": _between_states,
    "planner.operation.briefed.v1": _as_brief,
    "planner.update.detailed.v1": _as_detail,
    "planner.resource.stated.v1": _as_detail,
    "planner.task.stated.v1": _as_detail,
    "planner.task.overdue.v1": _as_detail,
}
"""On what each kind of event may be shown beyond its home; the others as a headline. What goes out without anybody's
consent has a rule of its own here, which says so by its name."""
