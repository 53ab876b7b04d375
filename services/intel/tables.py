"""Intel's rows. An alert is kept whole in `body`; its ledger's lines are columns: their times are asked for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.runtime.tables import runtime_tables


class Base(SQLModel, registry=registry()):
    """Intel's own registry and metadata."""


class AlertRow(Base, table=True):
    """An alert; its text is in `body` until it is recalled."""

    __tablename__ = "alert"

    id: UUID = Field(primary_key=True)
    version: int
    state: str
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


def _at(nullable: bool = True) -> Any:
    return Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=nullable))


class PeriodRow(Base, table=True):
    """Who is asked to a period: an alert may name a period that its originator hears of."""

    __tablename__ = "period"

    id: UUID = Field(primary_key=True)
    parties: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))


class LineRow(Base, table=True):
    """How far an alert has come with one recipient."""

    __tablename__ = "alert_line"

    alert_id: UUID = Field(primary_key=True, foreign_key="alert.id")
    recipient: str = Field(primary_key=True)
    state: str
    queued_at: datetime = _at(nullable=False)
    delivered_at: datetime | None = _at()
    read_at: datetime | None = _at()
    acknowledged_at: datetime | None = _at()
    acknowledged_by: str = ""
    purged_at: datetime | None = _at()


runtime_tables(Base.metadata)
