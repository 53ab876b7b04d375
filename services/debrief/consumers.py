"""What debrief does with what it hears: it keeps what the debriefs are compiled from."""

from services.debrief import usecases
from services.debrief.repository import Operations, Periods, Updates
from shared.events.planner import (
    Headline,
    HeadlineReleased,
    InvitationAnswered,
    OperationCancelled,
    OperationCompleted,
    OperationDrafted,
    OperationScheduled,
    OperationStarted,
    PeriodClosed,
    PeriodProposed,
    PeriodSealed,
    UpdatePosted,
    UpdateReleased,
    UpdateReturned,
    UpdateValidated,
)
from shared.runtime.db import Tx
from shared.runtime.listener import Listener
from shared.vocabulary import OperationState, UpdateStatus

# further topics join when something listens to them: a topic that is heard without a handler is history missed
listener = Listener("planner.periods", "planner.operations")

PROGRESS = {
    OperationStarted: OperationState.UNDER_WAY,
    OperationCompleted: OperationState.COMPLETED,
    OperationCancelled: OperationState.CANCELLED,
}
JUDGEMENT = {UpdateValidated: UpdateStatus.VALIDATED, UpdateReturned: UpdateStatus.RETURNED}


@listener.on(PeriodProposed)
async def note_period(event: PeriodProposed, tx: Tx) -> None:
    await Periods(tx).add(event)


@listener.on(InvitationAnswered)
async def note_answer(event: InvitationAnswered, tx: Tx) -> None:
    await Periods(tx).answer(event.period_id, event.party, event.answer)


@listener.on(PeriodClosed)
async def open_debrief(event: PeriodClosed, tx: Tx) -> None:
    await usecases.open_debrief(tx, event.period_id, event.at)


@listener.on(PeriodSealed)
async def note_seal(event: PeriodSealed, tx: Tx) -> None:
    await Periods(tx).seal(event)


@listener.on(OperationDrafted, OperationScheduled, HeadlineReleased)
async def note_headline(event: Headline, tx: Tx) -> None:
    await Operations(tx).put(event)


@listener.on(OperationStarted, OperationCompleted, OperationCancelled)
async def note_progress(event: OperationStarted | OperationCompleted | OperationCancelled, tx: Tx) -> None:
    await Operations(tx).become(event.period_id, event.operation_id, PROGRESS[type(event)])


@listener.on(UpdatePosted)
async def note_update(event: UpdatePosted, tx: Tx) -> None:
    await Updates(tx).put(event, UpdateStatus.PROVISIONAL)
    if event.supersedes is not None:
        await Updates(tx).become(event.period_id, event.supersedes, UpdateStatus.SUPERSEDED)


@listener.on(UpdateReleased)
async def note_release(event: UpdateReleased, tx: Tx) -> None:
    await Updates(tx).put(event, UpdateStatus(event.status))


@listener.on(UpdateValidated, UpdateReturned)
async def note_judgement(event: UpdateValidated | UpdateReturned, tx: Tx) -> None:
    await Updates(tx).become(event.period_id, event.update_id, JUDGEMENT[type(event)])
