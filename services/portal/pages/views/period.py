"""The co-chairs' page: a whole period at a glance. Positions are percentages of the period's days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

BarStyle = Literal["drafted", "scheduled", "under_way", "completed", "cancelled", "waiting", "held"]


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A named day of the period."""

    name: str
    day: date


@dataclass(frozen=True, kw_only=True)
class Days:
    """The period as a line of days, with where today stands."""

    first: date
    last: date
    today: date
    checkpoints: tuple[Checkpoint, ...] = ()
    begun: bool = True
    over: bool = False
    """Whether the states started it and closed it, which its days alone do not do."""

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def number(self) -> int:
        """Which day of the period today is; 0 before it, never more than there are."""
        return max(0, min((self.today - self.first).days + 1, self.count)) if self.begun else 0

    @property
    def running(self) -> bool:
        return self.begun and not self.over and self.first <= self.today <= self.last

    def at(self, day: date) -> float:
        """Where a day begins, in per cent of the line, held inside it."""
        return round(max(0.0, min(100.0, (day - self.first).days * 100 / self.count)), 2)

    @property
    def done(self) -> float:
        return round(self.number * 100 / self.count, 2)

    @property
    def ticks(self) -> tuple[date, ...]:
        """Days to write above the chart: weeks of a short period, months of a long one."""
        if self.count <= 70:
            return tuple(self.first + timedelta(days=n) for n in range(0, self.count, 7))
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        step = max(1, -(-months // 8))
        firsts = (self.first.year * 12 + self.first.month - 1 + n for n in range(1, months + 1, step))
        return (self.first, *(date(month // 12, month % 12 + 1, 1) for month in firsts))


@dataclass(frozen=True, kw_only=True)
class NumberCard:
    """A number that opens to the updates it sums."""

    indicator: str
    validated: int
    provisional: int
    href: str
    change: int | None = None
    since: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One operation in the chart; a style is never told by colour alone."""

    label: str
    first: date
    last: date
    style: BarStyle
    href: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Silent:
    """A participant that has not been heard for long."""

    party: str
    days: int
    ever: bool = True
    """False when it has not posted at all."""


@dataclass(frozen=True, kw_only=True)
class Reporting:
    """How many updates a party posted, and how many of them long after what they tell of."""

    party: str
    updates: int
    late: int


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Something that waits for one party's word; on Home, where all is the reader's, `who` names the period."""

    text: str
    who: str
    href: str = ""
    days: int = 0
    overdue: bool = False


@dataclass(frozen=True, kw_only=True)
class TimelineItem:
    """One entry of the timeline, on the page and in the stream."""

    id: str
    at: datetime
    party: str
    what: str
    to: str = ""
    """Whom an alert was sent to, in words."""
    tone: Literal["update", "alert", "operation", "decision", "attention"] = "update"
    counts: Mapping[str, int] = field(default_factory=dict)
    text: str = ""
    language: str = ""
    status: str = ""
    href: str = ""
    again: bool = False
    """Sent because what it tells of has changed: it takes the place of the entry on the page, and is none of its own."""


@dataclass(frozen=True, kw_only=True)
class Objective:
    """An objective against its target."""

    title: str
    validated: int
    provisional: int
    target: int
    baseline: int = 0
    href: str = ""

    @property
    def validated_share(self) -> float:
        return round(min(100.0, self.validated * 100 / self.target), 2) if self.target else 0.0

    @property
    def provisional_share(self) -> float:
        whole = min(100.0, (self.validated + self.provisional) * 100 / self.target) if self.target else 0.0
        return round(whole - self.validated_share, 2)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What changes on the page with each update, and is sent again in the live stream."""

    period_id: str
    cards: tuple[NumberCard, ...] = ()
    objectives: tuple[Objective, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PeriodPage:
    """Everything a co-chair steers by, for one period."""

    id: str
    title: str
    status: str
    version: int
    days: Days
    co_chairs: tuple[str, ...]
    participants: int
    invited: int = 0
    supporting: tuple[str, ...] = ()
    note: str = ""
    """A sentence that must be read with the figures, such as that a split is illustrative."""
    figures: Figures
    bars: tuple[Bar, ...] = ()
    held: int = 0
    investigations: int = 0
    """How many investigation plans there are, for a co-chair."""
    silent: tuple[Silent, ...] = ()
    posted_this_week: int = 0
    reporting: tuple[Reporting, ...] = ()
    late_hours: float = 24.0
    waiting: tuple[Waiting, ...] = ()
    timeline: tuple[TimelineItem, ...] = ()
    stream: str = ""
    """Address of the live stream; empty when the session already has its three."""
    may: frozenset[str] = frozenset()
    """Of: activate, close, cancel, archive, draft."""
    idempotency_key: str = ""
