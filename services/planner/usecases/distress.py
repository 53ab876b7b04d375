"""Distress at sea: report, revise, close, and share with whoever comes to the period while it lasts."""

from uuid import UUID

from services.planner.domain.distress import Distress, Known
from services.planner.domain.period import Period
from services.planner.domain.permissions import may
from services.planner.repository import Operations, Periods
from services.planner.repository_protection import Distresses
from shared.actor import Actor
from shared.errors import NotFound
from shared.events.planner import DistressEvent
from shared.runtime.db import Tx
from shared.runtime.versions import require_version
from shared.vocabulary import DistressOutcome


async def report(tx: Tx, actor: Actor, distress: Distress) -> Distress:
    period = await Periods(tx).get(distress.period_id)
    period.require_visible(actor)
    may(actor, "report distress")
    return await _keep(tx, *Distress.report(distress, period, actor))


async def report_on(tx: Tx, actor: Actor, operation_id: UUID, distress: Distress) -> Distress:
    """From whoever sees the operation; of a draft or a hold, its states. Only its period is told, and never it."""
    operation, frame = await Operations(tx).with_frame(operation_id)
    if not actor.reads(operation.headline_readers(frame)):
        raise NotFound
    return await report(tx, actor, distress.model_copy(update={"period_id": operation.period_id}))


async def revise(tx: Tx, actor: Actor, distress_id: UUID, expected: int, known: Known) -> Distress:
    distress, period = await _seen(tx, actor, distress_id, expected)
    return await _keep(tx, *distress.revise(known, period, actor, tx.now))


async def close(
    tx: Tx, actor: Actor, distress_id: UUID, expected: int, outcome: DistressOutcome, note: str
) -> Distress:
    distress, period = await _seen(tx, actor, distress_id, expected)
    return await _keep(tx, *distress.close(outcome, note, period, actor, tx.now))


async def share(tx: Tx, period: Period) -> None:
    """Whoever is of the period from now on learns of what is not over. The period is locked."""
    for distress in await Distresses(tx).open_of(period.id):
        if shared := distress.share(period):
            await _keep(tx, *shared)


async def _seen(tx: Tx, actor: Actor, distress_id: UUID, expected: int) -> tuple[Distress, Period]:
    """Both locked, the period first: hidden before it is anything else, then the role, then the version."""
    period = await Periods(tx).get(await Distresses(tx).period_of(distress_id))
    distress = await Distresses(tx).get(distress_id)
    distress.require_visible(period, actor)
    may(actor, "report distress")
    await require_version(tx, DistressEvent.topic, str(distress_id), distress.version, expected)
    return distress, period


async def _keep(tx: Tx, distress: Distress, said: DistressEvent) -> Distress:
    await Distresses(tx).put(distress)
    tx.announce(said)
    return distress
