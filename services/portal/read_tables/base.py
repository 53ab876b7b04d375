"""What the tables of the read model have in common: every row that is shown carries the number of its audience."""

from typing import Any

from sqlalchemy import Column, DateTime, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.runtime.tables import inbox_tables

SCHEMA = "read"
MODEL = 16
"""Raise it when the tables change: a portal that finds another number rebuilds."""
APART = 1_000_000
"""How much further a generation's numbers of the timeline begin: streams remember those of the one before."""


class Base(SQLModel, registry=registry(metadata=MetaData(schema=SCHEMA))):
    """The read model's own registry and metadata."""


def json_column(nullable: bool = False) -> Any:
    """A value that is kept as JSON."""
    return Field(default=None, sa_column=Column(JSONB, nullable=nullable))


def at_column(nullable: bool = True) -> Any:
    """A moment."""
    return Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=nullable))


class Generation(Base, table=True):
    """Which build of the read model this is: its consumer group starts at the beginning of every topic."""

    __tablename__ = "generation"
    name: str = Field(primary_key=True)
    model: int


class AudienceRow(Base, table=True):
    """A distinct set of entries."""

    __tablename__ = "audience"
    id: int | None = Field(default=None, primary_key=True)
    entries: str = Field(unique=True)


class AudienceEntry(Base, table=True):
    """Which sets an entry is in: what the policy asks."""

    __tablename__ = "audience_entry"
    entry: str = Field(primary_key=True)
    audience_id: int = Field(primary_key=True)


class Seen(SQLModel):
    """What every shown row carries."""

    audience_id: int


inbox_tables(Base.metadata, SCHEMA)
