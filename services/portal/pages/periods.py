"""Periods: the list, proposing one, starting and closing, and the totals."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.forms import Post, Posted, form_page, new_key, send
from services.portal.pages.lines import options, parties
from services.portal.pages.participation import period_line
from services.portal.pages.views import (
    Confirm,
    Form,
    IndicatorRow,
    Paging,
    PeriodForm,
    PeriodList,
    Totals,
)
from shared.errors import Forbidden
from shared.vocabulary import Focus, Indicator, Role

router = APIRouter(include_in_schema=False)


@router.get("/periods")
async def periods(at: Signed, cursor: str = "") -> Response:
    async with at.reads() as reads:
        context = await at.context(reads, "periods", shown_to=at.say("shown to those invited"))
        answers = {row["period_id"]: row["answer"] for row in await reads.answers_of(at.party)}
        joined = await reads.joined_counts()
        rows, more = await reads.periods(cursor or None)
        lines = tuple(period_line(at, row, answers.get(row["id"], ""), joined.get(row["id"], 0)) for row in rows)
    paging = Paging(
        shown=len(lines), first_href="/periods" if cursor else "", next_href=f"/periods?cursor={more}" if more else ""
    )
    return at.show(context, "periods.html", PeriodList(periods=lines, may_propose=at.has(Role.CO_CHAIR), paging=paging))


@router.get("/periods/new")
async def new_period(at: Signed) -> Response:
    chosen = {"co_chairs": frozenset({at.party})}
    return await period_form(at, Form(idempotency_key=new_key(), chosen=chosen))


def _row_of(posted: Posted, name: str) -> str:
    """Empty rows were left out, so the number in an error is one among those that were sent."""
    family, _, rest = name.partition(".")
    number, _, part = rest.partition(".")
    if family not in {"objectives", "checkpoints"} or not number.isdecimal():
        return name
    rows = posted.rows(family, "title", "indicator", "baseline", "target", "measured_by", "name", "day")
    return f"{family}.{rows[int(number)][0]}.{part}" if int(number) < len(rows) else name


@form_page("/periods", _row_of)
async def period_form(at: Desk, form: Form) -> Response:
    if not at.has(Role.CO_CHAIR):
        raise Forbidden(at.say("A period is proposed by a co-chair of the Working Group."))
    async with at.reads() as reads:
        context = await at.context(reads, "periods", shown_to=at.say("those invited hear of it at once"))
    view = PeriodForm(
        form=form,
        focuses=options(Focus),
        co_chairs=parties("member"),
        parties=parties("member"),
        supporting=parties("organisation", "coordination", "support"),
        indicators=options(Indicator),
    )
    return at.show(context, "period_new.html", view)


@router.post("/periods")
async def propose(post: Post) -> Response:
    at, posted = post
    body = {
        "title": posted.need("title", "Give the period a title."),
        "first_day": posted.need("first_day", "Give the first day."),
        "last_day": posted.need("last_day", "Give the last day."),
        "focus": posted.every("focus"),
        "co_chairs": posted.some("co_chairs", "Name the co-chairs."),
        "invited": posted.some("invited", "Invite at least one party."),
        "supporting": posted.every("supporting"),
        "answer_by": posted.moment("answer_by", at.party),
        "objectives": [
            {
                "title": row["title"],
                "indicator": posted.need(f"objectives.{n}.indicator", "Choose what is counted."),
                "baseline": posted.number(f"objectives.{n}.baseline") or 0,
                "target": posted.number(f"objectives.{n}.target") or 0,
                "measured_by": row["measured_by"],
            }
            for n, row in posted.rows("objectives", "title", "indicator", "baseline", "target", "measured_by")
        ],
        "checkpoints": [
            {"name": row["name"], "day": posted.need(f"checkpoints.{n}.day", "Give the day.")}
            for n, row in posted.rows("checkpoints", "name", "day")
        ],
    }
    done = await send(at, posted, "periods", body)
    return go(f"/periods/{done.said['id']}", "proposed") if done.arrived else go("/periods", "later")


@router.post("/periods/{period_id}/activate")
async def activate(period_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"periods/{period_id}/activate", {})
    return go(f"/periods/{period_id}", done.then("activated"))


@router.get("/periods/{period_id}/close")
async def close_question(period_id: UUID, at: Signed) -> Response:
    async with at.reads() as reads:
        row = await reads.period(period_id)
        context = await at.context(reads, "overview", row, shown_to=at.say("shown to participants and co-chairs"))
        provisional = sum(total["provisional"] > 0 for total in await reads.totals(period_id))
    if not at.chairs(row):
        raise Forbidden(at.say("Only a co-chair of this period closes it."))
    told = [
        at.say("No new updates are taken; corrections are, and results may still be validated."),
        at.say("The debrief opens itself, from what was posted."),
    ]
    if provisional:
        text = at.say("%(count)s figures are still provisional, and are shown as such.")
        told.append(text % {"count": provisional})
    view = Confirm(
        form=Form(idempotency_key=new_key(), version=row["version"]),
        title=at.say("Close %(title)s?") % {"title": row["title"]},
        text=at.say("This cannot be undone."),
        action=f"/periods/{period_id}/close",
        button=at.say("Close the period"),
        back_href=f"/periods/{period_id}",
        consequences=tuple(told),
    )
    return at.show(context, "confirm.html", view)


@router.post("/periods/{period_id}/close")
async def close(period_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"periods/{period_id}/close", {})
    return go(f"/periods/{period_id}", done.then("closed"))


@router.get("/periods/{period_id}/totals")
async def totals(period_id: UUID, at: Signed) -> Response:
    async with at.reads() as reads:
        row = await reads.period(period_id)
        context = await at.context(reads, "totals", row, shown_to=at.say("shown to participants and co-chairs"))
        found = [
            (one["indicator"], one["party"], one["validated"], one["provisional"])
            for one in await reads.totals(period_id)
        ]
    return at.show(context, "totals.html", table(period_id, found))


def table(period_id: UUID, found: list[tuple[str, str, int, int]]) -> Totals:
    """Indicators by party, indicators in the order in which they are defined."""
    sums: dict[str, dict[str, tuple[int, int]]] = {}
    for indicator, party, validated, provisional in found:
        sums.setdefault(indicator, {})[party] = (validated, provisional)
    rows = tuple(
        IndicatorRow(
            indicator=one.value,
            by_party=sums[one.value],
            validated=sum(validated for validated, _ in sums[one.value].values()),
            provisional=sum(provisional for _, provisional in sums[one.value].values()),
        )
        for one in Indicator
        if one.value in sums
    )
    return Totals(period_id=str(period_id), parties=tuple(sorted({party for _, party, _, _ in found})), rows=rows)
