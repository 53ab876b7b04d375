"""Taking part in a period: the answer to its invitation, more time for answers, joining late, leaving."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.forms import Post, form_page, new_key, send
from services.portal.pages.lines import local_field, options, parties
from services.portal.pages.views import AnswerForm, Confirm, ExtendForm, Form, InviteForm, PeriodLine
from services.portal.selects import Row
from shared.errors import Forbidden, NotFound
from shared.vocabulary import Answer, Role

router = APIRouter(include_in_schema=False)

OPEN = frozenset({"proposed", "planning", "adopted", "active"})
RUNS = frozenset({"adopted", "active"})


@router.get("/periods/{period_id}/answer")
async def invitation(period_id: UUID, at: Signed) -> Response:
    return await answer_page(at, Form(idempotency_key=new_key()), str(period_id))


@form_page("/periods/{period_id}/answer")
async def answer_page(at: Desk, form: Form, period_id: str) -> Response:
    async with at.reads() as reads:
        row = await reads.period(UUID(period_id))
        context = await at.context(reads, "periods", row, shown_to=at.say("your answer goes to all that were asked"))
        given = {one["party"]: one["answer"] for one in await reads.answers(row["id"])}
    joined = sum(1 for answer in given.values() if answer == Answer.JOINED)
    own = given.get(at.party, "")
    late = may_decline(at.party, row, own) and not may_answer(at.party, row, own, at.now)
    view = AnswerForm(
        form=form,
        period=period_line(at, row, own, joined),
        focus=tuple(row["focus"]),
        invited=tuple(row["invited"]),
        answers=tuple(one for one in options(Answer) if not late or one.value == Answer.DECLINED),
        answer_by=row["answer_by"],
        in_force=row["adopted"] or 0 if row["status"] in RUNS else 0,
        open=late or may_answer(at.party, row, own, at.now),
        late=late,
        may_leave=may_leave(at, row, own),
    )
    return at.show(context, "answer.html", view)


@router.post("/periods/{period_id}/answer")
async def answer(period_id: UUID, post: Post) -> Response:
    at, posted = post
    body: dict[str, object] = {
        "answer": posted.need("answer", "Choose an answer."), "reservation": posted.get("reservation")
    }  # fmt: skip
    if body["answer"] == Answer.JOINED and (number := posted.number("plan_version")):
        body["plan_version"] = number
    done = await send(at, posted, f"periods/{period_id}/answers", body)
    # who declined sees the period no more
    page = "/periods" if body["answer"] == Answer.DECLINED else f"/periods/{period_id}/plan"
    return go(page, done.then("answered"))


@router.get("/periods/{period_id}/invite")
async def further(period_id: UUID, at: Signed) -> Response:
    return await invite_page(at, Form(idempotency_key=new_key()), str(period_id))


@form_page("/periods/{period_id}/invitations")
async def invite_page(at: Desk, form: Form, period_id: str) -> Response:
    async with at.reads() as reads:
        row = await reads.period(UUID(period_id))
        context = await at.context(reads, "periods", row, shown_to=at.say("those invited hear of it at once"))
        words = {one["party"]: one["answer"] for one in await reads.answers(row["id"])}
    if not at.chairs(row):
        raise Forbidden(at.say("Only a co-chair of this period invites parties to it."))
    if row["status"] not in OPEN:
        raise NotFound
    asked = {*row["co_chairs"], *row["invited"], *row["supporting"]}
    asked -= {party for party, answer in words.items() if answer in {"declined", "left"}}
    view = InviteForm(
        form=form if form.version else Form(**{**vars(form), "version": row["version"]}),
        period_id=period_id,
        answer_by=row["answer_by"],
        over=row["answer_by"] is not None and row["answer_by"] <= at.now,
        parties=tuple(one for one in parties("member") if one.value not in asked),
        supporting=tuple(one for one in parties("organisation", "coordination", "support") if one.value not in asked),
    )
    return at.show(context, "invite.html", view)


@router.post("/periods/{period_id}/invitations")
async def invite(period_id: UUID, post: Post) -> Response:
    at, posted = post
    body = {
        "invited": posted.every("invited"), "supporting": posted.every("supporting"),
        "answer_by": posted.moment("answer_by", at.party),
    }  # fmt: skip
    done = await send(at, posted, f"periods/{period_id}/invitations", body)
    return go(f"/periods/{period_id}/plan", done.then("invited"))


@router.get("/periods/{period_id}/extend")
async def extension(period_id: UUID, at: Signed) -> Response:
    return await extend_page(at, Form(idempotency_key=new_key()), str(period_id))


@form_page("/periods/{period_id}/extend")
async def extend_page(at: Desk, form: Form, period_id: str) -> Response:
    async with at.reads() as reads:
        row = await reads.period(UUID(period_id))
        context = await at.context(reads, "periods", row, shown_to=at.say("all that were asked hear of it at once"))
        answered = {one["party"] for one in await reads.answers(row["id"])}
    if not at.chairs(row):
        raise Forbidden(at.say("Only a co-chair of this period gives more time for answers."))
    view = ExtendForm(
        form=form if form.version else Form(**{**vars(form), "version": row["version"]}),
        period_id=period_id,
        answer_by=row["answer_by"],
        value=local_field(row["answer_by"], at.party) if row["answer_by"] else "",
        silent=tuple(party for party in dict.fromkeys([*row["co_chairs"], *row["invited"]]) if party not in answered),
    )
    return at.show(context, "extend.html", view)


@router.post("/periods/{period_id}/extend")
async def extend(period_id: UUID, post: Post) -> Response:
    at, posted = post
    body = {"answer_by": posted.moment("answer_by", at.party, optional=False)}
    done = await send(at, posted, f"periods/{period_id}/extend", body)
    return go(f"/periods/{period_id}/plan", done.then("extended"))


@router.get("/periods/{period_id}/leave")
async def leave_question(period_id: UUID, at: Signed) -> Response:
    return await leave_page(at, Form(idempotency_key=new_key()), str(period_id))


@form_page("/periods/{period_id}/leave")
async def leave_page(at: Desk, form: Form, period_id: str) -> Response:
    async with at.reads() as reads:
        row = await reads.period(UUID(period_id))
        context = await at.context(reads, "overview", row, shown_to=at.say("your word goes to all that were asked"))
        own = {one["party"]: one["answer"] for one in await reads.answers(row["id"])}.get(at.party, "")
        begun = [
            one for one in await reads.own_operations(row["id"]) if one["status"] in {"drafted", "scheduled", "under_way"}
        ]
    if not may_leave(at, row, own):
        raise Forbidden(at.say("A coordinator of a party that takes part or watches leaves, until the period is closed."))
    told = [
        at.say("You get nothing new of this period from that moment on."),
        at.say("What you completed and what you posted stays, and its figures count."),
    ]
    if begun:
        told.insert(1, at.say("Your operations that are not completed are cancelled: %(count)s.") % {"count": len(begun)})
    view = Confirm(
        form=form,
        title=at.say("Leave %(title)s?") % {"title": row["title"]},
        text=at.say("This takes effect at once and cannot be undone."),
        action=f"/periods/{period_id}/leave",
        button=at.say("Leave the period"),
        back_href=f"/periods/{period_id}",
        consequences=tuple(told),
        reason=at.say("Reason (read by all that were asked)"),
    )
    return at.show(context, "confirm.html", view)


@router.post("/periods/{period_id}/leave")
async def leave(period_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"periods/{period_id}/leave", {"reason": posted.get("reason")})
    return go("/periods", done.then("left"))


def may_answer(party: str, row: Row, own: str, now: datetime) -> bool:
    """Whether this party's word on the invitation would be taken now."""
    asked = party in {*row["invited"], *row["co_chairs"]} and row["status"] in OPEN
    in_time = row["answer_by"] is None or now <= row["answer_by"]
    return asked and in_time and not (row["status"] in RUNS and own == Answer.JOINED)


def may_decline(party: str, row: Row, own: str) -> bool:
    """Who has said nothing may still say no when the time for answers is over."""
    return party in {*row["invited"], *row["co_chairs"]} and row["status"] in OPEN and not own


def may_leave(at: Desk, row: Row, own: str) -> bool:
    return row["status"] in OPEN and own in {Answer.JOINED, Answer.OBSERVING} and at.has(Role.COORDINATOR)


def period_line(at: Desk, row: Row, answer: str, joined: int) -> PeriodLine:
    awaited = "awaited" if may_answer(at.party, row, answer, at.now) and at.has(Role.COORDINATOR) else ""
    return PeriodLine(
        id=str(row["id"]), title=row["title"], status=row["status"], first_day=row["first_day"],
        last_day=row["last_day"], co_chairs=tuple(row["co_chairs"]), participants=joined, answer=answer or awaited,
    )  # fmt: skip
