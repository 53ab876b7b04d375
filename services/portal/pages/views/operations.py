"""Operations: in lists, on their own page, and the page on which their headline is released."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.portal.pages.views.common import Form, FormPage, Option, Paging
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
class OperationDetail:
    """An operation: what everyone in its headline's audience sees, and below it the detail for those chosen."""

    operation: OperationLine
    period_id: str
    version: int
    objective: str = ""
    held_until: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    detail_visible: bool = False
    narrative: str = ""
    tactics: str = ""
    resources: str = ""
    contacts: str = ""
    headline_readers: tuple[str, ...] = ()
    detail_readers: tuple[str, ...] = ()
    updates: tuple[UpdateLine, ...] = ()
    updates_href: str = ""
    may: frozenset[str] = frozenset()
    """Of: post, schedule, release, start, complete, cancel."""
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, kw_only=True)
class OperationForm(FormPage):
    """Draft an operation."""

    period_id: str
    first_day: str
    last_day: str
    zone: str
    kinds: tuple[Option, ...]
    objectives: tuple[Option, ...]
    audiences: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class Schedule(FormPage):
    """The exact headline and its readers, before the owner confirms: confirming is the recorded consent."""

    operation: OperationLine
    objective: str
    headline_readers: tuple[str, ...]
    co_chairs: tuple[str, ...]
    zone: str
