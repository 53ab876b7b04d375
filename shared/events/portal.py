"""What the portal says: what reached whom, what was read, and what was purged. Services only."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from shared.events.base import Event


class ReceiptEvent(Event):
    """On `portal.receipts`, by the thing that was received; `party` of the envelope is the recipient."""

    topic: ClassVar[str] = "portal.receipts"
    key_field: ClassVar[str] = "subject_id"

    subject_id: UUID
    subject_kind: Literal["alert"]
    recipient: str
    at: datetime
    by: str = ""


class Delivered(ReceiptEvent):
    """It stands where the recipient's officers see it."""

    type: ClassVar[str] = "portal.receipt.delivered.v1"


class Opened(ReceiptEvent):
    """An officer of the recipient opened it."""

    type: ClassVar[str] = "portal.receipt.opened.v1"


class Purged(ReceiptEvent):
    """It is gone from every place where it was shown to the recipient."""

    type: ClassVar[str] = "portal.receipt.purged.v1"


class DetailPurged(Event):
    """An operation's detail that its owner took back is gone from every place where it was shown to the recipient."""

    topic: ClassVar[str] = "portal.receipts"
    key_field: ClassVar[str] = "recall_id"
    type: ClassVar[str] = "portal.detail.purged.v1"

    recall_id: UUID
    operation_id: UUID
    recipient: str
    at: datetime
