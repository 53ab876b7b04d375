"""Investigation plans as the portal shows them: to their states, and as a number to the co-chairs."""

from typing import Any

from services.portal.projections.rows import Needs, Rows, dated
from shared.events.planner import (
    InvestigationAgreed,
    InvestigationAnswered,
    InvestigationEvent,
    InvestigationProposed,
    InvestigationsCounted,
    InvestigationWithdrawn,
    MilestoneReached,
    MilestonesOverdue,
)
from shared.runtime.listener import Listener

NEEDS: Needs = dict.fromkeys(
    (
        InvestigationProposed, InvestigationAnswered, InvestigationAgreed, InvestigationWithdrawn, MilestoneReached,
        MilestonesOverdue,
    ),
    lambda event: [("investigation", event.investigation_id)],
)  # fmt: skip


def listen(listener: Listener) -> None:
    """Register the handlers of this family."""

    @listener.on(InvestigationProposed)
    async def show_plan(event: InvestigationProposed, rows: Rows) -> None:
        before = await rows.get("investigation", event.investigation_id)
        was_due = {one["id"]: one["due"] for one in before["milestones"]} if before else {}
        steps = [one.model_dump(mode="json") for one in event.milestones]
        late = [one["id"] for one in steps if was_due.get(one["id"]) == one["due"]]
        rows.replace(
            "investigation", id=event.investigation_id, period_id=event.period_id, version=event.version,
            status="proposed", owner=event.party, members=list(event.members), title=event.title, aim=event.aim,
            milestones=steps, overdue=[one for one in late if before and one in before["overdue"]],
            number=event.number, proposed_by=event.by, proposed_at=dated(event), is_open=True,
            audience_id=rows.audience(event),
        )  # fmt: skip

    @listener.on(InvestigationAnswered, InvestigationWithdrawn)
    async def show_word(event: InvestigationAnswered | InvestigationWithdrawn, rows: Rows) -> None:
        answer = event.answer.value if isinstance(event, InvestigationAnswered) else "withdrawn"
        rows.replace(
            "investigation_word", investigation_id=event.investigation_id, party=event.party, number=event.number,
            answer=answer, by=event.by, reason=event.reason, at=dated(event), audience_id=rows.audience(event),
        )  # fmt: skip
        stopped = isinstance(event, InvestigationWithdrawn) and event.stopped
        now: dict[str, Any] = {"status": "stopped"} if stopped else {}
        await _change(rows, event, **now, **({} if answer == "consented" else {"is_open": False}))

    @listener.on(InvestigationAgreed)
    async def show_agreement(event: InvestigationAgreed, rows: Rows) -> None:
        await _change(rows, event, status="agreed", is_open=False)

    @listener.on(MilestoneReached)
    async def show_milestone(event: MilestoneReached, rows: Rows) -> None:
        if shown := await rows.get("investigation", event.investigation_id):
            done = {"done_at": event.at.isoformat()}
            steps = [
                {**one, **done} if one["id"] == str(event.milestone_id) else one for one in shown["milestones"]
            ]
            await _change(rows, event, milestones=steps)

    @listener.on(MilestonesOverdue)
    async def show_overdue(event: MilestonesOverdue, rows: Rows) -> None:
        if shown := await rows.get("investigation", event.investigation_id):
            await _change(rows, event, overdue=[*shown["overdue"], *map(str, event.milestones)])

    @listener.on(InvestigationsCounted)
    async def show_count(event: InvestigationsCounted, rows: Rows) -> None:
        rows.replace(
            "investigation_count", period_id=event.period_id, investigations=event.investigations,
            audience_id=rows.audience(event),
        )  # fmt: skip


async def _change(rows: Rows, event: InvestigationEvent, **columns: Any) -> None:
    """Move its row on; its audience is the event's."""
    if shown := await rows.get("investigation", event.investigation_id):
        rows.change("investigation", shown, version=event.version, audience_id=rows.audience(event), **columns)
