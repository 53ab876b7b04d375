"""The tables of the read model: every row that is shown carries the number of its audience."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Index, MetaData, PrimaryKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.runtime.tables import inbox_tables

SCHEMA = "read"
MODEL = 7
"""Raise it when the tables change: a portal that finds another number rebuilds."""
APART = 1_000_000
"""How much further a generation's numbers of the timeline begin: streams remember those of the one before."""


class Base(SQLModel, registry=registry(metadata=MetaData(schema=SCHEMA))):
    """The read model's own registry and metadata."""


def _json(nullable: bool = False) -> Any:
    return Field(default=None, sa_column=Column(JSONB, nullable=nullable))


def _at(nullable: bool = True) -> Any:
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


class PeriodRead(Seen, Base, table=True):
    """A period as it stands."""

    __tablename__ = "period"
    id: UUID = Field(primary_key=True)
    version: int
    status: str
    title: str
    first_day: date
    last_day: date
    co_chairs: list[str] = _json()
    invited: list[str] = _json()
    supporting: list[str] = _json()
    focus: list[str] = _json()
    objectives: list[dict[str, Any]] = _json()
    checkpoints: list[dict[str, Any]] = _json()
    plan_version: int | None = None
    adopted: int | None = None
    closed_at: datetime | None = _at()


class AnswerRead(Seen, Base, table=True):
    """A party's word on the invitation."""

    __tablename__ = "answer"
    period_id: UUID = Field(primary_key=True)
    party: str = Field(primary_key=True)
    answer: str
    by: str
    note: str
    at: datetime = _at(False)


class PlanRead(Seen, Base, table=True):
    """A version of the plan."""

    __tablename__ = "plan"
    period_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    sections: list[dict[str, Any]] = _json()
    rights_officers: list[str] = _json()
    at: datetime = _at(False)


class PlanAnswerRead(Seen, Base, table=True):
    """A state's word on a version."""

    __tablename__ = "plan_answer"
    period_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    party: str = Field(primary_key=True)
    answer: str
    by: str
    note: str
    at: datetime = _at(False)


class HeldRead(Seen, Base, table=True):
    """How many headlines are held: for co-chairs."""

    __tablename__ = "held"
    period_id: UUID = Field(primary_key=True)
    held: int


class OperationRead(Seen, Base, table=True):
    """An operation's headline as it stands."""

    __tablename__ = "operation"
    id: UUID = Field(primary_key=True)
    period_id: UUID
    owner: str
    version: int
    kind: str
    status: str
    starts_at: datetime = _at(False)
    ends_at: datetime = _at(False)
    objective_id: UUID | None = None
    held: bool = False
    held_until: datetime | None = _at()
    __table_args__ = (Index("operation_period", "period_id", "id"),)


class OperationDetailRead(Seen, Base, table=True):
    """An operation's detail as it stands."""

    __tablename__ = "operation_detail"
    operation_id: UUID = Field(primary_key=True)
    title: str
    place: str
    narrative: str
    tactics: str
    resources: str
    contacts: str


class UpdateRead(Seen, Base, table=True):
    """An update's headline as it stands."""

    __tablename__ = "update"
    id: UUID = Field(primary_key=True)
    operation_id: UUID
    period_id: UUID
    party: str
    version: int
    kind: str
    status: str
    happened_at: datetime = _at(False)
    posted_at: datetime = _at(False)
    counts: dict[str, int] = _json()
    supersedes: UUID | None = None
    superseded_by: UUID | None = None
    __table_args__ = (
        Index("update_period", "period_id", "audience_id", "id"),
        Index("update_party", "period_id", "party", "audience_id", "id"),
        Index("update_status", "period_id", "status", "audience_id", "id"),
        Index("update_operation", "operation_id", "audience_id", "id"),
        Index("update_audience", "audience_id", "id"),
    )


class UpdateCountRead(Seen, Base, table=True):
    """One indicator of one update: a figure opens to these."""

    __tablename__ = "update_count"
    update_id: UUID = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    period_id: UUID
    party: str
    value: int
    __table_args__ = (
        Index("update_count_figure", "period_id", "indicator", "audience_id", "update_id"),
        Index("update_count_audience", "indicator", "audience_id", "update_id"),
    )


class UpdateDetailRead(Seen, Base, table=True):
    """What happened, in words."""

    __tablename__ = "update_detail"
    update_id: UUID = Field(primary_key=True)
    operation_id: UUID
    text: str
    place: str
    language: str
    by: str


class ReturnRead(Seen, Base, table=True):
    """Why an update was returned."""

    __tablename__ = "return_reason"
    update_id: UUID = Field(primary_key=True)
    reason: str
    by: str
    at: datetime = _at(False)


class TotalRead(Seen, Base, table=True):
    """Sums kept as updates come, so that a figure costs the same at a thousand updates and at a million."""

    __tablename__ = "total"
    period_id: UUID = Field(primary_key=True)
    party: str = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    audience_id: int = Field(primary_key=True)
    validated: int = Field(sa_type=BigInteger)
    provisional: int = Field(sa_type=BigInteger)
    updates: int = Field(sa_type=BigInteger)


class TotalByDayRead(Seen, Base, table=True):
    """What stands of each day's counts, validated or provisional: what stood at a checkpoint comes from it."""

    __tablename__ = "total_by_day"
    period_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    party: str = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    audience_id: int = Field(primary_key=True)
    value: int = Field(sa_type=BigInteger)


class OperationTotalRead(Seen, Base, table=True):
    """What stands of the counts of one operation."""

    __tablename__ = "operation_total"
    operation_id: UUID = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    audience_id: int = Field(primary_key=True)
    value: int = Field(sa_type=BigInteger)


class PostedRead(Seen, Base, table=True):
    """How many updates each party posted on a day, how many of them are still provisional, and when the last came."""

    __tablename__ = "posted"
    period_id: UUID = Field(primary_key=True)
    party: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    audience_id: int = Field(primary_key=True)
    updates: int
    provisional: int
    last_at: datetime = _at(False)


class OperationPostedRead(Seen, Base, table=True):
    """How many updates an operation has, and when the last came."""

    __tablename__ = "operation_posted"
    operation_id: UUID = Field(primary_key=True)
    audience_id: int = Field(primary_key=True)
    updates: int
    last_at: datetime = _at(False)


class TimelineRead(Seen, Base, table=True):
    """What happened, in the order it arrived; never replaced."""

    __tablename__ = "timeline"
    period_id: UUID = Field(primary_key=True)
    audience_id: int = Field(primary_key=True)
    # no index begins with it: one that does would be walked past all that a reader may not see
    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    at: datetime = _at(False)
    type: str
    party: str
    subject_id: UUID
    body: dict[str, Any] = _json()
    __table_args__ = (
        PrimaryKeyConstraint("period_id", "audience_id", "id"),
        Index("timeline_at", "period_id", "audience_id", "at", "id"),
        Index("timeline_subject", "subject_id", "id"),
    )


class AlertRead(Seen, Base, table=True):
    """An alert's headline as it stands."""

    __tablename__ = "alert"
    id: UUID = Field(primary_key=True)
    version: int
    status: str
    originator: str
    kind: str
    recipients: list[str] = _json()
    precedence: str
    tlp: str
    handling: str
    handling_text: str
    valid_until: datetime = _at(False)
    answer_due: datetime = _at(False)
    period_id: UUID | None = None
    published_at: datetime = _at(False)
    recalled_at: datetime | None = _at()
    __table_args__ = (Index("alert_newest", "audience_id", "id"),)


class AlertBodyRead(Seen, Base, table=True):
    """An alert's text; gone after a recall."""

    __tablename__ = "alert_body"
    alert_id: UUID = Field(primary_key=True)
    title: str
    text: str
    language: str
    scale: str
    source: str
    information: str


class AlertLineRead(Seen, Base, table=True):
    """One recipient's line of an alert's ledger."""

    __tablename__ = "alert_line"
    alert_id: UUID = Field(primary_key=True)
    recipient: str = Field(primary_key=True)
    state: str
    delivered_at: datetime | None = _at()
    read_at: datetime | None = _at()
    acknowledged_at: datetime | None = _at()
    purged_at: datetime | None = _at()
    by: str = ""


class DebriefRead(Seen, Base, table=True):
    """A debrief as the events give it."""

    __tablename__ = "debrief"
    id: UUID = Field(primary_key=True)
    period_id: UUID = Field(unique=True)
    version: int
    title: str
    first_day: date
    last_day: date
    opened_at: datetime = _at(False)
    compiled: dict[str, Any] | None = _json(nullable=True)


class DebriefFigureRead(Seen, Base, table=True):
    """One party's figure in a debrief."""

    __tablename__ = "debrief_figure"
    debrief_id: UUID = Field(primary_key=True)
    reporting: str = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    validated: int = Field(sa_type=BigInteger)
    provisional: int = Field(sa_type=BigInteger)
    updates: int = Field(sa_type=BigInteger)


inbox_tables(Base.metadata, SCHEMA)
