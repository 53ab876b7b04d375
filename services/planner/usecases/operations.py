"""Operations: draft, schedule (which is the consent to disclose), hold and release, start, complete, cancel."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from services.planner.domain.frame import Frame
from services.planner.domain.operation import Operation
from services.planner.domain.period import Period
from services.planner.domain.permissions import may
from services.planner.repository import Operations, Periods, Updates
from services.planner.usecases import referrals
from services.planner.usecases.deconfliction import deconflict
from services.planner.usecases.periods import CLOCK, count_held
from shared.actor import Actor
from shared.events.planner import DetailEvent, OperationEvent
from shared.runtime.db import Tx
from shared.runtime.versions import require_version


async def draft(tx: Tx, actor: Actor, operation: Operation) -> Operation:
    period = await Periods(tx).get(operation.period_id)
    period.require_visible(actor)
    may(actor, "draft operation")
    drafted, *said = Operation.draft(operation, period.frame, actor)
    await Operations(tx).put(drafted)
    tx.announce(*said)
    return drafted


async def schedule(
    tx: Tx, actor: Actor, operation_id: UUID, expected: int, held_until: datetime | None, hold: bool
) -> Operation:
    period, operation = await _with_period(tx, operation_id)
    await _seen(tx, actor, operation, period.frame, expected, "commit operation")
    changed, *said = operation.schedule(period.frame, held_until, hold, actor, tx.now)
    await Operations(tx).put(changed)
    await deconflict(tx, changed, period.frame)
    tx.announce(*said)
    await referrals.tell_counts(tx, changed, period.frame)
    if changed.held:
        await count_held(tx, period)
    return changed


async def release_headline(tx: Tx, actor: Actor, operation_id: UUID, expected: int) -> Operation:
    period, operation = await _with_period(tx, operation_id)
    await _seen(tx, actor, operation, period.frame, expected, "commit operation")
    changed, *said = operation.release_headline(period.frame, actor)
    tx.announce(*said)
    return await _release(tx, changed, period.frame)


async def end_hold(tx: Tx, operation_id: UUID) -> Operation:
    """The time has come that the owner set when it held the headline: its own word, kept."""
    period, operation = await _with_period(tx, operation_id)
    if not operation.held or operation.held_until is None or operation.held_until > tx.now:
        return operation
    if period.frame.is_over:  # whose headline was held until then stays at home
        return operation
    changed, *said = operation.end_hold(period.frame, CLOCK)
    tx.announce(*said)
    tx.audit("end hold", str(operation_id))
    return await _release(tx, changed, period.frame)


async def start(tx: Tx, actor: Actor, operation_id: UUID, expected: int, at: datetime) -> Operation:
    operation, frame = await _operation(tx, actor, operation_id, expected, "run operation")
    return await _keep(tx, *operation.start(frame, at, actor))


async def complete(tx: Tx, actor: Actor, operation_id: UUID, expected: int, at: datetime) -> Operation:
    operation, frame = await _operation(tx, actor, operation_id, expected, "run operation")
    completed = await _keep(tx, *operation.complete(frame, at, actor))
    await deconflict(tx, completed, frame)
    return completed


async def cancel(tx: Tx, actor: Actor, operation_id: UUID, expected: int, at: datetime) -> Operation:
    period, operation = await _with_period(tx, operation_id)
    await _seen(tx, actor, operation, period.frame, expected, "commit operation")
    cancelled = await _keep(tx, *operation.cancel(period.frame, at, actor))
    await deconflict(tx, cancelled, period.frame)
    if operation.held:
        await count_held(tx, period)
    return cancelled


async def opened(
    tx: Tx, actor: Actor, operation_id: UUID, expected: int | None, what: str | Callable[[Operation], str]
) -> tuple[Period, Operation]:
    """Both locked, for whoever may do `what` with it, which may depend on how far it has come."""
    period, operation = await _with_period(tx, operation_id)
    await _seen(tx, actor, operation, period.frame, expected, what if isinstance(what, str) else what(operation))
    return period, operation


async def _with_period(tx: Tx, operation_id: UUID) -> tuple[Period, Operation]:
    """Both locked, the period first, as everywhere: its count of held headlines may change."""
    period = await Periods(tx).get(await Operations(tx).period_of(operation_id))
    return period, await Operations(tx).get(operation_id)


async def _operation(
    tx: Tx, actor: Actor, operation_id: UUID, expected: int | None, what: str
) -> tuple[Operation, Frame]:
    operation, frame = await Operations(tx).with_frame(operation_id)
    await _seen(tx, actor, operation, frame, expected, what)
    return operation, frame


async def _seen(
    tx: Tx, actor: Actor, operation: Operation, frame: Frame, expected: int | None, what: str
) -> None:
    """Hidden before it is anything else; then the role; and last the version, which tells how far the thing has come."""
    operation.require_owner(actor, frame)
    may(actor, what)
    if expected is not None:
        topics = (OperationEvent.topic, DetailEvent.topic)
        await require_version(tx, topics, str(operation.id), operation.version, expected, _own)


def _own(data: dict[str, Any]) -> bool:
    """Whether an event is about the operation itself: its updates, resources and tasks have versions of their own."""
    return data.keys().isdisjoint({"update_id", "resource", "task"})


async def _release(tx: Tx, operation: Operation, frame: Frame) -> Operation:
    """Give the newcomers the updates too that were posted while the headline was held."""
    await Operations(tx).put(operation)
    for update in await Updates(tx).of(operation.id):
        tx.announce(*update.release(operation, frame))
    await referrals.tell_counts(tx, operation, frame)
    await count_held(tx, await Periods(tx).get(operation.period_id))
    return operation


async def _keep(tx: Tx, operation: Operation, said: OperationEvent) -> Operation:
    await Operations(tx).put(operation)
    tx.announce(said)
    return operation
