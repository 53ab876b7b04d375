"""What intel does with alerts: load, decide, keep, announce."""

from datetime import datetime
from uuid import UUID

from services.intel.domain.alert import Alert, NotThisState
from services.intel.domain.ledger import Line
from services.intel.domain.permissions import may
from services.intel.repository import Alerts, Lines, Periods
from shared.actor import Actor
from shared.errors import Forbidden, Invalid
from shared.events.intel import AlertEvent
from shared.runtime.db import Tx
from shared.runtime.versions import require_version
from shared.vocabulary import AlertState, ReceiptState


async def publish(tx: Tx, actor: Actor, alert: Alert) -> Alert:
    may(actor, "publish alert")
    if alert.period_id is not None and not await Periods(tx).hears(alert.period_id, actor.party):
        raise Invalid.field("period_id", "There is no such period that you are asked to.")
    published, *said = Alert.publish(alert, actor)
    await Alerts(tx).put(published)
    lines = [Line(alert_id=published.id, recipient=party, queued_at=tx.now) for party in published.recipients]
    await Lines(tx).add(lines)
    tx.announce(*said)
    return published


async def acknowledge(tx: Tx, actor: Actor, alert_id: UUID) -> tuple[Alert, Line]:
    """A recipient's officer has taken it in. Where a colleague was first, the party has said it; nothing changes."""
    alert = await _seen(tx, actor, alert_id)
    may(actor, "acknowledge alert")
    if actor.party not in alert.recipients:
        raise Forbidden("This is your own alert; its recipients acknowledge it.")
    if alert.state is AlertState.RECALLED:
        raise NotThisState("This alert was recalled; there is nothing to acknowledge any more.")
    return alert, await _forward(tx, alert, actor.party, ReceiptState.ACKNOWLEDGED, tx.now, actor.name)


async def recall(tx: Tx, actor: Actor, alert_id: UUID, expected: int, reason: str) -> Alert:
    """Take it back, and leave nothing of its text here."""
    alert = await _seen(tx, actor, alert_id)
    may(actor, "recall alert")
    await require_version(
        tx, AlertEvent.topic, str(alert_id), alert.version, expected, lambda data: "recipient" not in data
    )
    recalled, *said = alert.recall(reason, actor, tx.now)
    alerts = Alerts(tx)
    await alerts.put(recalled)
    await alerts.forget_body(recalled, tx.now)
    tx.announce(*said)
    return recalled


async def record_receipt(
    tx: Tx, alert_id: UUID, recipient: str, state: ReceiptState, at: datetime, by: str
) -> None:
    """What the portal says of a recipient: delivered or read."""
    await _forward(tx, await Alerts(tx).get(alert_id), recipient, state, at, by)


async def confirm_purge(tx: Tx, alert_id: UUID, recipient: str, at: datetime) -> None:
    alert = await Alerts(tx).get(alert_id)
    lines = Lines(tx)
    if purged := (await lines.get(alert_id, recipient)).purge(alert, at):
        line, said = purged
        await lines.put(line)
        tx.announce(said)


async def _seen(tx: Tx, actor: Actor, alert_id: UUID) -> Alert:
    alert = await Alerts(tx).get(alert_id)
    alert.require_visible(actor)
    return alert


async def _forward(tx: Tx, alert: Alert, recipient: str, state: ReceiptState, at: datetime, by: str) -> Line:
    """The recipient's line, moved on if this is further. The alert is locked: its topic's order is its own."""
    lines = Lines(tx)
    line = await lines.get(alert.id, recipient)
    if moved := line.forward(alert, state, at, by):
        line, said = moved
        await lines.put(line)
        tx.announce(said)
    return line
