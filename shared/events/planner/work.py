"""Resources and tasks of an operation, on `planner.details`: part of its detail, for the same readers."""

from typing import ClassVar

from shared.events.planner.details import DetailEvent
from shared.events.planner.parts import Resource, Task


class ResourceStated(DetailEvent):
    """A party has pledged a resource, or said how far it has come: the resource as it stands."""

    type: ClassVar[str] = "planner.resource.stated.v1"

    resource: Resource
    version: int
    by: str


class TaskStated(DetailEvent):
    """A task was set, changed or done: the task as it stands."""

    type: ClassVar[str] = "planner.task.stated.v1"

    task: Task
    version: int
    by: str


class TaskOverdue(DetailEvent):
    """The time is over by which a task was to be done. Said once for each such time, to its party and the owner."""

    type: ClassVar[str] = "planner.task.overdue.v1"

    task: Task
    version: int
