"""Periods, answers and plans as the portal shows them."""

from services.portal.projections.audiences import audiences
from services.portal.projections.rows import audience, dated, replace, tell
from shared.events.planner import (
    HeldCounted,
    InvitationAnswered,
    PeriodActivated,
    PeriodArchived,
    PeriodCancelled,
    PeriodClosed,
    PeriodDebriefed,
    PeriodEvent,
    PeriodProposed,
    PlanAdopted,
    PlanAnswered,
    PlanPublished,
)
from shared.runtime.bus import Listener
from shared.runtime.db import Tx
from shared.vocabulary import Answer

_BECAME: dict[type[PeriodEvent], str] = {
    PeriodActivated: "active",
    PeriodCancelled: "cancelled",
    PeriodDebriefed: "debriefed",
    PeriodArchived: "archived",
}
_CHANGED = """
UPDATE period SET version = $2, audience_id = $3, status = coalesce($4, status),
    plan_version = coalesce($5, plan_version), adopted = coalesce($6, adopted), closed_at = coalesce($7, closed_at)
WHERE id = $1
"""


def listen(listener: Listener) -> None:
    """Register the handlers of this family."""

    @listener.on(PeriodProposed)
    async def show_period(event: PeriodProposed, tx: Tx) -> None:
        body = event.model_dump(mode="json")
        shown = {name: body[name] for name in _SHOWN}
        await replace(
            tx, "period", ("id",), id=event.period_id, version=event.version, status="proposed",
            title=event.title, first_day=event.first_day, last_day=event.last_day,
            audience_id=await audience(event), **shown,
        )  # fmt: skip
        await tell(tx, event, event.period_id, event.period_id, {})

    @listener.on(InvitationAnswered)
    async def show_answer(event: InvitationAnswered, tx: Tx) -> None:
        number = await audience(event)
        await replace(
            tx, "answer", ("period_id", "party"), period_id=event.period_id, party=event.party, answer=event.answer.value,
            by=event.by, note=event.reservation, at=dated(event), audience_id=number,
        )  # fmt: skip
        if event.answer is Answer.DECLINED:
            # the party that declined sees that its word arrived; the period itself goes on without it
            await _change(tx, event, without=event.party)
        else:
            await _change(tx, event)
        await tell(tx, event, event.period_id, event.period_id, {"answer": event.answer.value})

    @listener.on(PlanPublished)
    async def show_plan(event: PlanPublished, tx: Tx) -> None:
        await replace(
            tx, "plan", ("period_id", "number"), period_id=event.period_id, number=event.plan_version,
            sections=[section.model_dump() for section in event.sections],
            rights_officers=list(event.rights_officers), at=dated(event), audience_id=await audience(event),
        )  # fmt: skip
        await _change(tx, event, status="planning", plan_version=event.plan_version)
        await tell(tx, event, event.period_id, event.period_id, {"plan_version": event.plan_version})

    @listener.on(PlanAnswered)
    async def show_plan_answer(event: PlanAnswered, tx: Tx) -> None:
        await replace(
            tx, "plan_answer", ("period_id", "number", "party"), period_id=event.period_id, number=event.plan_version,
            party=event.party, answer=event.answer.value, by=event.by, note=event.reason, at=dated(event),
            audience_id=await audience(event),
        )  # fmt: skip
        await _change(tx, event)
        said = {"plan_version": event.plan_version, "answer": event.answer.value}
        await tell(tx, event, event.period_id, event.period_id, said)

    @listener.on(PlanAdopted)
    async def show_adoption(event: PlanAdopted, tx: Tx) -> None:
        await _change(tx, event, status="adopted", adopted=event.plan_version)
        await tell(tx, event, event.period_id, event.period_id, {"plan_version": event.plan_version})

    @listener.on(PeriodClosed)
    async def show_close(event: PeriodClosed, tx: Tx) -> None:
        await _change(tx, event, status="closed", closed_at=event.at)
        await tell(tx, event, event.period_id, event.period_id, {})

    @listener.on(*_BECAME)
    async def show_state(event: PeriodEvent, tx: Tx) -> None:
        await _change(tx, event, status=_BECAME[type(event)])
        await tell(tx, event, event.period_id, event.period_id, {})

    @listener.on(HeldCounted)
    async def show_held(event: HeldCounted, tx: Tx) -> None:
        number = await audience(event)
        await replace(tx, "held", ("period_id",), period_id=event.period_id, held=event.held, audience_id=number)


_SHOWN = ("co_chairs", "invited", "supporting", "focus", "objectives", "checkpoints")


async def _change(
    tx: Tx,
    event: PeriodEvent,
    status: str | None = None,
    plan_version: int | None = None,
    adopted: int | None = None,
    closed_at: object = None,
    without: str = "",
) -> None:
    """Move the period's row on; its audience is the event's."""
    readers = tuple(entry for entry in event.audience if entry != without)
    number = await audiences.number(readers)
    await tx.sql(_CHANGED, event.period_id, event.version, number, status, plan_version, adopted, closed_at)
