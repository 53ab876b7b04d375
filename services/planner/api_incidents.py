"""The planner's HTTP door to serious incidents: reported past the chain, taken up and closed by rights officers."""

from uuid import UUID

from uuid_utils.compat import uuid7

from services.planner.domain.incident import Incident
from services.planner.schemas import PostUpdate
from services.planner.schemas_protection import CloseIncident, IncidentStands, IncidentView
from services.planner.usecases import incidents
from shared.actor import Actor
from shared.errors import FieldError, Invalid
from shared.runtime.commands import commands
from shared.runtime.db import Tx
from shared.runtime.web import Caller, Expected, Transaction

router = commands()

NOT_HERE = "A serious incident says what happened, when and where, and nothing else."


async def incident_on(operation_id: UUID, body: PostUpdate, actor: Actor, tx: Tx) -> IncidentView:
    """By the same door as other updates, so that a log of who asked for what does not tell that it was an incident."""
    wrong = {
        "counts": body.counts, "supersedes": body.supersedes, "origins": body.origins, "files": body.files,
        "without_files": body.without_files,
    }  # fmt: skip
    if errors := tuple(FieldError(name, NOT_HERE) for name, value in wrong.items() if value):
        raise Invalid(NOT_HERE, errors=errors)
    incident = Incident(
        id=uuid7(),
        operation_id=operation_id,
        period_id=operation_id,  # the domain sets the operation's own
        party=actor.party,
        happened_at=body.happened_at or tx.now,
        reported_at=tx.now,
        take_up_by=tx.now + incidents.take_up_within,
        **body.model_dump(include={"text", "place", "language"}),
    )
    return IncidentView.of(await incidents.report(tx, actor, incident))


@router.post("/incidents/{incident_id}/take-up")
async def take_up_incident(
    incident_id: UUID, actor: Caller, expected: Expected, tx: Transaction
) -> IncidentStands:
    """By a rights officer of a party that has it."""
    return IncidentStands.of(await incidents.take_up(tx, actor, incident_id, expected))


@router.post("/incidents/{incident_id}/close")
async def close_incident(
    incident_id: UUID, body: CloseIncident, actor: Caller, expected: Expected, tx: Transaction
) -> IncidentStands:
    """Once it was taken up, with a finding and words on it."""
    return IncidentStands.of(await incidents.close(tx, actor, incident_id, expected, body.finding, body.note))
