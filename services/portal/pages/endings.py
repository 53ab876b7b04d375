"""Ends of a period that its co-chairs decide: it is cancelled, or nothing of it changes any more."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.forms import Post, form_page, new_key, send
from services.portal.pages.views import Confirm, Form
from services.portal.repository import Reads
from services.portal.selects import Row
from shared.errors import Forbidden, NotFound

router = APIRouter(include_in_schema=False)

CANCELLED = frozenset({"proposed", "planning", "adopted", "active"})
ARCHIVED = frozenset({"closed", "debriefed"})


@router.get("/periods/{period_id}/cancel")
async def cancel_question(period_id: UUID, at: Signed) -> Response:
    return await cancel_page(at, Form(idempotency_key=new_key()), str(period_id))


@form_page("/periods/{period_id}/cancel")
async def cancel_page(at: Desk, form: Form, period_id: str) -> Response:
    async with at.reads() as reads:
        row = await _ending(at, reads, period_id, CANCELLED)
        context = await at.context(reads, "overview", row, shown_to=at.say("all that were asked hear of it at once"))
        running = sum(one["status"] == "under_way" for one in await reads.headlines(row["id"]))
    told = [
        at.say("No operation is planned or started in it any more, and no update is posted."),
        at.say("What was said stays as it is; there is no debrief."),
    ]
    if running:
        told.insert(0, at.say("Operations under way now: %(count)s.") % {"count": running})
    view = Confirm(
        form=_at_version(form, row),
        title=at.say("Cancel %(title)s?") % {"title": row["title"]},
        text=at.say("This cannot be undone."),
        action=f"/periods/{period_id}/cancel",
        button=at.say("Cancel the period"),
        back_href=f"/periods/{period_id}",
        consequences=tuple(told),
        reason=at.say("Reason (read by all that were asked)"),
    )
    return at.show(context, "confirm.html", view)


@router.post("/periods/{period_id}/cancel")
async def cancel(period_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"periods/{period_id}/cancel", {"reason": posted.get("reason")})
    return go(f"/periods/{period_id}", done.then("cancelled"))


@router.get("/periods/{period_id}/archive")
async def archive_question(period_id: UUID, at: Signed) -> Response:
    return await archive_page(at, Form(idempotency_key=new_key()), str(period_id))


@form_page("/periods/{period_id}/archive")
async def archive_page(at: Desk, form: Form, period_id: str) -> Response:
    async with at.reads() as reads:
        row = await _ending(at, reads, period_id, ARCHIVED)
        context = await at.context(reads, "overview", row, shown_to=at.say("shown to participants and co-chairs"))
        provisional = sum(total["provisional"] > 0 for total in await reads.totals(row["id"]))
    told = [at.say("Nothing of it changes any more: no correction, no validation.")]
    if provisional:
        told.append(at.say("%(count)s figures are still provisional, and stay so.") % {"count": provisional})
    view = Confirm(
        form=_at_version(form, row),
        title=at.say("Archive %(title)s?") % {"title": row["title"]},
        text=at.say("This cannot be undone."),
        action=f"/periods/{period_id}/archive",
        button=at.say("Archive the period"),
        back_href=f"/periods/{period_id}",
        consequences=tuple(told),
    )
    return at.show(context, "confirm.html", view)


@router.post("/periods/{period_id}/archive")
async def archive(period_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"periods/{period_id}/archive", {})
    return go(f"/periods/{period_id}", done.then("archived"))


async def _ending(at: Desk, reads: Reads, period_id: str, states: frozenset[str]) -> Row:
    """The period, for a co-chair of it, while this can be done. Raises NotFound where there is no such question."""
    row = await reads.period(UUID(period_id))
    if not at.chairs(row):
        raise Forbidden(at.say("Only a co-chair of this period ends it."))
    if row["status"] not in states:
        raise NotFound
    return row


def _at_version(form: Form, row: Row) -> Form:
    """What was looked at is what is meant."""
    return form if form.version else Form(**{**vars(form), "version": row["version"]})
