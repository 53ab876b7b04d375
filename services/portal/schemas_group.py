"""What the public API answers about consultations and the programme."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from services.portal.schemas import Said


class ConsultationOut(Said):
    """In a list; why it was called is read on the consultation itself."""

    id: UUID
    version: int
    status: str
    title: str
    precedence: str
    called_by: str
    called_at: datetime
    answer_by: datetime
    meets_at: datetime | None
    held_at: datetime | None
    period_id: UUID | None
    co_chairs: list[str]
    invited: list[str]
    my_answer: str | None
    silent: list[str] | None


class ConsultationWord(Said):
    """A party's word on the call; `late` when it came after the time for it."""

    party: str
    answer: str
    by: str
    note: str
    at: datetime
    late: bool


class RecordOut(Said):
    number: int
    text: str
    by: str
    at: datetime


class ConsultationDetail(ConsultationOut):
    """`record` only for those that attended."""

    trigger: str
    place: str
    attendees: list[str] | None
    reason: str | None
    answers: list[ConsultationWord]
    record: RecordOut | None


class DocumentOut(BaseModel):
    title: str
    address: str


class ActivityOut(Said):
    id: UUID
    version: int
    status: str
    kind: str
    title: str
    description: str
    owner: str
    due: date
    is_overdue: bool
    documents: list[DocumentOut]
    note: str


class WorkingGroupOut(BaseModel):
    """Its members, as far as one of them asks."""

    members: list[str]
