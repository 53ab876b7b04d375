"""What protects people as the portal shows it: distress, serious incidents, and from whom an update is kept."""

from services.portal.projections.rows import Needs, Rows
from shared.events.planner import (
    DistressClosed,
    DistressReported,
    DistressRevised,
    IncidentClosed,
    IncidentEscalated,
    IncidentReported,
    IncidentTakenUp,
    OriginReleased,
    OriginWithheld,
)
from shared.runtime.listener import Listener

NEEDS: Needs = {
    DistressClosed: lambda event: [("distress", event.distress_id)],
    IncidentTakenUp: lambda event: [("incident", event.incident_id)],
    IncidentClosed: lambda event: [("incident", event.incident_id)],
    OriginReleased: lambda event: [("update", event.update_id), ("update_protection", event.update_id)],
}


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

    @listener.on(IncidentReported, IncidentEscalated)
    async def show_incident(event: IncidentReported | IncidentEscalated, rows: Rows) -> None:
        # told on no timeline: whoever may not read it does not learn that there is one
        known = event.model_dump(exclude={"incident_id"})
        status = "escalated" if isinstance(event, IncidentEscalated) else "reported"
        rows.replace(
            "incident", id=event.incident_id, party=event.party, status=status, audience_id=rows.audience(event), **known
        )

    @listener.on(IncidentTakenUp)
    async def show_who_has_it(event: IncidentTakenUp, rows: Rows) -> None:
        if shown := await rows.get("incident", event.incident_id):
            rows.change(
                "incident", shown, status="taken_up", version=event.version, taken_up_at=event.at, taken_up_by=event.by,
                taken_up_party=event.party, audience_id=rows.audience(event),
            )  # fmt: skip

    @listener.on(IncidentClosed)
    async def show_finding(event: IncidentClosed, rows: Rows) -> None:
        if shown := await rows.get("incident", event.incident_id):
            rows.change(
                "incident", shown, status="closed", version=event.version, finding=event.finding.value, note=event.note,
                closed_at=event.at, closed_by=event.by, closed_party=event.party, audience_id=rows.audience(event),
            )  # fmt: skip

    @listener.on(OriginWithheld)
    async def show_withheld(event: OriginWithheld, rows: Rows) -> None:
        rows.replace(
            "update_protection", update_id=event.update_id, protection_concern=event.protection_concern.value,
            origins=list(event.origins), audience_id=rows.audience(event),
        )  # fmt: skip

    @listener.on(OriginReleased)
    async def show_release(event: OriginReleased, rows: Rows) -> None:
        before = await rows.get("update_protection", event.update_id) or {}
        released = sorted({*(before.get("released") or ()), *event.released})
        rows.replace(
            "update_protection", update_id=event.update_id, origins=list(event.origins), released=released,
            reason=event.reason, by=event.by, audience_id=rows.audience(event),
        )  # fmt: skip
        if shown := await rows.get("update", event.update_id):
            rows.change("update", shown, version=max(shown["version"], event.version))
