"""Joint operations as their states see them, beside the headline that all see."""

from services.portal.projections.rows import Needs, Rows, dated
from shared.events.planner import JointAnswered, JointProposed, JointWithdrawn
from shared.runtime.listener import Listener

WITHDRAWN = "withdrawn"
NEEDS: Needs = dict.fromkeys(
    (JointAnswered, JointWithdrawn),
    lambda event: [(table, event.operation_id) for table in ("operation", "operation_detail", "joint")],
)


def listen(listener: Listener) -> None:
    """Register the handlers of this family."""

    @listener.on(JointProposed)
    async def show_proposal(event: JointProposed, rows: Rows) -> None:
        number = rows.audience(event)
        rows.replace(
            "operation", id=event.operation_id, period_id=event.period_id, owner=event.party,
            version=event.version, kind=event.kind.value, status=event.status.value, starts_at=event.window.starts_at,
            ends_at=event.window.ends_at, objective_id=event.objective_id, held=event.held, held_until=event.held_until,
            partners=list(event.partners), audience_id=number,
        )  # fmt: skip
        rows.replace(
            "joint", operation_id=event.operation_id, period_id=event.period_id, owner=event.party,
            partners=list(event.partners), number=event.number, proposed_by=event.by, proposed_at=dated(event),
            is_open=True, detail_audience=event.detail_audience.value if event.detail_audience else None,
            named=list(event.named), audience_id=number,
        )  # fmt: skip
        rows.tell(event, event.period_id, event.operation_id, {"kind": event.kind.value, "number": event.number})

    @listener.on(JointAnswered, JointWithdrawn)
    async def show_word(event: JointAnswered | JointWithdrawn, rows: Rows) -> None:
        answer = event.answer.value if isinstance(event, JointAnswered) else WITHDRAWN
        rows.replace(
            "joint_word", operation_id=event.operation_id, party=event.party, number=event.number, answer=answer,
            by=event.by, reason=event.reason, at=dated(event), audience_id=rows.audience(event),
        )  # fmt: skip
        if shown := await rows.get("operation", event.operation_id):
            rows.change("operation", shown, version=event.version)
            if event.party not in event.audience and shown["status"] == "drafted":
                # it left the period, and what it was asked about is no longer shown to it
                rows.change("operation", shown, audience_id=rows.audience(event))
                if detail := await rows.get("operation_detail", event.operation_id):
                    rows.change("operation_detail", detail, audience_id=rows.audience(event))
        if answer != "consented" and (proposed := await rows.get("joint", event.operation_id)):
            # a refusal stops the version; and a state that left the period reads nothing more of it
            rows.change("joint", proposed, is_open=False, audience_id=rows.audience(event))
        rows.tell(event, event.period_id, event.operation_id, {"answer": answer, "number": event.number})
