"""What an operation says in detail, and from whom that was taken back."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Brief(BaseModel):
    """The detail: where, how, with what and whom to call."""

    model_config = ConfigDict(frozen=True)
    title: str
    agency: str = ""
    place: str = ""
    narrative: str = ""
    tactics: str = ""
    resources: str = ""
    contacts: str = ""


class Recall(BaseModel):
    """The detail was taken back from a party; `purged_at`: since when it is gone there."""

    model_config = ConfigDict(frozen=True)
    id: UUID
    recipient: str
    at: datetime
    purged_at: datetime | None = None
