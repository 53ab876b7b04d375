"""What leaves a party, and to whom: shown exactly before it is scheduled, amended, released or taken back."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.gateway import Refused, Reply
from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.details import (
    AUDIENCES,
    body_of,
    chosen_form,
    form_of,
    readers_of,
    recall_lines,
    renamed,
    shown_detail,
    to_be_named,
)
from services.portal.pages.forms import OURS, Post, Posted, form_page, new_key, send
from services.portal.pages.lines import operation_line, options
from services.portal.pages.times import zone_name
from services.portal.pages.views import ConfirmDisclosure, Disclosed, Form, OperationForm, Option, ReadersForm, Schedule
from services.portal.selects import Row
from shared.errors import Conflict, NotFound
from shared.vocabulary import OperationKind, OperationState

router = APIRouter(include_in_schema=False)


@router.get("/operations/{operation_id}/schedule")
async def schedule_question(operation_id: UUID, at: Signed) -> Response:
    return await schedule_page(at, Form(), str(operation_id))


@form_page("/operations/{operation_id}/schedule")
async def schedule_page(at: Desk, form: Form, operation_id: str) -> Response:
    """From whoever decides it: asked now, and confirmed as of this version."""
    said = _answer(await at.portal.gateway.ask(at.actor, f"operations/{operation_id}/disclosure"))
    async with at.reads() as reads:
        row = await reads.operation(UUID(operation_id))
        period = await reads.period(row["period_id"])
        context = await at.context(reads, "operations", period, shown_to=at.say("your party only, until you confirm"))
    view = Schedule(
        form=Form(**{**vars(form), "version": said["version"], "idempotency_key": form.idempotency_key or new_key()}),
        disclosed=_disclosed(at, row, period, said),
        zone=zone_name(at.party, at.now),
    )
    return at.show(context, "schedule.html", view)


@router.get("/operations/{operation_id}/edit")
async def edit(operation_id: UUID, at: Signed) -> Response:
    return await edit_page(at, Form(), str(operation_id))


@form_page("/operations/{operation_id}/edit", renamed)
async def edit_page(at: Desk, form: Form, operation_id: str) -> Response:
    async with at.reads() as reads:
        row, detail = await _own(at, reads, operation_id)
        period = await reads.period(row["period_id"])
        choice = await reads.detail_choice(row["id"])
        named = to_be_named(at, period, await reads.answers(row["period_id"]))
        context = await at.context(reads, "operations", period, shown_to=at.say("your party only, until you confirm"))
    if row["status"] == OperationState.SCHEDULED and row.get("partners"):
        raise Conflict("What several states consented to is amended by a proposal to all of them.")
    if row["status"] not in {OperationState.DRAFTED, OperationState.SCHEDULED}:
        raise Conflict("An operation is amended before it starts.")
    view = OperationForm(
        form=form if form.values else form_of(at, row, detail, choice, new_key()),
        period_id=str(period["id"]),
        first_day=period["first_day"].isoformat(),
        last_day=period["last_day"].isoformat(),
        zone=zone_name(at.party, at.now),
        kinds=options(OperationKind),
        objectives=tuple(Option(value=str(one["id"]), text=one["title"]) for one in period["objectives"]),
        audiences=AUDIENCES,
        parties=named,
        operation_id=operation_id,
        scheduled=row["status"] == OperationState.SCHEDULED,
    )
    await at.portal.note_read(at.actor, "operation", operation_id)
    return at.show(context, "operation_new.html", view)


@router.post("/operations/{operation_id}/edit")
async def amend(operation_id: UUID, post: Post) -> Response:
    """A draft is kept at once; of one that is scheduled the page before shows what leaves the party, and to whom."""
    at, posted = post
    body = await body_of(at, posted)
    async with at.reads() as reads:
        row, _ = await _own(at, reads, str(operation_id))
    if row["status"] == OperationState.DRAFTED:
        body |= readers_of(posted)
    elif not posted.get("confirmed"):
        return await _confirm(at, posted, operation_id, "amend", {"amendment": body})
    done = await send(at, posted, f"operations/{operation_id}/amend", body)
    return go(f"/operations/{operation_id}", done.then("amended"))


@router.get("/operations/{operation_id}/readers")
async def readers(operation_id: UUID, at: Signed) -> Response:
    return await readers_page(at, Form(), str(operation_id))


@form_page("/operations/{operation_id}/readers", renamed)
async def readers_page(at: Desk, form: Form, operation_id: str) -> Response:
    async with at.reads() as reads:
        row, detail = await _own(at, reads, operation_id)
        period = await reads.period(row["period_id"])
        choice = await reads.detail_choice(row["id"])
        entries = await reads.entries(detail["audience_id"])
        recalls = await reads.detail_recalls(row["id"])
        named = to_be_named(at, period, await reads.answers(row["period_id"]))
        context = await at.context(reads, "operations", period, shown_to=at.say("your party only, until you confirm"))
    view = ReadersForm(
        form=form if form.values else chosen_form(choice, new_key(), row["version"]),
        operation=operation_line(row),
        audiences=AUDIENCES,
        parties=named,
        detail_readers=entries.get(detail["audience_id"], ()),
        recalls=recall_lines(recalls),
    )
    return at.show(context, "operation_readers.html", view)


@router.post("/operations/{operation_id}/readers")
async def choose_readers(operation_id: UUID, post: Post) -> Response:
    at, posted = post
    body = readers_of(posted)
    what = posted.get("confirmed")
    if what not in {"release", "recall"}:
        return await _confirm(at, posted, operation_id, "", {"readers": body})
    done = await send(at, posted, f"operations/{operation_id}/{what}-detail", body)
    return go(f"/operations/{operation_id}", done.then("detail_released" if what == "release" else "detail_recalled"))


async def _confirm(at: Desk, posted: Posted, operation_id: UUID, what: str, body: dict[str, Any]) -> Response:
    """What would leave, word for word, and to whom: asked of whoever decides it, and sent again as it is when confirmed."""
    posted.check()
    headers = {"content-type": "application/json"}
    path = f"operations/{operation_id}/disclosure"
    said = _answer(await at.portal.gateway.command(at.actor, path, json.dumps(body).encode(), headers))
    what = what or ("recall" if said["losing"] else "release" if said["gaining"] else "")
    if not what:
        raise Conflict("These are its readers already.")
    async with at.reads() as reads:
        row, _ = await _own(at, reads, str(operation_id))
        period = await reads.period(row["period_id"])
        context = await at.context(reads, "operations", period, shown_to=at.say("your party only, until you confirm"))
    view = ConfirmDisclosure(
        form=posted.form(),
        disclosed=_disclosed(at, row, period, said),
        action=f"/operations/{operation_id}/{'edit' if what == 'amend' else 'readers'}",
        what=what,
        fields=tuple((name, value) for name, value in posted.fields if name not in OURS),
    )
    return at.show(context, "disclosure.html", view)


async def _own(at: Desk, reads: Any, operation_id: str) -> tuple[Row, Row]:
    """Its owner's own, with its detail; for others these pages do not exist."""
    row = await reads.operation(UUID(operation_id))
    detail = await reads.operation_detail(row["id"])
    if row["owner"] != at.party or detail is None:
        raise NotFound
    return row, detail


def _answer(reply: Reply) -> dict[str, Any]:
    if reply.status in {403, 404}:
        raise NotFound
    if reply.status != 200:
        raise Refused(reply)
    return reply.json()


def _disclosed(at: Desk, row: Row, period: Row, said: dict[str, Any]) -> Disclosed:
    headline, entries = said["headline"], said["headline_readers"]
    starts, ends = (datetime.fromisoformat(headline["window"][name]) for name in ("starts_at", "ends_at"))
    line = {**row, "kind": headline["kind"], "starts_at": starts, "ends_at": ends, "status": headline["status"]}
    objective = next((one["title"] for one in period["objectives"] if str(one["id"]) == headline["objective_id"]), "")
    return Disclosed(
        operation=operation_line({**line, "held": headline["held"]}),
        objective=objective,
        detail=shown_detail(at, said["detail"], starts, ends),
        headline_readers=tuple(sorted({entry for entry in entries if "#" not in entry})),
        co_chairs=tuple(entry.partition("#")[0] for entry in entries if "#" in entry),
        detail_readers=tuple(said["detail_readers"]),
        gaining=tuple(said["gaining"]),
        losing=tuple(said["losing"]),
    )
