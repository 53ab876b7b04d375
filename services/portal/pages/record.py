"""The record of a period: every word given on it and what was shown on these words, as a page, JSON lines and CSV."""

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from services.portal.api_ledger import ask
from services.portal.gateway import Refused
from services.portal.pages.desk import Desk, Signed
from services.portal.pages.views import ConsentLine, Paging, RecordPage
from shared.errors import NotFound

router = APIRouter(include_in_schema=False)

A_PAGE, AT_ONCE = 50, 500
COLUMNS = (
    "at", "party", "officer", "kind", "type", "aggregate", "subject", "period_id", "operation_id", "version", "named",
    "audience", "event_id",
)  # fmt: skip
PLACES = {"operation": "/operations/", "update": "/updates/", "period": "/periods/", "investigation": "/investigations/"}


@router.get("/periods/{period_id}/record")
async def record(period_id: UUID, at: Signed, after: UUID | None = None) -> Response:
    async with at.reads() as reads:
        row = await reads.period(period_id)
        context = await at.context(reads, "overview", row, shown_to=at.say("your own words, and what your party may see"))
    said = await _page(at, period_id, after, A_PAGE, newest_first=True)
    base = f"/periods/{period_id}/record"
    view = RecordPage(
        period_id=str(period_id),
        title=row["title"],
        lines=tuple(_line(one) for one in said["items"]),
        paging=Paging(
            shown=len(said["items"]),
            first_href=base if after else "",
            next_href=f"{base}?after={said['next']}" if said["next"] else "",
        ),
    )
    return at.show(context, "record.html", view)


@router.get("/periods/{period_id}/record.jsonl")
async def as_json_lines(period_id: UUID, at: Signed) -> Response:
    return await _download(at, period_id, "jsonl", "application/jsonl", "", _json_lines)


@router.get("/periods/{period_id}/record.csv")
async def as_csv(period_id: UUID, at: Signed) -> Response:
    return await _download(at, period_id, "csv", "text/csv", _csv([dict(zip(COLUMNS, COLUMNS, strict=True))]), _csv)


async def _download(
    at: Desk, period_id: UUID, ending: str, media_type: str, head: str, written: Callable[[Sequence[Any]], str]
) -> Response:
    """All of it, page by page as it is read."""
    async with at.reads() as reads:
        await reads.period(period_id)
    first = await _page(at, period_id, None, AT_ONCE)

    async def parts() -> AsyncIterator[str]:
        yield head + written(first["items"])
        following = first["next"]
        while following:
            said = await _page(at, period_id, UUID(following), AT_ONCE)
            yield written(said["items"])
            following = said["next"]

    name = f'attachment; filename="consent-ledger-{period_id}.{ending}"'
    return StreamingResponse(parts(), media_type=media_type, headers={"content-disposition": name})


async def _page(
    at: Desk, period_id: UUID, after: UUID | None, limit: int, newest_first: bool = False
) -> dict[str, Any]:
    reply = await ask(at.portal, at.actor, period_id, after, limit, newest_first)
    if reply.status != 200:
        raise Refused(reply) if reply.status >= 500 else NotFound
    return reply.json()


def _line(one: dict[str, Any]) -> ConsentLine:
    place = PLACES.get(one["aggregate"], "")
    return ConsentLine(
        at=datetime.fromisoformat(one["at"]),
        party=one["party"],
        officer=one["officer"],
        kind=one["kind"],
        aggregate=one["aggregate"],
        href=f"{place}{one['subject']}" if place else "",
        version=one["version"],
        on_plan=one["type"].startswith("planner.plan."),
        audience=tuple(one["audience"]),
    )


def _json_lines(items: Sequence[Any]) -> str:
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in items)


def _csv(items: Sequence[Any]) -> str:
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\r\n")
    for one in items:
        writer.writerow(" ".join(value) if isinstance(value := one[name], list) else value for name in COLUMNS)
    return told.getvalue()
