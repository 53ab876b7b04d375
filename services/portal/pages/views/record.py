"""What the record of a period shows."""

from dataclasses import dataclass
from datetime import datetime

from services.portal.pages.views.common import Paging


@dataclass(frozen=True, kw_only=True)
class ConsentLine:
    """A line of the consent ledger; `officer` and `audience` are those of the reader's own party."""

    at: datetime
    party: str
    officer: str
    kind: str
    aggregate: str
    href: str
    version: int
    on_plan: bool
    audience: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RecordPage:
    """The newest lines first."""

    period_id: str
    title: str
    lines: tuple[ConsentLine, ...]
    paging: Paging
