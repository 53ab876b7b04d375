"""Conflicts as each owner is shown its own side."""

from typing import Any

from services.portal.projections.rows import Needs, Rows, dated
from shared.events.planner import (
    ConflictAnswered,
    ConflictEvent,
    ConflictFound,
    ConflictLapsed,
    ConflictSettled,
    ContactChanged,
    ContactGiven,
    TargetsCounted,
)
from shared.runtime.listener import Listener

_UNANSWERED = dict.fromkeys(
    ("own_answer", "own_words", "own_by", "own_at", "other_answer", "other_words", "other_at", "settlement")
)
NEEDS: Needs = dict.fromkeys(
    (ConflictAnswered, ConflictSettled, ConflictLapsed, ContactChanged), lambda event: [("conflict", event.conflict_id)]
)


def listen(listener: Listener) -> None:
    """Register the handlers of this family."""

    @listener.on(ConflictFound)
    async def show_conflict(event: ConflictFound, rows: Rows) -> None:
        answers: dict[str, Any] = {} if event.answers_stand else _UNANSWERED
        rows.replace(
            "conflict", id=event.conflict_id, operation_id=event.operation_id, period_id=event.period_id,
            owner=event.audience[0], other_party=event.other_party, contact=event.contact, version=event.version,
            status="open", overlaps=[one.value for one in event.overlaps], found_at=event.at, changed_at=dated(event),
            audience_id=rows.audience(event), **answers,
        )  # fmt: skip

    @listener.on(ConflictAnswered)
    async def show_answer(event: ConflictAnswered, rows: Rows) -> None:
        said = {"answer": event.answer.value, "words": event.words, "at": event.at}
        own = event.party in event.audience
        if own:
            said["by"] = event.by
        await _change(rows, event, **{f"{'own' if own else 'other'}_{name}": value for name, value in said.items()})

    @listener.on(ConflictSettled)
    async def show_settlement(event: ConflictSettled, rows: Rows) -> None:
        await _change(rows, event, status="settled", settlement=event.settlement.value)

    @listener.on(ConflictLapsed)
    async def show_end(event: ConflictLapsed, rows: Rows) -> None:
        await _change(rows, event, status="lapsed")

    @listener.on(ContactChanged)
    async def show_contact(event: ContactChanged, rows: Rows) -> None:
        await _change(rows, event, contact=event.contact)

    @listener.on(ContactGiven)
    async def show_own_contact(event: ContactGiven, rows: Rows) -> None:
        rows.replace(
            "contact", owner=event.owner, version=event.version, contact=event.contact, audience_id=rows.audience(event)
        )

    @listener.on(TargetsCounted)
    async def show_count(event: TargetsCounted, rows: Rows) -> None:
        rows.replace(
            "target_count", operation_id=event.operation_id, version=event.version,
            counts={kind.value: number for kind, number in event.counts.items()}, audience_id=rows.audience(event),
        )  # fmt: skip


async def _change(rows: Rows, event: ConflictEvent, **columns: Any) -> None:
    if shown := await rows.get("conflict", event.conflict_id):
        rows.change("conflict", shown, version=event.version, changed_at=dated(event), **columns)
