"""What intel does with what it hears."""

from services.intel import usecases
from services.intel.repository import Periods
from shared.events.planner import InvitationAnswered, ParticipantLeft, PartiesInvited, PeriodProposed
from shared.events.portal import Delivered, Opened, Purged
from shared.runtime.db import Tx
from shared.runtime.listener import Listener
from shared.vocabulary import Answer, ReceiptState

# further topics join when something listens to them: a topic that is heard without a handler is history missed
listener = Listener("portal.receipts", "planner.periods")


@listener.on(Delivered)
async def record_delivery(event: Delivered, tx: Tx) -> None:
    await usecases.record_receipt(tx, event.subject_id, event.recipient, ReceiptState.DELIVERED, event.at, event.by)


@listener.on(Opened)
async def record_reading(event: Opened, tx: Tx) -> None:
    await usecases.record_receipt(tx, event.subject_id, event.recipient, ReceiptState.READ, event.at, event.by)


@listener.on(Purged)
async def confirm_purge(event: Purged, tx: Tx) -> None:
    await usecases.confirm_purge(tx, event.subject_id, event.recipient, event.at)


@listener.on(PeriodProposed)
async def know_period(event: PeriodProposed, tx: Tx) -> None:
    await Periods(tx).put(event.period_id, sorted({*event.co_chairs, *event.invited, *event.supporting}))


@listener.on(PartiesInvited)
async def know_who_is_asked_now(event: PartiesInvited, tx: Tx) -> None:
    await Periods(tx).join(event.period_id, event.newcomers)


@listener.on(InvitationAnswered)
async def know_who_declined(event: InvitationAnswered, tx: Tx) -> None:
    if event.answer is Answer.DECLINED:
        await Periods(tx).leave(event.period_id, event.party)


@listener.on(ParticipantLeft)
async def know_who_left(event: ParticipantLeft, tx: Tx) -> None:
    await Periods(tx).leave(event.period_id, event.party)
