"""What the lines of an operation and of its updates need: its owner's consent, and that of every state of a joint one."""

from collections.abc import Callable, Iterator

from services.planner.domain.evidence.books import Books, OperationBook
from services.planner.domain.evidence.showing import readers, shown
from services.planner.domain.ledger import Line
from shared.vocabulary import DetailAudience, LedgerKind

K = LedgerKind
AMENDMENT = "planner.joint.amendment_proposed.v1"
Rule = Callable[[Books, Line], Iterator[str]]


def _operation_rule(rule: Callable[[OperationBook, Line], Iterator[str]]) -> Rule:
    def of_operation(books: Books, line: Line) -> Iterator[str]:
        book = books.operations.get(line.operation_id or line.subject)
        if book is None:
            yield "Nothing tells that this operation was drafted."
            return
        yield from rule(book, line)
        if line.kind not in {K.SCHEDULED, K.RELEASED, K.CHOSEN, K.RECALLED}:
            # those are the owner's own word on what is shown, and a recall shows nothing
            yield from shown(book, line)

    return of_operation


def _drafted(books: Books, line: Line) -> Iterator[str]:
    period = books.periods.get(line.period_id) if line.period_id else None
    if period is None:
        yield "Nothing tells that the period of this operation was proposed."
        return
    books.operations[line.subject] = book = OperationBook(line.party, period)
    yield from _of_participant(book, line)
    yield from shown(book, line)


def _chosen(book: OperationBook, line: Line) -> Iterator[str]:
    if line.party != book.owner:
        yield f"{line.party} chose who reads what is {book.owner}'s."
    book.for_all = DetailAudience.PARTICIPANTS in line.named
    book.named = frozenset(line.named) - set(DetailAudience)
    book.taken_back = set()


def _recalled(book: OperationBook, line: Line) -> Iterator[str]:
    if line.party != book.owner:
        yield f"{line.party} took back what is {book.owner}'s."
    recipients = set(line.audience) - {book.owner}
    if kept := sorted(recipients & book.chosen):
        yield f"It was taken back from {', '.join(kept)}, and nothing tells that {book.owner} chose so."
    book.detail_to -= recipients
    book.taken_back |= recipients


def _amended(book: OperationBook, line: Line) -> Iterator[str]:
    yield from _of_participant(book, line)
    if book.partners and not book.scheduled and set(book.words.values()) <= {K.YES}:
        yield f"It was changed while its states were asked about version {book.proposed}."
    if book.partners and book.scheduled:
        if not book.amending:
            yield "It was changed after its states had consented and it was scheduled."
        elif missing := book.missing_on_amendment():
            yield f"It was changed without the consent of {', '.join(missing)} to version {book.amending}."
        book.amended()


def _scheduled(book: OperationBook, line: Line) -> Iterator[str]:
    yield from _of_participant(book, line)
    yield from _consents(book)
    if book.period.in_force is None or book.period.over:
        yield "It was scheduled while no plan was in force."
    book.scheduled, book.open = True, line.kind is K.SCHEDULED
    yield from readers(book, line)


def _released(book: OperationBook, line: Line) -> Iterator[str]:
    if line.party != book.owner:
        yield f"{line.party} released what {book.owner} held."
    if not book.scheduled:
        yield f"It was released without {book.owner}'s consent: nothing tells that it was scheduled."
    book.open = True
    yield from readers(book, line)


def _started(book: OperationBook, line: Line) -> Iterator[str]:
    yield from _of_participant(book, line)
    if not book.scheduled:
        yield f"It ran without {book.owner}'s consent: nothing tells that it was scheduled."
    yield from _consents(book)
    if not book.period.active:
        yield "It ran while the period was not active."
    book.started = True


def _completed(book: OperationBook, line: Line) -> Iterator[str]:
    if not book.started:
        yield "It was completed and nothing tells that it had begun."


def _updated(book: OperationBook, line: Line) -> Iterator[str]:
    if not book.started:
        yield "An update of it was shown and nothing tells that it had begun."


def _any(book: OperationBook, line: Line) -> Iterator[str]:
    yield from ()


def _put_to_states(book: OperationBook, line: Line) -> Iterator[str]:
    """A version of a joint operation: its states see it from now on, and their words are on this one."""
    if line.type == AMENDMENT:
        yield from _put_as_amendment(book, line)
        return
    book.partners, book.proposed, book.proposer, book.words = frozenset(line.named), line.version, line.officer, {}
    yield from _of_participant(book, line)
    if strangers := sorted(book.partners - book.period.participants):
        yield f"It was put to {', '.join(strangers)}, who took no part in the period."
    if book.scheduled:
        yield "It was changed after it was scheduled."


def _put_as_amendment(book: OperationBook, line: Line) -> Iterator[str]:
    """What is scheduled is to be changed: its states stay those that they are, and it stays what it is."""
    yield from _of_participant(book, line)
    if not (book.partners and book.scheduled):
        yield "Its states were asked to amend what was not scheduled jointly."
    book.amending, book.amender, book.amendment_words = line.version, line.officer, {}


def _word_on_joint(book: OperationBook, line: Line) -> Iterator[str]:
    if line.party not in book.states or not book.partners:
        yield f"{line.party} gave its word on an operation that was not put to it."
    elif book.amending and line.version == book.amending:
        if line.kind is K.YES and line.party == book.owner and line.officer == book.amender:
            yield f"{line.officer} proposed it and consented for {line.party}."
        book.amendment_words[line.party] = line.kind
        return
    elif line.version != book.proposed:
        yield f"{line.party} gave its word on version {line.version}, which is not the one that was proposed last."
    elif line.kind is K.YES and line.party == book.owner and line.officer == book.proposer:
        yield f"{line.officer} proposed it and consented for {line.party}."
    book.words[line.party] = line.kind


def _taken_back(book: OperationBook, line: Line) -> Iterator[str]:
    if line.party not in book.states or not book.partners:
        yield f"{line.party} withdrew from an operation that was not put to it."
    book.words[line.party] = line.kind


def _consents(book: OperationBook) -> Iterator[str]:
    if missing := book.missing():
        yield f"It went on without the consent of {', '.join(missing)} to version {book.proposed}."


def _of_participant(book: OperationBook, line: Line) -> Iterator[str]:
    if line.party != book.owner:
        yield f"{line.party} did this with {book.owner}'s operation."
    if book.owner not in book.period.participants:
        yield f"{book.owner} did this and does not take part in the period."


RULES: dict[tuple[str, LedgerKind], Rule] = {
    ("operation", K.DRAFTED): _drafted,
    ("operation", K.PROPOSED): _operation_rule(_put_to_states),
    ("operation", K.YES): _operation_rule(_word_on_joint),
    ("operation", K.NO): _operation_rule(_word_on_joint),
    ("operation", K.WITHDRAWN): _operation_rule(_taken_back),
    ("operation", K.AMENDED): _operation_rule(_amended),
    ("operation", K.CHOSEN): _operation_rule(_chosen),
    ("operation", K.RECALLED): _operation_rule(_recalled),
    ("operation", K.SCHEDULED): _operation_rule(_scheduled),
    ("operation", K.HELD): _operation_rule(_scheduled),
    ("operation", K.RELEASED): _operation_rule(_released),
    ("operation", K.STARTED): _operation_rule(_started),
    ("operation", K.COMPLETED): _operation_rule(_completed),
    ("operation", K.CANCELLED): _operation_rule(_any),
    ("operation", K.DISCLOSED): _operation_rule(_any),
    ("update", K.DISCLOSED): _operation_rule(_updated),
    ("update", K.RELEASED): _operation_rule(_any),
}
