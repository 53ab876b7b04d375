"""Investigation plans: those of the reader's party in a period, one of them, a version of one, and the words on it."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.api_investigations import milestones
from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.forms import Post, Posted, form_page, new_key, send
from services.portal.pages.lines import PARTY_ROLES, options
from services.portal.pages.render import party_name
from services.portal.pages.views import (
    Confirm,
    Form,
    InvestigationForm,
    InvestigationLine,
    InvestigationList,
    InvestigationPage,
    MilestoneLine,
    Option,
    StateWord,
)
from services.portal.selects import Row
from shared.errors import Forbidden
from shared.vocabulary import JointAnswer, Role

router = APIRouter(include_in_schema=False)

OPEN = frozenset({"planning", "adopted", "active"})
MORE_ROWS = 3


@router.get("/periods/{period_id}/investigations")
async def investigations(period_id: UUID, at: Signed) -> Response:
    async with at.reads() as reads:
        period = await reads.period(period_id)
        shown_to = at.say("each plan is shown to its own states only")
        context = await at.context(reads, "operations", period, shown_to=shown_to)
        rows = await reads.investigations(period_id, limit=200)
        counted = await reads.investigations_counted(period_id)
        joined = await reads.participants(period_id)
    if rows:
        await at.portal.note_read(at.actor, "titles of investigation plans", period_id)
    view = InvestigationList(
        period_id=str(period_id),
        title=period["title"],
        plans=tuple(investigation_line(row) for row in rows),
        counted=counted,
        may_propose=at.has(Role.COORDINATOR) and at.party in joined and period["status"] in OPEN,
    )
    return at.show(context, "investigations.html", view)


@router.get("/periods/{period_id}/investigations/new")
async def new_plan(period_id: UUID, at: Signed) -> Response:
    return await propose_page(at, Form(idempotency_key=new_key()), str(period_id))


def _row_of(posted: Posted, name: str) -> str:
    """Empty rows were left out, so the number in an error is one among those that were sent."""
    family, _, rest = name.partition(".")
    number, _, part = rest.partition(".")
    if family != "milestones" or not number.isdecimal():
        return name
    rows = posted.rows("milestones", "title", "due")
    return f"milestones.{rows[int(number)][0]}.{part}" if int(number) < len(rows) else name


@form_page("/periods/{period_id}/investigations", _row_of)
async def propose_page(at: Desk, form: Form, period_id: str) -> Response:
    return await _form_page(at, form, UUID(period_id), None)


@router.post("/periods/{period_id}/investigations")
async def propose(period_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, "investigations", {"period_id": str(period_id), **_said(posted)})
    if not done.arrived:
        return go(f"/periods/{period_id}/investigations", "later")
    return go(f"/investigations/{done.said['id']}", "put_to_states")


@router.get("/investigations/{investigation_id}/revise")
async def another_version(investigation_id: UUID, at: Signed) -> Response:
    return await revise_page(at, Form(idempotency_key=new_key()), str(investigation_id))


@form_page("/investigations/{investigation_id}/revise", _row_of)
async def revise_page(at: Desk, form: Form, investigation_id: str) -> Response:
    async with at.reads() as reads:
        row = await reads.investigation(UUID(investigation_id))
    if row["owner"] != at.party or row["status"] == "stopped":
        raise Forbidden(at.say("Only the owner of a plan that was not stopped proposes another version of it."))
    if not form.version:
        kept = {"values": _values(row), "chosen": {"members": frozenset(row["members"])}} if not form.values else {}
        form = Form(**{**vars(form), "version": row["version"], **kept})
    return await _form_page(at, form, row["period_id"], row)


@router.post("/investigations/{investigation_id}/revise")
async def revise(investigation_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"investigations/{investigation_id}/versions", _said(posted))
    return go(f"/investigations/{investigation_id}", done.then("put_to_states"))


async def _form_page(at: Desk, form: Form, period_id: UUID, row: Row | None) -> Response:
    if not at.has(Role.COORDINATOR):
        raise Forbidden(at.say("A coordinator proposes an investigation plan."))
    async with at.reads() as reads:
        period = await reads.period(period_id)
        context = await at.context(reads, "operations", period, shown_to=at.say("the states that you name, once proposed"))
        joined = await reads.participants(period_id)
    states = tuple(Option(value=code, text=party_name(code)) for code in joined)
    base = f"/investigations/{row['id']}" if row else f"/periods/{period_id}/investigations"
    view = InvestigationForm(
        form=form,
        action=f"{base}/revise" if row else base,
        back_href=base,
        number=row["number"] + 1 if row else 1,
        states=tuple(one for one in states if one.value != at.party),
        owners=states,
        first_day=period["first_day"].isoformat(),
        last_day=period["last_day"].isoformat(),
        rows=max(4, len(row["milestones"]) + MORE_ROWS if row else 0),
    )
    return at.show(context, "investigation_form.html", view)


@router.get("/investigations/{investigation_id}")
async def investigation(investigation_id: UUID, at: Signed) -> Response:
    return await investigation_page(at, Form(idempotency_key=new_key()), str(investigation_id))


@form_page("/investigations/{investigation_id}/versions/{number}/answer")
async def investigation_page(at: Desk, form: Form, investigation_id: str, number: str = "") -> Response:
    async with at.reads() as reads:
        row = await reads.investigation(UUID(investigation_id))
        words = await reads.investigation_words(row["id"], row["number"])
        period = await reads.period(row["period_id"])
        context = await at.context(reads, "operations", period, shown_to=at.say("shown to its states only"))
    await at.portal.note_read(at.actor, "investigation plan", investigation_id)
    given = {one["party"]: one for one in words}
    view = InvestigationPage(
        plan=investigation_line(row),
        period_id=str(row["period_id"]),
        period=period["title"],
        aim=row["aim"],
        number=row["number"],
        proposed_by=row["proposed_by"],
        proposed_at=row["proposed_at"],
        words=tuple(_word(state, given.get(state)) for state in (row["owner"], *row["members"])),
        milestones=_milestones(at, row),
        may=_may(at, row, given[at.party]["answer"] if at.party in given else "", period["status"]),
        answers=options(JointAnswer),
        form=form,
    )
    return at.show(context, "investigation.html", view)


@router.post("/investigations/{investigation_id}/versions/{number}/answer")
async def answer(investigation_id: UUID, number: int, post: Post) -> Response:
    at, posted = post
    body: dict[str, object] = {
        "answer": posted.need("answer", "Choose an answer."), "reason": posted.get("reason")
    }  # fmt: skip
    done = await send(at, posted, f"investigations/{investigation_id}/versions/{number}/answers", body)
    return go(f"/investigations/{investigation_id}", done.then("answered"))


@router.post("/investigations/{investigation_id}/milestones/{milestone_id}/reach")
async def reach(investigation_id: UUID, milestone_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"investigations/{investigation_id}/milestones/{milestone_id}/reach", {})
    return go(f"/investigations/{investigation_id}", done.then("reached"))


@router.get("/investigations/{investigation_id}/withdraw")
async def withdraw_question(investigation_id: UUID, at: Signed) -> Response:
    return await withdraw_page(at, Form(idempotency_key=new_key()), str(investigation_id))


@form_page("/investigations/{investigation_id}/withdraw")
async def withdraw_page(at: Desk, form: Form, investigation_id: str) -> Response:
    async with at.reads() as reads:
        row = await reads.investigation(UUID(investigation_id))
        context = await at.context(reads, "operations", await reads.period(row["period_id"]))
    agreed = row["status"] == "agreed"
    view = Confirm(
        form=form,
        title=at.say("Take the word of %(party)s back?") % {"party": party_name(at.party)},
        text=at.say("The plan stops at once. This cannot be undone.") if agreed
        else at.say("The version is stopped; it takes a new one to go on."),
        action=f"/investigations/{investigation_id}/withdraw",
        button=at.say("Withdraw"),
        back_href=f"/investigations/{investigation_id}",
        reason=at.say("Reason (read by the states of this plan only)"),
    )  # fmt: skip
    return at.show(context, "confirm.html", view)


@router.post("/investigations/{investigation_id}/withdraw")
async def withdraw(investigation_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"investigations/{investigation_id}/withdraw", {"reason": posted.get("reason")})
    return go(f"/investigations/{investigation_id}", done.then("taken_back"))


def investigation_line(row: Row) -> InvestigationLine:
    steps = milestones(row)
    return InvestigationLine(
        id=str(row["id"]), title=row["title"], status=row["status"], owner=row["owner"], members=tuple(row["members"]),
        reached=sum(one.done_at is not None for one in steps), milestones=len(steps),
        overdue=sum(one.is_overdue for one in steps) if row["status"] == "agreed" else 0,
    )  # fmt: skip


def _milestones(at: Desk, row: Row) -> tuple[MilestoneLine, ...]:
    agreed = row["status"] == "agreed"
    return tuple(
        MilestoneLine(
            id=str(one.id), title=one.title, owner=one.owner, due=one.due, done_at=one.done_at, overdue=one.is_overdue,
            may_reach=agreed and one.owner == at.party and one.done_at is None and at.has(*PARTY_ROLES),
        )
        for one in sorted(milestones(row), key=lambda one: one.due)
    )  # fmt: skip


def _word(state: str, row: Row | None) -> StateWord:
    if row is None:
        return StateWord(party=state)
    return StateWord(party=state, answer=row["answer"], by=row["by"], reason=row["reason"], at=row["at"])


def _may(at: Desk, row: Row, own: str, period: str) -> frozenset[str]:
    """Which steps to offer; whether they are taken, the planner decides."""
    if not at.has(Role.COORDINATOR) or row["status"] == "stopped":
        return frozenset()
    found = {"withdraw"} if own == JointAnswer.CONSENTED else set()
    if row["status"] == "proposed" and row["is_open"] and not own and row["proposed_by"] != at.actor.name:
        found.add("answer")
    if row["owner"] == at.party and period in OPEN:
        found.add("revise")
    return frozenset(found)


def _said(posted: Posted) -> dict[str, object]:
    """What a version says, as its form has it."""
    rows = posted.rows("milestones", "title", "due")
    steps = []
    for n, row in rows:
        name = f"milestones.{n}"
        step = {**row, "owner": posted.need(f"{name}.owner", "Say whose it is."), "id": posted.get(f"{name}.id") or None}
        _require_day(posted, f"{name}.due")
        steps.append(step)
    return {
        "title": posted.need("title", "Give the plan a title."),
        "aim": posted.get("aim"),
        "members": posted.some("members", "Name at least one other state."),
        "milestones": steps,
    }


def _require_day(posted: Posted, name: str) -> None:
    if posted.need(name, "Give the day by which it is due."):
        try:
            date.fromisoformat(posted.get(name))
        except ValueError:
            posted.need(f"{name}.day", "This is no day.")


def _values(row: Row) -> dict[str, str]:
    """The form of another version begins with what stands."""
    values = {"title": row["title"], "aim": row["aim"]}
    for n, one in enumerate(row["milestones"]):
        values |= {f"milestones.{n}.{part}": str(one[part]) for part in ("id", "title", "owner", "due")}
    return values
