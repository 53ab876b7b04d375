"""Joint operations: put to their states, answered by each of them, withdrawn from."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.planner.domain import joint
from services.planner.domain.detail import Brief
from services.planner.domain.operation import Operation
from services.planner.domain.permissions import may
from services.planner.repository import Operations, Periods
from services.planner.usecases import referrals
from services.planner.usecases.deconfliction import deconflict
from services.planner.usecases.operations import opened
from services.planner.usecases.periods import count_held
from shared.actor import Actor
from shared.events.planner import DetailEvent, OperationEvent
from shared.runtime.db import Tx
from shared.vocabulary import JointAnswer


async def propose(
    tx: Tx, actor: Actor, operation_id: UUID, expected: int, partners: tuple[str, ...], changes: Mapping[str, Any],
    brief: Mapping[str, str],
) -> Operation:  # fmt: skip
    """A version, with what it changes of the draft; fields of the brief that are not named stay as they are."""
    period, operation = await opened(tx, actor, operation_id, expected, "commit operation")
    changed = {**changes, "brief": Brief(**{**operation.brief.model_dump(), **brief})}
    proposed = await _keep(tx, *joint.propose(operation, period.frame, partners, changed, actor))
    await referrals.tell_counts(tx, proposed, period.frame)
    return proposed


async def answer(
    tx: Tx, actor: Actor, operation_id: UUID, number: int, given: JointAnswer, reason: str
) -> Operation:
    operation, frame = await Operations(tx).with_frame(operation_id)
    operation.require_state(actor, frame)
    may(actor, "answer joint operation")
    return await _keep(tx, *joint.answer(operation, frame, number, given, reason, actor, tx.now))


async def withdraw(tx: Tx, actor: Actor, operation_id: UUID, reason: str) -> Operation:
    """The period is locked first: a headline that is held is held no more."""
    period = await Periods(tx).get(await Operations(tx).period_of(operation_id))
    operation = await Operations(tx).get(operation_id)
    operation.require_state(actor, period.frame)
    may(actor, "answer joint operation")
    after = await _keep(tx, *joint.withdraw(operation, period.frame, reason, actor, tx.now))
    await deconflict(tx, after, period.frame)
    if operation.held:
        await count_held(tx, period)
    return after


async def _keep(tx: Tx, operation: Operation, *said: OperationEvent | DetailEvent) -> Operation:
    await Operations(tx).put(operation)
    tx.announce(*said)
    return operation
