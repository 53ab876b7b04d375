"""Periods, answers and plans as the portal shows them."""

from collections.abc import Iterable, Iterator
from typing import Any

from services.portal.projections.files import name_files
from services.portal.projections.rows import Needs, Row, Rows, dated
from shared.events.planner import (
    HeldCounted,
    InvitationAnswered,
    InvitationExtended,
    InvitationUnanswered,
    Objective,
    ParticipantLeft,
    PartiesInvited,
    PeriodActivated,
    PeriodArchived,
    PeriodCancelled,
    PeriodClosed,
    PeriodDebriefed,
    PeriodEvent,
    PeriodProposed,
    PlanAdopted,
    PlanAmended,
    PlanAnswered,
    PlanPublished,
)
from shared.runtime.listener import Listener
from shared.vocabulary import Answer

_BECAME: dict[type[PeriodEvent], str] = {
    PeriodActivated: "active",
    PeriodCancelled: "cancelled",
    PeriodDebriefed: "debriefed",
    PeriodArchived: "archived",
}
ASKED_AGAIN = "asked_again"
"""In the place of the answer of a party that declined or left and is asked once more."""
NEEDS: Needs = dict.fromkeys(
    (
        InvitationAnswered, InvitationExtended, InvitationUnanswered, ParticipantLeft, PartiesInvited, PlanPublished,
        PlanAnswered,
        PlanAdopted, PlanAmended, PeriodClosed, *_BECAME,
    ),
    lambda event: [("period", event.period_id)],
)


def listen(listener: Listener) -> None:
    """Register the handlers of this family."""

    @listener.on(PeriodProposed)
    async def show_period(event: PeriodProposed, rows: Rows) -> None:
        body = event.model_dump(mode="json")
        shown = {name: body[name] for name in _SHOWN}
        rows.replace(
            "period", id=event.period_id, version=event.version, status="proposed",
            title=event.title, first_day=event.first_day, last_day=event.last_day, answer_by=event.answer_by,
            audience_id=rows.audience(event), **shown,
        )  # fmt: skip
        rows.tell(event, event.period_id, event.period_id, {})

    @listener.on(InvitationAnswered)
    async def show_answer(event: InvitationAnswered, rows: Rows) -> None:
        number = rows.audience(event)
        rows.replace(
            "answer", period_id=event.period_id, party=event.party, answer=event.answer.value,
            by=event.by, note=event.reservation, at=dated(event), audience_id=number,
        )  # fmt: skip
        if event.answer is Answer.DECLINED:
            # the party that declined sees that its word arrived; the period itself goes on without it
            await _change(rows, event, without=event.party)
        else:
            await _change(rows, event)
        rows.tell(event, event.period_id, event.period_id, {"answer": event.answer.value})

    @listener.on(InvitationExtended)
    async def show_extension(event: InvitationExtended, rows: Rows) -> None:
        await _change(rows, event, answer_by=event.answer_by)
        rows.tell(event, event.period_id, event.period_id, {})

    @listener.on(PartiesInvited)
    async def show_invited(event: PartiesInvited, rows: Rows) -> None:
        await _change(rows, event, invited=list(event.invited), supporting=list(event.supporting), answer_by=event.answer_by)
        number = rows.audience(event)
        for party in event.newcomers:
            if row := await rows.get("answer", event.period_id, party):
                rows.change("answer", row, answer=ASKED_AGAIN, audience_id=number)
        for table, *key in _standing(event):
            if row := await rows.get(table, *key):
                rows.change(table, row, audience_id=number)
        for plan in event.plans:
            await name_files(rows, event.period_id, plan.annexes, number, plan.number)
        if event.part == 1:
            rows.tell(event, event.period_id, event.period_id, {"newcomers": list(event.newcomers)})

    @listener.on(InvitationUnanswered)
    async def show_silence(event: InvitationUnanswered, rows: Rows) -> None:
        await _change(rows, event)
        rows.tell(event, event.period_id, event.period_id, {"silent": list(event.silent)})

    @listener.on(ParticipantLeft)
    async def show_leaving(event: ParticipantLeft, rows: Rows) -> None:
        rows.replace(
            "answer", period_id=event.period_id, party=event.party, answer="left", by=event.by, note=event.reason,
            at=dated(event), audience_id=rows.audience(event),
        )  # fmt: skip
        # as with one that declines: its word arrived, and the period goes on without it
        await _change(rows, event, without=event.party)
        rows.tell(event, event.period_id, event.period_id, {"answer": "left"})

    _listen_to_plans(listener)

    @listener.on(PeriodClosed)
    async def show_close(event: PeriodClosed, rows: Rows) -> None:
        await _change(rows, event, status="closed", closed_at=event.at)
        rows.tell(event, event.period_id, event.period_id, {})

    @listener.on(*_BECAME)
    async def show_state(event: PeriodEvent, rows: Rows) -> None:
        await _change(rows, event, status=_BECAME[type(event)])
        rows.tell(event, event.period_id, event.period_id, {})

    @listener.on(HeldCounted)
    async def show_held(event: HeldCounted, rows: Rows) -> None:
        number = rows.audience(event)
        rows.replace("held", period_id=event.period_id, held=event.held, audience_id=number)


def _listen_to_plans(listener: Listener) -> None:
    @listener.on(PlanPublished)
    async def show_plan(event: PlanPublished, rows: Rows) -> None:
        period = await rows.get("period", event.period_id)
        before = period["objectives"] if period else []
        objectives = before if event.objectives is None else _told(event.objectives)
        rows.replace(
            "plan", period_id=event.period_id, number=event.plan_version,
            sections=[section.model_dump() for section in event.sections], objectives=objectives,
            rights_officers=list(event.rights_officers), amends=event.amends, affected=list(event.affected),
            carried=list(event.carried), at=dated(event), audience_id=rows.audience(event),
        )  # fmt: skip
        await name_files(rows, event.period_id, event.annexes, rows.audience(event), event.plan_version)
        # an amendment leaves the period as it is until it is in force
        now: Row = {"status": "planning", "objectives": objectives} if event.amends is None else {}
        await _change(rows, event, plan_version=event.plan_version, **now)
        rows.tell(event, event.period_id, event.period_id, {"plan_version": event.plan_version})

    @listener.on(PlanAnswered)
    async def show_plan_answer(event: PlanAnswered, rows: Rows) -> None:
        rows.replace(
            "plan_answer", period_id=event.period_id, number=event.plan_version,
            party=event.party, answer=event.answer.value, by=event.by, note=event.reason, at=dated(event),
            audience_id=rows.audience(event),
        )  # fmt: skip
        await _change(rows, event)
        said = {"plan_version": event.plan_version, "answer": event.answer.value}
        rows.tell(event, event.period_id, event.period_id, said)

    @listener.on(PlanAdopted)
    async def show_adoption(event: PlanAdopted, rows: Rows) -> None:
        await _change(rows, event, status="adopted", adopted=event.plan_version)
        rows.tell(event, event.period_id, event.period_id, {"plan_version": event.plan_version})

    @listener.on(PlanAmended)
    async def show_amendment(event: PlanAmended, rows: Rows) -> None:
        await _change(rows, event, adopted=event.plan_version, objectives=_told(event.objectives))
        rows.tell(event, event.period_id, event.period_id, {"plan_version": event.plan_version})


def _standing(event: PartiesInvited) -> Iterator[tuple[Any, ...]]:
    """The rows that newcomers read from now on, beside the period's own."""
    for word in event.words:
        yield "answer", event.period_id, word.party
    for plan in event.plans:
        yield "plan", event.period_id, plan.number
        for word in plan.words:
            yield "plan_answer", event.period_id, plan.number, word.party


_SHOWN = ("co_chairs", "invited", "supporting", "focus", "objectives", "checkpoints")


def _told(objectives: Iterable[Objective]) -> list[Row]:
    return [objective.model_dump(mode="json") for objective in objectives]


async def _change(rows: Rows, event: PeriodEvent, without: str = "", **columns: Any) -> None:
    """Move the period's row on; its audience is the event's."""
    row = await rows.get("period", event.period_id)
    if not row:
        return
    readers = tuple(entry for entry in event.audience if entry != without)
    number = await rows.audiences.number(readers)
    rows.change("period", row, version=event.version, audience_id=number, **columns)
