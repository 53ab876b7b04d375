"""Joint operations: put to their states in versions, answered by each of them, withdrawn from."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.details import AUDIENCES, body_of, form_of, readers_of, renamed, to_be_named
from services.portal.pages.forms import Post, form_page, new_key, send
from services.portal.pages.lines import options
from services.portal.pages.render import party_name
from services.portal.pages.times import zone_name
from services.portal.pages.views import Confirm, Form, Option, ProposeJoint
from shared.errors import Forbidden, NotFound
from shared.vocabulary import OperationKind, Role

router = APIRouter(include_in_schema=False)


@router.get("/operations/{operation_id}/propose")
async def propose_question(operation_id: UUID, at: Signed) -> Response:
    return await propose_page(at, Form(idempotency_key=new_key()), str(operation_id))


@form_page("/operations/{operation_id}/propose", renamed)
async def propose_page(at: Desk, form: Form, operation_id: str) -> Response:
    async with at.reads() as reads:
        row = await reads.operation(UUID(operation_id))
        detail = await reads.operation_detail(row["id"])
        period = await reads.period(row["period_id"])
        context = await at.context(reads, "operations", period, shown_to=at.say("the states that you name, once proposed"))
        before = await reads.joint(row["id"])
        joined = await reads.participants(row["period_id"])
        choice = await reads.detail_choice(row["id"])
        answers = await reads.answers(row["period_id"])
    if row["owner"] != at.party or row["status"] != "drafted" or detail is None or not at.has(Role.COORDINATOR):
        raise Forbidden(at.say("A coordinator of the owner proposes a joint operation, while it is a draft."))
    if not form.values:
        kept = form_of(at, row, detail, choice, form.idempotency_key)
        named = frozenset(before["partners"]) if before else frozenset()
        form = Form(**{**vars(kept), "chosen": {**kept.chosen, "partners": named}})
    await at.portal.note_read(at.actor, "operation", operation_id)
    view = ProposeJoint(
        form=form,
        operation_id=operation_id,
        number=before["number"] + 1 if before else 1,
        first_day=period["first_day"].isoformat(),
        last_day=period["last_day"].isoformat(),
        parties=to_be_named(at, period, answers),
        states=tuple(Option(value=code, text=party_name(code)) for code in joined if code != at.party),
        kinds=options(OperationKind),
        objectives=tuple(Option(value=str(one["id"]), text=one["title"]) for one in period["objectives"]),
        audiences=AUDIENCES,
        zone=zone_name(at.party, at.now),
    )
    return at.show(context, "propose_joint.html", view)


@router.post("/operations/{operation_id}/propose")
async def propose(operation_id: UUID, post: Post) -> Response:
    at, posted = post
    body: dict[str, object] = {
        "partners": posted.some("partners", "Name at least one other state."),
        **await body_of(at, posted), **readers_of(posted),
    }  # fmt: skip
    done = await send(at, posted, f"operations/{operation_id}/proposals", body)
    return go(f"/operations/{operation_id}", done.then("put_to_states"))


@router.post("/operations/{operation_id}/proposals/{number}/answer")
async def answer(operation_id: UUID, number: int, post: Post) -> Response:
    at, posted = post
    body: dict[str, object] = {
        "answer": posted.need("answer", "Choose an answer."), "reason": posted.get("reason")
    }  # fmt: skip
    done = await send(at, posted, f"operations/{operation_id}/proposals/{number}/answers", body)
    return go(f"/operations/{operation_id}", done.then("answered"))


@router.get("/operations/{operation_id}/withdraw")
async def withdraw_question(operation_id: UUID, at: Signed) -> Response:
    return await withdraw_page(at, Form(idempotency_key=new_key()), str(operation_id))


@form_page("/operations/{operation_id}/withdraw")
async def withdraw_page(at: Desk, form: Form, operation_id: str) -> Response:
    async with at.reads() as reads:
        row = await reads.operation(UUID(operation_id))
        if await reads.joint(row["id"]) is None:
            raise NotFound
        context = await at.context(reads, "operations", await reads.period(row["period_id"]))
    draft = row["status"] == "drafted"
    view = Confirm(
        form=form,
        title=at.say("Take the word of %(party)s back?") % {"party": party_name(at.party)},
        text=at.say("The version is stopped; it takes a new one to go on.") if draft
        else at.say("The operation stops at once. This cannot be undone."),
        action=f"/operations/{operation_id}/withdraw",
        button=at.say("Withdraw"),
        back_href=f"/operations/{operation_id}",
        consequences=() if draft else (at.say("Its readers see that it stopped, and whose word it no longer has."),),
        reason=at.say("Reason (read by the states of this operation only)"),
    )  # fmt: skip
    return at.show(context, "confirm.html", view)


@router.post("/operations/{operation_id}/withdraw")
async def withdraw(operation_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"operations/{operation_id}/withdraw", {"reason": posted.get("reason")})
    return go(f"/operations/{operation_id}", done.then("taken_back"))
