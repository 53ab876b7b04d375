"""What every service says of its own: the state of its audit, and that a feed was begun anew."""

from datetime import datetime
from typing import ClassVar

from shared.events.base import Event


class ServiceEvent(Event):
    """On `audit.checkpoints`, sent by every service, so its source is the service that it names."""

    topic: ClassVar[str] = "audit.checkpoints"
    key_field: ClassVar[str] = "service"

    service: str

    @property
    def source(self) -> str:
        return f"/{self.service}"


class AuditCheckpointed(ServiceEvent):
    """The audit of a service had so many rows, chained to this hash; `signature` is a JWS over the three.

    Sent by every service, so its source is the service that it names.
    """

    type: ClassVar[str] = "audit.checkpointed.v1"

    count: int
    hash: str
    signature: str


class FeedRestarted(ServiceEvent):
    """In this feed stands again all that the service ever said to this party: `count` events, before or around this one.

    Of this source, what a reader holds and did not find again since the beginning of the topic is void.
    """

    type: ClassVar[str] = "audit.feed.restarted.v1"

    count: int
    at: datetime
