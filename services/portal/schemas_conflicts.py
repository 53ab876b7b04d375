"""What the public API answers about conflicts, and what it takes of targets."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from services.portal.schemas import Said
from shared.identifiers import Identifier
from shared.runtime.bodies import Body


class ConflictOut(Said):
    """The reader's side of a conflict. An empty contact is the other party's coordinators."""

    id: UUID
    version: int
    status: str
    operation_id: UUID
    period_id: UUID
    other_party: str
    contact: str
    overlaps: list[str]
    found_at: datetime
    changed_at: datetime
    own_answer: str | None
    own_words: str | None
    own_by: str | None
    own_at: datetime | None
    other_answer: str | None
    other_words: str | None
    other_at: datetime | None
    settlement: str | None


class ContactOut(Said):
    version: int
    contact: str


class TargetsOut(Said):
    """How many targets an operation names, by the kind of identifier; which they are nobody can read back."""

    version: int
    counts: dict[str, int]


class NameIdentifiers(Body):
    """In clear, over HTTPS; what is kept of each is a token."""

    identifiers: list[Identifier] = Field(min_length=1, max_length=50)
