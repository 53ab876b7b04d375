"""What the public API answers about what protects people."""

from datetime import datetime
from uuid import UUID

from services.portal.schemas import Said


class DistressOut(Said):
    """A report of distress as it is known now; degrees, WGS 84."""

    id: UUID
    period_id: UUID
    version: int
    status: str
    precedence: str
    party: str
    happened_at: datetime
    reported_at: datetime
    latitude: float | None
    longitude: float | None
    place: str
    persons_on_board: int | None
    vessel: str
    contact: str
    text: str
    language: str
    by: str
    outcome: str | None
    note: str | None
    closed_at: datetime | None
