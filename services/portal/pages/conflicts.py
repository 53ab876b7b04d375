"""Conflicts: the list, one side of one with the party's word on it, and where the party is reached."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.forms import Post, form_page, new_key, send
from services.portal.pages.lines import PARTY_ROLES, options
from services.portal.pages.render import party_name
from services.portal.pages.views import (
    ConflictLine,
    ConflictList,
    ConflictPage,
    ContactForm,
    Form,
    Paging,
    SaidOfConflict,
    Waiting,
)
from services.portal.repository import Reads, encode_cursor, thing_after
from services.portal.selects import Row
from shared.vocabulary import Role, Settlement

router = APIRouter(include_in_schema=False)

LISTED = 50


@router.get("/conflicts")
async def conflicts(at: Signed, cursor: str = "") -> Response:
    async with at.reads() as reads:
        context = await at.context(reads, shown_to=_shown_to(at))
        rows = await reads.conflicts(thing_after(cursor or None), LISTED)
        contact = await reads.contact()
    lines, more = [conflict_line(at, row) for row in rows[:LISTED]], len(rows) > LISTED
    view = ConflictList(
        open=tuple(one for one in lines if one.status == "open"),
        over=tuple(one for one in lines if one.status != "open"),
        contact=contact["contact"],
        paging=Paging(
            shown=len(lines), first_href="/conflicts" if cursor else "",
            next_href=f"/conflicts?cursor={encode_cursor(rows[LISTED - 1]['id'])}" if more else "",
        ),
        may_give=at.has(Role.COORDINATOR),
    )  # fmt: skip
    if lines:
        await at.portal.note_read(at.actor, "conflicts", "list")
    return at.show(context, "conflicts.html", view)


@router.get("/conflicts/contact")
async def contact_question(at: Signed) -> Response:
    return await contact_form(at, Form(idempotency_key=new_key()))


@form_page("/conflicts/contact")
async def contact_form(at: Desk, form: Form) -> Response:
    async with at.reads() as reads:
        context = await at.context(reads, shown_to=at.say("read by whoever has a conflict with your party"))
        row = await reads.contact()
    view = ContactForm(form=Form(**{**vars(form), "version": row["version"]}), contact=row["contact"])
    return at.show(context, "contact.html", view)


@router.post("/conflicts/contact")
async def give_contact(post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, "conflicts/contact", {"contact": posted.get("contact")})
    return go("/conflicts", done.then("contact_given"))


@router.get("/conflicts/{conflict_id}")
async def conflict(conflict_id: UUID, at: Signed) -> Response:
    return await conflict_page(at, Form(idempotency_key=new_key()), str(conflict_id))


@form_page("/conflicts/{conflict_id}/answer")
async def conflict_page(at: Desk, form: Form, conflict_id: str) -> Response:
    async with at.reads() as reads:
        row = await reads.conflict(UUID(conflict_id))
        context = await at.context(reads, shown_to=_shown_to(at))
    await at.portal.note_read(at.actor, "conflict", conflict_id)
    view = ConflictPage(
        form=Form(**{**vars(form), "version": row["version"]}),
        conflict=conflict_line(at, row),
        contact=row["contact"],
        said=(
            SaidOfConflict(
                party=at.party, answer=row["own_answer"] or "", words=row["own_words"] or "", by=row["own_by"] or "",
                at=row["own_at"],
            ),
            SaidOfConflict(
                party=row["other_party"], answer=row["other_answer"] or "", words=row["other_words"] or "",
                at=row["other_at"],
            ),
        ),
        settlement=row["settlement"] or "",
        may_answer=row["status"] == "open" and at.has(Role.COORDINATOR),
        answers=options(Settlement),
    )  # fmt: skip
    return at.show(context, "conflict.html", view)


@router.post("/conflicts/{conflict_id}/answer")
async def answer(conflict_id: UUID, post: Post) -> Response:
    at, posted = post
    body = {"answer": posted.need("answer", "Choose what was agreed."), "words": posted.get("words")}
    done = await send(at, posted, f"conflicts/{conflict_id}/answer", body)
    return go(f"/conflicts/{conflict_id}", done.then("answered"))


async def conflict_words(at: Desk, reads: Reads) -> tuple[Waiting, ...]:
    """Open conflicts of the party's operations, for whoever plans and carries them out."""
    if not at.has(*PARTY_ROLES):
        return ()
    text = at.say("One of your operations is in conflict with one of another party")
    return tuple(
        Waiting(
            text=text, who=party_name(row["other_party"]), href=f"/conflicts/{row['id']}",
            days=max(0, (at.now - row["found_at"]).days),
        )
        for row in await reads.conflicts_open()
    )  # fmt: skip


def conflict_line(at: Desk, row: Row) -> ConflictLine:
    operation = row["operation_title"] or at.words(row["operation_kind"] or "")
    return ConflictLine(
        id=str(row["id"]),
        other_party=row["other_party"],
        operation_id=str(row["operation_id"]),
        operation=operation[:1].upper() + operation[1:],
        status=row["status"],
        overlaps=tuple(row["overlaps"]),
        found_at=row["found_at"],
        answered=row["own_answer"] is not None,
    )


def _shown_to(at: Desk) -> str:
    return at.say("your side of it: your party only")
