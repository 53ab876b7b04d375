"""What protects people: distress, incidents, and from whom an update is kept."""

from dataclasses import dataclass, field
from datetime import datetime

from services.portal.pages.views.common import FormPage, Option, Paging
from services.portal.pages.views.group import Forms


@dataclass(frozen=True, kw_only=True)
class DistressLine:
    """One report of distress: all that helps to find it is on the line itself."""

    id: str
    party: str
    status: str
    happened_at: datetime
    reported_at: datetime
    position: str = ""
    place: str = ""
    persons: int | None = None
    vessel: str = ""
    contact: str = ""
    text: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class DistressList:
    """What is not over first."""

    open: tuple[DistressLine, ...]
    over: tuple[DistressLine, ...]
    paging: Paging
    """Of those that are over."""
    open_paging: Paging = field(default_factory=lambda: Paging(shown=0))
    only_over: bool = False


@dataclass(frozen=True, kw_only=True)
class DistressPage:
    """One report."""

    distress: DistressLine
    by: str
    period: tuple[str, str] | None = None
    readers: tuple[str, ...] = ()
    outcome: str = ""
    note: str = ""
    closed_at: datetime | None = None
    own: bool = False
    forms: Forms = field(default_factory=Forms)
    outcomes: tuple[Option, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DistressForm(FormPage):
    """Report a distress: one field is enough."""

    periods: tuple[Option, ...]
    readers: tuple[str, ...] = ()
    """Who learns of it, where there is one period to choose from."""


@dataclass(frozen=True, kw_only=True)
class IncidentForm(FormPage):
    """Report an incident: who reads it depends on how grave it is."""

    operation_id: str
    operation: str
    severities: tuple[Option, ...]
    zone: str
    minor_readers: tuple[str, ...] = ()
    serious_readers: tuple[str, ...] = ()
    """The parties whose rights officers read a serious one; nobody where the plan names none."""


@dataclass(frozen=True, kw_only=True)
class IncidentSent:
    """That a serious one was sent: all that anybody of the reporter's state is ever shown of it."""

    sent_to: tuple[str, ...]
    reported_at: datetime
    operation_id: str


@dataclass(frozen=True, kw_only=True)
class IncidentLine:
    """A serious incident, as a rights officer reads it."""

    id: str
    party: str
    happened_at: datetime
    reported_at: datetime
    text: str
    place: str = ""
    language: str = ""
    by: str = ""
    status: str = "reported"
    take_up_by: datetime | None = None
    taken_up_by: tuple[str, str] = ("", "")
    """Who, of which party."""


@dataclass(frozen=True, kw_only=True)
class IncidentPage:
    """One of them: who has it in hand, and what was found."""

    incident: IncidentLine
    taken_up_at: datetime | None = None
    finding: str = ""
    note: str = ""
    closed_at: datetime | None = None
    closed_by: tuple[str, str] = ("", "")
    may: frozenset[str] = frozenset()
    """Of: take-up, close."""
    forms: Forms = field(default_factory=Forms)
    findings: tuple[Option, ...] = ()


@dataclass(frozen=True, kw_only=True)
class IncidentList:
    """Those that went to the reader's role; those that nobody has taken up first."""

    waiting: tuple[IncidentLine, ...]
    in_hand: tuple[IncidentLine, ...]
    paging: Paging
    is_rights_officer: bool = True


@dataclass(frozen=True, kw_only=True)
class Kept:
    """From whom an update is kept, for the state that posted it."""

    concern: str = ""
    origins: tuple[str, ...] = ()
    released: tuple[str, ...] = ()
    reason: str = ""
    by: str = ""
    choices: tuple[Option, ...] = ()
    may_release: bool = False


@dataclass(frozen=True, kw_only=True)
class ReferralLine:
    """One referral as a list shows it."""

    id: str
    reference: str
    party: str
    service: str
    status: str
    made_at: datetime
    answer_by: datetime
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class ReferralList:
    """Those that are not answered first."""

    waiting: tuple[ReferralLine, ...]
    over: tuple[ReferralLine, ...]
    paging: Paging


@dataclass(frozen=True, kw_only=True)
class ReferralPage:
    """One referral."""

    referral: ReferralLine
    indicators: tuple[str, ...]
    exploitation: tuple[str, ...]
    made_by: str
    note: str = ""
    answered_at: datetime | None = None
    answered_by: str = ""
    may: frozenset[str] = frozenset()
    """Of: accept, refuse, withdraw."""
    forms: Forms = field(default_factory=Forms)


@dataclass(frozen=True, kw_only=True)
class ReferralForm(FormPage):
    """Refer a possible victim."""

    operation_id: str
    operation: str
    services: tuple[Option, ...]
    indicators: tuple[Option, ...]
    exploitation: tuple[Option, ...]
    zone: str
