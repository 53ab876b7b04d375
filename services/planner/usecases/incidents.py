"""A serious incident goes to rights officers of other parties, who take it up and close it; its chain hears nothing."""

from datetime import timedelta
from uuid import UUID

from services.planner.domain.incident import Incident
from services.planner.domain.joint import require_consented
from services.planner.domain.period import Period
from services.planner.domain.permissions import may
from services.planner.repository import Operations, Periods
from services.planner.repository_protection import Incidents
from shared.actor import Actor
from shared.events.planner import IncidentEvent
from shared.runtime.db import Tx
from shared.runtime.versions import require_version
from shared.vocabulary import IncidentFinding

take_up_within = timedelta(hours=24)
"""As long as the service that runs says nothing else: see `allow`."""


def allow(time: timedelta) -> None:
    """How long rights officers have, of what is reported from now on."""
    global take_up_within  # noqa: PLW0603
    take_up_within = time


async def report(tx: Tx, actor: Actor, incident: Incident) -> Incident:
    """What it says of whom it went to, the reporter is told once, in the answer."""
    operations = Operations(tx)
    period = await Periods(tx).get(await operations.period_of(incident.operation_id))
    operation = await operations.get(incident.operation_id)
    require_consented(operation, actor, period.frame)
    may(actor, "post update")
    return await _keep(tx, *Incident.report(incident, operation, period, actor))


async def take_up(tx: Tx, actor: Actor, incident_id: UUID, expected: int) -> Incident:
    incident, period = await _seen(tx, actor, incident_id, expected)
    return await _keep(tx, *incident.take_up(period, actor, tx.now))


async def close(
    tx: Tx, actor: Actor, incident_id: UUID, expected: int, finding: IncidentFinding, note: str
) -> Incident:
    incident, period = await _seen(tx, actor, incident_id, expected)
    return await _keep(tx, *incident.close(finding, note, period, actor, tx.now))


async def escalate(tx: Tx, incident_id: UUID) -> None:
    """The time to take it up may be over: decided under the lock, so that it is told once."""
    incident, period = await _locked(tx, incident_id)
    if told := incident.escalate(period, tx.now):
        await _keep(tx, *told)
        tx.audit("escalate", str(incident_id))
    elif incident.due_at:
        await Incidents(tx).look_again(incident_id, tx.now + take_up_within)


async def _seen(tx: Tx, actor: Actor, incident_id: UUID, expected: int) -> tuple[Incident, Period]:
    """Locked: hidden before it is anything else, then at the version that is meant; its role is its readers'."""
    incident, period = await _locked(tx, incident_id)
    incident.require_visible(period, actor)
    await require_version(tx, IncidentEvent.topic, str(incident_id), incident.version, expected)
    return incident, period


async def _locked(tx: Tx, incident_id: UUID) -> tuple[Incident, Period]:
    """The period first, as everywhere."""
    period = await Periods(tx).get(await Incidents(tx).period_of(incident_id))
    return await Incidents(tx).get(incident_id), period


async def _keep(tx: Tx, incident: Incident, said: IncidentEvent) -> Incident:
    await Incidents(tx).put(incident)
    tx.announce(said)
    return incident
