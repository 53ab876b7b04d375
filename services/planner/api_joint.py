"""The planner's HTTP door to joint operations."""

from uuid import UUID

from pydantic import Field

from services.planner.schemas import OperationView, WindowAsked
from services.planner.usecases import joint
from shared.events.planner import Window
from shared.parties import PartyCode
from shared.runtime.bodies import Body, Line, Reason, Text
from shared.runtime.commands import commands
from shared.runtime.web import Caller, Expected, Transaction
from shared.vocabulary import DetailAudience, JointAnswer, OperationKind

router = commands()
_BRIEF = {"title", "place", "narrative", "tactics", "resources", "contacts"}


class ProposeJoint(Body):
    """The other states of it, and what this version changes of the draft; what is not named stays as it is."""

    partners: tuple[PartyCode, ...] = Field(min_length=1, max_length=60)
    kind: OperationKind | None = None
    window: WindowAsked | None = None
    objective_id: UUID | None = None
    detail_audience: DetailAudience | None = None
    named: tuple[PartyCode, ...] | None = Field(default=None, max_length=60)
    title: Line | None = None
    place: Line | None = None
    narrative: Text | None = None
    tactics: Text | None = None
    resources: Text | None = None
    contacts: Text | None = None


class AnswerJoint(Body):
    """A refusal says why; the reason stays between the states concerned."""

    answer: JointAnswer
    reason: Text = ""


@router.post("/operations/{operation_id}/proposals", status_code=201)
async def propose_joint(
    operation_id: UUID, body: ProposeJoint, actor: Caller, expected: Expected, tx: Transaction
) -> OperationView:
    brief = body.model_dump(include=_BRIEF, exclude_none=True)
    changes = body.model_dump(include={"kind", "objective_id", "detail_audience", "named"}, exclude_none=True)
    if body.window:
        changes["window"] = Window(**body.window.model_dump())
    return OperationView.of(await joint.propose(tx, actor, operation_id, expected, body.partners, changes, brief))


# without If-Match: states answer at the same time, and the number says which version they mean
@router.post("/operations/{operation_id}/proposals/{number}/answers", status_code=201)
async def answer_joint(
    operation_id: UUID, number: int, body: AnswerJoint, actor: Caller, tx: Transaction
) -> OperationView:
    return OperationView.of(await joint.answer(tx, actor, operation_id, number, body.answer, body.reason))


# without If-Match: whatever happened meanwhile, it stops
@router.post("/operations/{operation_id}/withdraw")
async def withdraw_from_joint(operation_id: UUID, body: Reason, actor: Caller, tx: Transaction) -> OperationView:
    return OperationView.of(await joint.withdraw(tx, actor, operation_id, body.reason))
