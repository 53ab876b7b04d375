"""Alerts as the portal shows them, and the receipts that showing them gives."""

from uuid import UUID

from services.portal.projections.rows import Needs, Rows, dated
from shared.events.intel import (
    AlertBodyPublished,
    AlertBodyRecalled,
    AlertPublished,
    AlertRecalled,
    AlertReceiptRecorded,
    PurgeConfirmed,
)
from shared.events.portal import Delivered, Purged
from shared.runtime.listener import Listener

_PURGE = "DELETE FROM alert_body WHERE alert_id = $1"
_FORGET = """
UPDATE quarantine SET body = NULL, headers = '[]', state = 'applied' WHERE topic = 'intel.bodies' AND key = $1
"""

NEEDS: Needs = {
    AlertBodyPublished: lambda event: [("alert", event.alert_id)],
    AlertReceiptRecorded: lambda event: [("alert_line", event.alert_id, event.recipient)],
    PurgeConfirmed: lambda event: [("alert_line", event.alert_id, event.recipient)],
    AlertRecalled: lambda event: [("alert", event.alert_id)],
}


def listen(listener: Listener) -> None:
    """Register the handlers of this family."""

    @listener.on(AlertPublished)
    async def show_alert(event: AlertPublished, rows: Rows) -> None:
        rows.replace(
            "alert", id=event.alert_id, version=event.version, status="published",
            originator=event.party, kind=event.kind.value, recipients=list(event.recipients),
            precedence=event.precedence.value, tlp=event.tlp.value, handling=event.handling.value,
            handling_text=event.handling_text, valid_until=event.valid_until, answer_due=event.answer_due,
            period_id=event.period_id, published_at=dated(event), audience_id=rows.audience(event),
        )  # fmt: skip
        said = {"kind": event.kind.value, "precedence": event.precedence.value, "recipients": len(event.recipients)}
        rows.tell(event, event.period_id, event.alert_id, said)
        for recipient in event.recipients:
            known = {"subject_id": event.alert_id, "subject_kind": "alert", "recipient": recipient, "party": recipient}
            rows.receipt(event.alert_id, recipient, "delivered", Delivered(at=rows.tx.now, **known))

    @listener.on(AlertBodyPublished)
    async def show_body(event: AlertBodyPublished, rows: Rows) -> None:
        alert = await rows.get("alert", event.alert_id)
        if alert and alert["status"] == "recalled":
            return  # in a rebuild the recall may be known before the body comes by
        rows.replace(
            "alert_body", alert_id=event.alert_id, title=event.title, text=event.text,
            language=event.language, scale=event.grading.scale.value, source=event.grading.source,
            information=event.grading.information, audience_id=rows.audience(event),
        )  # fmt: skip

    @listener.on(AlertReceiptRecorded)
    async def show_line(event: AlertReceiptRecorded, rows: Rows) -> None:
        line = await rows.get("alert_line", event.alert_id, event.recipient) or {}
        state = event.state.value
        # of each step the first time counts
        times = {f"{step}_at": line.get(f"{step}_at") or (event.at if step == state else None) for step in _STEPS}
        rows.replace(
            "alert_line", alert_id=event.alert_id, recipient=event.recipient,
            state="purged" if line.get("state") == "purged" else state, by=event.by or line.get("by", ""),
            audience_id=rows.audience(event), **times,
        )  # fmt: skip

    @listener.on(PurgeConfirmed)
    async def show_purge(event: PurgeConfirmed, rows: Rows) -> None:
        line = await rows.get("alert_line", event.alert_id, event.recipient) or {}
        rows.replace(
            "alert_line", alert_id=event.alert_id, recipient=event.recipient, state="purged", purged_at=event.at,
            by=line.get("by", ""), audience_id=rows.audience(event),
        )  # fmt: skip

    @listener.on(AlertRecalled)
    async def take_back(event: AlertRecalled, rows: Rows) -> None:
        alert = await rows.get("alert", event.alert_id)
        if alert:
            number = rows.audience(event)
            rows.change("alert", alert, status="recalled", version=event.version, recalled_at=event.at, audience_id=number)
        rows.tell(event, alert["period_id"] if alert else None, event.alert_id, {})
        await _purge(rows, event.alert_id)

    @listener.on(AlertBodyRecalled)
    async def purge_body(event: AlertBodyRecalled, rows: Rows) -> None:
        await _purge(rows, event.alert_id)


_STEPS = ("delivered", "read", "acknowledged")


async def _purge(rows: Rows, alert_id: UUID) -> None:
    """Out of every place where it was shown; each recipient's copy is confirmed once."""
    await rows.flush()
    await rows.tx.sql(_PURGE, alert_id)
    await rows.tx.sql(_FORGET, str(alert_id))
    alert = await rows.get("alert", alert_id)
    for recipient in alert["recipients"] if alert else ():
        known = {"subject_id": alert_id, "subject_kind": "alert", "recipient": recipient, "party": recipient}
        rows.receipt(alert_id, recipient, "purged", Purged(at=rows.tx.now, **known))
