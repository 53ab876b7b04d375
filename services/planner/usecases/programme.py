"""The programme: who belongs to the Working Group, and what its members take on, do and are late with."""

from datetime import date
from uuid import UUID

from services.planner.domain.activity import Activity
from services.planner.domain.group import Group
from services.planner.domain.permissions import may
from services.planner.repository_group import Activities, Groups
from shared.actor import Actor
from shared.events.planner import ActivityEvent, Document
from shared.runtime.db import Tx
from shared.runtime.versions import require_version


async def members(tx: Tx) -> Group:
    return await Groups(tx).as_it_is()


async def name_members(tx: Tx, add: frozenset[str], remove: frozenset[str]) -> Group:
    """The operator says who belongs to the Working Group. New members get the programme as it stands."""
    groups = Groups(tx)
    group = await groups.get()
    named = group.name(frozenset(group.members) - remove | add)
    if named is None:
        return group
    changed, said = named
    await groups.put(changed)
    tx.announce(said)
    tx.audit(f"name working group {' '.join(changed.members)}", str(changed.id))
    for activity in await Activities(tx).all():
        await _keep(tx, *activity.share(changed))
    return changed


async def propose(tx: Tx, actor: Actor, activity: Activity) -> Activity:
    group = await Groups(tx).as_it_is()
    group.require_member(actor)
    may(actor, "propose activity")
    return await _keep(tx, *Activity.propose(activity, group, actor, tx.now))


async def agree(tx: Tx, actor: Actor, activity_id: UUID, expected: int, note: str) -> Activity:
    activity, group = await _seen(tx, actor, activity_id, expected, "answer activity")
    return await _keep(tx, *activity.agree(note, group, actor))


async def decline(tx: Tx, actor: Actor, activity_id: UUID, expected: int, reason: str) -> Activity:
    activity, group = await _seen(tx, actor, activity_id, expected, "answer activity")
    return await _keep(tx, *activity.decline(reason, group, actor))


async def revise(
    tx: Tx, actor: Actor, activity_id: UUID, expected: int, title: str, description: str, due: date,
    documents: tuple[Document, ...],
) -> Activity:  # fmt: skip
    activity, group = await _seen(tx, actor, activity_id, expected, "run activity")
    return await _keep(tx, *activity.revise(title, description, due, documents, group, actor, tx.now))


async def start(tx: Tx, actor: Actor, activity_id: UUID, expected: int) -> Activity:
    activity, group = await _seen(tx, actor, activity_id, expected, "run activity")
    return await _keep(tx, *activity.start(group, actor))


async def complete(tx: Tx, actor: Actor, activity_id: UUID, expected: int, result: str) -> Activity:
    activity, group = await _seen(tx, actor, activity_id, expected, "run activity")
    return await _keep(tx, *activity.complete(result, group, actor))


async def cancel(tx: Tx, actor: Actor, activity_id: UUID, expected: int, reason: str) -> Activity:
    activity, group = await _seen(tx, actor, activity_id, expected, "cancel activity")
    return await _keep(tx, *activity.cancel(reason, group, actor))


async def tell_overdue(tx: Tx, activity_id: UUID) -> None:
    """Its day may be over: decided under the lock, so that it is told once."""
    group = await Groups(tx).as_it_is()
    activity = await Activities(tx).get(activity_id)
    if told := activity.tell_overdue(group, tx.now):
        await _keep(tx, *told)
        tx.audit("tell overdue", str(activity_id))


async def _seen(
    tx: Tx, actor: Actor, activity_id: UUID, expected: int, what: str
) -> tuple[Activity, Group]:
    """The activity and its readers, locked, the group first as everywhere: hidden, then the role, then the version."""
    group = await Groups(tx).as_it_is()
    activity = await Activities(tx).get(activity_id)
    activity.require_visible(group, actor)
    may(actor, what)
    await require_version(tx, ActivityEvent.topic, str(activity_id), activity.version, expected)
    return activity, group


async def _keep(tx: Tx, activity: Activity, said: ActivityEvent) -> Activity:
    await Activities(tx).put(activity)
    tx.announce(said)
    return activity
