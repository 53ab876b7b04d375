"""Updates: the list under its filter, and one with what became of it."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.entries import history
from services.portal.pages.filters import Filter
from services.portal.pages.forms import Post, form_page, new_key, renamed, send
from services.portal.pages.lines import PARTY_ROLES, as_uuid, file_links, options, update_line
from services.portal.pages.protection import kept_from
from services.portal.pages.render import party_name
from services.portal.pages.views import Form, Option, Paging, UpdateDetail, UpdateList
from services.portal.repository import Reads, UpdateFilter
from shared.vocabulary import Indicator, Role, UpdateStatus

router = APIRouter(include_in_schema=False)

JUDGED = {"active", "closed", "debriefed"}


@router.get("/periods/{period_id}/updates")
async def updates(
    period_id: UUID, at: Signed, party: str = "", indicator: str = "", status: str = "", operation: str = "",
    cursor: str = "",
) -> Response:  # fmt: skip
    asked = Filter(f"/periods/{period_id}/updates", party=party, indicator=indicator, status=status, operation=operation)
    wanted = UpdateFilter(period_id, as_uuid(operation), party or None, indicator or None, status or None)
    async with at.reads() as reads:
        period = await reads.period(period_id)
        context = await at.context(reads, "updates", period, shown_to=at.say("shown to participants and co-chairs"))
        rows, more = await reads.updates(wanted, cursor or None)
        operations = await reads.headlines(period_id)
        names = {str(row["id"]): f"{row['owner']} · {row['title'] or at.words(row['kind'])}" for row in operations}
        summed, unseen = await _figure(at, reads, period_id, indicator, party) if asked.is_figure else ("", 0)
    if any(row["text"] is not None for row in rows):
        await at.portal.note_read(at.actor, "updates", asked.href())
    view = UpdateList(
        form=Form(values=asked.values),
        period_id=str(period_id),
        updates=tuple(update_line(at, row) for row in rows),
        paging=Paging(
            shown=len(rows),
            first_href=asked.href() if cursor else "",
            next_href=asked.href(cursor=more) if more else "",
        ),
        parties=tuple(Option(value=code, text=party_name(code)) for code in sorted({row["owner"] for row in operations})),
        indicators=options(Indicator),
        operations=tuple(Option(value=key, text=name) for key, name in names.items()),
        statuses=tuple(Option(value=one.value, text=at.words(one.value)) for one in UpdateStatus),
        filters=asked.in_force(at, names),
        summed=summed,
        unseen=unseen,
    )
    return at.show(context, "updates.html", view)


async def _figure(at: Desk, reads: Reads, period_id: UUID, indicator: str, party: str) -> tuple[str, int]:
    """What the listed updates sum to, and how many more the figure sums."""
    totals = [row for row in await reads.totals(period_id) if row["indicator"] == indicator]
    totals = [row for row in totals if not party or row["party"] == party]
    validated, provisional = sum(row["validated"] for row in totals), sum(row["provisional"] for row in totals)
    counted, shown = await reads.updates_counted(period_id, indicator, party or None)
    counted = max(counted, sum(row["updates"] for row in totals))
    words = at.say("%(indicator)s: %(sum)s, of which %(provisional)s provisional, from %(count)s updates.")
    said = {
        "indicator": at.words(indicator), "sum": validated + provisional, "provisional": provisional, "count": counted,
    }  # fmt: skip
    return words % said, counted - shown


@router.get("/updates/{update_id}")
async def update(update_id: UUID, at: Signed) -> Response:
    return await update_page(at, Form(idempotency_key=new_key()), str(update_id))


@form_page("/updates/{update_id}/return")
@form_page("/updates/{update_id}/release-origins", renamed(reason="why"))
async def update_page(at: Desk, form: Form, update_id: str) -> Response:
    async with at.reads() as reads:
        row = await reads.update(UUID(update_id))
        period = await reads.period(row["period_id"])
        context = await at.context(reads, "updates", period, shown_to=at.say("shown to participants and co-chairs"))
        told = await reads.history(row["period_id"], row["id"])
        later = await reads.history(row["period_id"], row["superseded_by"]) if row["superseded_by"] else ()
        kept = await kept_from(at, reads, row)
        files = await reads.files_of(row["id"])
    if row["text"] is not None:
        await at.portal.note_read(at.actor, "update", update_id)
    own, open_ = row["party"] == at.party, period["status"] in JUDGED and row["status"] != "superseded"
    judge = own and open_ and at.has(Role.COORDINATOR) and row["by"] != at.actor.name
    view = UpdateDetail(
        update=update_line(at, row),
        version=row["version"],
        place=row["place"] or "",
        concern=row.get("protection_concern") or "",
        kept=kept,
        files=file_links(files),
        detail_visible=row["text"] is not None,
        history=(
            *((entry["at"], entry["party"], history(at, entry)) for entry in told),
            *((entry["at"], entry["party"], at.say("Corrected by a newer version")) for entry in later[:1]),
        ),
        supersedes=str(row["supersedes"] or ""),
        superseded_by=str(row["superseded_by"] or ""),
        return_reason=row["return_reason"] or "",
        may_validate=judge and row["status"] in {"provisional", "returned"},
        may_return=judge and row["status"] == "provisional",
        may_correct=own and open_ and at.has(*PARTY_ROLES),
        form=form,
    )
    return at.show(context, "update.html", view)


@router.post("/updates/{update_id}/validate")
async def validate(update_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"updates/{update_id}/validate", {})
    return go(f"/updates/{update_id}", done.then("validated"))


@router.post("/updates/{update_id}/return")
async def send_back(update_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"updates/{update_id}/return", {"reason": posted.get("reason")})
    return go(f"/updates/{update_id}", done.then("returned"))


