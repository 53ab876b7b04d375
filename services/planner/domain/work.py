"""Resources that parties bring to an operation, and its tasks: part of its detail, and never on another's behalf."""

from collections.abc import Callable
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar
from uuid import UUID

from services.planner.domain.frame import Frame
from services.planner.domain.operation import NotThisState, Operation
from shared.actor import Actor
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.events.planner import Resource, ResourceStated, Task, TaskOverdue, TaskStated
from shared.vocabulary import OperationState, ResourceState

S = OperationState
R = ResourceState
NEXT: dict[ResourceState, set[ResourceState]] = {
    R.PLEDGED: {R.CONFIRMED, R.RELEASED},
    R.CONFIRMED: {R.DEPLOYED, R.RELEASED},
    R.DEPLOYED: {R.RELEASED},
    R.RELEASED: set(),
}
ENDED = frozenset({S.COMPLETED, S.CANCELLED})
MOST = 200
"""Resources of its owner, and tasks, of one operation."""
MOST_OF_ANOTHER = 30
"""Resources that a party brings to another's operation."""
MOST_BYTES_OF_OTHERS = 120_000
"""Of all that others bring to it: its brief carries that, and has still room for all that the owner may say."""
Item = TypeVar("Item", Resource, Task)


class ResourceNotThisState(Conflict):
    """The resource is in a state in which this does not happen."""


class WaitsForOthers(Conflict):
    """Tasks before it are not done; the detail names them."""


class AlreadyDone(Conflict):
    """The task is done; it stays as it was done."""


def pledge(operation: Operation, resource: Resource, frame: Frame, by: Actor) -> tuple[Operation, ResourceStated]:
    """A party that reads the detail brings something, in its own name."""
    require_near(operation, frame, by)
    _require_open(operation, frame)
    pledged = resource.model_copy(update={"party": by.party})
    most = MOST if by.party == operation.owner else MOST_OF_ANOTHER
    if sum(one.party == by.party for one in operation.means) >= most:
        raise Invalid.field("kind", f"{by.party} brings {most} resources to this operation at most.")
    others = [one for one in (*operation.means, pledged) if one.party != operation.owner]
    if pledged in others and sum(len(one.model_dump_json().encode()) for one in others) > MOST_BYTES_OF_OTHERS:
        raise Invalid.field("kind", "Others bring so much to this operation already that no more can be kept with it.")
    return _stated(operation, pledged, frame, by)


def move(
    operation: Operation, resource_id: UUID, status: ResourceState, actual: int | None, frame: Frame, by: Actor
) -> tuple[Operation, ResourceStated]:
    """How far it has come, by the word of the party that brings it; what is deployed says how much came."""
    resource = resource_of(operation, resource_id, frame, by)
    if by.party != resource.party:
        raise Forbidden(f"This is {resource.party}'s; only {resource.party} says how far it has come.")
    if status not in NEXT[resource.status]:
        raise ResourceNotThisState(f"A resource that is {resource.status.value} does not become {status.value}.")
    frame.require_not_over()
    if status is not R.RELEASED:
        _require_open(operation, frame)
    if status is R.DEPLOYED and operation.state is not S.UNDER_WAY:
        raise NotThisState("Resources are deployed while the operation is under way.")
    if status is R.DEPLOYED and actual is None:
        raise Invalid.field("actual", "Say how much came.")
    actual = resource.actual if actual is None else actual
    changes = {"status": status, "actual": actual, "version": resource.version + 1}
    return _stated(operation, resource.model_copy(update=changes), frame, by)


def set_task(operation: Operation, task: Task, frame: Frame, by: Actor, now: datetime) -> tuple[Operation, TaskStated]:
    """The owner says what is to be done, by whom, until when and after what: anew, or differently than before.

    Raises:
        Invalid: its party does not read the detail, it waits for itself, or it is due in the past.
    """
    operation.require_owner(by, frame)
    _require_open(operation, frame)
    before = next((one for one in operation.tasks if one.id == task.id), None)
    if before and before.done_at:
        raise AlreadyDone("It is done; set another task where something is still to do.")
    if before is None and len(operation.tasks) >= MOST:
        raise Invalid.field("title", f"An operation has {MOST} tasks at most.")
    if not task.title.strip():
        raise Invalid.field("title", "Say what is to be done.")
    if task.party not in operation.detail_readers(frame):
        raise Invalid.field("party", f"{task.party} does not read the detail of this operation, and would not learn of it.")
    moved = before is None or before.due != task.due
    if moved and task.due <= now:
        raise Invalid.field("due", "A task is due at a time to come.")
    stated = task.model_copy(
        update={"version": before.version + 1 if before else 1, "overdue": before.overdue if before and not moved else False}
    )
    _require_order([stated, *(one for one in operation.tasks if one.id != task.id)])
    return _set(operation, stated, frame, by)


def finish(operation: Operation, task_id: UUID, frame: Frame, by: Actor, now: datetime) -> tuple[Operation, TaskStated]:
    """Its party, or the owner, says that it is done; only when all is done that it comes after."""
    task = task_of(operation, task_id, frame, by)
    if by.party not in {task.party, operation.owner}:
        raise Forbidden(f"This is {task.party}'s to do; {task.party} or {operation.owner} says that it is done.")
    _require_open(operation, frame)
    if task.done_at:
        raise AlreadyDone("It is done already.")
    if waits := [one.title for one in operation.tasks if one.id in task.after and not one.done_at]:
        raise WaitsForOthers(f"This comes after what is not done yet: {', '.join(waits)}.")
    changes = {"done_at": now, "done_by": by.name, "version": task.version + 1}
    return _set(operation, task.model_copy(update=changes), frame, by)


def task_due_at(operation: Operation) -> datetime | None:
    """When the clock has to look at its tasks: nothing is overdue of an operation that has ended."""
    if operation.state in ENDED:
        return None
    return min((task.due for task in operation.tasks if not task.done_at and not task.overdue), default=None)


def tell_overdue(operation: Operation, frame: Frame, now: datetime) -> tuple[Operation, *tuple[TaskOverdue, ...]] | None:
    """The tasks whose time is over: each is told once. None when there is nothing to tell (any more)."""
    due = task_due_at(operation)
    if due is None or due > now or frame.is_over:
        return None
    late = {
        task.id: task.model_copy(update={"overdue": True, "version": task.version + 1})
        for task in operation.tasks
        if not task.done_at and not task.overdue and task.due <= now
    }
    changed = operation.model_copy(update={"tasks": tuple(late.get(task.id, task) for task in operation.tasks)})
    known = _envelope(changed, frame, operation.owner)
    return changed, *(TaskOverdue(task=task, version=task.version, **known) for task in late.values())


def require_near(operation: Operation, frame: Frame, by: Actor) -> None:
    """Raises NotFound for whoever does not see the operation, Forbidden for whoever sees no more than its headline."""
    if not by.reads(operation.headline_readers(frame)):
        raise NotFound
    if not by.reads(operation.detail_readers(frame)):
        raise Forbidden("Resources and tasks are part of the detail, which is for others.")


def resource_of(operation: Operation, resource_id: UUID, frame: Frame, by: Actor) -> Resource:
    return _one(operation.means, resource_id, lambda: require_near(operation, frame, by))


def task_of(operation: Operation, task_id: UUID, frame: Frame, by: Actor) -> Task:
    return _one(operation.tasks, task_id, lambda: require_near(operation, frame, by))


def _one(items: tuple[Item, ...], item_id: UUID, check: Callable[[], None]) -> Item:
    check()
    for item in items:
        if item.id == item_id:
            return item
    raise NotFound


def _require_open(operation: Operation, frame: Frame) -> None:
    frame.require_not_over()
    if operation.state in ENDED:
        raise NotThisState(f"Of an operation that is {operation.state.value} nothing more is planned.")


def _require_order(tasks: list[Task]) -> None:
    if strangers := set(tasks[0].after) - {task.id for task in tasks}:
        raise Invalid.field("after", f"{len(strangers)} of these are no tasks of this operation.")
    try:
        TopologicalSorter({task.id: task.after for task in tasks}).prepare()
    except CycleError:
        raise Invalid.field("after", "It would wait for itself.") from None


def _stated(operation: Operation, resource: Resource, frame: Frame, by: Actor) -> tuple[Operation, ResourceStated]:
    changed = operation.model_copy(update={"means": _with(operation.means, resource)})
    known = _envelope(changed, frame, resource.party)
    return changed, ResourceStated(resource=resource, version=resource.version, by=by.name, **known)


def _set(operation: Operation, task: Task, frame: Frame, by: Actor) -> tuple[Operation, TaskStated]:
    changed = operation.model_copy(update={"tasks": _with(operation.tasks, task)})
    return changed, TaskStated(task=task, version=task.version, by=by.name, **_envelope(changed, frame, by.party))


def _with(items: tuple[Item, ...], changed: Item) -> tuple[Item, ...]:
    """In the place where it was, or at the end."""
    found = {one.id: one for one in items}
    found[changed.id] = changed
    return tuple(found.values())


def _envelope(operation: Operation, frame: Frame, party: str) -> dict[str, object]:
    readers = operation.detail_readers(frame)
    return {"operation_id": operation.id, "period_id": operation.period_id, "party": party, "audience": readers}
