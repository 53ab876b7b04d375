"""The planner's HTTP door to the resources and tasks of an operation."""

from uuid import UUID

from uuid_utils.compat import uuid7

from services.planner.schemas_operations import MoveResource, PledgeResource, ResourceView, SetTask, TaskView
from services.planner.usecases import work
from shared.actor import Actor
from shared.events.planner import Resource, Task
from shared.runtime.bodies import Nothing
from shared.runtime.commands import commands
from shared.runtime.web import Caller, Expected, Transaction

router = commands()


@router.post("/operations/{operation_id}/resources", status_code=201)
async def pledge_resource(operation_id: UUID, body: PledgeResource, actor: Caller, tx: Transaction) -> ResourceView:
    resource = Resource(id=uuid7(), party=actor.party, **body.model_dump())
    return ResourceView.of(operation_id, await work.pledge(tx, actor, operation_id, resource))


@router.post("/operations/{operation_id}/resources/{resource_id}")
async def move_resource(
    operation_id: UUID, resource_id: UUID, body: MoveResource, actor: Caller, expected: Expected, tx: Transaction
) -> ResourceView:
    moved = await work.move(tx, actor, operation_id, resource_id, expected, body.status, body.actual)
    return ResourceView.of(operation_id, moved)


@router.post("/operations/{operation_id}/tasks", status_code=201)
async def set_task(operation_id: UUID, body: SetTask, actor: Caller, tx: Transaction) -> TaskView:
    return TaskView.of(operation_id, await work.set_task(tx, actor, operation_id, _task(uuid7(), body, actor), None))


@router.post("/operations/{operation_id}/tasks/{task_id}")
async def change_task(
    operation_id: UUID, task_id: UUID, body: SetTask, actor: Caller, expected: Expected, tx: Transaction
) -> TaskView:
    return TaskView.of(operation_id, await work.set_task(tx, actor, operation_id, _task(task_id, body, actor), expected))


@router.post("/operations/{operation_id}/tasks/{task_id}/finish")
async def finish_task(
    operation_id: UUID, task_id: UUID, body: Nothing, actor: Caller, expected: Expected, tx: Transaction
) -> TaskView:
    return TaskView.of(operation_id, await work.finish(tx, actor, operation_id, task_id, expected))


def _task(task_id: UUID, body: SetTask, actor: Actor) -> Task:
    return Task(id=task_id, party=body.party or actor.party, **body.model_dump(exclude={"party"}))
