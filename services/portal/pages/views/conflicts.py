"""Conflicts: the list, one side of one, the party's contact; and what an operation's page says of them and of targets."""

from dataclasses import dataclass, field
from datetime import datetime

from services.portal.pages.views.common import Form, FormPage, Option, Paging


@dataclass(frozen=True, kw_only=True)
class ConflictLine:
    """One conflict as a list shows it to the owner of one of its operations."""

    id: str
    other_party: str
    operation_id: str
    operation: str
    status: str
    overlaps: tuple[str, ...]
    found_at: datetime
    answered: bool = False
    """Whether this party has said what was agreed."""


@dataclass(frozen=True, kw_only=True)
class ConflictList:
    """What goes on first, then what is settled or lapsed."""

    open: tuple[ConflictLine, ...]
    over: tuple[ConflictLine, ...]
    contact: str
    paging: Paging
    may_give: bool = False


@dataclass(frozen=True, kw_only=True)
class SaidOfConflict:
    """One party's word on a conflict."""

    party: str
    answer: str = ""
    words: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ConflictPage(FormPage):
    """One side of a conflict, with the form of this party's word."""

    conflict: ConflictLine
    contact: str
    said: tuple[SaidOfConflict, ...]
    settlement: str = ""
    may_answer: bool = False
    answers: tuple[Option, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ContactForm(FormPage):
    """Where the party is reached."""

    contact: str


@dataclass(frozen=True, kw_only=True)
class Deconfliction:
    """Of one operation: its conflicts, how many targets it names, and the form to name more."""

    operation_id: str
    conflicts: tuple[ConflictLine, ...] = ()
    targets: tuple[tuple[str, int], ...] = ()
    is_live: bool = False
    may_name: bool = False
    form: Form = field(default_factory=Form)
    kinds: tuple[Option, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TargetsPage:
    """The same on a page of its own, where the form comes back to."""

    operation: str
    deconfliction: Deconfliction
