"""What the ledger proves: read from its lines alone, that nothing ran and nothing was shown without what it needed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from services.planner.domain.ledger import Line, chained, parties_of
from shared.vocabulary import LedgerKind

K = LedgerKind
JOINED = frozenset({K.YES, K.RESERVATION})
WORDS = frozenset({K.YES, K.RESERVATION, K.OBSERVING, K.NO})


class Gap(NamedTuple):
    """A line that stands without one that it needs."""

    line: Line
    why: str


@dataclass
class Version:
    """A version of a plan: the words on it, and whose word on the one that it amends stands for it."""

    amends: int | None
    carried: frozenset[str]
    words: dict[str, LedgerKind] = field(default_factory=dict)


@dataclass
class PeriodBook:
    """A period, as far as its lines tell of it."""

    co_chairs: frozenset[str]
    asked: frozenset[str]
    words: dict[str, LedgerKind] = field(default_factory=dict)
    versions: dict[int, Version] = field(default_factory=dict)
    in_force: int | None = None
    active: bool = False
    over: bool = False

    @property
    def participants(self) -> set[str]:
        return {party for party, word in self.words.items() if word in JOINED}

    @property
    def together(self) -> set[str]:
        """Whose people may see what participants see: co-chairs by their role, which the entry itself says."""
        gone = {party for party, word in self.words.items() if word in {K.NO, K.LEFT}}
        chairs = {f"{party}#co_chair" for party in self.co_chairs - gone}
        return self.participants | chairs

    def endorsed(self, number: int | None, party: str) -> bool:
        """By its own word on that version, or by one that is carried over to it."""
        version = self.versions.get(number or 0)
        if version is None:
            return False
        if party in version.words:
            return version.words[party] is K.YES
        return party in version.carried and self.endorsed(version.amends, party)

    def missing(self, number: int) -> list[str]:
        return sorted(party for party in self.participants if not self.endorsed(number, party))


@dataclass
class OperationBook:
    """An operation, as far as its lines tell of it."""

    owner: str
    period: PeriodBook
    scheduled: bool = False
    open: bool = False
    """Its owner has consented to show it, and holds it back no longer."""
    started: bool = False
    detail_to: set[str] = field(default_factory=set)
    partners: frozenset[str] = frozenset()
    proposed: int = 0
    proposer: str = ""
    words: dict[str, LedgerKind] = field(default_factory=dict)

    @property
    def states(self) -> set[str]:
        return {self.owner, *self.partners}

    @property
    def home(self) -> set[str]:
        """Those of its states that still take part: what is said within it is shown to nobody else."""
        return {self.owner, *(self.partners & self.period.participants)}

    def missing(self) -> list[str]:
        """Which states of a joint operation have not consented to its present version."""
        states = self.states if self.partners else set()
        return sorted(state for state in states if self.words.get(state) is not K.YES)


@dataclass
class Books:
    """All that was read so far."""

    periods: dict[UUID, PeriodBook] = field(default_factory=dict)
    operations: dict[UUID, OperationBook] = field(default_factory=dict)

    def take(self, line: Line) -> Iterator[str]:
        """Take the next line in; says what it lacks."""
        rule = RULES.get((line.aggregate, line.kind))
        if rule is not None:
            yield from rule(self, line)


class Sealed(NamedTuple):
    """A line with its place in the chain and its hash; without them while it is not sealed."""

    line: Line
    seal: int | None
    hash: bytes | None


@dataclass
class Links:
    """How far the chain was read: the last place in it, and the hash there."""

    place: int = 0
    before: bytes = b""

    def take(self, row: Sealed) -> Iterator[str]:
        """Take the next sealed row in, in the order of the seals; says how it does not fit to the one before."""
        line, seal, value = row
        if seal is None or value is None:
            return
        if seal != self.place + 1:
            yield f"Just before it {seal - self.place - 1} sealed lines are missing."
        elif chained(self.before, line) != value:
            yield "It is not as it was when it was sealed."
        self.place, self.before = seal, value


def breaks(rows: Iterable[Sealed]) -> Iterator[Gap]:
    """Where the chain does not hold: rows in the order of their seals."""
    links = Links()
    for row in rows:
        yield from (Gap(row.line, why) for why in links.take(row))


def gaps(lines: Iterable[Line]) -> Iterator[Gap]:
    """Every line, in the order of its number, that lacks something which it needs. None: the ledger holds."""
    books = Books()
    for line in lines:
        yield from (Gap(line, why) for why in books.take(line))


Rule = Callable[[Books, Line], Iterator[str]]


def _period_rule(rule: Callable[[PeriodBook, Line], Iterator[str]]) -> Rule:
    def of_period(books: Books, line: Line) -> Iterator[str]:
        book = books.periods.get(line.subject)
        if book is None:
            yield "Nothing tells that this period was proposed."
        else:
            yield from rule(book, line)

    return of_period


def _operation_rule(rule: Callable[[OperationBook, Line], Iterator[str]]) -> Rule:
    def of_operation(books: Books, line: Line) -> Iterator[str]:
        book = books.operations.get(line.operation_id or line.subject)
        if book is None:
            yield "Nothing tells that this operation was drafted."
            return
        yield from rule(book, line)
        if line.kind not in {K.SCHEDULED, K.RELEASED}:
            # those two are the owner's consent to what they show
            yield from _shown(book, line)

    return of_operation


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
    version.words[line.party] = line.kind


def _left(book: PeriodBook, line: Line) -> Iterator[str]:
    if line.party not in book.words:
        yield f"{line.party} left and had not answered."
    book.words[line.party] = line.kind


def _published(book: PeriodBook, line: Line) -> Iterator[str]:
    yield from _of_co_chair(book, line)
    book.versions[line.version] = Version(book.in_force, frozenset(line.named))


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
    if line.party not in book.co_chairs:
        yield f"{line.party} did this and is none of the period's co-chairs."


def _drafted(books: Books, line: Line) -> Iterator[str]:
    period = books.periods.get(line.period_id) if line.period_id else None
    if period is None:
        yield "Nothing tells that the period of this operation was proposed."
        return
    books.operations[line.subject] = book = OperationBook(line.party, period)
    yield from _of_participant(book, line)
    yield from _shown(book, line)


def _put_to_states(book: OperationBook, line: Line) -> Iterator[str]:
    """A version of a joint operation: its states see it from now on, and their words are on this one."""
    book.partners, book.proposed, book.proposer, book.words = frozenset(line.named), line.version, line.officer, {}
    yield from _of_participant(book, line)
    if strangers := sorted(book.partners - book.period.participants):
        yield f"It was put to {', '.join(strangers)}, who took no part in the period."
    if book.scheduled:
        yield "It was changed after it was scheduled."


def _word_on_joint(book: OperationBook, line: Line) -> Iterator[str]:
    if line.party not in book.states or not book.partners:
        yield f"{line.party} gave its word on an operation that was not put to it."
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


def _scheduled(book: OperationBook, line: Line) -> Iterator[str]:
    yield from _of_participant(book, line)
    yield from _consents(book)
    if book.period.in_force is None or book.period.over:
        yield "It was scheduled while no plan was in force."
    book.scheduled, book.open = True, line.kind is K.SCHEDULED
    yield from _readers(book, line)


def _released(book: OperationBook, line: Line) -> Iterator[str]:
    if line.party != book.owner:
        yield f"{line.party} released what {book.owner} held."
    if not book.scheduled:
        yield f"It was released without {book.owner}'s consent: nothing tells that it was scheduled."
    book.open = True
    yield from _readers(book, line)


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


def _of_participant(book: OperationBook, line: Line) -> Iterator[str]:
    if line.party != book.owner:
        yield f"{line.party} did this with {book.owner}'s operation."
    if book.owner not in book.period.participants:
        yield f"{book.owner} did this and does not take part in the period."


def _shown(book: OperationBook, line: Line) -> Iterator[str]:
    """What is shown beyond its home needs the owner's consent, and goes to those that take part."""
    rule = DISCLOSURES.get(line.type, _as_headline)
    home = book.home | {line.party}
    if beyond := [entry for entry in line.audience if entry.partition("#")[0] not in home]:
        yield from rule(book, line, beyond)


def _as_headline(book: OperationBook, line: Line, beyond: list[str]) -> Iterator[str]:
    if not book.open:
        yield f"It was shown to {', '.join(beyond)} without {book.owner}'s consent: nothing tells that it was released."
    yield from _readers(book, line)


def _as_brief(book: OperationBook, line: Line, beyond: list[str]) -> Iterator[str]:
    yield from _as_headline(book, line, beyond)
    book.detail_to.update(line.audience)


def _as_detail(book: OperationBook, line: Line, beyond: list[str]) -> Iterator[str]:
    yield from _as_headline(book, line, beyond)
    if strangers := sorted(set(beyond) - book.detail_to):
        yield f"Its detail was shown to {', '.join(strangers)}, for whom {book.owner} had not released it."


def _readers(book: OperationBook, line: Line) -> Iterator[str]:
    allowed, home = book.period.together, book.home | {line.party}
    strangers = [entry for entry in line.audience if entry not in allowed and entry.partition("#")[0] not in home]
    if strangers:
        yield f"It was shown to {', '.join(strangers)}, who took no part in the period."


RULES: dict[tuple[str, LedgerKind], Rule] = {
    ("period", K.PROPOSED): _proposed,
    **{("period", kind): _period_rule(_word) for kind in WORDS},
    ("period", K.LEFT): _period_rule(_left),
    ("period", K.PUBLISHED): _period_rule(_published),
    ("period", K.ADOPTED): _period_rule(_adopted),
    ("period", K.AMENDED): _period_rule(_adopted),
    ("period", K.ACTIVATED): _period_rule(_activated),
    ("period", K.CLOSED): _period_rule(_closed),
    ("period", K.ARCHIVED): _period_rule(_ended),
    ("period", K.CANCELLED): _period_rule(_ended),
    ("operation", K.DRAFTED): _drafted,
    ("operation", K.PROPOSED): _operation_rule(_put_to_states),
    ("operation", K.YES): _operation_rule(_word_on_joint),
    ("operation", K.NO): _operation_rule(_word_on_joint),
    ("operation", K.WITHDRAWN): _operation_rule(_taken_back),
    ("operation", K.SCHEDULED): _operation_rule(_scheduled),
    ("operation", K.HELD): _operation_rule(_scheduled),
    ("operation", K.RELEASED): _operation_rule(_released),
    ("operation", K.STARTED): _operation_rule(_started),
    ("operation", K.COMPLETED): _operation_rule(_completed),
    ("operation", K.CANCELLED): _operation_rule(_any),
    ("operation", K.DISCLOSED): _operation_rule(_any),
    ("update", K.DISCLOSED): _operation_rule(_updated),
}
"""What is looked at when a line of this kind comes."""

Disclosure = Callable[[OperationBook, Line, list[str]], Iterator[str]]
DISCLOSURES: dict[str, Disclosure] = {
    "planner.operation.briefed.v1": _as_brief,
    "planner.update.detailed.v1": _as_detail,
}
"""On what each kind of event may be shown beyond its home; the others as a headline. What goes out without anybody's
consent has a rule of its own here, which says so by its name."""
