"""Distress at sea, on `planner.operations`: the one exception to the rule that no headline carries a detail.

Where a vessel is and how to call it is a detail anywhere else; here it is what saves lives, so it goes to everybody of the
period in the very event that says that there is a distress. It is no operation's: nothing that is held, set aside or in
quarantine of an operation stands before it, and it does not tell of which operation it comes.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.events.base import Event
from shared.vocabulary import DistressOutcome, Precedence


class DistressEvent(Event):
    """On `planner.operations`, for every party of the period that is not out of it."""

    topic: ClassVar[str] = "planner.operations"
    key_field: ClassVar[str] = "distress_id"

    distress_id: UUID
    period_id: UUID
    version: int = 0


class Whereabouts(DistressEvent):
    """All that is known of it; what is not known is empty."""

    precedence: Precedence = Precedence.FLASH
    happened_at: datetime
    latitude: float | None = None
    longitude: float | None = None
    place: str = ""
    persons_on_board: int | None = None
    vessel: str = ""
    contact: str = ""
    text: str = ""
    language: str = ""
    by: str = ""


class DistressReported(Whereabouts):
    """Lives are in danger at sea. No hold, draft or consent delays it."""

    type: ClassVar[str] = "planner.distress.reported.v1"

    reported_at: datetime


class DistressRevised(Whereabouts):
    """As it is known now: a vessel drifts, a first report errs. Said again, too, when a party comes back to the period."""

    type: ClassVar[str] = "planner.distress.revised.v1"

    reported_at: datetime


class DistressClosed(DistressEvent):
    """The state that reported it says how it ended."""

    type: ClassVar[str] = "planner.distress.closed.v1"

    outcome: DistressOutcome
    note: str = ""
    at: datetime
    by: str
