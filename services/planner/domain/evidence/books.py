"""What a reader of the ledger keeps in mind: periods, operations and plans, as far as the lines read so far tell of them."""

from dataclasses import dataclass, field
from uuid import UUID

from shared.vocabulary import LedgerKind

K = LedgerKind
JOINED = frozenset({K.YES, K.RESERVATION})


@dataclass
class Version:
    """A version of a plan: the words on it, and whose word on the one that it amends stands for it.

    `asked`: who took part when it was published, and was to give a word of its own.
    """

    amends: int | None
    carried: frozenset[str]
    asked: frozenset[str]
    officer: str
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

    @property
    def bound(self) -> set[str]:
        """Who was asked about an amendment that waits, or spoke against any: none of them is carried over."""
        pending = [version for number, version in self.versions.items() if number > (self.in_force or 0)]
        amendments = [version for version in self.versions.values() if version.amends]
        against = {party for version in amendments for party, word in version.words.items() if word is not K.YES}
        return against.union(*(version.asked for version in pending))

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
    for_all: bool = False
    """The owner chose all participants for its detail."""
    named: frozenset[str] = frozenset()
    """Parties beside the participants for whom the owner chose it."""
    taken_back: set[str] = field(default_factory=set)
    """From whom the owner took the detail back since it last said for whom it is."""
    partners: frozenset[str] = frozenset()
    proposed: int = 0
    proposer: str = ""
    words: dict[str, LedgerKind] = field(default_factory=dict)

    @property
    def states(self) -> set[str]:
        return {self.owner, *self.partners}

    amending: int = 0
    """The version that its states were asked to amend it to; 0: none."""
    amender: str = ""
    amendment_words: dict[str, LedgerKind] = field(default_factory=dict)

    @property
    def home(self) -> set[str]:
        """Those of its states that still take part: what is said within it is shown to nobody else."""
        return {self.owner, *(self.partners & self.period.participants)}

    @property
    def chosen(self) -> set[str]:
        """For whom beside its states the owner chose the detail."""
        return {*self.named, *(self.period.participants if self.for_all else ())}

    def missing(self) -> list[str]:
        """Which states of a joint operation have not consented to its present version."""
        return self._without(self.words)

    def missing_on_amendment(self) -> list[str]:
        """Which of them have not consented to what it is to be amended to."""
        return self._without(self.amendment_words)

    def amended(self) -> None:
        """What they were asked is in force."""
        self.proposed, self.proposer, self.words = self.amending, self.amender, self.amendment_words
        self.amending, self.amender, self.amendment_words = 0, "", {}

    def _without(self, words: dict[str, LedgerKind]) -> list[str]:
        states = self.states if self.partners else set()
        return sorted(state for state in states if words.get(state) is not K.YES)


@dataclass
class InvestigationBook:
    """An investigation plan, as far as its lines tell of it."""

    owner: str
    period: PeriodBook
    members: frozenset[str]
    proposed: int
    proposer: str
    words: dict[str, LedgerKind] = field(default_factory=dict)
    agreed: bool = False

    @property
    def states(self) -> set[str]:
        return {self.owner, *self.members}


@dataclass
class Books:
    """All that was read so far."""

    periods: dict[UUID, PeriodBook] = field(default_factory=dict)
    operations: dict[UUID, OperationBook] = field(default_factory=dict)
    investigations: dict[UUID, InvestigationBook] = field(default_factory=dict)
