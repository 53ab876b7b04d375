"""What an owner decides about who reads a detail, and what becomes of one that is taken back; on `planner.details`."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.events.planner.details import DetailEvent
from shared.vocabulary import DetailAudience


class DetailAudienceChosen(DetailEvent):
    """The owner has said for whom the detail is. For its own people: what others get is not for everyone to know."""

    type: ClassVar[str] = "planner.detail.audience_chosen.v1"

    version: int
    detail_audience: DetailAudience
    named: tuple[str, ...] = ()
    by: str


class DetailRecalled(DetailEvent):
    """The owner takes the detail back from one party: it, and what updates said in detail, is to be purged there, and
    updates that are incidents altogether."""

    type: ClassVar[str] = "planner.detail.recalled.v1"
    passes_hold: ClassVar[bool] = True

    recall_id: UUID
    recipient: str
    at: datetime
    by: str


class DetailForgotten(DetailEvent):
    """In the place of a detail that was taken back from some of its readers; who still reads it got it anew."""

    type: ClassVar[str] = "planner.detail.forgotten.v1"
    passes_hold: ClassVar[bool] = True

    at: datetime


class DetailPurgeConfirmed(DetailEvent):
    """The portal has taken a recalled detail out of every place where it showed it to that party. For the owner."""

    type: ClassVar[str] = "planner.detail.purge_confirmed.v1"

    recall_id: UUID
    recipient: str
    at: datetime
