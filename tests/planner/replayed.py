"""A period worked out from what was said of it, and from nothing else."""

from collections.abc import Iterable
from datetime import datetime

from services.planner.domain.convened import LEFT
from services.planner.domain.period import Period
from services.planner.domain.plan import Given, Plan
from shared.events.base import Event
from shared.events.planner import (
    InvitationAnswered,
    InvitationExtended,
    InvitationUnanswered,
    ParticipantLeft,
    PartiesInvited,
    PeriodActivated,
    PeriodArchived,
    PeriodCancelled,
    PeriodClosed,
    PeriodEvent,
    PeriodProposed,
    PlanAdopted,
    PlanAmended,
    PlanAnswered,
    PlanPublished,
    Word,
)
from shared.vocabulary import PeriodState, PlanAnswer

S = PeriodState
BECAME = {PeriodClosed: S.CLOSED, PeriodArchived: S.ARCHIVED, PeriodCancelled: S.CANCELLED}


def replayed(said: list[tuple[Event, datetime]]) -> Period:
    """The period after these events; each with its time."""
    (proposed, _), *rest = said
    assert isinstance(proposed, PeriodProposed)
    told = proposed.model_dump(exclude={"period_id"})
    period = Period(id=proposed.period_id, **told)
    for event, at in rest:
        assert isinstance(event, PeriodEvent)
        period = period.model_copy(update={**_changes(period, event, at), "version": event.version})
    return period


def told_by(invitation: PartiesInvited) -> Period:
    """The period as one knows it who has heard of nothing else."""
    told = invitation.model_dump(exclude={"period_id", "status", "words", "plans"})
    plans = tuple(
        Plan(**plan.model_dump(exclude={"words"}), answers=_given(plan.words)) for plan in invitation.plans
    )
    return Period(
        id=invitation.period_id, state=invitation.status, answers=_given(invitation.words), plans=plans, **told
    )


def _given(words: Iterable[Word]) -> dict[str, Given]:
    return {word.party: Given(**word.model_dump(exclude={"party"})) for word in words}


def _changes(period: Period, event: PeriodEvent, at: datetime) -> dict[str, object]:
    party = event.party
    match event:
        case InvitationAnswered():
            given = Given(answer=event.answer, by=event.by, at=at, note=event.reservation)
            return {"answers": {**period.answers, party: given}}
        case ParticipantLeft():
            return {"answers": {**period.answers, party: Given(answer=LEFT, by=event.by, at=at, note=event.reason)}}
        case PartiesInvited():
            answers = {party: given for party, given in period.answers.items() if party not in event.newcomers}
            asked = event.model_dump(include={"invited", "supporting", "answer_by"})
            return {**asked, "answers": answers, "silence_told": False}
        case InvitationExtended():
            return {"answer_by": event.answer_by, "silence_told": False}
        case InvitationUnanswered():
            return {"silence_told": True}
        case PlanPublished():
            told = event.model_dump(exclude={"period_id", "version", "plan_version"})
            plans = (*period.plans, Plan(number=event.plan_version, **told))
            opens = {"state": S.PLANNING, "objectives": event.objectives} if event.amends is None else {}
            return {"plans": plans, **opens}
        case PlanAnswered():
            word = Given(answer=PlanAnswer(event.answer), by=event.by, at=at, note=event.reason)
            return {
                "plans": tuple(
                    plan.with_word(party, word) if plan.number == event.plan_version else plan for plan in period.plans
                )
            }
        case PlanAdopted():
            return {"state": S.ADOPTED, "adopted": event.plan_version, "by_clock": at < period.begins}
        case PlanAmended():
            return {"adopted": event.plan_version, "objectives": event.objectives}
        case PeriodActivated():
            return {"state": S.ACTIVE, "by_clock": at < period.ends}
    return {"state": BECAME[type(event)]}
