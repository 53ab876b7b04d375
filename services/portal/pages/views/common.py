"""What every page has around it, and what forms and lists have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from shared.errors import FieldError

if TYPE_CHECKING:
    from services.portal.pages.views.protection import DistressLine

Direction = Literal["ltr", "rtl"]
Tab = Literal[
    "", "home", "overview", "updates", "operations", "plan", "totals", "alerts", "debrief", "periods", "consultations",
    "programme", "consents",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who is signed in."""

    display_name: str
    party: str
    roles: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class PeriodLink:
    """A period in the switch on the bar."""

    id: str
    title: str
    status: str


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a page needs besides its own view: reader, language, period, and what the strip says."""

    now: datetime
    csrf: str = ""
    account: Account | None = None
    locale: str = "en"
    direction: Direction = "ltr"
    period: PeriodLink | None = None
    periods: tuple[PeriodLink, ...] = ()
    tab: Tab = ""
    tlp: str = "AMBER+STRICT"
    shown_to: str = ""
    waiting_alerts: int = 0
    distress: tuple["DistressLine", ...] = ()
    """Reports of distress that are not over: on top of every page."""
    distress_more: int = 0
    """How many more there are."""
    playback: bool = False
    said: str = ""
    """One sentence about what was just done, shown once on top."""

    @property
    def may_post(self) -> bool:
        """Whether an update can be posted anywhere just now."""
        return self.may("liaison_officer", "coordinator") and any(one.status == "active" for one in self.periods)

    @property
    def may_post_here(self) -> bool:
        """The same, in the period that the page is about."""
        return self.may_post and self.period is not None and self.period.status == "active"

    @property
    def may_report_distress(self) -> bool:
        """Whether the reader is of a period at which somebody still looks."""
        alive = any(one.status not in {"cancelled", "archived"} for one in self.periods)
        return alive and self.may("liaison_officer", "coordinator", "co_chair", "rso_officer")

    def may(self, *roles: str) -> bool:
        return self.account is not None and not self.account.roles.isdisjoint(roles)


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice of a select, a radio or a check box."""

    value: str
    text: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class FileLink:
    """A file, to be downloaded."""

    sha256: str
    name: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form as it was last filled in: what was typed is never lost, and posting it twice does it once."""

    idempotency_key: str = ""
    version: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()
    kept: bool = False
    """The session ended while this was being written; the text is here again."""

    def value(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def has(self, name: str, value: str) -> bool:
        return value in self.chosen.get(name, frozenset())

    def error(self, name: str) -> str:
        return next((error.reason for error in self.errors if error.field == name), "")


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """A page whose whole matter is one form."""

    form: Form


@dataclass(frozen=True, kw_only=True)
class Confirm(FormPage):
    """One question before something that cannot be undone."""

    title: str
    text: str
    action: str
    button: str
    back_href: str
    consequences: tuple[str, ...] = ()
    reason: str = ""
    """The label of a field for the reason, where one is asked for."""


@dataclass(frozen=True, kw_only=True)
class Paging:
    """Where in a list this page is; links keep the filter."""

    shown: int
    first_href: str = ""
    next_href: str = ""
    total: int | None = None


@dataclass(frozen=True, kw_only=True)
class SignIn(FormPage):
    """The door: `reason` says why one stands before it."""

    next: str = "/"
    fields: tuple[tuple[str, str], ...] = ()
    """What was posted when the session had ended, name by name: shown again, ready to post, after signing in."""
    reason: Literal["", "expired", "signed_out", "refused", "limited"] = ""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A page that says what went wrong, what was kept, and what to do now."""

    status: int
    title: str = ""
    detail: str = ""
    reference: str = ""
    changed: tuple[Mapping[str, object], ...] = ()
    errors: tuple[FieldError, ...] = ()
    back_href: str = "/"
    action: str = ""
    """Where the same post goes again, with the same key (504), or where to read the thing as it is now (409)."""
    fields: tuple[tuple[str, str], ...] = ()
    """What was posted, name by name, so that one button sends it again."""
