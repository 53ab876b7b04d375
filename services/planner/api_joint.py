"""The planner's HTTP door to joint operations."""

from typing import Any
from uuid import UUID

from pydantic import Field

from services.planner.domain.detail import Brief
from services.planner.domain.joint_amendment import Changes
from services.planner.schemas import OperationView, WindowAsked
from services.planner.usecases import joint, joint_amending
from shared import places
from shared.events.planner import Window
from shared.parties import PartyCode
from shared.places import PlaceAsked
from shared.runtime.bodies import Body, Line, Reason, Text
from shared.runtime.commands import commands
from shared.runtime.web import Caller, Expected, Transaction
from shared.vocabulary import DetailAudience, JointAnswer, OperationKind

router = commands()


class ProposeJoint(Body):
    """The other states of it, and what this version changes of the draft; what is not named stays as it is."""

    partners: tuple[PartyCode, ...] = Field(min_length=1, max_length=60)
    kind: OperationKind | None = None
    window: WindowAsked | None = None
    objective_id: UUID | None = None
    detail_audience: DetailAudience | None = None
    named: tuple[PartyCode, ...] | None = Field(default=None, max_length=60)
    title: Line | None = None
    agency: Line | None = None
    place: Line | None = None
    places: tuple[PlaceAsked, ...] | None = Field(default=None, max_length=20)
    narrative: Text | None = None
    tactics: Text | None = None
    resources: Text | None = None
    contacts: Text | None = None


class ProposeAmendment(Body):
    """The whole of it, as it is to be; its states, and the readers of its detail, stay as they are."""

    kind: OperationKind
    title: Line
    window: WindowAsked
    objective_id: UUID | None = None
    agency: Line = ""
    place: Line = ""
    places: tuple[PlaceAsked, ...] = Field(default=(), max_length=20)
    narrative: Text = ""
    tactics: Text = ""
    resources: Text = ""
    contacts: Text = ""


class AnswerJoint(Body):
    """A refusal says why; the reason stays between the states concerned."""

    answer: JointAnswer
    reason: Text = ""


@router.post("/operations/{operation_id}/proposals", status_code=201)
async def propose_joint(
    operation_id: UUID, body: ProposeJoint, actor: Caller, expected: Expected, tx: Transaction
) -> OperationView:
    brief = body.model_dump(include=set(Brief.model_fields), exclude_none=True)
    changes = await changes_of(body)
    return OperationView.of(await joint.propose(tx, actor, operation_id, expected, body.partners, changes, brief))


async def changes_of(body: ProposeJoint) -> dict[str, Any]:
    """What it names beside the brief. No objective is one that can be named: it is taken out."""
    changes = body.model_dump(include={"kind", "detail_audience"}, exclude_none=True)
    if "objective_id" in body.model_fields_set:
        changes["objective_id"] = body.objective_id
    if body.window:
        changes["window"] = Window(**body.window.model_dump())
    if body.places is not None:
        changes["places"] = await places.resolve(body.places)
    if body.named is not None:
        changes["named"] = tuple(sorted(set(body.named)))
    return changes


# without If-Match: states answer at the same time, and the number says which version they mean
@router.post("/operations/{operation_id}/proposals/{number}/answers", status_code=201)
async def answer_joint(
    operation_id: UUID, number: int, body: AnswerJoint, actor: Caller, tx: Transaction
) -> OperationView:
    return OperationView.of(await joint.answer(tx, actor, operation_id, number, body.answer, body.reason))


@router.post("/operations/{operation_id}/amendments", status_code=201)
async def propose_amendment(
    operation_id: UUID, body: ProposeAmendment, actor: Caller, expected: Expected, tx: Transaction
) -> OperationView:
    """Of a joint operation that is scheduled; it stays what it is until each of its states has consented."""
    to = Changes(
        window=Window(**body.window.model_dump()),
        brief=Brief(**body.model_dump(include=set(Brief.model_fields))),
        places=await places.resolve(body.places),
        **body.model_dump(include={"kind", "objective_id"}),
    )
    return OperationView.of(await joint_amending.propose(tx, actor, operation_id, expected, to))


@router.post("/operations/{operation_id}/amendments/{number}/answers", status_code=201)
async def answer_amendment(
    operation_id: UUID, number: int, body: AnswerJoint, actor: Caller, expected: Expected, tx: Transaction
) -> OperationView:
    """`If-Match` names the amendment's own version: another state's word makes a new one."""
    return OperationView.of(
        await joint_amending.answer(tx, actor, operation_id, number, expected, body.answer, body.reason)
    )


# without If-Match: whatever happened meanwhile, it stops
@router.post("/operations/{operation_id}/withdraw")
async def withdraw_from_joint(operation_id: UUID, body: Reason, actor: Caller, tx: Transaction) -> OperationView:
    return OperationView.of(await joint.withdraw(tx, actor, operation_id, body.reason))
