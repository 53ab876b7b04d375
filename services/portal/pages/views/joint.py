"""What pages show of joint operations."""

from dataclasses import dataclass
from datetime import datetime

from services.portal.pages.views.common import Form, FormPage, Option
from services.portal.texts import Piece


@dataclass(frozen=True, kw_only=True)
class StateWord:
    """A state's word on the present version; empty while it is awaited."""

    party: str
    answer: str = ""
    by: str = ""
    reason: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Joint:
    """The version of a joint operation that was put to its states, for these."""

    number: int
    proposed_by: str
    proposed_at: datetime
    words: tuple[StateWord, ...]
    may: frozenset[str] = frozenset()
    """Of: answer, withdraw."""
    detail_audience: str = ""
    """Who will read the detail beside these states; empty once it is scheduled: the detail itself says who reads it."""
    named: tuple[str, ...] = ()
    answers: tuple[Option, ...] = ()
    form: Form


@dataclass(frozen=True, kw_only=True)
class Changed:
    """Something of an operation that is to be another: in words, what goes and what comes."""

    what: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class JointAmendment:
    """What its states were asked to make of an operation that is scheduled, beside what is in force; for these."""

    number: int
    version: int
    """Which an answer means."""
    in_force: int
    proposed_by: str
    proposed_at: datetime
    refused: bool
    changes: tuple[Changed, ...]
    words: tuple[StateWord, ...]
    may_answer: bool = False
    answers: tuple[Option, ...] = ()
    form: Form


@dataclass(frozen=True, kw_only=True)
class ProposeJoint(FormPage):
    """The form of a version: its states, and what it is about."""

    operation_id: str
    number: int
    first_day: str
    last_day: str
    states: tuple[Option, ...]
    parties: tuple[Option, ...] = ()
    kinds: tuple[Option, ...]
    objectives: tuple[Option, ...]
    audiences: tuple[Option, ...]
    zone: str
