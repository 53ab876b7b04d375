"""What operations and updates say in detail, on `planner.details`."""

from typing import ClassVar
from uuid import UUID

from shared.events.base import Event
from shared.events.planner.parts import FileRef, Place, Resource, Task
from shared.vocabulary import ProtectionConcern


class DetailEvent(Event):
    """On `planner.details`: for whom the owner chose."""

    topic: ClassVar[str] = "planner.details"
    key_field: ClassVar[str] = "operation_id"

    operation_id: UUID
    period_id: UUID


class OperationBriefed(DetailEvent):
    """Where, how and with what. `to_newcomers`: those in this event's audience have it beside those that had it."""

    type: ClassVar[str] = "planner.operation.briefed.v1"

    title: str
    place: str = ""
    narrative: str = ""
    tactics: str = ""
    resources: str = ""
    contacts: str = ""
    to_newcomers: bool = False
    agency: str = ""
    places: tuple[Place, ...] = ()
    means: tuple[Resource, ...] = ()
    tasks: tuple[Task, ...] = ()


class UpdateDetailed(DetailEvent):
    """What happened, in the officer's words. `to_newcomers`: as with a brief."""

    type: ClassVar[str] = "planner.update.detailed.v1"

    update_id: UUID
    text: str
    place: str = ""
    language: str = ""
    by: str = ""
    protection_concern: ProtectionConcern | None = None
    files: tuple[FileRef, ...] = ()
    to_newcomers: bool = False


class ReturnExplained(DetailEvent):
    """Why an update was returned; for the state's own people."""

    type: ClassVar[str] = "planner.return.explained.v1"

    update_id: UUID
    reason: str
    by: str
