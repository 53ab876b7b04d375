"""Operations and updates as they are shown, and the sums that are kept as updates come."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field

from services.portal.read_tables.base import Base, Seen, at_column, json_column

IS_JOINT = "{0} @> '[]' AND {0} <> '[]'"
"""Whether there are partners in this column; to none and to no list it says no."""


class OperationRead(Seen, Base, table=True):
    """An operation's headline as it stands."""

    __tablename__ = "operation"
    id: UUID = Field(primary_key=True)
    period_id: UUID
    owner: str
    version: int
    kind: str
    status: str
    starts_at: datetime = at_column(False)
    ends_at: datetime = at_column(False)
    objective_id: UUID | None = None
    held: bool = False
    held_until: datetime | None = at_column()
    partners: list[str] | None = json_column(nullable=True)
    """The other states of a joint operation."""
    withdrawn_by: str | None = None
    """The state whose word it no longer has."""
    __table_args__ = (
        Index("operation_period", "period_id", "id"),
        Index("operation_joint", "period_id", "audience_id", "id", postgresql_where=text(IS_JOINT.format("partners"))),
    )


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
    agency: str = ""
    places: list[dict[str, Any]] = json_column()
    means: list[dict[str, Any]] = json_column()
    tasks: list[dict[str, Any]] = json_column()


class DetailChoiceRead(Seen, Base, table=True):
    """For whom the owner chose the detail to be: for its own people."""

    __tablename__ = "detail_choice"
    operation_id: UUID = Field(primary_key=True)
    version: int
    detail_audience: str
    named: list[str] = json_column()


class DetailRecallRead(Seen, Base, table=True):
    """A detail was taken back from a party: between that party and the owner."""

    __tablename__ = "detail_recall"
    operation_id: UUID = Field(primary_key=True)
    recipient: str = Field(primary_key=True)
    recall_id: UUID
    at: datetime = at_column(False)
    purged_at: datetime | None = at_column()


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
    happened_at: datetime = at_column(False)
    posted_at: datetime = at_column(False)
    counts: dict[str, int] = json_column()
    supersedes: UUID | None = None
    superseded_by: UUID | None = None
    late: bool = False
    __table_args__ = (
        Index("update_period", "period_id", "audience_id", "id"),
        Index("update_party", "period_id", "party", "audience_id", "id"),
        Index("update_status", "period_id", "status", "audience_id", "id"),
        # home asks for a party's returned ones: where there is none, all of that party's or all returned would be read
        Index("update_party_status", "period_id", "party", "status", "audience_id", "id"),
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
    operation_id: UUID = Field(index=True)
    text: str
    place: str
    language: str
    by: str
    protection_concern: str | None = None


class ReturnRead(Seen, Base, table=True):
    """Why an update was returned."""

    __tablename__ = "return_reason"
    update_id: UUID = Field(primary_key=True)
    reason: str
    by: str
    at: datetime = at_column(False)


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
    late: int
    last_at: datetime = at_column(False)


class OperationPostedRead(Seen, Base, table=True):
    """How many updates an operation has, and when the last came."""

    __tablename__ = "operation_posted"
    operation_id: UUID = Field(primary_key=True)
    audience_id: int = Field(primary_key=True)
    updates: int
    last_at: datetime = at_column(False)
