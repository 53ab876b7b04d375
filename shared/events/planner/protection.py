"""What protects people, on `planner.details`: serious incidents, and which states are kept from knowing of a person."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.events.base import Event
from shared.events.planner.details import DetailEvent
from shared.vocabulary import IncidentFinding, ProtectionConcern


class IncidentEvent(Event):
    """For rights officers of parties that have it, by their role: never of the state whose officer reports it."""

    topic: ClassVar[str] = "planner.details"
    key_field: ClassVar[str] = "incident_id"

    incident_id: UUID
    period_id: UUID
    operation_id: UUID
    version: int = 1


class IncidentTold(IncidentEvent):
    """All of what was reported."""

    happened_at: datetime
    reported_at: datetime
    take_up_by: datetime | None = None
    text: str
    place: str = ""
    language: str = ""
    by: str


class IncidentReported(IncidentTold):
    """A serious incident, for the rights officers of other parties that the plan names, and nobody else at all.

    `party` of the envelope is the state whose officer reports it: of that state nobody reads this.
    """

    type: ClassVar[str] = "planner.incident.reported.v1"


class IncidentEscalated(IncidentTold):
    """Nobody took it up by `take_up_by`: said once, whole, also for whom the plan names by now. `party` as when reported."""

    type: ClassVar[str] = "planner.incident.escalated.v1"


class IncidentTakenUp(IncidentEvent):
    """A rights officer of `party` has it in hand."""

    type: ClassVar[str] = "planner.incident.taken_up.v1"

    at: datetime
    by: str


class IncidentClosed(IncidentEvent):
    """A rights officer of `party` says what was found."""

    type: ClassVar[str] = "planner.incident.closed.v1"

    finding: IncidentFinding
    note: str
    at: datetime
    by: str


class OriginWithheld(DetailEvent):
    """An update is about a person whom these states must not learn of: the state that posted it reads which."""

    type: ClassVar[str] = "planner.origin.withheld.v1"

    update_id: UUID
    protection_concern: ProtectionConcern
    origins: tuple[str, ...]


class OriginReleased(DetailEvent):
    """A rights officer of the state that posted it lets these states know after all; `origins` are still kept out."""

    type: ClassVar[str] = "planner.origin.released.v1"

    update_id: UUID
    version: int
    released: tuple[str, ...]
    origins: tuple[str, ...]
    reason: str
    by: str
