"""What pages show of investigation plans."""

from dataclasses import dataclass, field
from datetime import date, datetime

from services.portal.pages.views.common import Form, FormPage, Option
from services.portal.pages.views.joint import StateWord


@dataclass(frozen=True, kw_only=True)
class MilestoneLine:
    """A milestone; `may_reach` where the reader may say that it is reached."""

    id: str
    title: str
    owner: str
    due: date
    done_at: datetime | None = None
    overdue: bool = False
    may_reach: bool = False


@dataclass(frozen=True, kw_only=True)
class InvestigationLine:
    """One plan as a list shows it."""

    id: str
    title: str
    status: str
    owner: str
    members: tuple[str, ...]
    reached: int = 0
    milestones: int = 0
    overdue: int = 0


@dataclass(frozen=True, kw_only=True)
class InvestigationList:
    """Those of the reader's party in a period; `counted`: how many there are, for a co-chair."""

    period_id: str
    title: str
    plans: tuple[InvestigationLine, ...]
    counted: int = 0
    may_propose: bool = False


@dataclass(frozen=True, kw_only=True)
class InvestigationPage:
    """One plan, for its states."""

    plan: InvestigationLine
    period_id: str
    period: str
    aim: str = ""
    number: int
    proposed_by: str
    proposed_at: datetime
    words: tuple[StateWord, ...]
    milestones: tuple[MilestoneLine, ...]
    may: frozenset[str] = frozenset()
    """Of: answer, withdraw, revise."""
    answers: tuple[Option, ...] = ()
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, kw_only=True)
class InvestigationForm(FormPage):
    """Propose a plan or another version of it: rows of milestones are numbered from 0."""

    action: str
    back_href: str
    number: int
    states: tuple[Option, ...]
    owners: tuple[Option, ...]
    first_day: str
    last_day: str
    rows: int = 4
