"""Consultations, the Working Group and its programme as the portal shows them."""

from typing import Any

from services.portal.projections.rows import Needs, Rows, dated
from shared.events.planner import (
    ActivityAgreed,
    ActivityCancelled,
    ActivityCompleted,
    ActivityDeclined,
    ActivityEvent,
    ActivityOverdue,
    ActivityProposed,
    ActivityRevised,
    ActivityShared,
    ActivityStarted,
    ConsultationAnswered,
    ConsultationCalled,
    ConsultationClosed,
    ConsultationEvent,
    ConsultationHeld,
    ConsultationRecorded,
    ConsultationUnanswered,
    ConsultationWithdrawn,
    GroupNamed,
)
from shared.runtime.listener import Listener

_BECAME: dict[type[ActivityEvent], tuple[str, str]] = {
    ActivityAgreed: ("agreed", "note"),
    ActivityDeclined: ("declined", "reason"),
    ActivityStarted: ("under_way", ""),
    ActivityCompleted: ("completed", "result"),
    ActivityCancelled: ("cancelled", "reason"),
}
"""What an activity becomes, and the field with the words on it."""
_CALLED = {"title", "trigger", "precedence", "place", "period_id", "answer_by", "meets_at", "co_chairs", "invited"}
_OF_OWNER = {"title", "description", "due", "documents"}

NEEDS: Needs = {
    **dict.fromkeys(
        (
            ConsultationAnswered, ConsultationUnanswered, ConsultationHeld, ConsultationRecorded, ConsultationClosed,
            ConsultationWithdrawn,
        ),
        lambda event: [("consultation", event.consultation_id)],
    ),
    **dict.fromkeys(
        (ActivityRevised, ActivityOverdue, *_BECAME), lambda event: [("activity", event.activity_id)]
    ),
}  # fmt: skip


def listen(listener: Listener) -> None:
    """Register the handlers of this family."""

    @listener.on(ConsultationCalled)
    async def show_call(event: ConsultationCalled, rows: Rows) -> None:
        said = event.model_dump(include=_CALLED) | {"precedence": event.precedence.value}
        listed = {"co_chairs": list(event.co_chairs), "invited": list(event.invited)}
        rows.replace(
            "consultation", id=event.consultation_id, version=event.version, status="called", called_by=event.party,
            called_at=dated(event), audience_id=rows.audience(event), **{**said, **listed},
        )  # fmt: skip
        rows.tell(event, event.period_id, event.consultation_id, {"precedence": event.precedence.value})

    @listener.on(ConsultationAnswered)
    async def show_word(event: ConsultationAnswered, rows: Rows) -> None:
        rows.replace(
            "consultation_answer", consultation_id=event.consultation_id, party=event.party, answer=event.answer.value,
            by=event.by, note=event.note, at=event.at, late=event.late, audience_id=rows.audience(event),
        )  # fmt: skip
        await _change(rows, event)

    @listener.on(ConsultationUnanswered)
    async def show_silence(event: ConsultationUnanswered, rows: Rows) -> None:
        await _change(rows, event, silent=list(event.silent))

    @listener.on(ConsultationHeld)
    async def show_held(event: ConsultationHeld, rows: Rows) -> None:
        await _change(rows, event, status="held", attendees=list(event.attendees), held_at=event.held_at)

    @listener.on(ConsultationRecorded)
    async def show_record(event: ConsultationRecorded, rows: Rows) -> None:
        rows.replace(
            "consultation_record", consultation_id=event.consultation_id, number=event.number, text=event.text,
            by=event.by, at=event.at, audience_id=rows.audience(event),
        )  # fmt: skip
        # the consultation itself stays with its own readers: only its version has grown
        if shown := await rows.get("consultation", event.consultation_id):
            rows.change("consultation", shown, version=event.version)

    @listener.on(ConsultationClosed)
    async def show_end(event: ConsultationClosed, rows: Rows) -> None:
        await _change(rows, event, status="closed")

    @listener.on(ConsultationWithdrawn)
    async def show_withdrawal(event: ConsultationWithdrawn, rows: Rows) -> None:
        await _change(rows, event, status="withdrawn", reason=event.reason)

    @listener.on(GroupNamed)
    async def show_members(event: GroupNamed, rows: Rows) -> None:
        # who left hears that it did, and reads no further list
        number = await rows.audiences.number(event.members)
        rows.replace(
            "working_group", id=event.group_id, version=event.version, members=list(event.members), at=dated(event),
            audience_id=number,
        )  # fmt: skip

    @listener.on(ActivityProposed, ActivityShared)
    async def show_activity(event: ActivityProposed | ActivityShared, rows: Rows) -> None:
        stands: dict[str, Any] = {"status": "proposed", "note": "", "overdue": None}
        if isinstance(event, ActivityShared):
            late = event.due if event.is_overdue else None
            stands = {"status": event.status.value, "note": event.note, "overdue": late}
        rows.replace(
            "activity", id=event.activity_id, version=event.version, kind=event.kind.value, owner=event.owner,
            changed_at=dated(event), audience_id=rows.audience(event), **_of_owner(event), **stands,
        )  # fmt: skip

    @listener.on(ActivityRevised)
    async def show_revision(event: ActivityRevised, rows: Rows) -> None:
        await _move(rows, event, **_of_owner(event))

    @listener.on(*_BECAME)
    async def show_step(event: ActivityEvent, rows: Rows) -> None:
        status, words = _BECAME[type(event)]
        await _move(rows, event, status=status, **({"note": getattr(event, words)} if words else {}))

    @listener.on(ActivityOverdue)
    async def show_overdue(event: ActivityOverdue, rows: Rows) -> None:
        await _move(rows, event, overdue=event.due)


def _of_owner(event: ActivityProposed | ActivityShared | ActivityRevised) -> dict[str, Any]:
    said = event.model_dump(include=_OF_OWNER)
    return {**said, "documents": [document.model_dump() for document in event.documents]}


async def _change(rows: Rows, event: ConsultationEvent, **columns: Any) -> None:
    """Move the consultation's row on, and tell the timeline of its period."""
    if shown := await rows.get("consultation", event.consultation_id):
        rows.change("consultation", shown, version=event.version, audience_id=rows.audience(event), **columns)
        rows.tell(event, shown["period_id"], event.consultation_id, {})


async def _move(rows: Rows, event: ActivityEvent, **columns: Any) -> None:
    """Move the activity's row on; its audience is the event's."""
    if shown := await rows.get("activity", event.activity_id):
        rows.change(
            "activity", shown, version=event.version, changed_at=dated(event), audience_id=rows.audience(event), **columns
        )
