"""The plan of a period: its versions and what became of it, who has said what, and what stands before adoption."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages import plan_lines as lines
from services.portal.pages.attached import attach, attached
from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.forms import Post, Posted, form_page, new_key, send
from services.portal.pages.lines import file_links, options
from services.portal.pages.participation import RUNS, may_answer, may_decline, may_leave
from services.portal.pages.render import party_name
from services.portal.pages.views import Form, InvitationLine, Option, PlanPage
from shared.vocabulary import Indicator, PlanAnswer, Role

router = APIRouter(include_in_schema=False)

OBJECTIVE = ("id", "title", "indicator", "baseline", "target", "measured_by")


@router.get("/periods/{period_id}/plan")
async def plan(period_id: UUID, at: Signed, version: int = 0, since: int | None = None) -> Response:
    return await plan_page(at, Form(idempotency_key=new_key()), str(period_id), version, since)


def _row_of(posted: Posted, name: str) -> str:
    """Empty rows were left out, so the number in an error is one among those that were sent."""
    family, _, rest = name.partition(".")
    number, _, part = rest.partition(".")
    if family not in {"objectives", "sections"} or not number.isdecimal():
        return name
    sent = _sections(posted) if family == "sections" else _objectives(posted)
    return f"{family}.{sent[int(number)][0]}.{part}" if int(number) < len(sent) else name


async def _typed(at: Desk, form: Form, period_id: str, number: str = "0") -> Response:
    return await plan_page(at, lines.bare_key(form), period_id, int(number))


form_page("/periods/{period_id}/plan-versions/{number}/answer")(_typed)
form_page("/periods/{period_id}/plan-versions", _row_of)(_typed)


async def plan_page(
    at: Desk, form: Form, period_id: str, version: int = 0, since: int | None = None
) -> Response:
    async with at.reads() as reads:
        period = await reads.period(UUID(period_id))
        context = await at.context(reads, "plan", period, shown_to=at.say("shown to those invited"))
        versions = await reads.plans(period["id"])
        given = await reads.plan_answers(period["id"])
        words = {row["party"]: row for row in await reads.answers(period["id"])}
        shown = next((row for row in versions if row["number"] == version), versions[-1] if versions else None)
        annexes = await reads.files_of(period["id"], shown["number"]) if shown else ()
        against = (shown["amends"] or shown["number"] - 1 if since is None else since) if shown else 0
        had = await reads.files_of(period["id"], against) if against else ()
    number, adopted, last = shown["number"] if shown else 0, period["adopted"] or 0, versions[-1] if versions else None
    before = next((row for row in versions if row["number"] == against), None)
    joined = sorted(party for party, row in words.items() if row["answer"] == "joined")
    own = words[at.party]["answer"] if at.party in words else ""
    planning, runs = period["status"] in {"proposed", "planning"}, period["status"] in RUNS
    newest = shown is not None and shown is last
    amending = runs and adopted > 0
    open_now = newest and (period["status"] == "planning" or (amending and number > adopted))
    said = {row["party"]: row for row in given if row["number"] == number}
    answers = lines.words_on(shown, joined, said, open_now) if shown else ()
    stands = lines.blocks(at, answers) if shown else (at.say("No version is published."),)
    filled = lines.begun(form, last, period)
    view = PlanPage(
        period_id=period_id,
        period_version=period["version"],
        status=period["status"],
        shown=lines.version(shown, before, had, annexes) if shown else None,
        versions=tuple(row["number"] for row in versions),
        adopted=adopted,
        answers=answers,
        invitations=tuple(
            InvitationLine(
                party=party,
                answer=words[party]["answer"] if party in words else "",
                reservation=words[party]["note"] if party in words else "",
                at=words[party]["at"] if party in words else None,
            )
            for party in dict.fromkeys([*period["co_chairs"], *period["invited"]])
        ),
        answer_by=period["answer_by"],
        may_extend=period["answer_by"] is not None and (planning or runs) and at.chairs(period),
        may_invite=(planning or runs) and at.chairs(period),
        may_reply=(
            may_answer(at.party, period, own, at.now) or may_decline(at.party, period, own)
        ) and at.has(Role.COORDINATOR),
        may_leave=may_leave(at, period, own),
        blocks=stands if planning or open_now else (),
        may_answer=open_now and at.party in joined and at.has(Role.COORDINATOR),
        may_write=(planning or amending) and at.chairs(period),
        may_adopt=newest and period["status"] == "planning" and at.chairs(period) and not stands,
        amending=amending,
        form=filled,
        answer_options=options(PlanAnswer),
        section_titles=lines.titles(at, versions),
        objective_rows=lines.objective_rows(filled),
        indicators=options(Indicator),
        affected_parties=tuple(Option(value=party, text=party_name(party)) for party in joined),
        # those in support may protect whom a state reports against
        rights_parties=tuple(
            Option(value=party, text=party_name(party)) for party in dict.fromkeys([*joined, *period["supporting"]])
        ),
        annexes=file_links(annexes),
        attached=attached(at, form),
    )
    return at.show(context, "plan.html", view)


@router.post("/periods/{period_id}/plan-versions")
async def publish(period_id: UUID, post: Post) -> Response:
    at, posted = post
    posted, seals = await attach(at, posted, "annexes")
    body = {
        "sections": [section for _, section in _sections(posted)],
        "rights_officers": posted.every("rights_officers"),
        "objectives": [
            {
                **({"id": row["id"]} if row["id"] else {}),
                "title": posted.need(f"objectives.{n}.title", "Give the objective a title."),
                "indicator": posted.need(f"objectives.{n}.indicator", "Choose what is counted."),
                "baseline": posted.number(f"objectives.{n}.baseline") or 0,
                "target": posted.number(f"objectives.{n}.target") or 0,
                "measured_by": row["measured_by"],
            }
            for n, row in _objectives(posted)
        ],
        "affected": posted.every("affected"),
        "annexes": seals,
    }
    done = await send(at, posted, f"periods/{period_id}/plan-versions", body)
    return go(f"/periods/{period_id}/plan", done.then("published"))


@router.post("/periods/{period_id}/plan-versions/{number}/answer")
async def answer(period_id: UUID, number: int, post: Post) -> Response:
    at, posted = post
    body = {"answer": posted.need("answer", "Choose an answer."), "reason": posted.get("reason")}
    done = await send(at, posted, f"periods/{period_id}/plan-versions/{number}/answers", body)
    return go(f"/periods/{period_id}/plan", done.then("answered"))


@router.post("/periods/{period_id}/adopt")
async def adopt(period_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"periods/{period_id}/adopt", {"plan_version": posted.number("plan_version")})
    return go(f"/periods/{period_id}/plan", done.then("adopted"))


def _sections(posted: Posted) -> list[tuple[int, dict[str, str]]]:
    """Those with a text; a title that nothing stands under is left out."""
    return [(n, row) for n, row in posted.rows("sections", "title", "text") if row["text"]]


def _objectives(posted: Posted) -> list[tuple[int, dict[str, str]]]:
    """One of an earlier version whose title was emptied is taken out of the plan."""
    return [(n, row) for n, row in posted.rows("objectives", *OBJECTIVE) if row["title"] or not row["id"]]
