"""Who takes part in a period: invite, answer the invitation, give more time for answers, join late, leave."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.planner.domain import joint, leaving
from services.planner.domain.convened import RUNS
from services.planner.domain.operation import Operation
from services.planner.domain.period import Period
from services.planner.repository import Operations, Updates
from services.planner.usecases import disclosure, distress, investigations, referrals
from services.planner.usecases.deconfliction import deconflict_all
from services.planner.usecases.periods import count_held, keep, seen
from shared.actor import Actor
from shared.events.planner import OperationEvent
from shared.runtime.db import Tx
from shared.vocabulary import Answer, OperationState


async def answer(
    tx: Tx, actor: Actor, period_id: UUID, given: Answer, reservation: str, plan_version: int | None
) -> Period:
    """A party that joins once a plan is in force gets what the others see; one that takes its word back is out of it."""
    period = await seen(tx, actor, period_id, "answer invitation")
    operations = await Operations(tx).of_period(period.id) if given is Answer.DECLINED else ()
    answered = await keep(tx, *period.answer(given, reservation, actor, tx.now, plan_version))
    await _come_back(tx, actor, period, answered)
    if actor.party in set(period.participants) - set(answered.participants):
        await _withdraw(tx, actor, answered)
    elif answered.state in RUNS and actor.party in answered.participants:
        await _open(tx, actor, answered, actor.party)
    if actor.party in answered.gone:
        await disclosure.drop(tx, actor, answered)
        _close(tx, actor, operations, period)
    return answered


async def extend(tx: Tx, actor: Actor, period_id: UUID, expected: int, answer_by: datetime) -> Period:
    period = await seen(tx, actor, period_id, "steer period", expected)
    return await keep(tx, *period.extend(answer_by, actor, tx.now))


async def invite(
    tx: Tx,
    actor: Actor,
    period_id: UUID,
    expected: int,
    invited: tuple[str, ...],
    supporting: tuple[str, ...],
    answer_by: datetime | None,
) -> Period:
    period = await seen(tx, actor, period_id, "steer period", expected)
    asked = await keep(tx, *period.invite(invited, supporting, answer_by, actor, tx.now))
    await _open_to_chairs(tx, actor, period, asked)
    await distress.share(tx, asked)  # who hears of the period now hears of lives in danger in it
    return asked


async def leave(tx: Tx, actor: Actor, period_id: UUID, reason: str) -> Period:
    period = await seen(tx, actor, period_id, "answer invitation")
    operations = await Operations(tx).of_period(period.id)
    left = await keep(tx, *period.leave(reason, actor, tx.now))
    await _withdraw(tx, actor, left)
    await disclosure.drop(tx, actor, left)
    _close(tx, actor, operations, period)
    return left


def _close(tx: Tx, actor: Actor, operations: Sequence[Operation], period: Period) -> None:
    """It reads nothing more of others' operations, which are as they were, in the period as it was, with it in it."""
    for operation in operations:
        tx.announce(*leaving.taken_from(actor.party, operation, period.frame, tx.now))


async def _come_back(tx: Tx, actor: Actor, was: Period, now: Period) -> None:
    """Whoever was out of it, and is not any more, learns what it would know had it never been."""
    if was.gone - now.gone:
        await distress.share(tx, now)
        await _open_to_chairs(tx, actor, was, now)


async def _open_to_chairs(tx: Tx, actor: Actor, was: Period, now: Period) -> None:
    """A co-chair that presides again without taking part reads headlines by its role: those from meanwhile as well."""
    for party in sorted((was.gone - now.gone) & set(now.presiding) - set(now.participants)):
        if now.state in RUNS:
            await _open(tx, actor, now, f"{party}#co_chair")


async def _open(tx: Tx, actor: Actor, period: Period, reader: str) -> None:
    """Give a newcomer the history that participants have: headlines as they stand, and their updates."""
    for operation in await Operations(tx).of_period(period.id):
        if operation.owner == reader.partition("#")[0]:
            continue
        if said := operation.open_to([reader], period.frame, actor):
            tx.announce(*said)
            await referrals.tell_counts(tx, operation, period.frame)
            for update in await Updates(tx).of(operation.id):
                tx.announce(*update.open_to([reader], operation, period.frame))


async def _withdraw(tx: Tx, actor: Actor, period: Period) -> None:
    """What a party that is out of it had begun or planned is cancelled, alone or jointly; what was completed stays."""
    done = {OperationState.COMPLETED, OperationState.CANCELLED}
    touched = [
        one for one in await Operations(tx).of_period(period.id)
        if one.state not in done and actor.party in (one.owner, *one.partners)
    ]  # fmt: skip
    said: Sequence[OperationEvent]
    ended = []
    for operation in touched:
        if operation.owner == actor.party:
            after, *said = operation.cancel(period.frame, tx.now, actor)
        else:
            after, *said = joint.withdraw(operation, period.frame, "", actor, tx.now)
        await Operations(tx).put(after)
        tx.announce(*said)
        ended.append(after)
    await deconflict_all(tx, ended, period.frame)
    if any(operation.held for operation in touched):
        await count_held(tx, period)
    await investigations.leave(tx, actor, period)
