"""A party is out of the readers of an operation: for services alone, because its feed keeps what it got and hears no more.

On both topics of an operation, because what was said on each stands in its own order.
"""

from datetime import datetime
from typing import ClassVar

from shared.events.planner.details import DetailEvent
from shared.events.planner.operations import OperationEvent


class ReaderLeft(OperationEvent):
    """What this party was shown of another's headline, and of the updates under it, it is shown no more. Services only."""

    type: ClassVar[str] = "planner.reader.left.v1"

    reader: str
    at: datetime


class DetailReaderLeft(DetailEvent):
    """The same of the detail, and of what updates say in detail. Services only."""

    type: ClassVar[str] = "planner.detail.reader_left.v1"

    reader: str
    at: datetime
