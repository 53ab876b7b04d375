"""Periods: propose, plan, adopt, amend, activate, close. Who takes part: see `participation`."""

from datetime import datetime
from uuid import UUID

from services.planner.domain.period import Period
from services.planner.domain.permissions import may
from services.planner.repository import Operations, Periods
from services.planner.usecases.deconfliction import deconflict_all
from shared.actor import Actor
from shared.events.base import SERVICES_ONLY, audience_of
from shared.events.planner import FileRef, HeldCounted, Objective, PeriodEvent, PeriodSealed, Section
from shared.runtime.db import Tx
from shared.runtime.versions import require_version
from shared.vocabulary import PeriodState, PlanAnswer, Role

CLOCK = Actor("clock", "clock", "", frozenset({Role.COORDINATOR}))
"""Who acts when a time has come; of no party."""
SEALED_AT_ONCE = 2_000
"""Operations in one event, which would be too large with all of a period that has very many."""


async def propose(tx: Tx, actor: Actor, period: Period) -> Period:
    may(actor, "propose period")
    proposed, said = Period.propose(period, actor, tx.now)
    await Periods(tx).put(proposed)
    tx.announce(said)
    return proposed


async def publish_plan(
    tx: Tx,
    actor: Actor,
    period_id: UUID,
    expected: int,
    sections: tuple[Section, ...],
    rights: tuple[str, ...],
    objectives: tuple[Objective, ...] | None,
    affected: tuple[str, ...],
    annexes: tuple[FileRef, ...] = (),
) -> Period:
    """A version before adoption, or an amendment of the one in force."""
    period = await seen(tx, actor, period_id, "publish plan", expected)
    return await keep(tx, *period.publish_plan(sections, rights, actor, objectives, affected, annexes))


async def answer_plan(
    tx: Tx, actor: Actor, period_id: UUID, number: int, given: PlanAnswer, reason: str
) -> Period:
    period = await seen(tx, actor, period_id, "answer plan")
    return await keep(tx, *period.answer_plan(number, given, reason, actor, tx.now))


async def adopt(tx: Tx, actor: Actor, period_id: UUID, expected: int, number: int) -> Period:
    period = await seen(tx, actor, period_id, "steer period", expected)
    return await keep(tx, *period.adopt(number, actor, tx.now))


async def activate(tx: Tx, actor: Actor, period_id: UUID, expected: int) -> Period:
    period = await seen(tx, actor, period_id, "steer period", expected)
    return await keep(tx, *period.activate(actor, tx.now))


async def close(tx: Tx, actor: Actor, period_id: UUID, expected: int, at: datetime) -> Period:
    """Close it, and seal it for the services: how far each operation had come."""
    period = await seen(tx, actor, period_id, "steer period", expected)
    closed = await keep(tx, *period.close(actor, at))
    await _seal(tx, actor, closed)
    return closed


async def turn(tx: Tx, period_id: UUID) -> None:
    """A moment may have come that the co-chairs set: decided under the lock, so that each is acted on once."""
    period = await Periods(tx).get(period_id)
    while True:
        changed, *said = period.turn(CLOCK, tx.now)
        if changed is period:
            return
        await keep(tx, changed, *said)
        for event in said:
            tx.audit(event.type, str(period_id))
        if changed.state is PeriodState.CLOSED:
            await _seal(tx, CLOCK, changed)
        period = changed


async def archive(tx: Tx, actor: Actor, period_id: UUID, expected: int) -> Period:
    period = await seen(tx, actor, period_id, "steer period", expected)
    return await _over(tx, await keep(tx, *period.archive(actor)))


async def cancel(tx: Tx, actor: Actor, period_id: UUID, expected: int, reason: str) -> Period:
    period = await seen(tx, actor, period_id, "steer period", expected)
    return await _over(tx, await keep(tx, *period.cancel(reason, actor)))


async def _over(tx: Tx, period: Period) -> Period:
    """Nothing of it is compared any more, also what nobody completed."""
    await deconflict_all(tx, await Operations(tx).of_period(period.id), period.frame)
    return period


async def count_held(tx: Tx, period: Period) -> None:
    """Tell the co-chairs how many headlines are held. The period is locked."""
    held = await Periods(tx).held(period.id)
    readers = audience_of(co_chair=period.presiding)
    tx.announce(HeldCounted(period_id=period.id, version=period.version, held=held, audience=readers))


async def seen(tx: Tx, actor: Actor, period_id: UUID, what: str, expected: int | None = None) -> Period:
    """The period, locked: hidden before it is anything else, for whose role may do this, at the version that is meant."""
    period = await Periods(tx).get(period_id)
    period.require_visible(actor)
    may(actor, what)
    if expected is not None:
        await require_version(tx, PeriodEvent.topic, str(period_id), period.version, expected)
    return period


async def _seal(tx: Tx, actor: Actor, closed: Period) -> None:
    operations = await Periods(tx).reached(closed.id)
    for part, start in enumerate(range(0, max(1, len(operations)), SEALED_AT_ONCE), 1):
        tx.announce(
            PeriodSealed(
                period_id=closed.id,
                version=closed.version,
                operations=operations[start : start + SEALED_AT_ONCE],
                part=part,
                party=actor.party,
                audience=SERVICES_ONLY,
            )
        )


async def keep(tx: Tx, period: Period, *said: PeriodEvent) -> Period:
    await Periods(tx).put(period)
    tx.announce(*said)
    return period
