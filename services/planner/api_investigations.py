"""The planner's HTTP door to investigation plans."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field
from uuid_utils.compat import uuid7

from services.planner.api_joint import AnswerJoint
from services.planner.domain.investigation import MOST_MILESTONES, Investigation
from services.planner.usecases import investigations
from shared.events.planner import Milestone
from shared.parties import PartyCode
from shared.runtime.bodies import Body, Line, Nothing, Reason, Text
from shared.runtime.commands import commands
from shared.runtime.web import Caller, Expected, Transaction
from shared.vocabulary import InvestigationState

router = commands()


class MilestoneAsked(Body):
    """With the id of a milestone of an earlier version it is that one, changed or not; without, a new one."""

    id: UUID | None = None
    title: Line
    owner: PartyCode
    due: date


class ReviseInvestigation(Body):
    title: Line
    aim: Text = ""
    members: tuple[PartyCode, ...] = Field(max_length=60)
    milestones: tuple[MilestoneAsked, ...] = Field(default=(), max_length=MOST_MILESTONES)


class ProposeInvestigation(ReviseInvestigation):
    """Of the caller's own state with others, its `members`."""

    period_id: UUID


class InvestigationView(BaseModel):
    id: UUID
    period_id: UUID
    version: int
    status: InvestigationState
    owner: str
    members: tuple[str, ...]
    number: int
    """The present version of what its states agree to."""

    @classmethod
    def of(cls, plan: Investigation) -> "InvestigationView":
        number = plan.proposal.number if plan.proposal else 0
        return cls(
            id=plan.id, period_id=plan.period_id, version=plan.version, status=plan.state, owner=plan.owner,
            members=plan.members, number=number,
        )  # fmt: skip


@router.post("/investigations", status_code=201)
async def propose_investigation(body: ProposeInvestigation, actor: Caller, tx: Transaction) -> InvestigationView:
    plan = Investigation(
        id=uuid7(), period_id=body.period_id, owner=actor.party, title=body.title, aim=body.aim, members=body.members,
        milestones=_milestones(body),
    )  # fmt: skip
    return InvestigationView.of(await investigations.propose(tx, actor, plan))


@router.post("/investigations/{investigation_id}/versions", status_code=201)
async def revise_investigation(
    investigation_id: UUID, body: ReviseInvestigation, actor: Caller, expected: Expected, tx: Transaction
) -> InvestigationView:
    milestones = _milestones(body)
    return InvestigationView.of(
        await investigations.revise(
            tx, actor, investigation_id, expected, body.title, body.aim, body.members, milestones
        )
    )


# without If-Match: states answer at the same time, and the number says which version they mean
@router.post("/investigations/{investigation_id}/versions/{number}/answers", status_code=201)
async def answer_investigation(
    investigation_id: UUID, number: int, body: AnswerJoint, actor: Caller, tx: Transaction
) -> InvestigationView:
    return InvestigationView.of(
        await investigations.answer(tx, actor, investigation_id, number, body.answer, body.reason)
    )


# without If-Match: whatever happened meanwhile, it stops
@router.post("/investigations/{investigation_id}/withdraw")
async def withdraw_from_investigation(
    investigation_id: UUID, body: Reason, actor: Caller, tx: Transaction
) -> InvestigationView:
    return InvestigationView.of(await investigations.withdraw(tx, actor, investigation_id, body.reason))


# without If-Match: each milestone is reached once, by the state whose it is
@router.post("/investigations/{investigation_id}/milestones/{milestone_id}/reach")
async def reach_milestone(
    investigation_id: UUID, milestone_id: UUID, body: Nothing, actor: Caller, tx: Transaction
) -> InvestigationView:
    return InvestigationView.of(await investigations.reach(tx, actor, investigation_id, milestone_id))


def _milestones(body: ReviseInvestigation) -> tuple[Milestone, ...]:
    return tuple(Milestone(id=one.id or uuid7(), **one.model_dump(exclude={"id"})) for one in body.milestones)
