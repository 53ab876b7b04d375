"""Distress at sea: report it with one field, what is known now, and how it ended."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.distress_lines import distress_line
from services.portal.pages.forms import Post, Posted, form_page, new_key, renamed, send
from services.portal.pages.lines import as_uuid, options
from services.portal.pages.several import comes_back, forms_of
from services.portal.pages.views import DistressForm, DistressList, DistressPage, Form, Option, Paging
from services.portal.positions import read_position
from services.portal.repository import encode_cursor, thing_after
from services.portal.selects import Row
from shared.errors import Forbidden, Invalid, NotFound
from shared.vocabulary import DistressOutcome, Role

router = APIRouter(include_in_schema=False)

REPORTERS = (Role.LIAISON_OFFICER, Role.COORDINATOR, Role.CO_CHAIR, Role.RSO_OFFICER)
LISTED = 50
WHERE = {"latitude": "place", "longitude": "place"}


@router.get("/distress")
async def distresses(at: Signed, cursor: str = "", over: str = "") -> Response:
    """Two lists, each with its pages: what is over stands in nobody's way."""
    before = thing_after(cursor or None)
    async with at.reads() as reads:
        context = await at.context(reads, shown_to=at.say("shown to everybody of the period"))
        still = [] if over else await reads.distresses(before, LISTED, "open")
        ended = await reads.distresses(before if over else None, LISTED, "closed") if over or not cursor else []
    first = "/distress" if cursor else ""
    view = DistressList(
        open=tuple(map(distress_line, still[:LISTED])),
        over=tuple(map(distress_line, ended[:LISTED])),
        open_paging=Paging(shown=len(still[:LISTED]), first_href=first, next_href=_older(still, "/distress?")),
        paging=Paging(shown=len(ended[:LISTED]), first_href=first, next_href=_older(ended, "/distress?over=1&")),
        only_over=bool(over),
    )
    return at.show(context, "distress_list.html", view)


def _older(rows: Sequence[Row], path: str) -> str:
    return f"{path}cursor={encode_cursor(rows[LISTED - 1]['id'])}" if len(rows) > LISTED else ""


@router.get("/distress/new")
async def new_distress(at: Signed, period: str = "") -> Response:
    return await distress_form(at, Form(idempotency_key=new_key(), values={"period_id": period}))


@form_page("/distress", renamed(**WHERE))
async def distress_form(at: Desk, form: Form) -> Response:
    if not at.has(*REPORTERS):
        raise Forbidden(at.say("Distress is reported by officers, coordinators and co-chairs."))
    async with at.reads() as reads:
        rows, _ = await reads.periods()
        alive = [row for row in rows if row["status"] not in {"cancelled", "archived"}]
        chosen = next((row for row in alive if str(row["id"]) == form.value("period_id")), None)
        alive.sort(key=lambda row: (row is not chosen, row["status"] != "active"))
        told = at.say("everybody of the period, at once")
        context = await at.context(reads, "", alive[0] if alive else None, shown_to=told)
        who = await reads.entries(*[row["audience_id"] for row in alive[:1]])
    if not alive:
        raise NotFound(at.say("Your party is in no period. Call a rescue co-ordination centre."))
    view = DistressForm(
        form=form,
        periods=tuple(Option(value=str(row["id"]), text=row["title"]) for row in alive),
        readers=tuple(sorted({entry.partition("#")[0] for entries in who.values() for entry in entries})),
    )
    return at.show(context, "distress_new.html", view)


@router.post("/distress")
async def report(post: Post) -> Response:
    at, posted = post
    period_id = as_uuid(posted.get("period_id"))
    if period_id is None:
        raise Invalid.field("period_id", "Choose the period.")
    done = await send(at, posted, f"periods/{period_id}/distress", _body(posted))
    if not done.arrived:
        return go("/distress", "later")
    return go(f"/distress/{done.said['id']}", "distress_reported")


@router.get("/distress/{distress_id}")
async def distress(distress_id: UUID, at: Signed) -> Response:
    return await distress_page(at, str(distress_id), {})


async def distress_page(at: Desk, distress_id: str, typed: dict[str, Form]) -> Response:
    async with at.reads() as reads:
        row = await reads.distress(UUID(distress_id))
        periods, _ = await reads.periods()
        period = next((one for one in periods if one["id"] == row["period_id"]), None)
        context = await at.context(reads, "", period, shown_to=at.say("shown to everybody of the period"))
        entries = await reads.entries(row["audience_id"])
    own = row["party"] == at.party and row["status"] == "open" and at.has(*REPORTERS)
    typed.setdefault("revise", Form(idempotency_key=new_key(), values=_values(row)))
    view = DistressPage(
        distress=distress_line(row),
        by=row["by"],
        period=(str(period["id"]), period["title"]) if period else None,
        readers=tuple(sorted({entry.partition("#")[0] for entry in entries.get(row["audience_id"], ())})),
        outcome=row["outcome"] or "",
        note=row["note"] or "",
        closed_at=row["closed_at"],
        own=own,
        forms=forms_of(("revise", "close"), typed, row["version"]),
        outcomes=options(DistressOutcome),
    )
    return at.show(context, "distress.html", view)


comes_back(distress_page, "/distress/{distress_id}", "distress_id", ("revise", "close"), renamed(**WHERE))


@router.post("/distress/{distress_id}/revise")
async def revise(distress_id: UUID, post: Post) -> Response:
    at, posted = post
    body = {**_body(posted), "happened_at": posted.get("happened_at") or None}
    done = await send(at, posted, f"distress/{distress_id}/revise", body)
    return go(f"/distress/{distress_id}", done.then("distress_revised"))


@router.post("/distress/{distress_id}/close")
async def close(distress_id: UUID, post: Post) -> Response:
    at, posted = post
    body = {"outcome": posted.need("outcome", "Say how it ended."), "note": posted.get("note")}
    done = await send(at, posted, f"distress/{distress_id}/close", body)
    return go(f"/distress/{distress_id}", done.then("distress_closed"))


def _body(posted: Posted) -> dict[str, Any]:
    """One field says where: as a position if it can be read as one, else as words; never is it refused for its form."""
    where, words = posted.get("place"), posted.get("words")
    position = read_position(where)
    return {
        "latitude": position[0] if position else None,
        "longitude": position[1] if position else None,
        "place": words if position else ", ".join(filter(None, (where, words))),
        "persons_on_board": posted.number("persons_on_board"),
        **{name: posted.get(name) for name in ("vessel", "contact", "text")},
    }


def _values(row: Row) -> dict[str, str]:
    line = distress_line(row)
    persons = "" if row["persons_on_board"] is None else str(row["persons_on_board"])
    return {
        "place": line.position or line.place, "words": line.place if line.position else "",
        "persons_on_board": persons, "happened_at": row["happened_at"].isoformat(),
        **{name: row[name] for name in ("vessel", "contact", "text")},
    }  # fmt: skip
