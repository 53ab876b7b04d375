"""Operations and updates as the portal shows them, with totals kept as they come."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.portal.projections.rows import audience, dated, replace, tell
from shared.events.planner import (
    Headline,
    HeadlineReleased,
    OperationBriefed,
    OperationCancelled,
    OperationCompleted,
    OperationDrafted,
    OperationScheduled,
    OperationStarted,
    ReturnExplained,
    UpdateDetailed,
    UpdatePosted,
    UpdateReleased,
    UpdateReturned,
    UpdateValidated,
)
from shared.runtime.bus import Listener
from shared.runtime.db import Tx

_STATUS = "UPDATE operation SET status = $2, version = $3, audience_id = $4 WHERE id = $1"
_LOCKED = 'SELECT period_id, party, status, counts, audience_id FROM "update" WHERE id = $1 FOR UPDATE'
_UPDATE = 'UPDATE "update" SET status = $2, version = $3, superseded_by = coalesce($4, superseded_by) WHERE id = $1'
_COUNTS = """
INSERT INTO update_count (update_id, indicator, period_id, party, value, audience_id)
SELECT $1, c.key, $2, $3, c.value::int, $4 FROM jsonb_each_text($5::jsonb) c
ON CONFLICT (update_id, indicator) DO UPDATE SET audience_id = excluded.audience_id
"""
_TOTAL = """
INSERT INTO total AS t (period_id, party, indicator, audience_id, validated, provisional, updates)
SELECT $1, $2, c.key, $3, c.value::bigint * $5::int, c.value::bigint * $6::int, $5::int + $6::int
FROM jsonb_each_text($4::jsonb) c
ON CONFLICT (period_id, party, indicator, audience_id) DO UPDATE SET validated = t.validated + excluded.validated,
    provisional = t.provisional + excluded.provisional, updates = t.updates + excluded.updates
"""
# how a status counts: (validated, provisional); what was returned or superseded counts nowhere
_WEIGHT = {"provisional": (0, 1), "validated": (1, 0), "returned": (0, 0), "superseded": (0, 0)}


def listen(listener: Listener) -> None:
    """Register the handlers of this family."""

    @listener.on(OperationDrafted, OperationScheduled, HeadlineReleased)
    async def show_headline(event: Headline, tx: Tx) -> None:
        await replace(
            tx, "operation", ("id",), id=event.operation_id, period_id=event.period_id, owner=event.party,
            version=event.version, kind=event.kind.value, status=event.status.value, starts_at=event.window.starts_at,
            ends_at=event.window.ends_at, objective_id=event.objective_id, held=event.held, held_until=event.held_until,
            audience_id=await audience(event),
        )  # fmt: skip
        said = {"kind": event.kind.value, "status": event.status.value}
        await tell(tx, event, event.period_id, event.operation_id, said)

    @listener.on(OperationStarted, OperationCompleted, OperationCancelled)
    async def show_progress(event: OperationStarted | OperationCompleted | OperationCancelled, tx: Tx) -> None:
        status = _PROGRESS[type(event)]
        await tx.sql(_STATUS, event.operation_id, status, event.version, await audience(event))
        await tell(tx, event, event.period_id, event.operation_id, {"status": status})

    @listener.on(OperationBriefed)
    async def show_detail(event: OperationBriefed, tx: Tx) -> None:
        body = event.model_dump(exclude={"operation_id", "period_id"})
        number = await audience(event)
        await replace(tx, "operation_detail", ("operation_id",), operation_id=event.operation_id, audience_id=number, **body)

    @listener.on(UpdatePosted)
    async def show_update(event: UpdatePosted, tx: Tx) -> None:
        if event.supersedes is not None:
            await _become(tx, event.supersedes, "superseded", None, event.update_id)
        await _show(tx, event, "provisional", dated(event))
        await tell(tx, event, event.period_id, event.update_id, _summary(event))

    @listener.on(UpdateReleased)
    async def show_released_update(event: UpdateReleased, tx: Tx) -> None:
        before = await tx.sql(_LOCKED, event.update_id)
        if before:
            await _total(tx, before[0], before[0]["status"], -1)
        await _show(tx, event, event.status, event.posted_at)
        await tell(tx, event, event.period_id, event.update_id, _summary(event))

    @listener.on(UpdateDetailed)
    async def show_update_detail(event: UpdateDetailed, tx: Tx) -> None:
        await replace(
            tx, "update_detail", ("update_id",), update_id=event.update_id, operation_id=event.operation_id,
            text=event.text, place=event.place, language=event.language, by=event.by, audience_id=await audience(event),
        )  # fmt: skip

    @listener.on(UpdateValidated, UpdateReturned)
    async def show_judgement(event: UpdateValidated | UpdateReturned, tx: Tx) -> None:
        status = "validated" if isinstance(event, UpdateValidated) else "returned"
        await _become(tx, event.update_id, status, event.version)
        await tell(tx, event, event.period_id, event.update_id, {"status": status})

    @listener.on(ReturnExplained)
    async def show_reason(event: ReturnExplained, tx: Tx) -> None:
        await replace(
            tx, "return_reason", ("update_id",), update_id=event.update_id, reason=event.reason, by=event.by,
            at=dated(event), audience_id=await audience(event),
        )  # fmt: skip


_PROGRESS = {OperationStarted: "under_way", OperationCompleted: "completed", OperationCancelled: "cancelled"}


def _summary(event: UpdatePosted | UpdateReleased) -> dict[str, Any]:
    counts = {indicator.value: value for indicator, value in event.counts.items()}
    operation, supersedes = event.operation_id, event.supersedes
    return {"kind": event.kind.value, "counts": counts, "operation_id": operation, "supersedes": supersedes}


async def _show(tx: Tx, event: UpdatePosted | UpdateReleased, status: str, posted_at: object) -> None:
    number = await audience(event)
    counts = {indicator.value: value for indicator, value in event.counts.items()}
    row = {"period_id": event.period_id, "party": event.party, "counts": counts, "audience_id": number}
    await replace(
        tx, "update", ("id",), id=event.update_id, operation_id=event.operation_id, version=event.version,
        kind=event.kind.value, status=status, happened_at=event.happened_at, posted_at=posted_at,
        supersedes=event.supersedes, **row,
    )  # fmt: skip
    if counts:
        await tx.sql(_COUNTS, event.update_id, event.period_id, event.party, number, json.dumps(counts))
        await _total(tx, row, status, +1)


async def _become(tx: Tx, update_id: UUID, status: str, version: int | None, by: UUID | None = None) -> None:
    """Move an update to another status, and its counts with it."""
    found = await tx.sql(_LOCKED, update_id)
    if not found:
        raise LookupError("an update that was never shown")
    before = found[0]
    await _total(tx, before, before["status"], -1)
    await _total(tx, before, status, +1)
    if version is None:
        version = int((await tx.sql('SELECT version FROM "update" WHERE id = $1', update_id))[0]["version"]) + 1
    await tx.sql(_UPDATE, update_id, status, version, by)


async def _total(tx: Tx, row: Mapping[Any, Any], status: str, sign: int) -> None:
    validated, provisional = _WEIGHT[status]
    if validated == provisional:
        return
    said = json.dumps(row["counts"])
    place = (row["period_id"], row["party"], row["audience_id"])
    await tx.sql(_TOTAL, *place, said, validated * sign, provisional * sign)
