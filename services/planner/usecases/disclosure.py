"""What an owner changes of an operation after it was drafted, and who reads its detail: amend, release, recall, preview."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.planner.domain import disclosing
from services.planner.domain.amending import Amendment, amend
from services.planner.domain.disclosing import Choice
from services.planner.domain.frame import Frame
from services.planner.domain.operation import Operation
from services.planner.domain.period import Period
from services.planner.repository import Operations, Updates
from services.planner.repository_details import Details
from services.planner.usecases import referrals
from services.planner.usecases.deconfliction import deconflict
from services.planner.usecases.operations import opened
from shared.actor import Actor
from shared.runtime.db import Tx
from shared.vocabulary import OperationState, UpdateKind


@dataclass(frozen=True)
class Preview:
    """What would be said, and to whom; `gaining` and `losing`: who would read the detail, and who not any more."""

    operation: Operation
    version: int
    frame: Frame
    gaining: tuple[str, ...] = ()
    losing: tuple[str, ...] = ()


async def change(tx: Tx, actor: Actor, operation_id: UUID, expected: int, to: Amendment) -> Operation:
    """An officer amends a draft; what was scheduled a coordinator does, whose word it was."""
    period, operation = await opened(tx, actor, operation_id, expected, _amending)
    changed, *said = amend(operation, to, period.frame, actor)
    await Operations(tx).put(changed)
    await deconflict(tx, changed, period.frame)
    tx.announce(*said)
    return changed


async def release(tx: Tx, actor: Actor, operation_id: UUID, expected: int, choice: Choice) -> Operation:
    period, operation = await opened(tx, actor, operation_id, expected, "disclose detail")
    updates = await Updates(tx).of(operation.id)
    changed, *said = disclosing.release(operation, updates, choice, period.frame, actor)
    await Operations(tx).put(changed)
    tx.announce(*said)
    if changed.headline_readers(period.frame) != operation.headline_readers(period.frame):
        await referrals.tell_counts(tx, changed, period.frame)
    return changed


async def recall(tx: Tx, actor: Actor, operation_id: UUID, expected: int, choice: Choice) -> Operation:
    """Take it back: what was said to those that lose it is void, and those that keep it get it anew."""
    period, operation = await opened(tx, actor, operation_id, expected, "disclose detail")
    changed, *said = disclosing.recall(operation, choice, period.frame, actor, tx.now)
    await Operations(tx).put(changed)
    tx.announce(*said)
    lost = [one.recipient for one in changed.recalls if one not in operation.recalls]
    if lost:
        updates = await Updates(tx).of(changed.id)
        await Details(tx).forget(changed, lost, tx.now)
        if incidents := [one.id for one in updates if one.kind is UpdateKind.INCIDENT]:
            await Details(tx).forget_incidents(changed, incidents, tx.now)
        tx.announce(*disclosing.said_again(changed, updates, period.frame, actor))
    return changed


async def preview(
    tx: Tx, actor: Actor, operation_id: UUID, to: Amendment | None, choice: Choice | None
) -> Preview:
    """The same as the commands would do, and nothing of it is kept or said. A draft is shown as it would be scheduled."""
    period, operation = await opened(tx, actor, operation_id, None, "draft operation")
    tx.audit("read operation", str(operation_id))
    changed, frame = operation, period.frame
    if to is not None:
        changed, *_ = amend(changed, to, frame, actor)
    if choice is not None:
        changed = disclosing.choose(changed, choice, frame, actor)
    if changed.state is OperationState.DRAFTED:
        changed = changed.model_copy(update={"state": OperationState.SCHEDULED})
    gains = disclosing.gaining(operation, changed, frame), disclosing.losing(operation, changed, frame)
    return Preview(changed, operation.version, frame, *(gains if choice is not None else ((), ())))


async def drop(tx: Tx, actor: Actor, period: Period) -> None:
    """A party that is out of the period is named by nobody any more, and the detail is said anew to those that stay."""
    for operation in await Operations(tx).of_period(period.id):
        if dropped := disclosing.without(operation, actor.party, actor):
            changed, *said = dropped
            await Operations(tx).put(changed)
            tx.announce(*said, *disclosing.said_again(changed, await Updates(tx).of(changed.id), period.frame, actor))


async def confirm_purge(tx: Tx, operation_id: UUID, recall_id: UUID, recipient: str, at: datetime) -> None:
    """What the portal says: it is gone there. The operation's version stays: nothing of it was changed."""
    operation = await Operations(tx).get(operation_id)
    if confirmed := disclosing.confirm_purge(operation, recall_id, recipient, at):
        changed, said = confirmed
        await Operations(tx).put(changed)
        tx.announce(said)


def _amending(operation: Operation) -> str:
    return "draft operation" if operation.state is OperationState.DRAFTED else "commit operation"
