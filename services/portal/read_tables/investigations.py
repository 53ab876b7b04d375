"""Investigation plans as their states see them, and how many there are for the co-chairs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.portal.read_tables.base import Base, Seen, at_column, json_column


class InvestigationRead(Seen, Base, table=True):
    """An investigation plan as it stands."""

    __tablename__ = "investigation"
    id: UUID = Field(primary_key=True)
    period_id: UUID
    version: int
    status: str
    owner: str
    members: list[str] = json_column()
    title: str
    aim: str
    milestones: list[dict[str, Any]] = json_column()
    overdue: list[str] = json_column()
    """Ids of milestones of which it was told that their day is over."""
    number: int
    proposed_by: str
    proposed_at: datetime = at_column(False)
    is_open: bool
    """Words are still given on this version."""
    __table_args__ = (
        Index("investigation_newest", "audience_id", "id"),
        Index("investigation_period", "period_id", "audience_id", "id"),
    )


class InvestigationWordRead(Seen, Base, table=True):
    """What a state said last, and on which version."""

    __tablename__ = "investigation_word"
    investigation_id: UUID = Field(primary_key=True)
    party: str = Field(primary_key=True)
    number: int
    answer: str
    by: str
    reason: str
    at: datetime = at_column(False)


class InvestigationCountRead(Seen, Base, table=True):
    """How many plans of a period were not stopped: for its co-chairs."""

    __tablename__ = "investigation_count"
    period_id: UUID = Field(primary_key=True)
    investigations: int
