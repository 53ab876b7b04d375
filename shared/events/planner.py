"""What the planner says: periods and their plans, operations in headline and detail, updates."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.events.base import Event
from shared.vocabulary import Answer, Focus, Indicator, OperationKind, OperationState, PlanAnswer, UpdateKind


class Part(BaseModel):
    """A value inside an event."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Objective(Part):
    """What the period wants to reach: an indicator, from where, to where."""

    id: UUID
    title: str
    indicator: Indicator
    baseline: int = 0
    target: int


class Checkpoint(Part):
    """A progression session on a day of the period."""

    name: str
    day: date


class Section(Part):
    """A part of a plan."""

    title: str
    text: str


class Window(Part):
    """From when to when an operation runs."""

    starts_at: datetime
    ends_at: datetime


class PeriodEvent(Event):
    """On `planner.periods`: whoever is invited hears of periods and plans."""

    topic: ClassVar[str] = "planner.periods"
    key_field: ClassVar[str] = "period_id"

    period_id: UUID
    version: int = 0


class PeriodProposed(PeriodEvent):
    """The co-chairs invite parties to a joint period."""

    type: ClassVar[str] = "planner.period.proposed.v1"

    title: str
    focus: tuple[Focus, ...]
    first_day: date
    last_day: date
    co_chairs: tuple[str, ...]
    invited: tuple[str, ...]
    supporting: tuple[str, ...] = ()
    objectives: tuple[Objective, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()


class InvitationAnswered(PeriodEvent):
    """A party gave its word: in, watching, or not. `party` of the envelope is whose word it is."""

    type: ClassVar[str] = "planner.invitation.answered.v1"

    answer: Answer
    by: str
    reservation: str = ""


class PlanPublished(PeriodEvent):
    """A plan version, immutable from here on."""

    type: ClassVar[str] = "planner.plan.published.v1"

    plan_version: int
    sections: tuple[Section, ...]
    rights_officers: tuple[str, ...] = ()


class PlanAnswered(PeriodEvent):
    """A state's word on one plan version."""

    type: ClassVar[str] = "planner.plan.answered.v1"

    plan_version: int
    answer: PlanAnswer
    by: str
    reason: str = ""


class PlanAdopted(PeriodEvent):
    """Every participant had endorsed this same version."""

    type: ClassVar[str] = "planner.plan.adopted.v1"

    plan_version: int
    by: str


class PeriodActivated(PeriodEvent):
    """The period runs."""

    type: ClassVar[str] = "planner.period.activated.v1"

    by: str


class PeriodClosed(PeriodEvent):
    """The period is over; results may still be validated."""

    type: ClassVar[str] = "planner.period.closed.v1"

    at: datetime
    by: str


class PeriodCancelled(PeriodEvent):
    """The period will not take place, or stopped before its end."""

    type: ClassVar[str] = "planner.period.cancelled.v1"

    by: str
    reason: str = ""


class PeriodDebriefed(PeriodEvent):
    """The debrief's report is adopted."""

    type: ClassVar[str] = "planner.period.debriefed.v1"

    by: str


class PeriodArchived(PeriodEvent):
    """Nothing of the period changes any more."""

    type: ClassVar[str] = "planner.period.archived.v1"

    by: str


class HeldCounted(PeriodEvent):
    """How many headlines their owners hold back: a number for the co-chairs, and nothing else."""

    type: ClassVar[str] = "planner.held.counted.v1"

    held: int


class Reached(Part):
    """How far an operation had come on each topic."""

    operation_id: UUID
    sequences: dict[str, int]


class PeriodSealed(PeriodEvent):
    """Every operation of a closed period with its last sequence on each topic. Services only."""

    type: ClassVar[str] = "planner.period.sealed.v1"

    operations: tuple[Reached, ...]


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


class OperationDrafted(Headline):
    """The owner has begun to plan; its own people only."""

    type: ClassVar[str] = "planner.operation.drafted.v1"


class OperationScheduled(Headline):
    """The owner has set when and what; place and tactics travel in OperationBriefed."""

    type: ClassVar[str] = "planner.operation.scheduled.v1"


class HeadlineReleased(Headline):
    """A headline that was held is now for the participants; it carries the state of the day."""

    type: ClassVar[str] = "planner.headline.released.v1"


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
    """It will not run, or stopped."""

    type: ClassVar[str] = "planner.operation.cancelled.v1"

    at: datetime
    by: str


class UpdatePosted(OperationEvent):
    """An update's headline: what kind, when, and the counts. It may supersede an earlier update."""

    type: ClassVar[str] = "planner.update.posted.v1"

    update_id: UUID
    kind: UpdateKind
    happened_at: datetime
    counts: dict[Indicator, int]
    supersedes: UUID | None = None


class UpdateReleased(OperationEvent):
    """An update of an operation whose headline was held: its present state, for the newcomers."""

    type: ClassVar[str] = "planner.update.released.v1"

    update_id: UUID
    kind: UpdateKind
    happened_at: datetime
    counts: dict[Indicator, int]
    status: str
    posted_at: datetime
    supersedes: UUID | None = None


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


class DetailEvent(Event):
    """On `planner.details`: for whom the owner chose."""

    topic: ClassVar[str] = "planner.details"
    key_field: ClassVar[str] = "operation_id"

    operation_id: UUID
    period_id: UUID


class OperationBriefed(DetailEvent):
    """Where, how and with what."""

    type: ClassVar[str] = "planner.operation.briefed.v1"

    title: str
    place: str = ""
    narrative: str = ""
    tactics: str = ""
    resources: str = ""
    contacts: str = ""


class UpdateDetailed(DetailEvent):
    """What happened, in the officer's words."""

    type: ClassVar[str] = "planner.update.detailed.v1"

    update_id: UUID
    text: str
    place: str = ""
    language: str = ""
    by: str = ""


class ReturnExplained(DetailEvent):
    """Why an update was returned; for the state's own people."""

    type: ClassVar[str] = "planner.return.explained.v1"

    update_id: UUID
    reason: str
    by: str
