"""Consultations, the Working Group and its programme, as they are shown."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.portal.read_tables.base import Base, Seen, at_column, json_column


class ConsultationRead(Seen, Base, table=True):
    """A consultation as it stands: for those invited, and its co-chairs."""

    __tablename__ = "consultation"
    id: UUID = Field(primary_key=True)
    version: int
    status: str
    title: str
    trigger: str
    precedence: str
    place: str
    period_id: UUID | None = None
    called_by: str
    called_at: datetime = at_column(False)
    answer_by: datetime = at_column(False)
    meets_at: datetime | None = at_column()
    held_at: datetime | None = at_column()
    co_chairs: list[str] = json_column()
    invited: list[str] = json_column()
    attendees: list[str] | None = json_column(nullable=True)
    silent: list[str] | None = json_column(nullable=True)
    reason: str | None = None
    __table_args__ = (Index("consultation_newest", "audience_id", "id"),)


class ConsultationAnswerRead(Seen, Base, table=True):
    """A party's word on the call."""

    __tablename__ = "consultation_answer"
    consultation_id: UUID = Field(primary_key=True)
    party: str = Field(primary_key=True)
    answer: str
    by: str
    note: str
    at: datetime = at_column(False)
    late: bool


class ConsultationRecordRead(Seen, Base, table=True):
    """What was said and settled: for those that attended."""

    __tablename__ = "consultation_record"
    consultation_id: UUID = Field(primary_key=True)
    number: int
    text: str
    by: str
    at: datetime = at_column(False)


class ActivityRead(Seen, Base, table=True):
    """An activity of the programme as it stands."""

    __tablename__ = "activity"
    id: UUID = Field(primary_key=True)
    version: int
    status: str
    kind: str
    title: str
    description: str
    owner: str
    due: date
    documents: list[dict[str, str]] = json_column()
    note: str
    overdue: date | None = None
    changed_at: datetime = at_column(False)
    __table_args__ = (Index("activity_due", "audience_id", "due", "id"), Index("activity_newest", "audience_id", "id"))


class WorkingGroupRead(Seen, Base, table=True):
    """Who belongs to the Working Group: for its members."""

    __tablename__ = "working_group"
    id: UUID = Field(primary_key=True)
    version: int
    members: list[str] = json_column()
    at: datetime = at_column(False)
