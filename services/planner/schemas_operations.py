"""Bodies of what an owner does with an operation after it was drafted."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.planner.schemas import WindowAsked
from shared.events.planner import Resource, Task
from shared.parties import PartyCode
from shared.places import PlaceAsked
from shared.runtime.bodies import Body, Line, Moment, Text
from shared.vocabulary import DetailAudience, OperationKind, ResourceKind, ResourceState


class AmendOperation(Body):
    """The whole of it, as it is to be. Without `detail_audience` and `named` the detail stays for whom it is."""

    kind: OperationKind
    title: Line
    window: WindowAsked
    objective_id: UUID | None = None
    agency: Line = ""
    place: Line = ""
    places: tuple[PlaceAsked, ...] = Field(default=(), max_length=20)
    narrative: Text = ""
    tactics: Text = ""
    resources: Text = ""
    contacts: Text = ""
    detail_audience: DetailAudience | None = None
    named: tuple[PartyCode, ...] | None = Field(default=None, max_length=60)


class ChooseReaders(Body):
    """For whom the detail is to be from now on."""

    detail_audience: DetailAudience
    named: tuple[PartyCode, ...] = Field(default=(), max_length=60)


class AskDisclosure(Body):
    """What is thought of: an amendment, other readers, or neither (how it stands; a draft as it would be scheduled)."""

    amendment: AmendOperation | None = None
    readers: ChooseReaders | None = None


class PledgeResource(Body):
    """In the name of the one who pledges."""

    kind: ResourceKind
    unit: Line = ""
    planned: int = Field(ge=1, le=1_000_000_000)
    note: Line = ""


class MoveResource(Body):
    """How far it has come. `actual`: how much came; needed once it is deployed."""

    status: ResourceState
    actual: int | None = Field(default=None, ge=0, le=1_000_000_000)


class SetTask(Body):
    """`party`: whose task it is; without it, the owner's. `after`: the tasks that are done before."""

    title: Line
    party: PartyCode | None = None
    officer: Line = ""
    due: Moment
    after: tuple[UUID, ...] = Field(default=(), max_length=50)


class ResourceView(BaseModel):
    """A resource as it stands."""

    id: UUID
    operation_id: UUID
    version: int
    party: str
    kind: ResourceKind
    unit: str
    planned: int
    actual: int | None
    status: ResourceState
    note: str

    @classmethod
    def of(cls, operation_id: UUID, resource: Resource) -> "ResourceView":
        return cls(operation_id=operation_id, **resource.model_dump())


class TaskView(BaseModel):
    """A task as it stands."""

    id: UUID
    operation_id: UUID
    version: int
    title: str
    party: str
    officer: str
    due: datetime
    after: tuple[UUID, ...]
    done_at: datetime | None
    done_by: str
    overdue: bool

    @classmethod
    def of(cls, operation_id: UUID, task: Task) -> "TaskView":
        return cls(operation_id=operation_id, **task.model_dump())
