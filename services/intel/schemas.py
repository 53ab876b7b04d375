"""Bodies of intel's API, where they differ from the domain."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from services.intel.domain.alert import Alert
from services.intel.domain.ledger import Line as LedgerLine
from shared.parties import PartyCode
from shared.runtime.bodies import Body, Line, Moment, Text
from shared.vocabulary import (
    TLP,
    AlertKind,
    AlertState,
    GradingScale,
    HandlingCode,
    Precedence,
    ReceiptState,
)


class GradingAsked(Body):
    scale: GradingScale
    source: Line
    information: Line


class PublishAlert(Body):
    kind: AlertKind
    title: Line
    text: Text
    language: Annotated[str, StringConstraints(max_length=35, pattern=r"^[A-Za-z0-9-]*$")] = ""
    grading: GradingAsked
    tlp: TLP = TLP.AMBER_STRICT
    handling: HandlingCode = HandlingCode.H1
    handling_text: Line = ""
    precedence: Precedence = Precedence.ROUTINE
    recipients: tuple[PartyCode, ...] = Field(max_length=60)
    valid_until: Moment
    period_id: UUID | None = None


class AlertView(BaseModel):
    id: UUID
    version: int
    status: AlertState
    recipients: tuple[str, ...]
    precedence: Precedence
    published_at: datetime
    answer_due: datetime
    valid_until: datetime

    @classmethod
    def of(cls, alert: Alert) -> "AlertView":
        same = alert.model_dump(include=cls.model_fields.keys() - {"status", "answer_due"})
        return cls(status=alert.state, answer_due=alert.answer_due, **same)


class LineView(BaseModel):
    """How far the alert has come with the caller's party, and which of its officers answered."""

    id: UUID
    version: int
    recipient: str
    state: ReceiptState
    acknowledged_at: datetime | None
    acknowledged_by: str

    @classmethod
    def of(cls, alert: Alert, line: LedgerLine) -> "LineView":
        same = line.model_dump(include={"recipient", "state", "acknowledged_at", "acknowledged_by"})
        return cls(id=alert.id, version=alert.version, **same)
