"""The planner's rows. Aggregates are kept whole in `body`; what queries ask for stands in columns beside it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.runtime.tables import runtime_tables


class Base(SQLModel, registry=registry()):
    """The planner's own registry and metadata."""


class PeriodRow(Base, table=True):
    """A period, the part of it that its operations ask for, and when the clock has to look at it."""

    __tablename__ = "period"

    id: UUID = Field(primary_key=True)
    version: int
    state: str
    participants: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    presiding: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    due_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    __table_args__ = (Index("period_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),)


class OperationRow(Base, table=True):
    """An operation of one owner."""

    __tablename__ = "operation"

    id: UUID = Field(primary_key=True)
    period_id: UUID = Field(foreign_key="period.id", index=True)
    owner: str
    version: int
    state: str
    held: bool
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


class UpdateRow(Base, table=True):
    """An update on an operation."""

    __tablename__ = "update"

    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    version: int
    status: str
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


class ConsultationRow(Base, table=True):
    """A consultation, and when the clock has to look at it."""

    __tablename__ = "consultation"

    id: UUID = Field(primary_key=True)
    version: int
    state: str
    due_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    __table_args__ = (Index("consultation_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),)


class ActivityRow(Base, table=True):
    """An activity of the programme, and when the clock has to look at it."""

    __tablename__ = "activity"

    id: UUID = Field(primary_key=True)
    owner: str
    version: int
    state: str
    due_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    __table_args__ = (Index("activity_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),)


class GroupRow(Base, table=True):
    """The Working Group: one row."""

    __tablename__ = "working_group"

    id: UUID = Field(primary_key=True)
    version: int
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


runtime_tables(Base.metadata)
