"""What every service says of its own: the state of its audit, and that a feed was begun anew."""

import re
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from shared.events.base import Event


def _name(text: str) -> str:
    # it is the source and the key too: what no book could hold would be set aside nowhere, and hold up what comes behind
    if not re.fullmatch(r"[a-z]{1,20}", text):
        raise ValueError("This is no name of a service.")
    return text


class ServiceEvent(Event):
    """On `audit.checkpoints`, sent by every service, so its source is the service that it names."""

    topic: ClassVar[str] = "audit.checkpoints"
    key_field: ClassVar[str] = "service"

    service: Annotated[str, AfterValidator(_name)]

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
