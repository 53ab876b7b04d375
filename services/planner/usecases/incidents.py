"""A serious incident goes to rights officers of other parties, and leaves no trace where the officer's own chain looks."""

from uuid import UUID

from services.planner.domain.incident import Incident
from services.planner.domain.permissions import may
from services.planner.repository import Operations, Periods
from shared.actor import Actor
from shared.runtime.db import Tx


async def report(tx: Tx, actor: Actor, operation_id: UUID, incident: Incident) -> tuple[str, ...]:
    """Returns the parties whose rights officers read it."""
    operations = Operations(tx)
    period = await Periods(tx).get(await operations.period_of(operation_id))
    operation = await operations.get(operation_id)
    operation.require_owner(actor, period.frame)
    may(actor, "post update")
    tx.announce(incident.report(operation, period, actor))
    return incident.goes_to(period, actor.party)
