"""What debrief does with what it hears: it keeps what the debriefs are compiled from."""

from services.debrief import usecases
from services.debrief.domain.period import LEFT
from services.debrief.gathered import Gathered
from services.debrief.repository import Operations, Periods, Updates
from shared.events.planner import (
    Headline,
    HeadlineReleased,
    InvitationAnswered,
    OperationAmended,
    OperationCancelled,
    OperationCompleted,
    OperationDrafted,
    OperationScheduled,
    OperationStarted,
    ParticipantLeft,
    PeriodClosed,
    PeriodProposed,
    PeriodSealed,
    PlanAdopted,
    PlanAmended,
    UpdatePosted,
    UpdateReleased,
    UpdateReturned,
    UpdateValidated,
)
from shared.runtime.listener import Listener
from shared.vocabulary import OperationState, UpdateStatus

# further topics join when something listens to them: a topic that is heard without a handler is history missed
listener = Listener("planner.periods", "planner.operations", gather=Gathered)

PROGRESS = {
    OperationStarted: OperationState.UNDER_WAY,
    OperationCompleted: OperationState.COMPLETED,
    OperationCancelled: OperationState.CANCELLED,
}
JUDGEMENT = {UpdateValidated: UpdateStatus.VALIDATED, UpdateReturned: UpdateStatus.RETURNED}


@listener.on(PeriodProposed)
async def note_period(event: PeriodProposed, gathered: Gathered) -> None:
    await Periods(await gathered.tx()).add(event)


@listener.on(InvitationAnswered)
async def note_answer(event: InvitationAnswered, gathered: Gathered) -> None:
    await Periods(await gathered.tx()).answer(event.period_id, event.party, event.answer.value)


@listener.on(ParticipantLeft)
async def note_leaving(event: ParticipantLeft, gathered: Gathered) -> None:
    await Periods(await gathered.tx()).answer(event.period_id, event.party, LEFT)


@listener.on(PlanAdopted, PlanAmended)
async def note_objectives(event: PlanAdopted | PlanAmended, gathered: Gathered) -> None:
    if event.objectives is not None:
        await Periods(await gathered.tx()).aim(event.period_id, event.objectives)


@listener.on(PeriodClosed)
async def open_debrief(event: PeriodClosed, gathered: Gathered) -> None:
    await usecases.open_debrief(await gathered.tx(), event.period_id, event.at)


@listener.on(PeriodSealed)
async def note_seal(event: PeriodSealed, gathered: Gathered) -> None:
    await Periods(await gathered.tx()).seal(event)


@listener.on(OperationDrafted, OperationScheduled, OperationAmended, HeadlineReleased)
async def note_headline(event: Headline, gathered: Gathered) -> None:
    await Operations(await gathered.tx()).put(event)


@listener.on(OperationStarted, OperationCompleted, OperationCancelled)
async def note_progress(event: OperationStarted | OperationCompleted | OperationCancelled, gathered: Gathered) -> None:
    await Operations(await gathered.tx()).become(event.period_id, event.operation_id, PROGRESS[type(event)])


@listener.on(UpdatePosted)
async def note_update(event: UpdatePosted, gathered: Gathered) -> None:
    gathered.put(event, UpdateStatus.PROVISIONAL)
    if event.supersedes is not None:
        await Updates(await gathered.tx()).become(event.period_id, event.supersedes, UpdateStatus.SUPERSEDED)


@listener.on(UpdateReleased)
async def note_release(event: UpdateReleased, gathered: Gathered) -> None:
    gathered.put(event, UpdateStatus(event.status))


@listener.on(UpdateValidated, UpdateReturned)
async def note_judgement(event: UpdateValidated | UpdateReturned, gathered: Gathered) -> None:
    await Updates(await gathered.tx()).become(event.period_id, event.update_id, JUDGEMENT[type(event)])
