"""The plan of a period: its versions, who has said what, and what stands before adoption."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.forms import Post, Posted, form_page, new_key, send
from services.portal.pages.lines import options
from services.portal.pages.render import party_name
from services.portal.pages.views import Form, InvitationLine, Option, PlanPage, PlanVersion, Section
from services.portal.pages.views import PlanAnswer as AnswerLine
from services.portal.selects import Row
from shared.vocabulary import PlanAnswer, Role

router = APIRouter(include_in_schema=False)

USUAL = ("Aim and scope", "Operations", "Information exchange", "Protection and rights", "Results and debrief")
SPARE = 2


@router.get("/periods/{period_id}/plan")
async def plan(period_id: UUID, at: Signed, version: int = 0) -> Response:
    return await plan_page(at, Form(idempotency_key=new_key()), str(period_id), version)


async def _typed(at: Desk, form: Form, period_id: str, number: str = "0") -> Response:
    return await plan_page(at, _bare_key(form), period_id, int(number))


form_page("/periods/{period_id}/plan-versions/{number}/answer")(_typed)
form_page("/periods/{period_id}/plan-versions")(_typed)


async def plan_page(at: Desk, form: Form, period_id: str, version: int = 0) -> Response:
    async with at.reads() as reads:
        period = await reads.period(UUID(period_id))
        context = await at.context(reads, "plan", period, shown_to=at.say("shown to those invited"))
        versions = await reads.plans(period["id"])
        given = await reads.plan_answers(period["id"])
        words = {row["party"]: row for row in await reads.answers(period["id"])}
    shown = next((row for row in versions if row["number"] == version), versions[-1] if versions else None)
    before = next((row for row in versions if shown and row["number"] == shown["number"] - 1), None)
    joined = sorted(party for party, row in words.items() if row["answer"] == "joined")
    said = {row["party"]: row for row in given if shown and row["number"] == shown["number"]}
    planning = period["status"] in {"proposed", "planning"}
    newest = bool(shown) and shown is versions[-1] if versions else False
    blocks = _blocks(at, joined, said, bool(shown))
    view = PlanPage(
        period_id=period_id,
        period_version=period["version"],
        status=period["status"],
        shown=_version(shown, before) if shown else None,
        versions=tuple(row["number"] for row in versions),
        adopted=period["adopted"] or 0,
        answers=tuple(_answer(party, said.get(party)) for party in joined) if shown else (),
        invitations=tuple(
            InvitationLine(
                party=party,
                answer=words[party]["answer"] if party in words else "",
                reservation=words[party]["note"] if party in words else "",
                at=words[party]["at"] if party in words else None,
            )
            for party in dict.fromkeys([*period["co_chairs"], *period["invited"]])
        ),
        blocks=blocks,
        may_answer=newest and period["status"] == "planning" and at.party in joined and at.has(Role.COORDINATOR),
        may_write=planning and at.chairs(period),
        may_adopt=newest and period["status"] == "planning" and at.chairs(period) and not blocks,
        form=_with_texts(form, versions),
        answer_options=options(PlanAnswer),
        section_titles=_titles(at, versions),
        rights_parties=tuple(Option(value=party, text=party_name(party)) for party in joined),
    )
    return at.show(context, "plan.html", view)


@router.post("/periods/{period_id}/plan-versions")
async def publish(period_id: UUID, post: Post) -> Response:
    at, posted = post
    body = {"sections": _sections(posted), "rights_officers": posted.every("rights_officers")}
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


def _sections(posted: Posted) -> list[dict[str, str]]:
    """Those with a text; a title that nothing stands under is left out."""
    return [row for _, row in posted.rows("sections", "title", "text") if row["text"]]


def _version(row: Row, before: Row | None) -> PlanVersion:
    """The version, each section marked with what became of it since the one before."""
    earlier = {one["title"]: one["text"] for one in before["sections"]} if before else None
    sections = []
    for one in row["sections"]:
        change = ""
        if earlier is not None and one["title"] not in earlier:
            change = "new"
        elif earlier is not None and earlier[one["title"]] != one["text"]:
            change = "changed"
        sections.append(Section(title=one["title"], text=one["text"], change=change))
    present = {one["title"] for one in row["sections"]}
    for title, text in (earlier or {}).items():
        if title not in present:
            sections.append(Section(title=title, text=text, change="removed"))
    return PlanVersion(
        number=row["number"],
        published_at=row["at"],
        sections=tuple(sections),
        rights_officers=tuple(row["rights_officers"]),
    )


def _answer(party: str, row: Row | None) -> AnswerLine:
    if row is None:
        return AnswerLine(party=party)
    return AnswerLine(party=party, answer=row["answer"], at=row["at"], reason=row["note"])


def _blocks(at: Desk, joined: Sequence[str], said: dict[str, Row], published: bool) -> tuple[str, ...]:
    if not published:
        return (at.say("No version is published."),)
    found = [] if len(joined) > 1 else [at.say("A joint period has at least two participating states.")]
    for party in joined:
        if party not in said:
            found.append(at.say("%(party)s has not answered.") % {"party": party_name(party)})
        elif said[party]["answer"] != PlanAnswer.ENDORSED:
            found.append(f"{party_name(party)}: {at.words(said[party]['answer'])}.")
    return tuple(found)


def _titles(at: Desk, versions: Sequence[Row]) -> tuple[str, ...]:
    written = [one["title"] for one in versions[-1]["sections"]] if versions else [at.say(title) for title in USUAL]
    return (*written, *[""] * SPARE)


def _with_texts(form: Form, versions: Sequence[Row]) -> Form:
    """A new version begins with the text of the last one."""
    if not versions or form.values:
        return form
    last = versions[-1]
    texts = {f"sections.{n}.text": one["text"] for n, one in enumerate(last["sections"])}
    chosen = {"rights_officers": frozenset(last["rights_officers"])}
    return Form(**{**vars(form), "values": texts, "chosen": chosen})


def _bare_key(form: Form) -> Form:
    """The page puts each form's own ending behind the key; one that comes back loses it again."""
    key = form.idempotency_key
    for ending in ("-answer", "-write", "-adopt"):
        key = key.removesuffix(ending)
    return Form(**{**vars(form), "idempotency_key": key})
