"""What protects people, as it is shown: distress, serious incidents, referrals, and from whom an update is kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.portal.read_tables.base import Base, Seen, at_column, json_column


class DistressRead(Seen, Base, table=True):
    """A report of distress as it stands."""

    __tablename__ = "distress"
    id: UUID = Field(primary_key=True)
    period_id: UUID
    party: str
    version: int
    status: str
    precedence: str
    happened_at: datetime = at_column(False)
    reported_at: datetime = at_column(False)
    latitude: float | None = None
    longitude: float | None = None
    place: str
    persons_on_board: int | None = None
    vessel: str
    contact: str
    text: str
    language: str
    by: str
    outcome: str | None = None
    note: str | None = None
    closed_at: datetime | None = at_column()
    __table_args__ = (Index("distress_open", "status", "audience_id", "id"), Index("distress_newest", "audience_id", "id"))


class IncidentRead(Seen, Base, table=True):
    """A serious incident: for the rights officers to whom it went."""

    __tablename__ = "incident"
    id: UUID = Field(primary_key=True)
    period_id: UUID
    operation_id: UUID
    party: str
    version: int
    status: str
    happened_at: datetime = at_column(False)
    reported_at: datetime = at_column(False)
    take_up_by: datetime | None = at_column()
    text: str
    place: str
    language: str
    by: str
    taken_up_at: datetime | None = at_column()
    taken_up_by: str | None = None
    taken_up_party: str | None = None
    finding: str | None = None
    note: str | None = None
    closed_at: datetime | None = at_column()
    closed_by: str | None = None
    closed_party: str | None = None
    __table_args__ = (Index("incident_newest", "audience_id", "id"), Index("incident_open", "status", "audience_id", "id"))


class ProtectionRead(Seen, Base, table=True):
    """From which states an update is kept: for the state that posted it."""

    __tablename__ = "update_protection"
    update_id: UUID = Field(primary_key=True)
    protection_concern: str | None = None
    origins: list[str] = json_column()
    released: list[str] | None = json_column(nullable=True)
    reason: str | None = None
    by: str | None = None


class ReferralRead(Seen, Base, table=True):
    """The referral of a possible victim: for officers of the state that refers and for the protection service."""

    __tablename__ = "referral"
    id: UUID = Field(primary_key=True)
    operation_id: UUID
    period_id: UUID
    party: str
    service: str
    version: int
    status: str
    reference: str
    indicators: list[str] = json_column()
    exploitation: list[str] = json_column()
    made_at: datetime = at_column(False)
    answer_by: datetime = at_column(False)
    made_by: str
    answered_at: datetime | None = at_column()
    answered_by: str | None = None
    note: str | None = None
    __table_args__ = (Index("referral_newest", "audience_id", "id"),)


class ReferralCountRead(Seen, Base, table=True):
    """How many referrals an operation has, by where they stand: for the readers of its headline."""

    __tablename__ = "referral_count"
    operation_id: UUID = Field(primary_key=True)
    period_id: UUID
    party: str
    made: int
    overdue: int
    accepted: int
    refused: int
    withdrawn: int
    __table_args__ = (Index("referral_count_period", "period_id", "audience_id"),)
