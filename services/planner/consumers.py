"""What the planner does with what it hears."""

from services.planner.usecases import disclosure
from shared.events.portal import DetailPurged
from shared.runtime.db import Tx
from shared.runtime.listener import Listener

# further topics join when something listens to them: a topic that is heard without a handler is history missed
listener = Listener("portal.receipts")


@listener.on(DetailPurged)
async def confirm_purge(event: DetailPurged, tx: Tx) -> None:
    await disclosure.confirm_purge(tx, event.operation_id, event.recall_id, event.recipient, event.at)
