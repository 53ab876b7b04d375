"""The planner's rows. Aggregates are kept whole in `body`; what queries ask for stands in columns beside it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, LargeBinary, Text, text
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
    """An operation of one owner, and when the clock has to look at its tasks."""

    __tablename__ = "operation"

    id: UUID = Field(primary_key=True)
    period_id: UUID = Field(foreign_key="period.id", index=True)
    owner: str
    version: int
    state: str
    held: bool
    task_due_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    __table_args__ = (Index("operation_task_due", "task_due_at", postgresql_where=text("task_due_at IS NOT NULL")),)


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


class DistressRow(Base, table=True):
    """A report of distress at sea."""

    __tablename__ = "distress"

    id: UUID = Field(primary_key=True)
    period_id: UUID = Field(foreign_key="period.id", index=True)
    version: int
    state: str
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


class IncidentRow(Base, table=True):
    """A serious incident, and when the clock has to look at it."""

    __tablename__ = "incident"

    id: UUID = Field(primary_key=True)
    period_id: UUID = Field(foreign_key="period.id")
    version: int
    state: str
    due_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    __table_args__ = (Index("incident_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),)


class ReferralRow(Base, table=True):
    """The referral of a possible victim, and when the clock has to look at it."""

    __tablename__ = "referral"

    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    version: int
    state: str
    due_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    __table_args__ = (Index("referral_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),)


class GroupRow(Base, table=True):
    """The Working Group: one row."""

    __tablename__ = "working_group"

    id: UUID = Field(primary_key=True)
    version: int
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


class LiveCellRow(Base, table=True):
    """A cell in which an operation that is scheduled or under way has a place: what others are compared with."""

    __tablename__ = "live_cell"

    operation_id: UUID = Field(primary_key=True)
    cell: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    period_id: UUID
    owner: str
    starts_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    ends_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    __table_args__ = (Index("live_cell_near", "cell", "ends_at"),)


class LiveTokenRow(Base, table=True):
    """A target of such an operation."""

    __tablename__ = "live_token"

    operation_id: UUID = Field(primary_key=True)
    token: str = Field(primary_key=True)
    period_id: UUID
    owner: str
    starts_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    ends_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    __table_args__ = (Index("live_token_equal", "token"),)


class TargetRow(Base, table=True):
    """The targets that an operation names, under its id."""

    __tablename__ = "target"

    id: UUID = Field(primary_key=True, foreign_key="operation.id")
    version: int
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


class ConflictRow(Base, table=True):
    """A conflict of two operations; one for each pair."""

    __tablename__ = "conflict"

    id: UUID = Field(primary_key=True)
    version: int
    state: str
    first_operation: UUID
    second_operation: UUID = Field(index=True)
    first_side: UUID = Field(unique=True)
    second_side: UUID = Field(unique=True)
    first_party: str
    second_party: str
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    __table_args__ = (
        Index("conflict_pair", "first_operation", "second_operation", unique=True),
        Index("conflict_first_party", "first_party", postgresql_where=text("state <> 'lapsed'")),
        Index("conflict_second_party", "second_party", postgresql_where=text("state <> 'lapsed'")),
    )


class ContactRow(Base, table=True):
    """Where a party is reached about conflicts."""

    __tablename__ = "contact"

    owner: str = Field(primary_key=True)
    version: int
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


class TryRow(Base, table=True):
    """What a party had compared with others' operations at one time."""

    __tablename__ = "try"

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    party: str
    places: int
    targets: int
    at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    __table_args__ = (Index("try_party", "party", "at"),)


class InvestigationRow(Base, table=True):
    """An investigation plan, and when the clock has to look at it."""

    __tablename__ = "investigation"

    id: UUID = Field(primary_key=True)
    period_id: UUID = Field(foreign_key="period.id", index=True)
    version: int
    state: str
    due_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    body: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    __table_args__ = (Index("investigation_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),)


class LedgerRow(Base, table=True):
    """A line of the consent ledger: numbered as its event in the outbox, and chained as the audit is."""

    __tablename__ = "consent_ledger"

    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    event_id: UUID
    at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    party: str = Field(sa_column=Column(Text, nullable=False))
    officer: str = Field(sa_column=Column(Text, nullable=False))
    kind: str = Field(sa_column=Column(Text, nullable=False))
    type: str = Field(sa_column=Column(Text, nullable=False))
    aggregate: str = Field(sa_column=Column(Text, nullable=False))
    subject: UUID
    period_id: UUID | None
    operation_id: UUID | None
    version: int
    named: str = Field(sa_column=Column(Text, nullable=False))
    audience: str = Field(sa_column=Column(Text, nullable=False))
    seal: int | None = Field(sa_column=Column(BigInteger))
    hash: bytes | None = Field(sa_column=Column(LargeBinary))
    __table_args__ = (
        Index("consent_ledger_event", "event_id", unique=True),
        Index("consent_ledger_period", "period_id", "number"),
        Index("consent_ledger_of_period", "subject", "number", postgresql_where=text("aggregate = 'period'")),
        Index("consent_ledger_seal", "seal", unique=True),
        Index("consent_ledger_unsealed", "number", postgresql_where=text("seal IS NULL")),
    )


runtime_tables(Base.metadata)
