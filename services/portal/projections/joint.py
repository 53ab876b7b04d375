"""Joint operations as their states see them, beside the headline that all see."""

from services.portal.projections.rows import Needs, Rows, dated
from shared.events.planner import (
    JointAmendmentBriefed,
    JointAmendmentProposed,
    JointAnswered,
    JointProposed,
    JointWithdrawn,
    OperationAmended,
)
from shared.runtime.listener import Listener
from shared.vocabulary import JointAnswer, OperationState

WITHDRAWN = "withdrawn"
STOPPABLE = ("joint_amendment", "joint_amendment_detail")
NEEDS: Needs = {
    **dict.fromkeys(
        (JointAnswered, JointWithdrawn),
        lambda event: [(table, event.operation_id) for table in ("operation", "operation_detail", "joint", *STOPPABLE)],
    ),
    OperationAmended: lambda event: (
        [(table, event.operation_id) for table in ("joint", "joint_amendment")] if event.partners else []
    ),
}


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

    @listener.on(JointAmendmentProposed)
    async def show_amendment(event: JointAmendmentProposed, rows: Rows) -> None:
        rows.replace(
            "joint_amendment", operation_id=event.operation_id, period_id=event.period_id, number=event.number,
            version=event.version, status="proposed", proposed_by=event.by, proposed_at=dated(event),
            kind=event.kind.value, starts_at=event.window.starts_at, ends_at=event.window.ends_at,
            objective_id=event.objective_id, audience_id=rows.audience(event),
        )  # fmt: skip
        rows.tell(event, event.period_id, event.operation_id, {"kind": event.kind.value, "number": event.number})

    @listener.on(JointAmendmentBriefed)
    async def show_amendment_detail(event: JointAmendmentBriefed, rows: Rows) -> None:
        body = event.model_dump(mode="json", exclude={"operation_id", "period_id"})
        rows.replace(
            "joint_amendment_detail", operation_id=event.operation_id, audience_id=rows.audience(event), **body
        )

    @listener.on(JointAnswered)
    async def show_word(event: JointAnswered, rows: Rows) -> None:
        _word(rows, event, event.answer.value)
        asked = await rows.get("joint_amendment", event.operation_id)
        if asked and asked["number"] == event.number:
            # the operation's own row is read by others, who are not to see that anything is asked
            refused = {} if event.answer is JointAnswer.CONSENTED else {"status": "refused"}
            rows.change("joint_amendment", asked, version=event.version, **refused)
            return
        await _on_proposal(rows, event, event.answer is not JointAnswer.CONSENTED)

    @listener.on(JointWithdrawn)
    async def show_withdrawal(event: JointWithdrawn, rows: Rows) -> None:
        _word(rows, event, WITHDRAWN)
        await _on_proposal(rows, event, True)
        for table in STOPPABLE:
            if asked := await rows.get(table, event.operation_id):
                rows.change(table, asked, audience_id=rows.audience(event))


async def come_in_force(rows: Rows, event: OperationAmended) -> None:
    """Of a joint operation: what its states were asked is what they have consented to now. A draft is amended unasked."""
    asked = await rows.get("joint_amendment", event.operation_id)
    proposed = await rows.get("joint", event.operation_id)
    if asked and proposed and asked["status"] == "proposed" and event.status is OperationState.SCHEDULED:
        told = {name: asked[name] for name in ("number", "proposed_by", "proposed_at")}
        rows.change("joint", proposed, **told)
        rows.change("joint_amendment", asked, status="in_force")


def _word(rows: Rows, event: JointAnswered | JointWithdrawn, answer: str) -> None:
    rows.replace(
        "joint_word", operation_id=event.operation_id, party=event.party, number=event.number, answer=answer,
        by=event.by, reason=event.reason, at=dated(event), audience_id=rows.audience(event),
    )  # fmt: skip
    rows.tell(event, event.period_id, event.operation_id, {"answer": answer, "number": event.number})


async def _on_proposal(rows: Rows, event: JointAnswered | JointWithdrawn, stops: bool) -> None:
    if shown := await rows.get("operation", event.operation_id):
        rows.change("operation", shown, version=event.version)
        if event.party not in event.audience and shown["status"] == "drafted":
            # it left the period, and what it was asked about is no longer shown to it
            rows.change("operation", shown, audience_id=rows.audience(event))
            if detail := await rows.get("operation_detail", event.operation_id):
                rows.change("operation_detail", detail, audience_id=rows.audience(event))
    if stops and (proposed := await rows.get("joint", event.operation_id)):
        # a refusal stops the version; and a state that left the period reads nothing more of it
        rows.change("joint", proposed, is_open=False, audience_id=rows.audience(event))
