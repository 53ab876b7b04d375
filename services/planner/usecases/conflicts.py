"""What owners do about conflicts: say what was agreed, say where they are reached, and name targets."""

from uuid import UUID

from services.planner.domain.conflict import Conflict, Side
from services.planner.domain.contact import Contact
from services.planner.domain.permissions import may
from services.planner.domain.targets import Targets
from services.planner.repository import Operations
from services.planner.repository_conflicts import Conflicts, Contacts, NamedTargets
from services.planner.usecases.deconfliction import deconflict
from shared.actor import Actor
from shared.errors import NotFound
from shared.events.planner import ConflictEvent, Target
from shared.runtime.db import Tx
from shared.runtime.versions import require_version
from shared.vocabulary import Settlement


async def answer(
    tx: Tx, actor: Actor, side_id: UUID, expected: int, given: Settlement, words: str
) -> tuple[Conflict, Side]:
    conflict = await Conflicts(tx).get(side_id)
    own = conflict.side_of(actor)
    if own.id != side_id:
        raise NotFound  # the other's side of it, which does not exist for this one
    may(actor, "answer conflict")
    await require_version(tx, ConflictEvent.topic, str(side_id), conflict.version, expected)
    changed, said = conflict.answer(given, words, actor, tx.now)
    await Conflicts(tx).put(changed)
    tx.announce(*sorted(said, key=lambda one: one.audience == (own.party,)))
    return changed, changed.side_of(actor)


async def give_contact(tx: Tx, actor: Actor, expected: int, text: str) -> Contact:
    """Whoever has a conflict with this party that goes on hears where it is reached now."""
    may(actor, "give contact")
    contact = await Contacts(tx).get(actor.party)
    await require_version(tx, ConflictEvent.topic, actor.party, contact.version, expected)
    changed, said = contact.give(text, actor)
    await Contacts(tx).put(changed)
    for conflict in await Conflicts(tx).of_party(actor.party):
        tx.announce(conflict.reach(actor.party, text))
    tx.announce(said)
    return changed


async def name_targets(tx: Tx, actor: Actor, operation_id: UUID, targets: tuple[Target, ...]) -> Targets:
    return await _targets(tx, actor, operation_id, targets, "name")


async def unname_targets(tx: Tx, actor: Actor, operation_id: UUID, targets: tuple[Target, ...]) -> Targets:
    return await _targets(tx, actor, operation_id, targets, "unname")


async def _targets(
    tx: Tx, actor: Actor, operation_id: UUID, targets: tuple[Target, ...], what: str
) -> Targets:
    operation, frame = await Operations(tx).with_frame(operation_id)
    operation.require_owner(actor, frame)
    may(actor, "name targets")
    present = await NamedTargets(tx).get(operation_id)
    change = present.name if what == "name" else present.unname
    changed, said = change(targets, operation, frame, actor)
    await NamedTargets(tx).put(changed)
    await deconflict(tx, operation, frame)
    tx.announce(*said)
    return changed
