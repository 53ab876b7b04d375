"""Periods, their plans and their timeline, as they are shown."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, PrimaryKeyConstraint
from sqlmodel import Field

from services.portal.read_tables.base import Base, Seen, at_column, json_column


class PeriodRead(Seen, Base, table=True):
    """A period as it stands."""

    __tablename__ = "period"
    id: UUID = Field(primary_key=True)
    version: int
    status: str
    title: str
    first_day: date
    last_day: date
    co_chairs: list[str] = json_column()
    invited: list[str] = json_column()
    supporting: list[str] = json_column()
    focus: list[str] = json_column()
    objectives: list[dict[str, Any]] = json_column()
    checkpoints: list[dict[str, Any]] = json_column()
    answer_by: datetime | None = at_column()
    plan_version: int | None = None
    adopted: int | None = None
    closed_at: datetime | None = at_column()


class AnswerRead(Seen, Base, table=True):
    """A party's word on the invitation."""

    __tablename__ = "answer"
    period_id: UUID = Field(primary_key=True)
    party: str = Field(primary_key=True)
    answer: str
    by: str
    note: str
    at: datetime = at_column(False)


class PlanRead(Seen, Base, table=True):
    """A version of the plan."""

    __tablename__ = "plan"
    period_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    sections: list[dict[str, Any]] = json_column()
    objectives: list[dict[str, Any]] = json_column()
    rights_officers: list[str] = json_column()
    amends: int | None = None
    affected: list[str] = json_column()
    carried: list[str] = json_column()
    at: datetime = at_column(False)


class PlanAnswerRead(Seen, Base, table=True):
    """A state's word on a version."""

    __tablename__ = "plan_answer"
    period_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    party: str = Field(primary_key=True)
    answer: str
    by: str
    note: str
    at: datetime = at_column(False)


class HeldRead(Seen, Base, table=True):
    """How many headlines are held: for co-chairs."""

    __tablename__ = "held"
    period_id: UUID = Field(primary_key=True)
    held: int


class TimelineRead(Seen, Base, table=True):
    """What happened, in the order it arrived; never replaced."""

    __tablename__ = "timeline"
    period_id: UUID = Field(primary_key=True)
    audience_id: int = Field(primary_key=True)
    # no index begins with it: one that does would be walked past all that a reader may not see
    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    at: datetime = at_column(False)
    type: str
    party: str
    subject_id: UUID
    body: dict[str, Any] = json_column()
    __table_args__ = (
        PrimaryKeyConstraint("period_id", "audience_id", "id"),
        Index("timeline_at", "period_id", "audience_id", "at", "id"),
        Index("timeline_subject", "subject_id", "id"),
    )
