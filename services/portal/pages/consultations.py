"""Consultations: the list, one with its answers and its record, calling one, and every step that is taken on it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.forms import Post, Posted, form_page, new_key, send
from services.portal.pages.lines import as_uuid, options, parties
from services.portal.pages.render import party_name
from services.portal.pages.several import comes_back, forms_of
from services.portal.pages.times import zone_name
from services.portal.pages.views import (
    ConsultationForm,
    ConsultationLine,
    ConsultationList,
    ConsultationPage,
    Form,
    Option,
    Paging,
    PartyWord,
)
from services.portal.repository import Reads, encode_cursor, thing_after
from services.portal.selects import Row
from shared.errors import Forbidden, NotFound
from shared.vocabulary import Attendance, Precedence, Role

router = APIRouter(include_in_schema=False)

STEPS = ("answer", "hold", "record", "close", "withdraw")
ANSWERERS = (Role.COORDINATOR, Role.RSO_OFFICER)
LISTED = 50
KINDS = ("member", "organisation", "coordination", "support")


@router.get("/consultations")
async def consultations(at: Signed, cursor: str = "") -> Response:
    async with at.reads() as reads:
        context = await at.context(reads, "consultations", shown_to=at.say("each is for those invited and its co-chairs"))
        waiting = [] if cursor else [consultation_line(at, row) for row in await reads.consultations_awaited()]
        rows = await reads.consultations(thing_after(cursor or None), LISTED)
    lines = [consultation_line(at, row) for row in rows[:LISTED]]
    known, more = {one.id for one in waiting}, len(rows) > LISTED
    view = ConsultationList(
        waiting=tuple(waiting),
        open=tuple(one for one in lines if one.id not in known and one.status in {"called", "took_place"}),
        over=tuple(one for one in lines if one.id not in known and one.status in {"closed", "withdrawn"}),
        paging=Paging(
            shown=len(lines), first_href="/consultations" if cursor else "",
            next_href=f"/consultations?cursor={encode_cursor(rows[LISTED - 1]['id'])}" if more else "",
        ),
        may_call=at.has(Role.CO_CHAIR),
    )  # fmt: skip
    if lines or waiting:
        await at.portal.note_read(at.actor, "titles of consultations", "list")
    return at.show(context, "consultations.html", view)


@router.get("/consultations/new")
async def new_consultation(at: Signed, period: str = "") -> Response:
    chosen = {"co_chairs": frozenset({at.party})}
    return await call_form(at, Form(idempotency_key=new_key(), chosen=chosen, values={"period_id": period}))


@form_page("/consultations")
async def call_form(at: Desk, form: Form) -> Response:
    if not at.has(Role.CO_CHAIR):
        raise Forbidden(at.say("A consultation is called by a co-chair of the Working Group."))
    async with at.reads() as reads:
        shown_to = at.say("those invited and the co-chairs hear of it at once")
        context = await at.context(reads, "consultations", shown_to=shown_to)
        periods, _ = await reads.periods()
    view = ConsultationForm(
        form=form,
        precedences=options(Precedence),
        parties=parties(*KINDS, without=at.party),
        co_chairs=parties("member"),
        periods=tuple(Option(value=str(row["id"]), text=row["title"]) for row in periods if at.chairs(row)),
        zone=zone_name(at.party, at.now),
    )
    return at.show(context, "consultation_new.html", view)


@router.post("/consultations")
async def call(post: Post) -> Response:
    at, posted = post
    body = {
        "title": posted.need("title", "Say in one line what it is about."),
        "trigger": posted.need("trigger", "Say what has happened."),
        "precedence": posted.get("precedence") or Precedence.IMMEDIATE.value,
        "co_chairs": posted.some("co_chairs", "Name the co-chairs."),
        "invited": posted.some("invited", "Invite at least one party."),
        "answer_by": posted.moment("answer_by", at.party),
        "meets_at": posted.moment("meets_at", at.party),
        "place": posted.get("place"),
        "period_id": str(as_uuid(posted.get("period_id")) or "") or None,
    }
    done = await send(at, posted, "consultations", body)
    return go(f"/consultations/{done.said['id']}", "called") if done.arrived else go("/consultations", "later")


@router.get("/consultations/{consultation_id}")
async def consultation(consultation_id: UUID, at: Signed) -> Response:
    return await consultation_page(at, str(consultation_id), {})


async def consultation_page(at: Desk, consultation_id: str, typed: dict[str, Form]) -> Response:
    async with at.reads() as reads:
        row = await reads.consultation(UUID(consultation_id))
        context = await at.context(reads, "consultations", shown_to=at.say("shown to those invited and its co-chairs"))
        given = {one["party"]: one for one in await reads.consultation_answers(row["id"])}
        record = await reads.consultation_record(row["id"])
        period = await _period(reads, row["period_id"])
    await at.portal.note_read(at.actor, "consultation", consultation_id)
    attending = [party for party, one in given.items() if one["answer"] == Attendance.ATTENDING and party != at.party]
    chosen = {"attendees": frozenset(attending)}
    typed = {"hold": Form(idempotency_key=new_key(), chosen=chosen)} | typed
    view = ConsultationPage(
        consultation=consultation_line(at, row),
        trigger=row["trigger"],
        place=row["place"],
        meets_at=row["meets_at"],
        held_at=row["held_at"],
        co_chairs=tuple(row["co_chairs"]),
        words=tuple(_word(party, given.get(party), row["silent"] or ()) for party in _asked(row, given)),
        attendees=tuple(row["attendees"] or ()),
        reason=row["reason"] or "",
        record=record["text"] if record else "",
        record_at=record["at"] if record else None,
        record_by=record["by"] if record else "",
        was_there=at.party in (row["attendees"] or ()),
        period=period,
        may=_may(at, row, record is not None),
        forms=forms_of(STEPS, typed, row["version"]),
        answers=options(Attendance),
        may_attend=tuple(Option(value=party, text=party_name(party)) for party in sorted(attending)),
        zone=zone_name(at.party, at.now),
    )
    return at.show(context, "consultation.html", view)


comes_back(consultation_page, "/consultations/{consultation_id}", "consultation_id", STEPS, lambda _posted, name: name)


@router.post("/consultations/{consultation_id}/answer")
async def answer(consultation_id: UUID, post: Post) -> Response:
    at, posted = post
    body = {"answer": posted.need("answer", "Choose an answer."), "note": posted.get("note")}
    done = await send(at, posted, f"consultations/{consultation_id}/answers", body)
    return go(f"/consultations/{consultation_id}", done.then("answered"))


@router.post("/consultations/{consultation_id}/hold")
async def hold(consultation_id: UUID, post: Post) -> Response:
    at, posted = post
    body = {"attendees": posted.every("attendees"), "held_at": posted.moment("held_at", at.party)}
    return await _step(at, posted, consultation_id, "hold", "took_place", body)


@router.post("/consultations/{consultation_id}/record")
async def write_record(consultation_id: UUID, post: Post) -> Response:
    at, posted = post
    body = {"text": posted.need("text", "Write down what was said and settled.")}
    return await _step(at, posted, consultation_id, "record", "recorded", body)


@router.post("/consultations/{consultation_id}/close")
async def close(consultation_id: UUID, post: Post) -> Response:
    return await _step(*post, consultation_id, "close", "consultation_closed", {})


@router.post("/consultations/{consultation_id}/withdraw")
async def withdraw(consultation_id: UUID, post: Post) -> Response:
    at, posted = post
    return await _step(at, posted, consultation_id, "withdraw", "withdrawn", {"reason": posted.get("reason")})


async def _step(
    at: Desk, posted: Posted, consultation_id: UUID, command: str, said: str, body: Mapping[str, object]
) -> Response:
    done = await send(at, posted, f"consultations/{consultation_id}/{command}", body)
    return go(f"/consultations/{consultation_id}", done.then(said))


def consultation_line(at: Desk, row: Row) -> ConsultationLine:
    awaited = "awaited" if row["status"] == "called" and at.party in row["invited"] else ""
    return ConsultationLine(
        id=str(row["id"]),
        title=row["title"],
        status="took_place" if row["status"] == "held" else row["status"],
        precedence=row["precedence"],
        called_by=row["called_by"],
        called_at=row["called_at"],
        answer_by=row["answer_by"],
        answer=row["my_answer"] or awaited,
        given=row["given"],
        invited=len(row["invited"]),
    )


def _asked(row: Row, given: dict[str, Row]) -> Sequence[str]:
    """Those invited, and co-chairs that have spoken."""
    return [*sorted(row["invited"]), *sorted(set(given) - set(row["invited"]))]


def _word(party: str, word: Row | None, silent: Sequence[str]) -> PartyWord:
    if word is None:
        return PartyWord(party=party, silent=party in silent)
    return PartyWord(party=party, answer=word["answer"], at=word["at"], note=word["note"], late=word["late"])


async def _period(reads: Reads, period_id: UUID | None) -> tuple[str, str] | None:
    """The period that it is about, for whoever may see that."""
    if period_id is None:
        return None
    try:
        row = await reads.period(period_id)
    except NotFound:
        return None
    return str(row["id"]), row["title"]


def _may(at: Desk, row: Row, recorded: bool) -> frozenset[str]:
    """Which steps to offer; whether they are taken, the planner decides."""
    status, found = row["status"], set()
    chairs = at.has(Role.CO_CHAIR) and at.party in row["co_chairs"]
    if status == "called":
        invited = at.party in row["invited"]
        found |= {"answer"} if (invited and at.has(*ANSWERERS)) or (chairs and not invited) else set()
        found |= {"hold", "withdraw"} if chairs else set()
    elif status == "held" and chairs:
        found |= {"record"} if at.party in (row["attendees"] or ()) else set()
        found |= {"close"} if recorded else set()
    return frozenset(found)
