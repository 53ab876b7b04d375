"""Conflicts as each owner is shown its own side, where a party is reached, and how many targets an operation names."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.portal.read_tables.base import Base, Seen, at_column, json_column


class ConflictRead(Seen, Base, table=True):
    """One side of a conflict as it stands; of the other there is what the other chose to say."""

    __tablename__ = "conflict"
    id: UUID = Field(primary_key=True)
    operation_id: UUID
    period_id: UUID
    owner: str
    other_party: str
    contact: str
    version: int
    status: str
    overlaps: list[str] = json_column()
    found_at: datetime = at_column(False)
    changed_at: datetime = at_column(False)
    own_answer: str | None = None
    own_words: str | None = None
    own_by: str | None = None
    own_at: datetime | None = at_column()
    other_answer: str | None = None
    other_words: str | None = None
    other_at: datetime | None = at_column()
    settlement: str | None = None
    __table_args__ = (
        Index("conflict_newest", "audience_id", "id"),
        Index("conflict_operation", "operation_id"),
        Index("conflict_open", "owner", "status"),
    )


class ContactRead(Seen, Base, table=True):
    """Where a party is reached: for its own people; others read it in their conflicts."""

    __tablename__ = "contact"
    owner: str = Field(primary_key=True)
    version: int
    contact: str


class TargetCountRead(Seen, Base, table=True):
    """How many targets an operation names, by the kind of identifier: for its owner."""

    __tablename__ = "target_count"
    operation_id: UUID = Field(primary_key=True)
    version: int
    counts: dict[str, int] = json_column()
