"""Operations and their updates in headline, on `planner.operations`."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.events.base import Event
from shared.events.planner.parts import Window
from shared.vocabulary import Indicator, OperationKind, OperationState, UpdateKind


class OperationEvent(Event):
    """On `planner.operations`: the headline, for whom a joint period is joint with."""

    topic: ClassVar[str] = "planner.operations"
    key_field: ClassVar[str] = "operation_id"

    operation_id: UUID
    period_id: UUID
    version: int = 0


class Headline(OperationEvent):
    """All that a headline says; `party` of the envelope is the owner."""

    kind: OperationKind
    status: OperationState
    window: Window
    objective_id: UUID | None = None
    held_until: datetime | None = None
    held: bool = False
    partners: tuple[str, ...] = ()
    """The other states of a joint operation."""


class OperationDrafted(Headline):
    """The owner has begun to plan; its own people only."""

    type: ClassVar[str] = "planner.operation.drafted.v1"


class OperationScheduled(Headline):
    """The owner has set when and what; place and tactics travel in OperationBriefed."""

    type: ClassVar[str] = "planner.operation.scheduled.v1"


class HeadlineReleased(Headline):
    """A headline that was held is now for the participants; it carries the state of the day.

    `to_newcomers`: it was for the others before, and is now for those in this event's audience as well.
    """

    type: ClassVar[str] = "planner.headline.released.v1"

    to_newcomers: bool = False


class OperationAmended(Headline):
    """Its owner has changed what was planned: the whole headline as it stands now."""

    type: ClassVar[str] = "planner.operation.amended.v1"

    by: str = ""


class OperationStarted(OperationEvent):
    """It is under way."""

    type: ClassVar[str] = "planner.operation.started.v1"

    at: datetime
    by: str


class OperationCompleted(OperationEvent):
    """It is done."""

    type: ClassVar[str] = "planner.operation.completed.v1"

    at: datetime
    by: str


class OperationCancelled(OperationEvent):
    """It will not run, or stopped. `withdrawn_by`: the state whose word a joint one no longer has."""

    type: ClassVar[str] = "planner.operation.cancelled.v1"

    at: datetime
    by: str
    withdrawn_by: str = ""


class UpdatePosted(OperationEvent):
    """An update's headline: what kind, when, and the counts. It may supersede an earlier update."""

    type: ClassVar[str] = "planner.update.posted.v1"

    update_id: UUID
    kind: UpdateKind
    happened_at: datetime
    counts: dict[Indicator, int]
    supersedes: UUID | None = None


class UpdateReleased(OperationEvent):
    """An update of an operation whose headline was held: its present state, for the newcomers.

    `to_newcomers`: it was for the others before, and is now for those in this event's audience as well.
    """

    type: ClassVar[str] = "planner.update.released.v1"

    update_id: UUID
    kind: UpdateKind
    happened_at: datetime
    counts: dict[Indicator, int]
    status: str
    posted_at: datetime
    supersedes: UUID | None = None
    to_newcomers: bool = False


class UpdateForgotten(OperationEvent):
    """In the place of what was said of an incident that was taken back from some of its readers, as its headline is for the
    readers of the detail; who still reads it got it anew."""

    type: ClassVar[str] = "planner.update.forgotten.v1"
    passes_hold: ClassVar[bool] = True

    at: datetime


class UpdateValidated(OperationEvent):
    """A coordinator of the state that posted it stands by the counts."""

    type: ClassVar[str] = "planner.update.validated.v1"

    update_id: UUID
    by: str


class UpdateReturned(OperationEvent):
    """A coordinator of the state that posted it does not stand by the counts yet; they count nowhere."""

    type: ClassVar[str] = "planner.update.returned.v1"

    update_id: UUID
    by: str
