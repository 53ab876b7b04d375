"""Debriefs as the portal shows them."""

from services.portal.projections.rows import Needs, Rows, dated
from shared.events.debrief import DebriefCompiled, DebriefOpened, PartyFiguresCompiled
from shared.runtime.listener import Listener

NEEDS: Needs = {DebriefCompiled: lambda event: [("debrief", event.debrief_id)]}

_OF_PARTY = "DELETE FROM debrief_figure WHERE debrief_id = $1 AND reporting = $2"


def listen(listener: Listener) -> None:
    """Register the handlers of this family."""

    @listener.on(DebriefOpened)
    async def show_debrief(event: DebriefOpened, rows: Rows) -> None:
        rows.replace(
            "debrief", id=event.debrief_id, period_id=event.period_id, version=event.version,
            title=event.title, first_day=event.first_day, last_day=event.last_day, opened_at=dated(event),
            audience_id=rows.audience(event),
        )  # fmt: skip
        rows.tell(event, event.period_id, event.debrief_id, {})

    @listener.on(DebriefCompiled)
    async def show_compiled(event: DebriefCompiled, rows: Rows) -> None:
        if shown := await rows.get("debrief", event.debrief_id):
            compiled, number = event.model_dump(mode="json"), rows.audience(event)
            rows.change("debrief", shown, version=event.version, compiled=compiled, audience_id=number)

    @listener.on(PartyFiguresCompiled)
    async def show_figures(event: PartyFiguresCompiled, rows: Rows) -> None:
        await rows.flush()
        await rows.tx.sql(_OF_PARTY, event.debrief_id, event.reporting)
        for figure in event.figures:
            rows.replace(
                "debrief_figure", debrief_id=event.debrief_id, reporting=event.reporting,
                indicator=figure.indicator.value, validated=figure.validated, provisional=figure.provisional,
                updates=figure.updates, audience_id=rows.audience(event),
            )  # fmt: skip
