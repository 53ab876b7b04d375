"""What the public API answers."""

from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class Said(BaseModel):
    """Built from a row of the read model."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")


class Page(BaseModel, Generic[T]):
    """A part of a list; `next` is the cursor of the part after it."""

    items: list[T]
    next: str | None = None


class SignIn(BaseModel):
    username: str
    password: str


class Account(BaseModel):
    id: str
    username: str
    display_name: str
    party: str
    roles: list[str]


class SessionOut(BaseModel):
    token: str
    expires_at: datetime
    account: Account


class Word(Said):
    """A party's word on an invitation or a plan."""

    party: str
    answer: str
    by: str
    note: str
    at: datetime


class PlanOut(Said):
    """`carried`: of these states the endorsement of the version that this one amends stands for it too."""

    number: int
    sections: list[dict[str, Any]]
    objectives: list[dict[str, Any]]
    rights_officers: list[str]
    amends: int | None
    affected: list[str]
    carried: list[str]
    at: datetime
    answers: list[Word] = []


class PeriodOut(Said):
    id: UUID
    version: int
    status: str
    title: str
    first_day: date
    last_day: date
    co_chairs: list[str]
    invited: list[str]
    supporting: list[str]
    focus: list[str]
    objectives: list[dict[str, Any]]
    checkpoints: list[dict[str, Any]]
    answer_by: datetime | None
    plan_version: int | None
    adopted: int | None
    closed_at: datetime | None


class PeriodDetail(PeriodOut):
    answers: list[Word] = []
    plans: list[PlanOut] = []
    held: int = 0


class OperationDetailOut(Said):
    title: str
    place: str
    narrative: str
    tactics: str
    resources: str
    contacts: str
    agency: str
    places: list[dict[str, Any]]
    means: list[dict[str, Any]]
    tasks: list[dict[str, Any]]


class RecallOut(Said):
    """The detail was taken back from a party; `purged_at`: since when it is gone there."""

    recipient: str
    at: datetime
    purged_at: datetime | None


class OperationOut(Said):
    """A headline; `detail` only for whom the owner chose."""

    id: UUID
    period_id: UUID
    owner: str
    version: int
    kind: str
    status: str
    starts_at: datetime
    ends_at: datetime
    objective_id: UUID | None
    held: bool
    held_until: datetime | None
    partners: list[str] | None = None
    withdrawn_by: str | None = None
    updates: int
    detail: OperationDetailOut | None = None
    recalls: list[RecallOut] = []


class FileRefOut(Said):
    """Its bytes: `GET /api/v1/files/{sha256}`."""

    sha256: str
    name: str
    media_type: str
    size: int


class UpdateDetailOut(Said):
    text: str
    place: str
    language: str
    protection_concern: str | None = None
    files: list["FileRefOut"] = []


class UpdateOut(Said):
    """A headline; `detail` only for whom the owner chose."""

    id: UUID
    operation_id: UUID
    period_id: UUID
    party: str
    version: int
    kind: str
    status: str
    happened_at: datetime
    posted_at: datetime
    counts: dict[str, int]
    supersedes: UUID | None
    superseded_by: UUID | None
    late: bool = False
    detail: UpdateDetailOut | None = None
    return_reason: str | None = None


class TotalOut(Said):
    indicator: str
    party: str
    validated: int
    provisional: int
    updates: int


class CountedOut(Said):
    indicator: str
    since: int
    standing: int


class ProgressionOut(Said):
    """A progression session with the counts since `before`; the present day after the last one has no name."""

    name: str
    day: date
    before: str
    ahead: bool
    counted: list[CountedOut]


class TimelineOut(Said):
    id: int
    at: datetime
    type: str
    party: str
    subject_id: UUID
    body: dict[str, Any]


class AlertBodyOut(Said):
    title: str
    text: str
    language: str
    grading: dict[str, str]


class LineOut(Said):
    recipient: str
    state: str
    delivered_at: datetime | None
    read_at: datetime | None
    acknowledged_at: datetime | None
    purged_at: datetime | None
    by: str


class AlertOut(Said):
    id: UUID
    version: int
    status: str
    originator: str
    kind: str
    recipients: list[str]
    precedence: str
    tlp: str
    handling: str
    handling_text: str
    valid_until: datetime
    answer_due: datetime
    period_id: UUID | None
    published_at: datetime
    recalled_at: datetime | None
    body: AlertBodyOut | None = None
    ledger: list[LineOut] = []


class FigureOut(Said):
    reporting: str
    indicator: str
    validated: int
    provisional: int
    updates: int


class DebriefOut(Said):
    id: UUID
    period_id: UUID
    version: int
    title: str
    first_day: date
    last_day: date
    opened_at: datetime
    compiled: dict[str, Any] | None
    figures: list[FigureOut] = []
