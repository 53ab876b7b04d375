"""Updates: as a line of a list, on their own page, and the list under its filter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.portal.pages.views.common import FileLink, Form, FormPage, Option, Paging
from services.portal.pages.views.protection import Kept


@dataclass(frozen=True, kw_only=True)
class UpdateLine:
    """One update as a list shows it; `text` is empty where its reader may see the headline only."""

    id: str
    party: str
    kind: str
    status: str
    happened_at: datetime
    posted_at: datetime
    operation_id: str
    operation: str
    counts: Mapping[str, int] = field(default_factory=dict)
    text: str = ""
    language: str = ""
    period_id: str = ""
    late: bool = False
    """It came later after what it tells of than the setting says."""


@dataclass(frozen=True, kw_only=True)
class UpdateDetail:
    """One update: headline, detail where its reader may see it, and what became of it."""

    update: UpdateLine
    version: int
    place: str = ""
    files: tuple[FileLink, ...] = ()
    concern: str = ""
    """Why the state that a person comes from must not learn of this."""
    kept: Kept | None = None
    detail_visible: bool = True
    history: tuple[tuple[datetime, str, str], ...] = ()
    """What happened to it, as (when, party, words)."""
    supersedes: str = ""
    superseded_by: str = ""
    return_reason: str = ""
    may_validate: bool = False
    may_return: bool = False
    may_correct: bool = False
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, kw_only=True)
class UpdateList(FormPage):
    """Updates under a filter; the filter is the address."""

    period_id: str
    updates: tuple[UpdateLine, ...]
    paging: Paging
    parties: tuple[Option, ...] = ()
    indicators: tuple[Option, ...] = ()
    operations: tuple[Option, ...] = ()
    statuses: tuple[Option, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    """Filters in force, as (words, address without it)."""
    summed: str = ""
    """What these updates sum to, when the reader came from a number."""
    unseen: int = 0
    """How many more are counted in that number and are not for this reader."""
