"""Bodies of the commands on conflicts and targets."""

from uuid import UUID

from pydantic import BaseModel, Field

from services.planner.domain.conflict import Conflict, Side
from services.planner.domain.contact import Contact
from services.planner.domain.targets import Targets
from shared.events.planner import Token
from shared.runtime.bodies import Body, Line, Text
from shared.vocabulary import ConflictState, IdentifierKind, Overlap, Settlement


class AnswerConflict(Body):
    answer: Settlement
    words: Text = ""


class GiveContact(Body):
    """Where the other owner of a conflict reaches this party; empty: its coordinators."""

    contact: Line = ""


class TargetAsked(Body):
    kind: IdentifierKind
    token: Token


class NameTargets(Body):
    targets: tuple[TargetAsked, ...] = Field(min_length=1, max_length=50)


class ConflictView(BaseModel):
    """One side of a conflict."""

    id: UUID
    operation_id: UUID
    version: int
    status: ConflictState
    overlaps: tuple[Overlap, ...]
    answer: Settlement | None

    @classmethod
    def of(cls, conflict: Conflict, own: Side) -> "ConflictView":
        return cls(
            id=own.id, operation_id=own.operation_id, version=conflict.version, status=conflict.state,
            overlaps=conflict.kinds, answer=own.answer,
        )  # fmt: skip


class ContactView(BaseModel):
    version: int
    contact: str

    @classmethod
    def of(cls, contact: Contact) -> "ContactView":
        return cls(version=contact.version, contact=contact.contact)


class TargetsView(BaseModel):
    """How many targets the operation names, and nothing of what they met."""

    id: UUID
    version: int
    targets: int

    @classmethod
    def of(cls, targets: Targets) -> "TargetsView":
        return cls(id=targets.id, version=targets.version, targets=len(targets.named))
