"""Consultations and the programme: the lists, one of each, and their forms."""

from dataclasses import dataclass, field
from datetime import date, datetime

from services.portal.pages.views.common import Form, FormPage, Option, Paging


@dataclass(frozen=True, kw_only=True)
class ConsultationLine:
    """One consultation as a list shows it."""

    id: str
    title: str
    status: str
    precedence: str
    called_by: str
    called_at: datetime
    answer_by: datetime
    answer: str = ""
    """What this reader's party answered; `awaited` when it has not and is asked; empty where it is not asked."""
    given: int = 0
    invited: int = 0


@dataclass(frozen=True, kw_only=True)
class ConsultationList:
    """What waits for the party's word first, then what is open, then what is over."""

    waiting: tuple[ConsultationLine, ...]
    open: tuple[ConsultationLine, ...]
    over: tuple[ConsultationLine, ...]
    paging: Paging
    may_call: bool = False


@dataclass(frozen=True, kw_only=True)
class PartyWord:
    """What one invited party, or a co-chair, has said."""

    party: str
    answer: str = ""
    at: datetime | None = None
    note: str = ""
    late: bool = False
    silent: bool = False
    """The time for answers passed without its word."""


@dataclass(frozen=True, kw_only=True)
class Forms:
    """The forms of a page that has several; what comes back from one has its errors there."""

    by_name: dict[str, Form] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Form:
        return self.by_name[name]

    @property
    def wrong(self) -> tuple[Form, ...]:
        return tuple(form for form in self.by_name.values() if form.errors)


@dataclass(frozen=True, kw_only=True)
class ConsultationPage:
    """One consultation; the record is there for those that attended."""

    consultation: ConsultationLine
    trigger: str
    place: str = ""
    meets_at: datetime | None = None
    held_at: datetime | None = None
    co_chairs: tuple[str, ...] = ()
    words: tuple[PartyWord, ...] = ()
    attendees: tuple[str, ...] = ()
    reason: str = ""
    record: str = ""
    record_at: datetime | None = None
    record_by: str = ""
    was_there: bool = False
    period: tuple[str, str] | None = None
    """Id and title of the period that it is about."""
    may: frozenset[str] = frozenset()
    """Of: answer, hold, record, close, withdraw."""
    forms: Forms = field(default_factory=Forms)
    answers: tuple[Option, ...] = ()
    may_attend: tuple[Option, ...] = ()
    zone: str = ""


@dataclass(frozen=True, kw_only=True)
class ConsultationForm(FormPage):
    """Call a consultation."""

    precedences: tuple[Option, ...]
    parties: tuple[Option, ...]
    co_chairs: tuple[Option, ...]
    periods: tuple[Option, ...]
    zone: str


@dataclass(frozen=True, kw_only=True)
class ActivityLine:
    """One activity of the programme as a list shows it."""

    id: str
    kind: str
    title: str
    owner: str
    status: str
    due: date
    overdue: bool = False


@dataclass(frozen=True, kw_only=True)
class ProgrammePage(FormPage):
    """The programme: open activities by the day on which they are due, then what is over."""

    open: tuple[ActivityLine, ...]
    over: tuple[ActivityLine, ...]
    members: tuple[str, ...]
    kinds: tuple[Option, ...]
    owners: tuple[Option, ...]
    filters: tuple[tuple[str, str], ...] = ()
    may_propose: bool = False


@dataclass(frozen=True, kw_only=True)
class ActivityPage:
    """One activity."""

    activity: ActivityLine
    description: str = ""
    documents: tuple[tuple[str, str], ...] = ()
    """Titles, and where they lie: to be copied, because no page leads out of this system."""
    note: str = ""
    may: frozenset[str] = frozenset()
    """Of: agree, decline, start, complete, revise, cancel."""
    forms: Forms = field(default_factory=Forms)
    document_rows: int = 3


@dataclass(frozen=True, kw_only=True)
class ActivityForm(FormPage):
    """Propose an activity: `documents` rows are numbered from 0."""

    kinds: tuple[Option, ...]
    owners: tuple[Option, ...]
    document_rows: int = 3
