"""What protects people: reports of distress."""

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
