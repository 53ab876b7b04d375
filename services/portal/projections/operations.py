"""Operations and updates as the portal shows them, with totals kept as they come."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.portal.projections.files import name_files
from services.portal.projections.joint import come_in_force
from services.portal.projections.rows import Needs, Row, Rows, dated
from services.portal.projections.timeline import narrow
from shared.events.planner import (
    Headline,
    HeadlineReleased,
    OperationAmended,
    OperationBriefed,
    OperationCancelled,
    OperationCompleted,
    OperationDrafted,
    OperationEvent,
    OperationScheduled,
    OperationStarted,
    ReturnExplained,
    UpdateDetailed,
    UpdatePosted,
    UpdateReleased,
    UpdateReturned,
    UpdateValidated,
)
from shared.runtime.listener import Listener
from shared.vocabulary import UpdateKind

# how a status counts: (validated, provisional); what was returned or superseded counts nowhere
_WEIGHT: dict[str | None, tuple[int, int]] = {
    "provisional": (0, 1), "validated": (1, 0), "returned": (0, 0), "superseded": (0, 0), None: (0, 0),
}  # fmt: skip
_PROGRESS = {OperationStarted: "under_way", OperationCompleted: "completed", OperationCancelled: "cancelled"}

_Opened = HeadlineReleased | OperationBriefed | UpdateReleased | UpdateDetailed
NEEDS: Needs = {
    **dict.fromkeys(_PROGRESS, lambda event: [("operation", event.operation_id)]),
    HeadlineReleased: lambda event: [("operation", event.operation_id)] if event.to_newcomers else [],
    OperationBriefed: lambda event: [("operation_detail", event.operation_id)] if event.to_newcomers else [],
    UpdateDetailed: lambda event: [("update_detail", event.update_id)] if event.to_newcomers else [],
    UpdatePosted: lambda event: [("update", event.supersedes)] if event.supersedes else [],
    UpdateReleased: lambda event: [("update", event.update_id)],
    UpdateValidated: lambda event: [("update", event.update_id)],
    UpdateReturned: lambda event: [("update", event.update_id)],
}


def listen(listener: Listener) -> None:
    """Register the handlers of this family."""

    @listener.on(OperationDrafted, OperationScheduled, OperationAmended, HeadlineReleased)
    async def show_headline(event: Headline, rows: Rows) -> None:
        number = rows.audience(event)
        if isinstance(event, HeadlineReleased):
            number = await _readers(rows, event, "operation", event.operation_id)
        rows.replace(
            "operation", id=event.operation_id, period_id=event.period_id, owner=event.party,
            version=event.version, kind=event.kind.value, status=event.status.value, starts_at=event.window.starts_at,
            ends_at=event.window.ends_at, objective_id=event.objective_id, held=event.held, held_until=event.held_until,
            partners=list(event.partners), audience_id=number,
        )  # fmt: skip
        if isinstance(event, OperationAmended) and event.partners:
            await come_in_force(rows, event)
        said = {"kind": event.kind.value, "status": event.status.value}
        rows.tell(event, event.period_id, event.operation_id, said)

    @listener.on(OperationStarted, OperationCompleted, OperationCancelled)
    async def show_progress(event: OperationStarted | OperationCompleted | OperationCancelled, rows: Rows) -> None:
        status = _PROGRESS[type(event)]
        if shown := await rows.get("operation", event.operation_id):
            rows.change("operation", shown, status=status, version=event.version, audience_id=rows.audience(event))
            if isinstance(event, OperationCancelled) and event.withdrawn_by:
                rows.change("operation", shown, withdrawn_by=event.withdrawn_by)
        rows.tell(event, event.period_id, event.operation_id, {"status": status})

    @listener.on(OperationBriefed)
    async def show_detail(event: OperationBriefed, rows: Rows) -> None:
        body = event.model_dump(mode="json", exclude={"operation_id", "period_id", "to_newcomers"})
        number = await _readers(rows, event, "operation_detail", event.operation_id)
        rows.replace("operation_detail", operation_id=event.operation_id, audience_id=number, **body)

    @listener.on(UpdatePosted)
    async def show_update(event: UpdatePosted, rows: Rows) -> None:
        if event.supersedes is not None:
            await _become(rows, event, event.supersedes, "superseded", None, event.update_id)
        _show(rows, event, rows.audience(event), "provisional", dated(event), None)
        rows.tell(event, event.period_id, event.update_id, _summary(event))

    @listener.on(UpdateReleased)
    async def show_released_update(event: UpdateReleased, rows: Rows) -> None:
        before = await rows.get("update", event.update_id)
        number = await _readers(rows, event, "update", event.update_id)
        if before:
            _count(rows, before, -1)
            _weigh(rows, before, before["status"], None)
        _show(rows, event, number, event.status, event.posted_at, before["superseded_by"] if before else None)
        if before and event.kind is UpdateKind.INCIDENT and not event.to_newcomers:
            had = await rows.audiences.readers(before["audience_id"])
            if set(event.audience) <= set(had):  # said again behind a recall: who keeps it has read of it when it was posted
                await narrow(rows, event.update_id, event.audience)
                return
        # a newcomer reads the timeline as it came about, and so it is told where what was said first is forgotten; the end
        # of a hold is something that happens now
        at = event.posted_at if event.to_newcomers or before is None else None
        rows.tell(event, event.period_id, event.update_id, _summary(event), at)

    @listener.on(UpdateDetailed)
    async def show_update_detail(event: UpdateDetailed, rows: Rows) -> None:
        number = await _readers(rows, event, "update_detail", event.update_id)
        await name_files(rows, event.update_id, event.files, number)
        rows.replace(
            "update_detail", update_id=event.update_id, operation_id=event.operation_id, text=event.text,
            place=event.place, language=event.language, by=event.by,
            protection_concern=event.protection_concern.value if event.protection_concern else None,
            audience_id=number,
        )  # fmt: skip

    @listener.on(UpdateValidated, UpdateReturned)
    async def show_judgement(event: UpdateValidated | UpdateReturned, rows: Rows) -> None:
        status = "validated" if isinstance(event, UpdateValidated) else "returned"
        await _become(rows, event, event.update_id, status, event.version)
        rows.tell(event, event.period_id, event.update_id, {"status": status})

    @listener.on(ReturnExplained)
    async def show_reason(event: ReturnExplained, rows: Rows) -> None:
        rows.replace(
            "return_reason", update_id=event.update_id, reason=event.reason, by=event.by, at=dated(event),
            audience_id=rows.audience(event),
        )  # fmt: skip


def _summary(event: UpdatePosted | UpdateReleased) -> dict[str, Any]:
    operation, supersedes = event.operation_id, event.supersedes
    return {"kind": event.kind.value, "counts": event.counts, "operation_id": operation, "supersedes": supersedes}


async def _readers(rows: Rows, event: _Opened, table: str, key: UUID) -> int:
    """The event's audience; what is opened to newcomers stays with those who had it, too."""
    if event.to_newcomers and (before := await rows.get(table, key)):
        return await rows.audiences.joined(before["audience_id"], event.audience)
    return rows.audience(event)


def _show(
    rows: Rows,
    event: UpdatePosted | UpdateReleased,
    number: int,
    status: str,
    posted_at: datetime,
    superseded_by: UUID | None,
) -> None:
    counts = {indicator.value: value for indicator, value in event.counts.items()}
    shown: Row = {
        "id": event.update_id, "operation_id": event.operation_id, "period_id": event.period_id, "party": event.party,
        "version": event.version, "kind": event.kind.value, "status": status, "happened_at": event.happened_at,
        "posted_at": posted_at, "counts": counts, "supersedes": event.supersedes, "superseded_by": superseded_by,
        "late": event.supersedes is None and rows.is_late(event.happened_at, posted_at), "audience_id": number,
    }  # fmt: skip
    rows.replace("update", **shown)
    _figures(rows, shown)
    _count(rows, shown, +1)
    _weigh(rows, shown, None, status)


def _figures(rows: Rows, shown: Row) -> None:
    """What each of its counts opens to."""
    for indicator, value in shown["counts"].items():
        rows.replace(
            "update_count", update_id=shown["id"], indicator=indicator, period_id=shown["period_id"],
            party=shown["party"], value=value, audience_id=shown["audience_id"],
        )  # fmt: skip


async def _become(
    rows: Rows, event: OperationEvent, update_id: UUID, status: str, version: int | None, by: UUID | None = None
) -> None:
    """Move an update to another status, and its counts with it; whoever left meanwhile does not learn of that."""
    shown = await rows.get("update", update_id)
    if not shown:
        raise LookupError("an update that was never shown")
    before, number = shown["status"], rows.audience(event)
    moves = number != shown["audience_id"]
    if moves:
        _count(rows, shown, -1)
        _weigh(rows, shown, before, None)
        before = None
    version = shown["version"] + 1 if version is None else version
    by = by or shown["superseded_by"]
    rows.change("update", shown, status=status, version=version, superseded_by=by, audience_id=number)
    if moves:
        _figures(rows, shown)
        _count(rows, shown, +1)
    _weigh(rows, shown, before, status)


async def move_updates(rows: Rows, ids: Sequence[UUID], moves: Mapping[int, int]) -> None:
    """From their audiences to others, with all that counts them."""
    await rows.look("update", [(one,) for one in ids])
    for one in ids:
        if shown := await rows.get("update", one):
            _count(rows, shown, -1)
            _weigh(rows, shown, shown["status"], None)
            rows.change("update", shown, audience_id=moves[shown["audience_id"]])
            _figures(rows, shown)
            _count(rows, shown, +1)
            _weigh(rows, shown, None, shown["status"])


def _count(rows: Rows, shown: Row, sign: int) -> None:
    """It is one more, or one less, of those that its audience sees."""
    day, at = _day(shown), shown["posted_at"]
    rows.add("posted", (shown["period_id"], shown["party"], day, shown["audience_id"]), sign, 0, sign * shown["late"], at)
    rows.add("operation_posted", (shown["operation_id"], shown["audience_id"]), sign, at)


def _weigh(rows: Rows, shown: Row, before: str | None, after: str | None) -> None:
    """What it counts where, from one status to another; of a sum that does not change nothing is written."""
    (validated, provisional), (was_validated, was_provisional) = _WEIGHT[after], _WEIGHT[before]
    validated, provisional = validated - was_validated, provisional - was_provisional
    if not validated and not provisional:
        return
    period, party, day, number = shown["period_id"], shown["party"], _day(shown), shown["audience_id"]
    if provisional:
        rows.add("posted", (period, party, day, number), 0, provisional, 0, shown["posted_at"])
    standing = validated + provisional
    for indicator, value in shown["counts"].items():
        rows.add("total", (period, party, indicator, number), value * validated, value * provisional, standing)
        if standing:
            rows.add("total_by_day", (period, day, party, indicator, number), value * standing)
            rows.add("operation_total", (shown["operation_id"], indicator, number), value * standing)


def _day(shown: Row) -> Any:
    return shown["posted_at"].astimezone(UTC).date()
