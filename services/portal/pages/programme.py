"""The Working Group's programme: what its members take on and until when, one activity, proposing one, and its steps."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.group_queries import is_overdue
from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.forms import Post, Posted, form_page, new_key, send
from services.portal.pages.lines import options
from services.portal.pages.render import party_name
from services.portal.pages.several import comes_back, forms_of
from services.portal.pages.views import (
    ActivityForm,
    ActivityLine,
    ActivityPage,
    Form,
    Option,
    ProgrammePage,
)
from services.portal.selects import Row
from shared.errors import Forbidden
from shared.vocabulary import ActivityKind, Role

router = APIRouter(include_in_schema=False)

STEPS = ("agree", "decline", "start", "complete", "revise", "cancel")
COMMITTING = (Role.COORDINATOR, Role.RSO_OFFICER)
OPEN_MOST, OVER_MOST = 200, 50


@router.get("/programme")
async def programme(at: Signed, kind: str = "", owner: str = "") -> Response:
    async with at.reads() as reads:
        context = await at.context(reads, "programme", shown_to=at.say("shown to the Working Group"))
        members = await reads.working_group()
        coming = await reads.activities_by_day(True, kind or None, owner or None, OPEN_MOST)
        over = await reads.activities_by_day(False, kind or None, owner or None, OVER_MOST)
    view = ProgrammePage(
        form=Form(values={"kind": kind, "owner": owner}),
        open=tuple(activity_line(row) for row in coming),
        over=tuple(activity_line(row) for row in over),
        members=members,
        kinds=options(ActivityKind),
        owners=_parties(members),
        filters=_filters(at, kind, owner),
        may_propose=at.has(Role.CO_CHAIR) and at.party in members,
    )
    return at.show(context, "programme.html", view)


@router.get("/programme/new")
async def new_activity(at: Signed) -> Response:
    return await activity_form(at, Form(idempotency_key=new_key()))


def _row_of(posted: Posted, name: str) -> str:
    """Empty rows were left out, so the number in an error is one among those that were sent."""
    family, _, rest = name.partition(".")
    number, _, part = rest.partition(".")
    if family != "documents" or not number.isdecimal():
        return name
    rows = posted.rows("documents", "title", "address")
    return f"documents.{rows[int(number)][0]}.{part}" if int(number) < len(rows) else name


@form_page("/programme", _row_of)
async def activity_form(at: Desk, form: Form) -> Response:
    if not at.has(Role.CO_CHAIR):
        raise Forbidden(at.say("An activity is proposed by a co-chair of the Working Group."))
    async with at.reads() as reads:
        shown_to = at.say("the Working Group reads it; its owner decides")
        context = await at.context(reads, "programme", shown_to=shown_to)
        members = await reads.working_group()
    return at.show(
        context, "activity_new.html", ActivityForm(form=form, kinds=options(ActivityKind), owners=_parties(members))
    )


@router.post("/programme")
async def propose(post: Post) -> Response:
    at, posted = post
    body = {
        "kind": posted.need("kind", "Choose a kind."),
        "owner": posted.need("owner", "Say who is asked to take it on."),
        **_said(posted),
    }
    done = await send(at, posted, "programme", body)
    return go(f"/programme/{done.said['id']}", "activity_proposed") if done.arrived else go("/programme", "later")


@router.get("/programme/{activity_id}")
async def activity(activity_id: UUID, at: Signed) -> Response:
    return await activity_page(at, str(activity_id), {})


async def activity_page(at: Desk, activity_id: str, typed: dict[str, Form]) -> Response:
    async with at.reads() as reads:
        row = await reads.activity(UUID(activity_id))
        context = await at.context(reads, "programme", shown_to=at.say("shown to the Working Group"))
    documents = tuple((one["title"], one["address"]) for one in row["documents"])
    typed = {"revise": Form(idempotency_key=new_key(), values=_as_typed(row, documents))} | typed
    view = ActivityPage(
        activity=activity_line(row),
        description=row["description"],
        documents=documents,
        note=row["note"],
        may=_may(at, row),
        forms=forms_of(STEPS, typed, row["version"]),
        document_rows=len(documents) + 2,
    )
    return at.show(context, "activity.html", view)


comes_back(activity_page, "/programme/{activity_id}", "activity_id", STEPS, _row_of)


@router.post("/programme/{activity_id}/agree")
async def agree(activity_id: UUID, post: Post) -> Response:
    at, posted = post
    return await _step(at, posted, activity_id, "agree", "agreed", {"note": posted.get("note")})


@router.post("/programme/{activity_id}/decline")
async def decline(activity_id: UUID, post: Post) -> Response:
    at, posted = post
    return await _step(at, posted, activity_id, "decline", "answered", {"reason": posted.get("reason")})


@router.post("/programme/{activity_id}/start")
async def start(activity_id: UUID, post: Post) -> Response:
    return await _step(*post, activity_id, "start", "started", {})


@router.post("/programme/{activity_id}/complete")
async def complete(activity_id: UUID, post: Post) -> Response:
    at, posted = post
    return await _step(at, posted, activity_id, "complete", "completed", {"result": posted.get("result")})


@router.post("/programme/{activity_id}/revise")
async def revise(activity_id: UUID, post: Post) -> Response:
    at, posted = post
    return await _step(at, posted, activity_id, "revise", "revised", _said(posted))


@router.post("/programme/{activity_id}/cancel")
async def cancel(activity_id: UUID, post: Post) -> Response:
    at, posted = post
    return await _step(at, posted, activity_id, "cancel", "cancelled", {"reason": posted.get("reason")})


async def _step(
    at: Desk, posted: Posted, activity_id: UUID, command: str, said: str, body: Mapping[str, object]
) -> Response:
    done = await send(at, posted, f"programme/{activity_id}/{command}", body)
    return go(f"/programme/{activity_id}", done.then(said))


def activity_line(row: Row) -> ActivityLine:
    return ActivityLine(
        id=str(row["id"]), kind=row["kind"], title=row["title"], owner=row["owner"], status=row["status"],
        due=row["due"], overdue=is_overdue(row),
    )  # fmt: skip


def _said(posted: Posted) -> dict[str, object]:
    """What an activity is and until when, as its form has it."""
    return {
        "title": posted.need("title", "Give it a title."),
        "description": posted.get("description"),
        "due": posted.need("due", "Give the day by which it is done."),
        "documents": [row for _, row in posted.rows("documents", "title", "address")],
    }


def _as_typed(row: Row, documents: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The revision's form begins with what stands."""
    values = {"title": row["title"], "description": row["description"], "due": row["due"].isoformat()}
    for n, (title, address) in enumerate(documents):
        values |= {f"documents.{n}.title": title, f"documents.{n}.address": address}
    return values


def _parties(codes: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple(sorted((Option(value=code, text=party_name(code)) for code in codes), key=lambda one: one.text))


def _filters(at: Desk, kind: str, owner: str) -> tuple[tuple[str, str], ...]:
    """What is filtered by, and the address without that."""
    found = []
    if kind:
        words = at.words(kind)
        found.append((words[:1].upper() + words[1:], f"/programme?{urlencode({'owner': owner})}" if owner else "/programme"))
    if owner:
        found.append((party_name(owner), f"/programme?{urlencode({'kind': kind})}" if kind else "/programme"))
    return tuple(found)


def _may(at: Desk, row: Row) -> frozenset[str]:
    """Which steps to offer; whether they are taken, the planner decides."""
    status, found = row["status"], set()
    own, commits = row["owner"] == at.party, at.has(*COMMITTING)
    if status == "proposed":
        found |= {"agree", "decline"} if own and commits else set()
        found |= {"cancel"} if not found and at.has(Role.CO_CHAIR) else set()
    if status in {"agreed", "under_way"} and own:
        if commits or at.has(Role.LIAISON_OFFICER):
            found |= {"complete", "revise"} | ({"start"} if status == "agreed" else set())
        found |= {"cancel"} if commits or at.has(Role.CO_CHAIR) else set()
    return frozenset(found)
