"""Operations: in lists, on their own page, and the page on which their headline is released."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.portal.pages.views.common import Form, FormPage, Option, Paging
from services.portal.pages.views.conflicts import Deconfliction
from services.portal.pages.views.joint import Joint, JointAmendment
from services.portal.pages.views.updates import UpdateLine


@dataclass(frozen=True, kw_only=True)
class OperationLine:
    """One operation as a list shows it; `title` and `place` are empty where only the headline is visible."""

    id: str
    party: str
    kind: str
    status: str
    title: str = ""
    place: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    last_update_at: datetime | None = None
    updates: int = 0
    held: bool = False


@dataclass(frozen=True, kw_only=True)
class OperationList(FormPage):
    """The operations of a period under a filter."""

    period_id: str
    operations: tuple[OperationLine, ...]
    paging: Paging
    parties: tuple[Option, ...] = ()
    statuses: tuple[Option, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    held_by_others: int = 0
    may_draft: bool = False


@dataclass(frozen=True, kw_only=True)
class PlaceLine:
    """A place, and the window by the clock there."""

    text: str
    starts: str
    ends: str


@dataclass(frozen=True, kw_only=True)
class DetailShown:
    """All that a detail says."""

    title: str = ""
    agency: str = ""
    place: str = ""
    places: tuple[PlaceLine, ...] = ()
    narrative: str = ""
    tactics: str = ""
    resources: str = ""
    contacts: str = ""
    means: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RecallLine:
    """The detail was taken back from a party; `purged_at`: since when it is gone there."""

    party: str
    at: datetime
    purged_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OperationDetail:
    """An operation: what everyone in its headline's audience sees, and below it the detail for those chosen."""

    operation: OperationLine
    period_id: str
    version: int
    objective: str = ""
    held_until: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    referred: Mapping[str, int] = field(default_factory=dict)
    """How many referrals stand where."""
    detail: DetailShown | None = None
    recalls: tuple[RecallLine, ...] = ()
    """From whom the owner took the detail back; for who is not the owner, only itself."""
    headline_readers: tuple[str, ...] = ()
    detail_readers: tuple[str, ...] = ()
    updates: tuple[UpdateLine, ...] = ()
    updates_href: str = ""
    may: frozenset[str] = frozenset()
    """Of: post, edit, amend, propose, schedule, readers, release, start, complete, cancel."""
    partners: tuple[str, ...] = ()
    withdrawn_by: str = ""
    joint: Joint | None = None
    """Only for its states."""
    amendment: JointAmendment | None = None
    """The same."""
    form: Form = field(default_factory=Form)
    deconfliction: Deconfliction | None = None
    """For its owner."""


@dataclass(frozen=True, kw_only=True)
class OperationForm(FormPage):
    """Draft an operation, or amend one: `operation_id` says which; one that is scheduled keeps its readers.

    `asked`: it is a joint one, whose states are asked; `voids`: on which version they are asked already.
    """

    period_id: str
    first_day: str
    last_day: str
    zone: str
    kinds: tuple[Option, ...]
    objectives: tuple[Option, ...]
    audiences: tuple[Option, ...]
    parties: tuple[Option, ...] = ()
    operation_id: str = ""
    scheduled: bool = False
    asked: bool = False
    voids: int | None = None


@dataclass(frozen=True, kw_only=True)
class Disclosed:
    """The exact headline and the exact detail, and who reads each by name."""

    operation: OperationLine
    objective: str
    detail: DetailShown
    headline_readers: tuple[str, ...]
    co_chairs: tuple[str, ...]
    detail_readers: tuple[str, ...]
    gaining: tuple[str, ...] = ()
    losing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Schedule(FormPage):
    """What leaves the party, before the owner confirms: confirming is the recorded consent."""

    disclosed: Disclosed
    zone: str


@dataclass(frozen=True, kw_only=True)
class ConfirmDisclosure(FormPage):
    """The same before an amendment, a release or a recall; `fields` are what was asked, to be sent again as it was."""

    disclosed: Disclosed
    action: str
    what: str
    """One of: amend, release, recall."""
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ReadersForm(FormPage):
    """For whom the detail is: to be released to more, or taken back from some."""

    operation: OperationLine
    audiences: tuple[Option, ...]
    parties: tuple[Option, ...]
    detail_readers: tuple[str, ...]
    recalls: tuple[RecallLine, ...] = ()
