"""The debrief of a period, as a page and as a PDF."""

from collections import Counter
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.portal.doors import Bearer, ThePortal
from services.portal.exports.debrief import ROWS, debrief_pdf, from_rows
from services.portal.pages.desk import Desk, Signed
from services.portal.pages.periods import table
from services.portal.pages.render import party_name
from services.portal.pages.times import span
from services.portal.pages.views import DebriefObjective, DebriefPage, PartyReport
from services.portal.repository import Reads, UpdateFilter
from services.portal.selects import Row
from shared.errors import NotFound

router = APIRouter(include_in_schema=False)
programs = APIRouter()


@router.get("/periods/{period_id}/debrief")
async def debrief(period_id: UUID, at: Signed) -> Response:
    async with at.reads() as reads:
        try:
            row = await reads.debrief(period_id)
        except NotFound:
            return await _not_yet(at, reads, period_id)
        period = await reads.period(period_id)
        context = await at.context(reads, "debrief", period, shown_to=at.say("shown to participants and co-chairs"))
        figures = await reads.figures(row["id"])
        reports = await _reports(reads, period, [figure["reporting"] for figure in figures])
    compiled = row["compiled"] or {}
    found = [(one["indicator"], one["reporting"], one["validated"], one["provisional"]) for one in figures]
    view = DebriefPage(
        period_id=str(period_id),
        title=row["title"],
        status="compiled" if compiled else "opened",
        span=span(row["first_day"], row["last_day"], at.locale),
        objectives=tuple(_objective(period_id, one) for one in compiled.get("objectives", ())),
        operations_planned=compiled.get("operations_planned", 0),
        operations_completed=compiled.get("operations_completed", 0),
        operations_cancelled=compiled.get("operations_cancelled", 0),
        totals=table(period_id, found),
        reports=reports,
        lacks=tuple(compiled.get("lacks", ())) if compiled else (at.say("It is being compiled from the events."),),
        note=at.say("What owners hold back is in no figure."),
        pdf_href=f"/periods/{period_id}/debrief.pdf",
    )
    return at.show(context, "debrief.html", view)


@router.get("/periods/{period_id}/debrief.pdf")
async def paper(period_id: UUID, at: Signed) -> Response:
    content, name = await pdf(at, period_id)
    headers = {"content-disposition": f'inline; filename="{name}"'}
    return Response(content, 200, headers, "application/pdf")


@programs.get(
    "/api/v1/periods/{period_id}/debrief.pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def paper_for_programs(period_id: UUID, request: Request, session: Bearer, portal: ThePortal) -> Response:
    content, _ = await pdf(Desk(request, portal, session), period_id)
    return Response(content, 200, media_type="application/pdf")


async def pdf(at: Desk, period_id: UUID) -> tuple[bytes, str]:
    """The bytes, and a name for the file."""
    async with at.reads() as reads:
        row = await reads.debrief(period_id)
        figures = await reads.figures(row["id"])
        updates, _ = await reads.updates(UpdateFilter(period_id), limit=ROWS + 1)
        joined = await reads.participants(period_id)
        held = {one["id"] for one in await reads.headlines(period_id) if one["held"]}
    made = at.now.replace(microsecond=0)  # Typst dates a paper to the second
    document = from_rows(
        row, figures, updates, parties=joined, generated_at=made, asked_by=at.actor.party, held=held
    )
    return await debrief_pdf(document), f"debrief-{row['last_day']:%Y-%m-%d}.pdf"


async def _not_yet(at: Desk, reads: Reads, period_id: UUID) -> Response:
    """A period that is still going on has a debrief to come; one that the reader may not see has nothing."""
    period = await reads.period(period_id)
    context = await at.context(reads, "debrief", period, shown_to=at.say("shown to participants and co-chairs"))
    view = DebriefPage(
        period_id=str(period_id),
        title=period["title"],
        status="awaited",
        span=span(period["first_day"], period["last_day"], at.locale),
        objectives=(),
        operations_planned=0,
        operations_completed=0,
        operations_cancelled=0,
        totals=table(period_id, []),
        reports=(),
        lacks=(at.say("The period is not closed yet: its debrief opens itself when it is."),),
    )
    return at.show(context, "debrief.html", view)


async def _reports(reads: Reads, period: Row, reporting: list[str]) -> tuple[PartyReport, ...]:
    """What each party brought in, as far as the reader sees it."""
    operations = await reads.headlines(period["id"])
    planned = Counter(row["owner"] for row in operations)
    completed = Counter(row["owner"] for row in operations if row["status"] == "completed")
    posts = await reads.reports(period["id"], period["first_day"])
    joined = await reads.participants(period["id"])
    parties = sorted({*joined, *planned, *reporting}, key=party_name)
    return tuple(
        PartyReport(
            party=party,
            operations=planned[party],
            completed=completed[party],
            updates=posts[party]["updates"] if party in posts else 0,
            provisional=posts[party]["provisional"] if party in posts else 0,
            silent_days=posts[party]["silent"] if party in posts else (period["last_day"] - period["first_day"]).days,
        )
        for party in parties
    )


def _objective(period_id: UUID, one: dict[str, object]) -> DebriefObjective:
    names = ("title", "indicator", "baseline", "target", "validated", "provisional")
    href = f"/periods/{period_id}/updates?indicator={one['indicator']}"
    return DebriefObjective(**{name: one[name] for name in names}, href=href)  # type: ignore[arg-type]
