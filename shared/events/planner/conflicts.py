"""What owners of operations hear of conflicts between them, on `planner.conflicts`: each of its own side only."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.events.base import Event
from shared.vocabulary import IdentifierKind, Overlap, Settlement


class ConflictEvent(Event):
    """For one of the two owners. `conflict_id` is this side's own; the other side knows the conflict by another."""

    topic: ClassVar[str] = "planner.conflicts"
    key_field: ClassVar[str] = "conflict_id"

    conflict_id: UUID
    version: int = 0


class ConflictFound(ConflictEvent):
    """This operation of the reader's party overlaps with one of another party, or does so in a new way.

    `answers_stand`: what was said about it before still stands. An empty `contact` is the other party's coordinators.
    """

    type: ClassVar[str] = "planner.conflict.found.v1"

    operation_id: UUID
    period_id: UUID
    other_party: str
    contact: str = ""
    overlaps: tuple[Overlap, ...]
    at: datetime
    answers_stand: bool = False


class ConflictAnswered(ConflictEvent):
    """`party` of the envelope says what was agreed; `by` names the officer to that party's own people only."""

    type: ClassVar[str] = "planner.conflict.answered.v1"

    answer: Settlement
    words: str = ""
    by: str = ""
    at: datetime


class ConflictSettled(ConflictEvent):
    """Both owners said the same."""

    type: ClassVar[str] = "planner.conflict.settled.v1"

    settlement: Settlement
    at: datetime


class ConflictLapsed(ConflictEvent):
    """The overlap is gone. It does not say by what."""

    type: ClassVar[str] = "planner.conflict.lapsed.v1"

    at: datetime


class ContactChanged(ConflictEvent):
    """The other party is reached there from now on."""

    type: ClassVar[str] = "planner.conflict.contact_changed.v1"

    contact: str


class ContactGiven(Event):
    """Where a party is reached about conflicts; for itself. Empty: its coordinators."""

    type: ClassVar[str] = "planner.contact.given.v1"
    topic: ClassVar[str] = "planner.conflicts"
    key_field: ClassVar[str] = "owner"

    owner: str
    version: int = 0
    contact: str
    by: str


class TargetsCounted(Event):
    """How many targets an operation names, by the kind of identifier; for its owner. Tokens are on `planner.targets`."""

    type: ClassVar[str] = "planner.targets.counted.v1"
    topic: ClassVar[str] = "planner.conflicts"
    key_field: ClassVar[str] = "operation_id"

    operation_id: UUID
    period_id: UUID
    version: int = 0
    counts: dict[IdentifierKind, int]
