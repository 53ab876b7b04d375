"""The plan of a period, the list of periods, proposing one and answering an invitation."""

from dataclasses import dataclass, field
from datetime import date, datetime

from services.portal.differences import Difference
from services.portal.pages.views.common import FileLink, Form, FormPage, Option, Paging


@dataclass(frozen=True, kw_only=True)
class PlanObjective:
    """An objective as a version has it."""

    title: str
    indicator: str
    baseline: int
    target: int
    measured_by: str = ""


@dataclass(frozen=True, kw_only=True)
class PlanVersion:
    """A version, which never changes, with what became of it since another."""

    number: int
    published_at: datetime
    objectives: tuple[PlanObjective, ...] = ()
    rights_officers: tuple[str, ...] = ()
    amends: int = 0
    affected: tuple[str, ...] = ()
    difference: Difference
    """From itself where it is compared with nothing."""

    @property
    def compared(self) -> int:
        """The version that it is compared with; none is 0."""
        return self.difference.before if self.difference.before != self.number else 0


@dataclass(frozen=True, kw_only=True)
class PlanAnswer:
    """What a participating state says to the version shown; an empty answer is awaited."""

    party: str
    answer: str = ""
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class InvitationLine:
    """What an invited party answered."""

    party: str
    answer: str = ""
    reservation: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PlanPage:
    """The plan: a version, who has said what to it, and what stands between it and its adoption."""

    period_id: str
    period_version: int
    status: str
    shown: PlanVersion | None = None
    versions: tuple[int, ...] = ()
    adopted: int = 0
    answers: tuple[PlanAnswer, ...] = ()
    invitations: tuple[InvitationLine, ...] = ()
    answer_by: datetime | None = None
    may_extend: bool = False
    may_invite: bool = False
    may_reply: bool = False
    """The reader's own answer to the invitation would be taken now."""
    may_leave: bool = False
    blocks: tuple[str, ...] = ()
    may_answer: bool = False
    may_write: bool = False
    may_adopt: bool = False
    amending: bool = False
    """A further version amends the one in force, and the one shown is in force or waits for it."""
    form: Form = field(default_factory=Form)
    answer_options: tuple[Option, ...] = ()
    section_titles: tuple[str, ...] = ()
    objective_rows: int = 0
    indicators: tuple[Option, ...] = ()
    rights_parties: tuple[Option, ...] = ()
    affected_parties: tuple[Option, ...] = ()
    annexes: tuple[FileLink, ...] = ()
    attached: tuple[tuple[str, str], ...] = ()
    """The participating states: of whom rights officers are named, and of whom an amendment affects some."""


@dataclass(frozen=True, kw_only=True)
class PeriodLine:
    """A period in the list."""

    id: str
    title: str
    status: str
    first_day: date
    last_day: date
    co_chairs: tuple[str, ...]
    participants: int = 0
    answer: str = ""
    """What this reader's party answered; `awaited` when it has not."""


@dataclass(frozen=True, kw_only=True)
class PeriodList:
    """The periods that this reader may see, the latest first."""

    periods: tuple[PeriodLine, ...]
    may_propose: bool = False
    paging: Paging = field(default_factory=lambda: Paging(shown=0))


@dataclass(frozen=True, kw_only=True)
class PeriodForm(FormPage):
    """Propose a period: `objectives` and `checkpoints` rows are numbered from 0."""

    focuses: tuple[Option, ...]
    co_chairs: tuple[Option, ...]
    parties: tuple[Option, ...]
    supporting: tuple[Option, ...]
    indicators: tuple[Option, ...]
    objective_rows: int = 4
    checkpoint_rows: int = 3


@dataclass(frozen=True, kw_only=True)
class AnswerForm(FormPage):
    """Answer an invitation: the state's own, recorded decision."""

    period: PeriodLine
    focus: tuple[str, ...]
    invited: tuple[str, ...]
    answers: tuple[Option, ...]
    answer_by: datetime | None = None
    in_force: int = 0
    """The version of the plan that who joins endorses by it."""
    open: bool = True
    """The answer would be taken now."""
    late: bool = False
    """Of all answers only a refusal would be."""
    may_leave: bool = False


@dataclass(frozen=True, kw_only=True)
class InviteForm(FormPage):
    """Ask further parties. `over`: the time for answers that was set has passed."""

    period_id: str
    answer_by: datetime | None
    over: bool
    parties: tuple[Option, ...]
    supporting: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class ExtendForm(FormPage):
    """Give those invited more time to answer."""

    period_id: str
    answer_by: datetime | None
    value: str
    silent: tuple[str, ...] = ()
