"""Joint operations as their states see them: the version that was put to them, and each state's word."""

from datetime import datetime
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


class JointWordRead(Seen, Base, table=True):
    """What a state said last, and on which version: for the states of that one."""

    __tablename__ = "joint_word"
    operation_id: UUID = Field(primary_key=True)
    party: str = Field(primary_key=True)
    number: int
    answer: str
    by: str
    reason: str
    at: datetime = at_column(False)
