"""The planner's HTTP door to consultations, the programme, and (for the operator) the members of the Working Group."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from uuid_utils.compat import uuid7

from services.planner.domain.activity import Activity
from services.planner.domain.consultation import Consultation
from services.planner.schemas_group import (
    ActivityView,
    AnswerConsultation,
    CallConsultation,
    ConsultationView,
    GroupView,
    HoldConsultation,
    Note,
    ProposeActivity,
    Result,
    ReviseActivity,
    WriteRecord,
)
from services.planner.usecases import consultations, programme
from shared.events.planner import Document
from shared.parties import PartyCode
from shared.runtime.bodies import Nothing, Reason
from shared.runtime.commands import commands
from shared.runtime.web import Caller, Expected, Transaction
from shared.vocabulary import Role

router = commands()
operator = APIRouter(include_in_schema=False)
Codes = Annotated[tuple[PartyCode, ...], Query(max_length=60)]


@router.post("/consultations", status_code=201)
async def call_consultation(body: CallConsultation, actor: Caller, tx: Transaction) -> ConsultationView:
    asked = body.model_dump(exclude={"answer_by"})
    answer_by = body.answer_by or tx.now + body.precedence.answer_due
    if body.answer_by is None and body.meets_at is not None:
        answer_by = min(answer_by, body.meets_at)
    consultation = Consultation(id=uuid7(), answer_by=answer_by, **asked)
    return ConsultationView.of(await consultations.call(tx, actor, consultation))


# without If-Match: every party answers at the same time, and no answer is about another's
@router.post("/consultations/{consultation_id}/answers", status_code=201)
async def answer_consultation(
    consultation_id: UUID, body: AnswerConsultation, actor: Caller, tx: Transaction
) -> ConsultationView:
    return ConsultationView.of(await consultations.answer(tx, actor, consultation_id, body.answer, body.note))


@router.post("/consultations/{consultation_id}/hold")
async def hold_consultation(
    consultation_id: UUID, body: HoldConsultation, actor: Caller, expected: Expected, tx: Transaction
) -> ConsultationView:
    held_at = body.held_at or tx.now
    return ConsultationView.of(
        await consultations.hold(tx, actor, consultation_id, expected, body.attendees, held_at)
    )


@router.post("/consultations/{consultation_id}/record")
async def write_record(
    consultation_id: UUID, body: WriteRecord, actor: Caller, expected: Expected, tx: Transaction
) -> ConsultationView:
    return ConsultationView.of(await consultations.write_record(tx, actor, consultation_id, expected, body.text))


@router.post("/consultations/{consultation_id}/close")
async def close_consultation(
    consultation_id: UUID, body: Nothing, actor: Caller, expected: Expected, tx: Transaction
) -> ConsultationView:
    return ConsultationView.of(await consultations.close(tx, actor, consultation_id, expected))


@router.post("/consultations/{consultation_id}/withdraw")
async def withdraw_consultation(
    consultation_id: UUID, body: Reason, actor: Caller, expected: Expected, tx: Transaction
) -> ConsultationView:
    return ConsultationView.of(await consultations.withdraw(tx, actor, consultation_id, expected, body.reason))


@router.post("/programme", status_code=201)
async def propose_activity(body: ProposeActivity, actor: Caller, tx: Transaction) -> ActivityView:
    activity = Activity(id=uuid7(), **body.model_dump(exclude={"documents"}), documents=_documents(body))
    return ActivityView.of(await programme.propose(tx, actor, activity))


@router.post("/programme/{activity_id}/agree")
async def agree_to_activity(
    activity_id: UUID, body: Note, actor: Caller, expected: Expected, tx: Transaction
) -> ActivityView:
    return ActivityView.of(await programme.agree(tx, actor, activity_id, expected, body.note))


@router.post("/programme/{activity_id}/decline")
async def decline_activity(
    activity_id: UUID, body: Reason, actor: Caller, expected: Expected, tx: Transaction
) -> ActivityView:
    return ActivityView.of(await programme.decline(tx, actor, activity_id, expected, body.reason))


@router.post("/programme/{activity_id}/revise")
async def revise_activity(
    activity_id: UUID, body: ReviseActivity, actor: Caller, expected: Expected, tx: Transaction
) -> ActivityView:
    documents = _documents(body)
    return ActivityView.of(
        await programme.revise(tx, actor, activity_id, expected, body.title, body.description, body.due, documents)
    )


@router.post("/programme/{activity_id}/start")
async def start_activity(
    activity_id: UUID, body: Nothing, actor: Caller, expected: Expected, tx: Transaction
) -> ActivityView:
    return ActivityView.of(await programme.start(tx, actor, activity_id, expected))


@router.post("/programme/{activity_id}/complete")
async def complete_activity(
    activity_id: UUID, body: Result, actor: Caller, expected: Expected, tx: Transaction
) -> ActivityView:
    return ActivityView.of(await programme.complete(tx, actor, activity_id, expected, body.result))


@router.post("/programme/{activity_id}/cancel")
async def cancel_activity(
    activity_id: UUID, body: Reason, actor: Caller, expected: Expected, tx: Transaction
) -> ActivityView:
    return ActivityView.of(await programme.cancel(tx, actor, activity_id, expected, body.reason))


@operator.get("/operator/working-group")
async def members(request: Request, actor: Caller) -> GroupView:
    actor.require(Role.OPERATOR)
    async with request.app.state.service.database.begin(actor) as tx:
        group = await programme.members(tx)
    return GroupView(version=group.version, members=group.members)


@operator.post("/operator/working-group")
async def name_members(request: Request, actor: Caller, add: Codes = (), remove: Codes = ()) -> GroupView:
    """Who joins and who leaves: asking for it twice does it once."""
    actor.require(Role.OPERATOR)
    service = request.app.state.service
    async with service.database.begin(actor) as tx:
        group = await programme.name_members(tx, frozenset(add), frozenset(remove))
    service.wake()
    return GroupView(version=group.version, members=group.members)


def _documents(body: ReviseActivity) -> tuple[Document, ...]:
    return tuple(Document(**document.model_dump()) for document in body.documents)
