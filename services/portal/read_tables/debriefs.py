"""Debriefs as they are shown."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from services.portal.read_tables.base import Base, Seen, at_column, json_column


class DebriefRead(Seen, Base, table=True):
    """A debrief as the events give it."""

    __tablename__ = "debrief"
    id: UUID = Field(primary_key=True)
    period_id: UUID = Field(unique=True)
    version: int
    title: str
    first_day: date
    last_day: date
    opened_at: datetime = at_column(False)
    compiled: dict[str, Any] | None = json_column(nullable=True)


class DebriefFigureRead(Seen, Base, table=True):
    """One party's figure in a debrief."""

    __tablename__ = "debrief_figure"
    debrief_id: UUID = Field(primary_key=True)
    reporting: str = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    validated: int = Field(sa_type=BigInteger)
    provisional: int = Field(sa_type=BigInteger)
    updates: int = Field(sa_type=BigInteger)
