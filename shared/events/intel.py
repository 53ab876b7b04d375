"""What intel says: alerts in headline and body, and each recipient's line of the ledger."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.events.base import Event
from shared.events.planner import Part
from shared.vocabulary import AlertKind, GradingScale, HandlingCode, Precedence, ReceiptState


class AlertEvent(Event):
    """On `intel.alerts`: that there is an alert, for whom, and by when."""

    topic: ClassVar[str] = "intel.alerts"
    key_field: ClassVar[str] = "alert_id"

    alert_id: UUID
    version: int = 0


class AlertPublished(AlertEvent):
    """An alert went out; `party` of the envelope is its originator. The text travels in AlertBodyPublished."""

    type: ClassVar[str] = "intel.alert.published.v1"

    kind: AlertKind
    recipients: tuple[str, ...]
    precedence: Precedence
    handling: HandlingCode
    handling_text: str = ""
    valid_until: datetime
    answer_due: datetime
    period_id: UUID | None = None


class AlertReceiptRecorded(AlertEvent):
    """One recipient's line of the ledger moved on. For the originator and that recipient."""

    type: ClassVar[str] = "intel.alert.receipt_recorded.v1"

    recipient: str
    state: ReceiptState
    at: datetime
    by: str = ""


class AlertRecalled(AlertEvent):
    """The originator takes it back: every receiver purges the text and says so."""

    type: ClassVar[str] = "intel.alert.recalled.v1"
    passes_hold: ClassVar[bool] = True

    at: datetime
    by: str


class PurgeConfirmed(AlertEvent):
    """The portal has taken a recalled body out of every place where it showed it. For the originator."""

    type: ClassVar[str] = "intel.alert.purge_confirmed.v1"

    recipient: str
    at: datetime


class Grading(Part):
    """How far source and information are trusted, in the scale that they were given in."""

    scale: GradingScale
    source: str
    information: str


class AlertBodyEvent(Event):
    """On `intel.bodies`: the text, for the recipients only."""

    topic: ClassVar[str] = "intel.bodies"
    key_field: ClassVar[str] = "alert_id"

    alert_id: UUID


class AlertBodyPublished(AlertBodyEvent):
    """What the alert says, in its own language, and how it is graded."""

    type: ClassVar[str] = "intel.alert.body_published.v1"

    title: str
    text: str
    language: str
    grading: Grading


class AlertBodyRecalled(AlertBodyEvent):
    """The body was taken back, and why. Without a reason it stands in the body's own place when that is sent again."""

    type: ClassVar[str] = "intel.alert.body_recalled.v1"
    passes_hold: ClassVar[bool] = True

    at: datetime
    reason: str = ""
