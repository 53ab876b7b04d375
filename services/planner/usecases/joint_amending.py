"""Joint operations that are scheduled, amended: put to their states, answered by each, and in force by the last consent."""

from uuid import UUID

from services.planner.domain import joint_amending
from services.planner.domain.frame import Frame
from services.planner.domain.joint_amendment import Changes
from services.planner.domain.operation import Operation
from services.planner.domain.permissions import may
from services.planner.domain.targets import TooManyTries
from services.planner.repository import Operations, Periods
from services.planner.usecases.deconfliction import deconflict
from services.planner.usecases.operations import opened
from shared.actor import Actor
from shared.events.planner import OperationEvent
from shared.runtime.db import Tx
from shared.runtime.versions import require_version
from shared.vocabulary import JointAnswer


async def propose(tx: Tx, actor: Actor, operation_id: UUID, expected: int, to: Changes) -> Operation:
    period, operation = await opened(tx, actor, operation_id, expected, "commit operation")
    proposed, *said = joint_amending.propose(operation, period.frame, to, actor)
    await Operations(tx).put(proposed)
    tx.announce(*said)
    return proposed


async def answer(
    tx: Tx, actor: Actor, operation_id: UUID, number: int, expected: int, given: JointAnswer, reason: str
) -> Operation:
    """`expected` is the amendment's own version: what its owner says of readers meanwhile is not told to its partners."""
    period = await Periods(tx).get(await Operations(tx).period_of(operation_id))
    operation = await Operations(tx).get(operation_id)
    operation.require_state(actor, period.frame)
    may(actor, "answer joint operation")
    if operation.amendment is not None:
        topic, own = OperationEvent.topic, lambda data: "update_id" not in data
        await require_version(tx, topic, str(operation_id), operation.amendment.version, expected, own)
    answered, *said = joint_amending.answer(operation, period.frame, number, given, reason, actor, tx.now)
    await Operations(tx).put(answered)
    if answered.amendment is None:
        await _deconflict(tx, actor, answered, period.frame)
    tx.announce(*said)
    return answered


async def _deconflict(tx: Tx, actor: Actor, operation: Operation, frame: Frame) -> None:
    """At its new window and places. How much its owner has had compared is not for the state that consents last."""
    try:
        await deconflict(tx, operation, frame)
    except TooManyTries:
        if actor.party == operation.owner:
            raise
        raise TooManyTries(
            f"{operation.owner} may have no more compared with others' operations for now. Give your word again later."
        ) from None
