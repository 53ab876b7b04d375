"""The planner's HTTP door to what protects people: distress at sea, serious incidents."""

from uuid import UUID

from uuid_utils.compat import uuid7

from services.planner.domain.distress import Distress, Known
from services.planner.domain.incident import Incident
from services.planner.schemas import PostUpdate
from services.planner.schemas_protection import CloseDistress, DistressView, IncidentView, ReportDistress
from services.planner.usecases import distress, incidents
from shared.actor import Actor
from shared.errors import FieldError, Invalid
from shared.runtime.commands import commands
from shared.runtime.db import Tx
from shared.runtime.web import Caller, Expected, Transaction

router = commands()

NOT_HERE = "A serious incident says what happened, when and where, and nothing else."


@router.post("/periods/{period_id}/distress", status_code=201)
async def report_distress(period_id: UUID, body: ReportDistress, actor: Caller, tx: Transaction) -> DistressView:
    made = Distress(id=uuid7(), period_id=period_id, party=actor.party, known=_known(body, tx), reported_at=tx.now)
    return DistressView.of(await distress.report(tx, actor, made))


@router.post("/distress/{distress_id}/revise")
async def revise_distress(
    distress_id: UUID, body: ReportDistress, actor: Caller, expected: Expected, tx: Transaction
) -> DistressView:
    return DistressView.of(await distress.revise(tx, actor, distress_id, expected, _known(body, tx)))


@router.post("/distress/{distress_id}/close")
async def close_distress(
    distress_id: UUID, body: CloseDistress, actor: Caller, expected: Expected, tx: Transaction
) -> DistressView:
    return DistressView.of(await distress.close(tx, actor, distress_id, expected, body.outcome, body.note))


def _known(body: ReportDistress, tx: Tx) -> Known:
    return Known(happened_at=body.happened_at or tx.now, **body.model_dump(exclude={"happened_at"}))


async def distress_on(operation_id: UUID, body: PostUpdate, actor: Actor, tx: Tx) -> DistressView:
    """An update of that kind is a report of distress; its counts, if any, are no help to anybody at sea."""
    known = Known(
        happened_at=body.happened_at or tx.now, place=body.place, text=body.text, language=body.language
    )
    made = Distress(id=uuid7(), period_id=operation_id, party=actor.party, known=known, reported_at=tx.now)
    return DistressView.of(await distress.report_on(tx, actor, operation_id, made))


async def incident_on(operation_id: UUID, body: PostUpdate, actor: Actor, tx: Tx) -> IncidentView:
    """By the same door as other updates, so that a log of who asked for what does not tell that it was an incident."""
    wrong = {"counts": body.counts, "supersedes": body.supersedes, "origins": body.origins, "files": body.files}
    if errors := tuple(FieldError(name, NOT_HERE) for name, value in wrong.items() if value):
        raise Invalid(NOT_HERE, errors=errors)
    happened_at = body.happened_at or tx.now
    asked = body.model_dump(include={"text", "place", "language"})
    incident = Incident(id=uuid7(), happened_at=happened_at, reported_at=tx.now, **asked)
    sent_to = await incidents.report(tx, actor, operation_id, incident)
    return IncidentView(
        id=incident.id, operation_id=operation_id, happened_at=happened_at, reported_at=tx.now, sent_to=sent_to
    )
