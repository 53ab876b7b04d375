"""Alerts: the list, one alert with its ledger, and the form."""

from dataclasses import dataclass, field
from datetime import datetime

from services.portal.pages.views.common import Form, FormPage, Option, Paging


@dataclass(frozen=True, kw_only=True)
class AlertLine:
    """One alert as a list shows it."""

    id: str
    kind: str
    originator: str
    precedence: str
    published_at: datetime
    title: str = ""
    answer_due: datetime | None = None
    state: str = "delivered"
    """Where this reader's party stands: delivered, read, acknowledged; recalled; own for the originator."""
    acknowledged: int = 0
    recipients: int = 0
    version: int = 0
    key: str = ""
    """Idempotency key of the one-tap answer."""


@dataclass(frozen=True, kw_only=True)
class AlertList(FormPage):
    """What waits for an answer first, then the others."""

    waiting: tuple[AlertLine, ...]
    others: tuple[AlertLine, ...]
    own: tuple[AlertLine, ...]
    paging: Paging
    may_write: bool = False


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """How far one recipient has come with an alert."""

    recipient: str
    state: str
    at: datetime | None = None
    overdue: bool = False


@dataclass(frozen=True, kw_only=True)
class AlertDetail:
    """One alert; the ledger is for its originator."""

    alert: AlertLine
    text: str = ""
    language: str = ""
    tlp: str = "AMBER+STRICT"
    handling: tuple[tuple[str, str], ...] = ()
    """Handling codes with their words."""
    source: tuple[str, str] = ("", "")
    information: tuple[str, str] = ("", "")
    scale: str = ""
    valid_until: datetime | None = None
    recipients: tuple[str, ...] = ()
    ledger: tuple[LedgerLine, ...] = ()
    recalled_at: datetime | None = None
    may_acknowledge: bool = False
    may_recall: bool = False
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, kw_only=True)
class AlertForm(FormPage):
    """Publish an alert: an ungraded one cannot be."""

    kinds: tuple[Option, ...]
    precedences: tuple[Option, ...]
    tlps: tuple[Option, ...]
    handlings: tuple[Option, ...]
    scales: tuple[tuple[str, str, tuple[Option, ...], tuple[Option, ...]], ...]
    """Each grading scale: value, words, its sources, its information grades."""
    parties: tuple[Option, ...]
    languages: tuple[Option, ...]
    zone: str

    @property
    def scale_options(self) -> tuple[Option, ...]:
        return tuple(Option(value=value, text=words) for value, words, _, _ in self.scales)
