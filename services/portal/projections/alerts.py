"""Alerts as the portal shows them, and the receipts that showing them gives."""

from datetime import datetime
from uuid import UUID

from services.portal.projections.rows import audience, dated, replace, tell
from shared.events.intel import (
    AlertBodyPublished,
    AlertBodyRecalled,
    AlertPublished,
    AlertRecalled,
    AlertReceiptRecorded,
    PurgeConfirmed,
)
from shared.events.portal import Delivered, Purged
from shared.runtime.bus import Listener
from shared.runtime.db import Tx

_ONCE = "INSERT INTO public.delivered (subject_id, recipient, kind) VALUES ($1,$2,$3) ON CONFLICT DO NOTHING RETURNING kind"
_LINE = """
INSERT INTO alert_line AS l (alert_id, recipient, state, audience_id, "by", delivered_at, read_at, acknowledged_at)
VALUES ($1, $2, $3::text, $4, $5, CASE WHEN $3::text = 'delivered' THEN $6::timestamptz END,
        CASE WHEN $3::text = 'read' THEN $6::timestamptz END, CASE WHEN $3::text = 'acknowledged' THEN $6::timestamptz END)
ON CONFLICT (alert_id, recipient) DO UPDATE SET
    state = CASE WHEN l.state = 'purged' THEN l.state ELSE excluded.state END, audience_id = excluded.audience_id,
    "by" = coalesce(nullif(excluded."by", ''), l."by"), delivered_at = coalesce(l.delivered_at, excluded.delivered_at),
    read_at = coalesce(l.read_at, excluded.read_at),
    acknowledged_at = coalesce(l.acknowledged_at, excluded.acknowledged_at)
"""


def listen(listener: Listener) -> None:
    """Register the handlers of this family."""

    @listener.on(AlertPublished)
    async def show_alert(event: AlertPublished, tx: Tx) -> None:
        await replace(
            tx, "alert", ("id",), id=event.alert_id, version=event.version, status="published",
            originator=event.party, kind=event.kind.value, recipients=list(event.recipients),
            precedence=event.precedence.value, tlp=event.tlp.value, handling=event.handling.value,
            handling_text=event.handling_text, valid_until=event.valid_until, answer_due=event.answer_due,
            period_id=event.period_id, published_at=dated(event), audience_id=await audience(event),
        )  # fmt: skip
        said = {"kind": event.kind.value, "precedence": event.precedence.value, "recipients": len(event.recipients)}
        await tell(tx, event, event.period_id, event.alert_id, said)
        for recipient in event.recipients:
            if await _first(tx, event.alert_id, recipient, "delivered"):
                tx.announce(
                    Delivered(
                        subject_id=event.alert_id, subject_kind="alert", recipient=recipient, at=tx.now, party=recipient
                    )
                )

    @listener.on(AlertBodyPublished)
    async def show_body(event: AlertBodyPublished, tx: Tx) -> None:
        if await tx.sql(_IS_RECALLED, event.alert_id):
            return  # in a rebuild the recall may be known before the body comes by
        await replace(
            tx, "alert_body", ("alert_id",), alert_id=event.alert_id, title=event.title, text=event.text,
            language=event.language, scale=event.grading.scale.value, source=event.grading.source,
            information=event.grading.information, audience_id=await audience(event),
        )  # fmt: skip

    @listener.on(AlertReceiptRecorded)
    async def show_line(event: AlertReceiptRecorded, tx: Tx) -> None:
        number = await audience(event)
        await tx.sql(_LINE, event.alert_id, event.recipient, event.state.value, number, event.by, event.at)

    @listener.on(PurgeConfirmed)
    async def show_purge(event: PurgeConfirmed, tx: Tx) -> None:
        await tx.sql(_PURGED, event.alert_id, event.recipient, event.at, await audience(event))

    @listener.on(AlertRecalled)
    async def take_back(event: AlertRecalled, tx: Tx) -> None:
        number = await audience(event)
        rows = await tx.sql(_RECALLED, event.alert_id, event.version, event.at, number)
        await tell(tx, event, rows[0]["period_id"] if rows else None, event.alert_id, {})
        await _purge(tx, event.alert_id)

    @listener.on(AlertBodyRecalled)
    async def purge_body(event: AlertBodyRecalled, tx: Tx) -> None:
        await _purge(tx, event.alert_id)


async def _purge(tx: Tx, alert_id: UUID) -> None:
    """Out of every place where it was shown; each recipient's copy is confirmed once."""
    await tx.sql("DELETE FROM alert_body WHERE alert_id = $1", alert_id)
    await tx.sql(_FORGET, str(alert_id))
    rows = await tx.sql("SELECT recipients FROM alert WHERE id = $1", alert_id)
    recipients = rows[0]["recipients"] if rows else []
    for recipient in recipients:
        if await _first(tx, alert_id, recipient, "purged"):
            tx.announce(_purged(alert_id, recipient, tx.now))


def _purged(alert_id: UUID, recipient: str, at: datetime) -> Purged:
    return Purged(subject_id=alert_id, subject_kind="alert", recipient=recipient, at=at, party=recipient)


_RECALLED = """
UPDATE alert SET status = 'recalled', version = $2, recalled_at = $3, audience_id = $4 WHERE id = $1
RETURNING period_id
"""
_PURGED = """
INSERT INTO alert_line AS l (alert_id, recipient, state, purged_at, audience_id, "by")
VALUES ($1, $2, 'purged', $3, $4, '')
ON CONFLICT (alert_id, recipient) DO UPDATE SET state = 'purged', purged_at = excluded.purged_at,
    audience_id = excluded.audience_id
"""
_IS_RECALLED = "SELECT 1 AS one FROM alert WHERE id = $1 AND status = 'recalled'"
_FORGET = """
UPDATE quarantine SET body = NULL, headers = '[]', state = 'applied' WHERE topic = 'intel.bodies' AND key = $1
"""


async def _first(tx: Tx, subject_id: UUID, recipient: str, kind: str) -> bool:
    """Whether no receipt of this kind was given before; it is remembered beyond a rebuild."""
    await tx.lock(str(subject_id))
    return bool(await tx.sql(_ONCE, subject_id, recipient, kind))
