"""Debriefs as the portal shows them."""

from services.portal.projections.rows import audience, dated, replace, tell
from shared.events.debrief import DebriefCompiled, DebriefOpened, PartyFiguresCompiled
from shared.runtime.bus import Listener
from shared.runtime.db import Tx

_COMPILED = "UPDATE debrief SET version = $2, compiled = $3::jsonb, audience_id = $4 WHERE id = $1"


def listen(listener: Listener) -> None:
    """Register the handlers of this family."""

    @listener.on(DebriefOpened)
    async def show_debrief(event: DebriefOpened, tx: Tx) -> None:
        await replace(
            tx, "debrief", ("id",), id=event.debrief_id, period_id=event.period_id, version=event.version,
            title=event.title, first_day=event.first_day, last_day=event.last_day, opened_at=dated(event),
            audience_id=await audience(event),
        )  # fmt: skip
        await tell(tx, event, event.period_id, event.debrief_id, {})

    @listener.on(DebriefCompiled)
    async def show_compiled(event: DebriefCompiled, tx: Tx) -> None:
        await tx.sql(_COMPILED, event.debrief_id, event.version, event.model_dump_json(), await audience(event))

    @listener.on(PartyFiguresCompiled)
    async def show_figures(event: PartyFiguresCompiled, tx: Tx) -> None:
        number = await audience(event)
        await tx.sql(
            "DELETE FROM debrief_figure WHERE debrief_id = $1 AND reporting = $2", event.debrief_id, event.reporting
        )
        for figure in event.figures:
            await replace(
                tx, "debrief_figure", ("debrief_id", "reporting", "indicator"), debrief_id=event.debrief_id,
                reporting=event.reporting, indicator=figure.indicator.value, validated=figure.validated,
                provisional=figure.provisional, updates=figure.updates, audience_id=number,
            )  # fmt: skip
