"""Tokens of targets, on `planner.targets`: for services that compare them, never for a feed."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import StringConstraints

from shared.events.base import Event
from shared.events.planner.parts import Part
from shared.vocabulary import IdentifierKind

Token = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}:[0-9a-f]{64}$")]
"""`<version of the key>:<HMAC-SHA256>`: nobody without the key makes one, or makes the identifier of one."""


class Target(Part):
    """A target by the token of its identifier."""

    kind: IdentifierKind
    token: Token


class TargetsNamed(Event):
    """All the targets that an operation names now. Its audience is empty: services only."""

    type: ClassVar[str] = "planner.targets.named.v1"
    topic: ClassVar[str] = "planner.targets"
    key_field: ClassVar[str] = "operation_id"

    operation_id: UUID
    period_id: UUID
    version: int = 0
    targets: tuple[Target, ...]
