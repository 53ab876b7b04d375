"""Resources and tasks of an operation: pledge, move; set, finish, and tell what is overdue."""

from uuid import UUID

from services.planner.domain import work
from services.planner.domain.permissions import may
from services.planner.repository import Operations
from shared.actor import Actor
from shared.events.planner import DetailEvent, Resource, Task
from shared.runtime.db import Tx
from shared.runtime.versions import require_version
from shared.vocabulary import ResourceState


async def pledge(tx: Tx, actor: Actor, operation_id: UUID, resource: Resource) -> Resource:
    operation, frame = await Operations(tx).with_frame(operation_id)
    work.require_near(operation, frame, actor)
    may(actor, "pledge resource")
    changed, said = work.pledge(operation, resource, frame, actor)
    await Operations(tx).put(changed)
    tx.announce(said)
    return said.resource


async def move(
    tx: Tx, actor: Actor, operation_id: UUID, resource_id: UUID, expected: int, status: ResourceState, actual: int | None
) -> Resource:
    operation, frame = await Operations(tx).with_frame(operation_id)
    resource = work.resource_of(operation, resource_id, frame, actor)
    may(actor, "confirm resource" if status is ResourceState.CONFIRMED else "pledge resource")
    await _require(tx, operation_id, resource, expected)
    changed, said = work.move(operation, resource_id, status, actual, frame, actor)
    await Operations(tx).put(changed)
    tx.announce(said)
    return said.resource


async def set_task(tx: Tx, actor: Actor, operation_id: UUID, task: Task, expected: int | None) -> Task:
    """A new one, or with the version that is meant one that is there."""
    operation, frame = await Operations(tx).with_frame(operation_id)
    operation.require_owner(actor, frame)
    may(actor, "run operation")
    if expected is not None:
        await _require(tx, operation_id, work.task_of(operation, task.id, frame, actor), expected)
    changed, said = work.set_task(operation, task, frame, actor, tx.now)
    await Operations(tx).put(changed)
    tx.announce(said)
    return said.task


async def finish(tx: Tx, actor: Actor, operation_id: UUID, task_id: UUID, expected: int) -> Task:
    operation, frame = await Operations(tx).with_frame(operation_id)
    task = work.task_of(operation, task_id, frame, actor)
    may(actor, "run operation")
    await _require(tx, operation_id, task, expected)
    changed, said = work.finish(operation, task_id, frame, actor, tx.now)
    await Operations(tx).put(changed)
    tx.announce(said)
    return said.task


async def tell_overdue(tx: Tx, operation_id: UUID) -> None:
    """The time of some of its tasks is over: told once, by whichever replica comes first."""
    operation, frame = await Operations(tx).with_frame(operation_id)
    if told := work.tell_overdue(operation, frame, tx.now):
        changed, *said = told
        await Operations(tx).put(changed)
        tx.announce(*said)
        tx.audit("tell overdue tasks", str(operation_id))


async def _require(tx: Tx, operation_id: UUID, item: Resource | Task, expected: int) -> None:
    """Each has a version of its own, so that two who work on different ones are not in each other's way."""
    kind = "task" if isinstance(item, Task) else "resource"

    def concerns(data: dict[str, object]) -> bool:
        told = data.get(kind)
        return isinstance(told, dict) and told["id"] == str(item.id)

    await require_version(tx, DetailEvent.topic, str(operation_id), item.version, expected, concerns)
