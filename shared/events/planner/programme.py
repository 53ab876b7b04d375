"""The Working Group and the activities of its programme, on `planner.programme`."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.events.base import Event
from shared.events.planner.parts import Document
from shared.vocabulary import ActivityKind, ActivityState


class GroupNamed(Event):
    """Who belongs to the Working Group from now on. Those that leave it hear of that, and of nothing after it."""

    type: ClassVar[str] = "planner.group.named.v1"
    topic: ClassVar[str] = "planner.programme"
    key_field: ClassVar[str] = "group_id"

    group_id: UUID
    version: int = 0
    members: tuple[str, ...]


class ActivityEvent(Event):
    """On `planner.programme`: for every member of the Working Group, and always for the activity's owner."""

    topic: ClassVar[str] = "planner.programme"
    key_field: ClassVar[str] = "activity_id"

    activity_id: UUID
    version: int = 0


class ActivityProposed(ActivityEvent):
    """A co-chair asks a party to take an activity upon it."""

    type: ClassVar[str] = "planner.activity.proposed.v1"

    kind: ActivityKind
    title: str
    description: str = ""
    owner: str
    due: date
    documents: tuple[Document, ...] = ()
    by: str


class ActivityAgreed(ActivityEvent):
    """The owner takes it upon it."""

    type: ClassVar[str] = "planner.activity.agreed.v1"

    by: str
    note: str = ""


class ActivityDeclined(ActivityEvent):
    """The owner does not take it upon it."""

    type: ClassVar[str] = "planner.activity.declined.v1"

    by: str
    reason: str


class ActivityRevised(ActivityEvent):
    """The owner says anew what it is, until when, and with which documents."""

    type: ClassVar[str] = "planner.activity.revised.v1"

    title: str
    description: str = ""
    due: date
    documents: tuple[Document, ...] = ()
    by: str


class ActivityStarted(ActivityEvent):
    """The owner is at it."""

    type: ClassVar[str] = "planner.activity.started.v1"

    by: str


class ActivityCompleted(ActivityEvent):
    """It is done; `result` says with what."""

    type: ClassVar[str] = "planner.activity.completed.v1"

    by: str
    result: str = ""


class ActivityCancelled(ActivityEvent):
    """It will not be done: its owner's word, or a co-chair's while the owner had not given its own."""

    type: ClassVar[str] = "planner.activity.cancelled.v1"

    by: str
    reason: str


class ActivityOverdue(ActivityEvent):
    """The day is over by which its owner meant to be done. Said once for each such day."""

    type: ClassVar[str] = "planner.activity.overdue.v1"

    owner: str
    due: date


class ActivityShared(ActivityEvent):
    """How it stands, for the members of a Working Group that has changed."""

    type: ClassVar[str] = "planner.activity.shared.v1"

    kind: ActivityKind
    title: str
    description: str = ""
    owner: str
    due: date
    documents: tuple[Document, ...] = ()
    status: ActivityState
    note: str = ""
    is_overdue: bool = False
