"""Periods and their plans, on `planner.periods`."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.events.base import Event
from shared.events.planner.parts import Checkpoint, FileRef, Objective, Part, PlanStanding, Section, Word
from shared.vocabulary import Answer, Focus, PeriodState, PlanAnswer


class PeriodEvent(Event):
    """On `planner.periods`: whoever is invited hears of periods and plans."""

    topic: ClassVar[str] = "planner.periods"
    key_field: ClassVar[str] = "period_id"

    period_id: UUID
    version: int = 0


class Proposal(PeriodEvent):
    """What parties are invited to."""

    title: str
    focus: tuple[Focus, ...]
    first_day: date
    last_day: date
    co_chairs: tuple[str, ...]
    invited: tuple[str, ...]
    supporting: tuple[str, ...] = ()
    objectives: tuple[Objective, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    answer_by: datetime | None = None


class PeriodProposed(Proposal):
    """The co-chairs invite parties to a joint period."""

    type: ClassVar[str] = "planner.period.proposed.v1"


class PartiesInvited(Proposal):
    """Further parties are asked; for them it carries all that the others know of the period and its plan by now.

    Where the versions of the plan are too long for one event, further parts carry the rest of them.
    """

    type: ClassVar[str] = "planner.parties.invited.v1"

    newcomers: tuple[str, ...]
    status: PeriodState
    adopted: int | None = None
    words: tuple[Word, ...] = ()
    plans: tuple[PlanStanding, ...] = ()
    by: str
    part: int = 1


class InvitationExtended(PeriodEvent):
    """The co-chairs wait longer for answers."""

    type: ClassVar[str] = "planner.invitation.extended.v1"

    answer_by: datetime
    by: str


class InvitationAnswered(PeriodEvent):
    """A party gave its word: in, watching, or not. `party` of the envelope is whose word it is."""

    type: ClassVar[str] = "planner.invitation.answered.v1"

    answer: Answer
    by: str
    reservation: str = ""


class InvitationUnanswered(PeriodEvent):
    """The time for answers is over, and who has said nothing; silence is not consent."""

    type: ClassVar[str] = "planner.invitation.unanswered.v1"

    silent: tuple[str, ...]
    answer_by: datetime


class ParticipantLeft(PeriodEvent):
    """A party that took part or watched is out of it from now on. What it did stays; `party` of the envelope is it."""

    type: ClassVar[str] = "planner.participant.left.v1"

    by: str
    reason: str = ""


class PlanPublished(PeriodEvent):
    """A plan version, immutable from here on.

    One that amends a version in force names the states that it affects; of those `carried` the endorsement of that one
    stands for this one too, unless they say otherwise.
    """

    type: ClassVar[str] = "planner.plan.published.v1"

    plan_version: int
    sections: tuple[Section, ...]
    rights_officers: tuple[str, ...] = ()
    objectives: tuple[Objective, ...] | None = None
    amends: int | None = None
    affected: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    annexes: tuple[FileRef, ...] = ()
    by: str = ""


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
    objectives: tuple[Objective, ...] | None = None


class PlanAmended(PeriodEvent):
    """Every affected state has endorsed the amendment, and nobody else speaks against it: it is the version in force."""

    type: ClassVar[str] = "planner.plan.amended.v1"

    plan_version: int
    amends: int
    objectives: tuple[Objective, ...] = ()


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
    """How far an operation had come on each topic; of an epoch after the first also in which."""

    operation_id: UUID
    sequences: dict[str, int]
    epochs: dict[str, int] = Field(default={})


class PeriodSealed(PeriodEvent):
    """Every operation of a closed period with its last sequence on each topic. Services only.

    Of very many operations it comes in parts, one after the other.
    """

    type: ClassVar[str] = "planner.period.sealed.v1"

    operations: tuple[Reached, ...]
    part: int = 1
