"""What protects people as the portal shows it: reports of distress."""

from services.portal.projections.rows import Needs, Rows
from shared.events.planner import DistressClosed, DistressReported, DistressRevised
from shared.runtime.listener import Listener

NEEDS: Needs = {DistressClosed: lambda event: [("distress", event.distress_id)]}


def listen(listener: Listener) -> None:
    """Register the handlers of this family."""

    @listener.on(DistressReported, DistressRevised)
    async def show_distress(event: DistressReported | DistressRevised, rows: Rows) -> None:
        known = event.model_dump(exclude={"distress_id", "precedence"})
        rows.replace(
            "distress", id=event.distress_id, party=event.party, status="open", precedence=event.precedence.value,
            audience_id=rows.audience(event), **known,
        )  # fmt: skip
        rows.tell(event, event.period_id, event.distress_id, {"kind": "distress", "status": "open"})

    @listener.on(DistressClosed)
    async def show_end(event: DistressClosed, rows: Rows) -> None:
        if shown := await rows.get("distress", event.distress_id):
            rows.change(
                "distress", shown, status="closed", version=event.version, outcome=event.outcome.value, note=event.note,
                closed_at=event.at, audience_id=rows.audience(event),
            )  # fmt: skip
        rows.tell(event, event.period_id, event.distress_id, {"kind": "distress", "status": "closed"})
