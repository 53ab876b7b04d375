"""What intel does with what it hears."""

from services.intel import usecases
from shared.events.portal import Delivered, Opened, Purged
from shared.runtime.bus import Listener
from shared.runtime.db import Tx
from shared.vocabulary import ReceiptState

# further topics join when something listens to them: a topic that is heard without a handler is history missed
listener = Listener("portal.receipts")


@listener.on(Delivered)
async def record_delivery(event: Delivered, tx: Tx) -> None:
    await usecases.record_receipt(tx, event.subject_id, event.recipient, ReceiptState.DELIVERED, event.at, event.by)


@listener.on(Opened)
async def record_reading(event: Opened, tx: Tx) -> None:
    await usecases.record_receipt(tx, event.subject_id, event.recipient, ReceiptState.READ, event.at, event.by)


@listener.on(Purged)
async def confirm_purge(event: Purged, tx: Tx) -> None:
    await usecases.confirm_purge(tx, event.subject_id, event.recipient, event.at)
