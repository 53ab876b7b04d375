"""What every service says of its own audit."""

from typing import ClassVar

from shared.events.base import Event


class AuditCheckpointed(Event):
    """The audit of a service had so many rows, chained to this hash; `signature` is a JWS over the three.

    Sent by every service, so its source is the service that it names.
    """

    type: ClassVar[str] = "audit.checkpointed.v1"
    topic: ClassVar[str] = "audit.checkpoints"
    key_field: ClassVar[str] = "service"

    service: str
    count: int
    hash: str
    signature: str

    @property
    def source(self) -> str:
        return f"/{self.service}"
