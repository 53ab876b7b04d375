"""Investigation plans, on `planner.details`: what states plan together in detail, for them alone."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from shared.events.base import Event
from shared.events.planner.parts import Part
from shared.events.planner.periods import PeriodEvent
from shared.vocabulary import JointAnswer


class Milestone(Part):
    """A step of an investigation plan: whose it is, and by which day."""

    id: UUID
    title: str
    owner: str
    due: date
    done_at: datetime | None = None


class InvestigationEvent(Event):
    """On `planner.details`: for the states of the plan."""

    topic: ClassVar[str] = "planner.details"
    key_field: ClassVar[str] = "investigation_id"

    investigation_id: UUID
    period_id: UUID
    version: int = 0


class InvestigationProposed(InvestigationEvent):
    """A version of an investigation plan is put to its states; each of them consents to it or refuses.

    `party` of the envelope is the owner, `members` are the other states.
    """

    type: ClassVar[str] = "planner.investigation.proposed.v1"

    number: int
    title: str
    aim: str = ""
    members: tuple[str, ...]
    milestones: tuple[Milestone, ...]
    by: str


class InvestigationAnswered(InvestigationEvent):
    """A state's word on one version of an investigation plan."""

    type: ClassVar[str] = "planner.investigation.answered.v1"

    number: int
    answer: JointAnswer
    by: str
    reason: str = ""


class InvestigationAgreed(InvestigationEvent):
    """Every state has consented to this version: it is agreed."""

    type: ClassVar[str] = "planner.investigation.agreed.v1"

    number: int


class InvestigationWithdrawn(InvestigationEvent):
    """A state takes its word back: a plan that was agreed stops, of one that was not the version does."""

    type: ClassVar[str] = "planner.investigation.withdrawn.v1"

    number: int
    by: str
    reason: str = ""
    stopped: bool


class MilestoneReached(InvestigationEvent):
    """Its owner has done what the milestone says."""

    type: ClassVar[str] = "planner.milestone.reached.v1"

    milestone_id: UUID
    at: datetime
    by: str


class MilestonesOverdue(InvestigationEvent):
    """The day is over by which these milestones were due. Each is told once."""

    type: ClassVar[str] = "planner.milestones.overdue.v1"

    milestones: tuple[UUID, ...]


class InvestigationsCounted(PeriodEvent):
    """How many investigation plans there are: a number for the co-chairs, and nothing else."""

    type: ClassVar[str] = "planner.investigations.counted.v1"

    investigations: int
