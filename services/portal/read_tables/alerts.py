"""Alerts as they are shown."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.portal.read_tables.base import Base, Seen, at_column, json_column


class AlertRead(Seen, Base, table=True):
    """An alert's headline as it stands."""

    __tablename__ = "alert"
    id: UUID = Field(primary_key=True)
    version: int
    status: str
    originator: str
    kind: str
    recipients: list[str] = json_column()
    precedence: str
    tlp: str
    handling: str
    handling_text: str
    valid_until: datetime = at_column(False)
    answer_due: datetime = at_column(False)
    period_id: UUID | None = None
    published_at: datetime = at_column(False)
    recalled_at: datetime | None = at_column()
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
    delivered_at: datetime | None = at_column()
    read_at: datetime | None = at_column()
    acknowledged_at: datetime | None = at_column()
    purged_at: datetime | None = at_column()
    by: str = ""
