"""Values inside the planner's events."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.vocabulary import Indicator, PlaceKind, ResourceKind, ResourceState


class Part(BaseModel):
    """A value inside an event."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Objective(Part):
    """What the period wants to reach: an indicator, from where, to where, and who measures it."""

    id: UUID
    title: str
    indicator: Indicator
    baseline: int = 0
    target: int
    measured_by: str = ""


class Checkpoint(Part):
    """A progression session on a day of the period."""

    name: str
    day: date


class Section(Part):
    """A part of a plan."""

    title: str
    text: str


class Word(Part):
    """What a party said to an invitation or a plan version: by which officer, when, and its reservation or reason."""

    party: str
    answer: str
    by: str
    at: datetime
    note: str = ""


class FileRef(Part):
    """A file by the SHA-256 of its content; its bytes lie with the portal, for whoever may read what names it."""

    sha256: str
    name: str
    media_type: str
    size: int


class PlanStanding(Part):
    """A version of a plan with the words given on it; the fields are those of PlanPublished."""

    number: int
    sections: tuple[Section, ...]
    rights_officers: tuple[str, ...] = ()
    objectives: tuple[Objective, ...] | None = None
    amends: int | None = None
    affected: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    annexes: tuple[FileRef, ...] = ()
    by: str = ""
    words: tuple[Word, ...] = ()


class Window(Part):
    """From when to when an operation runs."""

    starts_at: datetime
    ends_at: datetime


class Document(Part):
    """A document by its title, and where it lies."""

    title: str
    address: str = ""


class Place(Part):
    """Where something happens: by its code or a point (WGS 84), with the time zone in which people there live."""

    kind: PlaceKind
    code: str = ""
    name: str = ""
    latitude: float | None = None
    longitude: float | None = None
    time_zone: str


class Resource(Part):
    """What a party brings to an operation: as much as was planned, and as much as came; `version` is its own."""

    id: UUID
    party: str
    kind: ResourceKind
    unit: str = ""
    planned: int
    actual: int | None = None
    status: ResourceState = ResourceState.PLEDGED
    note: str = ""
    version: int = 1


class Task(Part):
    """Something to be done by a party until a time, after other tasks of the operation; `version` is its own.

    `overdue`: its time is over, and that was said.
    """

    id: UUID
    title: str
    party: str
    officer: str = ""
    due: datetime
    after: tuple[UUID, ...] = ()
    done_at: datetime | None = None
    done_by: str = ""
    overdue: bool = False
    version: int = 1
