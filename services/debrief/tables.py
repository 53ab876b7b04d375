"""Debrief's rows: what was heard, without foreign keys because topics come in no common order, and the debriefs."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.runtime.tables import runtime_tables


class Base(SQLModel, registry=registry()):
    """Debrief's own registry and metadata."""


def _json(nullable: bool = False) -> Any:
    return Field(default=None, sa_column=Column(JSONB, nullable=nullable))


def _texts() -> Any:
    return Field(sa_column=Column(ARRAY(Text), nullable=False))


class PeriodRow(Base, table=True):
    """A period as it was proposed, answered and sealed."""

    __tablename__ = "period"

    id: UUID = Field(primary_key=True)
    title: str
    first_day: date
    last_day: date
    objectives: list[dict[str, Any]] = _json()
    co_chairs: list[str] = _texts()
    answers: dict[str, str] = _json()
    sealed: dict[str, list[int]] | None = _json(nullable=True)  # each operation's last epoch and number on its topic


class OperationRow(Base, table=True):
    """An operation's headline, and who may read it."""

    __tablename__ = "operation"

    id: UUID = Field(primary_key=True)
    period_id: UUID = Field(index=True)
    owner: str
    status: str
    audience: list[str] = _texts()


class UpdateRow(Base, table=True):
    """An update's counts, and who may read them."""

    __tablename__ = "update"

    id: UUID = Field(primary_key=True)
    period_id: UUID = Field(index=True)
    operation_id: UUID
    party: str
    status: str
    counts: dict[str, int] = _json()
    audience: list[str] = _texts()


class ChangedRow(Base, table=True):
    """A period of which something was heard that its debrief has not taken in."""

    __tablename__ = "changed"

    period_id: UUID = Field(primary_key=True)


class DebriefRow(Base, table=True):
    """A debrief, kept whole in `body`."""

    __tablename__ = "debrief"

    period_id: UUID = Field(primary_key=True)
    id: UUID = Field(unique=True)
    version: int
    body: dict[str, Any] = _json()


runtime_tables(Base.metadata)
