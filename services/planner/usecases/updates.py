"""Updates: post (or correct), validate, return."""

from uuid import UUID

from services.planner.domain.attached import carried
from services.planner.domain.frame import Frame
from services.planner.domain.operation import Operation
from services.planner.domain.permissions import may
from services.planner.domain.update import Update
from services.planner.repository import Operations, Updates
from services.planner.repository_details import Details
from shared.actor import Actor
from shared.errors import Invalid
from shared.events.planner import OperationEvent
from shared.runtime.db import Tx
from shared.runtime.versions import require_version


async def post(tx: Tx, actor: Actor, update: Update, without_files: tuple[str, ...] = ()) -> Update:
    """Post an update; where it supersedes another, that one counts nowhere from now on.

    A correction has the files of that one as well, but for those that are to be left out, by their SHA-256.
    """
    operation, frame = await Operations(tx).with_frame(update.operation_id)
    operation.require_state(actor, frame)
    may(actor, "post update")
    updates = Updates(tx)
    superseded = None
    if update.supersedes is not None:
        superseded = await updates.of_operation(update.supersedes, operation.id)
        if superseded is None or superseded.party != actor.party:
            raise Invalid.field("supersedes", "Your party has no such update on this operation.")
    files = carried(superseded, update.files, without_files)
    asked = update.model_copy(update={"period_id": operation.period_id, "files": files})
    posted, *said = Update.post(asked, operation, frame, actor, superseded)
    if superseded is not None:
        superseded = superseded.supersede()
        await updates.put(superseded)
    updates.add(posted)
    tx.announce(*said)
    if superseded is not None and posted.origins:
        await _shield(tx, posted, superseded, operation, frame)
    return posted


async def _shield(tx: Tx, posted: Update, earlier: Update | None, operation: Operation, frame: Frame) -> None:
    """What a correction keeps from states, all versions before it are kept from them as well."""
    updates = Updates(tx)
    while earlier is not None:
        shielded, *said = earlier.shield(posted, operation, frame)
        await updates.put(shielded)
        if said:  # a replay of a feed, too, must not tell them what was said before
            await Details(tx).forget(operation, shielded.origins, tx.now, shielded.id)
        tx.announce(*said)
        earlier = await updates.of_operation(earlier.supersedes, operation.id) if earlier.supersedes else None


async def release_origins(
    tx: Tx, actor: Actor, update_id: UUID, expected: int, states: tuple[str, ...], reason: str
) -> Update:
    """States of origin may know after all; of the versions before it they still learn nothing."""
    update, operation, frame = await _judged(tx, actor, update_id, expected, "release origin")
    changed, *said = update.release_origins(states, reason, operation, frame, actor)
    await Updates(tx).put(changed)
    tx.announce(*said)
    return changed


async def validate(tx: Tx, actor: Actor, update_id: UUID, expected: int) -> Update:
    update, operation, frame = await _judged(tx, actor, update_id, expected)
    changed, said = update.validate_counts(operation, frame, actor)
    await Updates(tx).put(changed)
    tx.announce(said)
    return changed


async def send_back(tx: Tx, actor: Actor, update_id: UUID, expected: int, reason: str) -> Update:
    update, operation, frame = await _judged(tx, actor, update_id, expected)
    changed, *said = update.send_back(reason, operation, frame, actor)
    await Updates(tx).put(changed)
    tx.announce(*said)
    return changed


async def _judged(
    tx: Tx, actor: Actor, update_id: UUID, expected: int, what: str = "judge update"
) -> tuple[Update, Operation, Frame]:
    """The update to be judged, with its operation locked first."""
    operation_id = await Updates(tx).operation_of(update_id)
    operation, frame = await Operations(tx).with_frame(operation_id)
    update = await Updates(tx).get(update_id)
    update.require_own(operation, frame, actor)
    may(actor, what)
    topic, own = OperationEvent.topic, lambda data: data.get("update_id") == str(update_id)
    await require_version(tx, topic, str(operation_id), update.version, expected, own)
    return update, operation, frame
