"""Joint operations as their states see them: the version that was put to them, and each state's word."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.portal.read_tables.base import Base, Seen, at_column, json_column


class JointRead(Seen, Base, table=True):
    """The present version of a joint operation: for its states alone."""

    __tablename__ = "joint"
    operation_id: UUID = Field(primary_key=True)
    period_id: UUID
    owner: str
    partners: list[str] = json_column()
    number: int
    proposed_by: str
    proposed_at: datetime = at_column(False)
    is_open: bool
    """Words are still given on it."""
    detail_audience: str | None = None
    """Who is to read the detail beside its states, as it was put to them; with those that are named."""
    named: list[str] = json_column()
    __table_args__ = (Index("joint_open", "is_open", "audience_id"),)


class JointAmendmentRead(Seen, Base, table=True):
    """What the states of a scheduled operation were asked last to make of it: for these alone."""

    __tablename__ = "joint_amendment"
    operation_id: UUID = Field(primary_key=True)
    period_id: UUID
    number: int
    version: int
    """Of the operation, when it was proposed or last answered."""
    status: str
    """`proposed`, `refused`, or `in_force`."""
    proposed_by: str
    proposed_at: datetime = at_column(False)
    kind: str
    starts_at: datetime = at_column(False)
    ends_at: datetime = at_column(False)
    objective_id: UUID | None = None
    __table_args__ = (Index("joint_amendment_open", "status", "audience_id"),)


class JointAmendmentDetailRead(Seen, Base, table=True):
    """What the amendment of that number says in detail."""

    __tablename__ = "joint_amendment_detail"
    operation_id: UUID = Field(primary_key=True)
    number: int
    title: str
    agency: str
    place: str
    places: list[dict[str, Any]] = json_column()
    narrative: str
    tactics: str
    resources: str
    contacts: str


class JointWordRead(Seen, Base, table=True):
    """What a state said last on a version: for the states of that one."""

    __tablename__ = "joint_word"
    operation_id: UUID = Field(primary_key=True)
    party: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    answer: str
    by: str
    reason: str
    at: datetime = at_column(False)
