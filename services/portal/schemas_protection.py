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


class IncidentOut(Said):
    """A serious incident: for the rights officers to whom it went. `status`: reported, escalated, taken_up or closed."""

    id: UUID
    version: int
    status: str
    party: str
    happened_at: datetime
    reported_at: datetime
    take_up_by: datetime | None
    text: str
    place: str
    language: str
    by: str
    taken_up_at: datetime | None
    taken_up_by: str | None
    taken_up_party: str | None
    finding: str | None
    note: str | None
    closed_at: datetime | None
    closed_by: str | None
    closed_party: str | None


class ProtectionOut(Said):
    """From which states of origin an update is kept: for the state that posted it."""

    protection_concern: str | None
    origins: list[str]
    released: list[str] | None
    reason: str | None
    by: str | None


class LatenessOut(Said):
    """How many of a party's updates the caller sees, and how many of them came late."""

    party: str
    updates: int
    late: int


class ReferralOut(Said):
    """The referral of a possible victim: for officers of the state that refers and for the protection service."""

    id: UUID
    version: int
    status: str
    party: str
    service: str
    reference: str
    indicators: list[str]
    exploitation: list[str]
    made_at: datetime
    answer_by: datetime
    made_by: str
    answered_at: datetime | None
    answered_by: str | None
    note: str | None


class ReferredOut(Said):
    """How many referrals stand where. Small numbers are not suppressed: draw no conclusions on persons from them."""

    made: int = 0
    overdue: int = 0
    accepted: int = 0
    refused: int = 0
    withdrawn: int = 0
