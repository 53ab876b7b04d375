"""The ledger of an alert: how far it has come with each recipient. A line only ever moves forward."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.intel.domain.alert import Alert, NotThisState
from shared.events.intel import AlertReceiptRecorded, PurgeConfirmed
from shared.vocabulary import AlertState, ReceiptState

ORDER = (ReceiptState.QUEUED, ReceiptState.DELIVERED, ReceiptState.READ, ReceiptState.ACKNOWLEDGED)


class Line(BaseModel):
    """One recipient's line. A purge after a recall is told beside the state, which stays as evidence of what was."""

    model_config = ConfigDict(frozen=True)

    alert_id: UUID
    recipient: str
    state: ReceiptState = ReceiptState.QUEUED
    queued_at: datetime
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    purged_at: datetime | None = None

    def forward(
        self, alert: Alert, state: ReceiptState, at: datetime, by: str = ""
    ) -> tuple[Self, AlertReceiptRecorded] | None:
        """The line further on, and the fact; nothing where it had come so far already."""
        if ORDER.index(state) <= ORDER.index(self.state):
            return None
        changes: dict[str, object] = {"state": state, f"{state.value}_at": at}
        if state is ReceiptState.ACKNOWLEDGED:
            changes["acknowledged_by"] = by
        said = AlertReceiptRecorded(state=state, at=at, by=by, **self._envelope(alert))
        return self.model_copy(update=changes), said

    def purge(self, alert: Alert, at: datetime) -> tuple[Self, PurgeConfirmed] | None:
        """The recipient's copy of a recalled text is gone; nothing where that was told before."""
        if alert.state is not AlertState.RECALLED:
            raise NotThisState("An alert that was not recalled is not purged.")
        if self.purged_at is not None:
            return None
        return self.model_copy(update={"purged_at": at}), PurgeConfirmed(at=at, **self._envelope(alert))

    def _envelope(self, alert: Alert) -> dict[str, object]:
        return {
            "alert_id": self.alert_id,
            "version": alert.version,
            "recipient": self.recipient,
            "party": self.recipient,
            "audience": alert.line_audience(self.recipient),
            "tlp": alert.tlp,
        }
