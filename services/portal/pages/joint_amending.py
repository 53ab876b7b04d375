"""A joint operation that is scheduled, amended: proposed to its states, and shown to them beside what is in force."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.details import TEXTS, body_of, form_of, place_text, renamed
from services.portal.pages.forms import Post, form_page, new_key, send
from services.portal.pages.joint_lines import word_line
from services.portal.pages.lines import options
from services.portal.pages.times import local_time, zone_name
from services.portal.pages.views import Changed, Form, JointAmendment, OperationForm, Option
from services.portal.pages.words import N_
from services.portal.repository import Reads
from services.portal.selects import Row
from services.portal.texts import Piece, pieces_of
from shared.errors import Forbidden
from shared.vocabulary import JointAnswer, OperationKind, Role

router = APIRouter(include_in_schema=False)

GOES_ON = frozenset({"adopted", "active"})
"""Periods in which what is scheduled is amended."""
LABELS = {
    "title": N_("Title"), "agency": N_("Agency"), "place": N_("Place in words"), "narrative": N_("Narrative"),
    "tactics": N_("Tactics"), "resources": N_("Resources"), "contacts": N_("Contacts"),
}  # fmt: skip


async def amendment_of(
    at: Desk, reads: Reads, row: Row, detail: Row | None, period: Row, form: Form
) -> JointAmendment | None:
    """None where nothing is asked, or is not any more: it came in force, or the operation began or stopped."""
    asked = await reads.joint_amendment(row["id"]) if row["status"] == "scheduled" else None
    present = await reads.joint(row["id"]) if asked else None
    if asked is None or present is None or asked["status"] == "in_force":
        return None
    told = await reads.joint_amendment_detail(row["id"], asked["number"])
    given = {one["party"]: one for one in await reads.joint_words(row["id"], asked["number"])}
    states = (present["owner"], *present["partners"])
    # the details come on another topic, and may come later: nobody consents unseen
    whole = detail is not None and told is not None
    open_now = asked["status"] == "proposed" and period["status"] in GOES_ON
    waits = whole and open_now and at.party in states and at.party not in given
    return JointAmendment(
        number=asked["number"],
        version=asked["version"],
        in_force=present["number"],
        proposed_by=asked["proposed_by"],
        proposed_at=asked["proposed_at"],
        refused=asked["status"] == "refused",
        changes=tuple(_changes(at, row, asked, detail, told, period)),
        words=tuple(word_line(state, given.get(state)) for state in states),
        may_answer=waits and at.has(Role.COORDINATOR) and asked["proposed_by"] != at.actor.name,
        answers=options(JointAnswer),
        form=form,
    )


def may_amend(row: Row, period: Row) -> bool:
    """Of an own operation: whether its states are asked."""
    return row["status"] == "scheduled" and bool(row["partners"]) and period["status"] in GOES_ON


@router.get("/operations/{operation_id}/amend")
async def amend_question(operation_id: UUID, at: Signed) -> Response:
    return await amend_page(at, Form(), str(operation_id))


@form_page("/operations/{operation_id}/amend", renamed)
async def amend_page(at: Desk, form: Form, operation_id: str) -> Response:
    async with at.reads() as reads:
        row = await reads.operation(UUID(operation_id))
        detail = await reads.operation_detail(row["id"])
        period = await reads.period(row["period_id"])
        pending = await reads.joint_amendment(row["id"])
        context = await at.context(reads, "operations", period, shown_to=at.say("its states, once proposed"))
    if row["owner"] != at.party or not may_amend(row, period) or detail is None or not at.has(Role.COORDINATOR):
        raise Forbidden(at.say("A coordinator of the owner proposes it, of a joint operation that is scheduled."))
    await at.portal.note_read(at.actor, "operation", operation_id)
    view = OperationForm(
        form=form if form.values else form_of(at, row, detail, None, new_key()),
        period_id=str(period["id"]),
        first_day=period["first_day"].isoformat(),
        last_day=period["last_day"].isoformat(),
        zone=zone_name(at.party, at.now),
        kinds=options(OperationKind),
        objectives=tuple(Option(value=str(one["id"]), text=one["title"]) for one in period["objectives"]),
        audiences=(),
        operation_id=operation_id,
        scheduled=True,
        asked=True,
        voids=pending["number"] if pending and pending["status"] == "proposed" else None,
    )
    return at.show(context, "operation_new.html", view)


@router.post("/operations/{operation_id}/amend")
async def propose(operation_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"operations/{operation_id}/amendments", await body_of(at, posted))
    return go(f"/operations/{operation_id}", done.then("amendment_proposed"))


@router.post("/operations/{operation_id}/amendments/{number}/answer")
async def answer(operation_id: UUID, number: int, post: Post) -> Response:
    at, posted = post
    body: dict[str, object] = {
        "answer": posted.need("answer", "Choose an answer."), "reason": posted.get("reason")
    }  # fmt: skip
    done = await send(at, posted, f"operations/{operation_id}/amendments/{number}/answers", body)
    return go(f"/operations/{operation_id}", done.then("answered"))


def _changes(
    at: Desk, row: Row, asked: Row, detail: Row | None, told: Row | None, period: Row
) -> Iterator[Changed]:
    """What differs from what is in force, and nothing else."""
    titles = {str(one["id"]): str(one["title"]) for one in period["objectives"]}
    yield from _whole(at.say("Kind"), at.words(row["kind"]), at.words(asked["kind"]))
    yield from _whole(at.say("Window"), _window(at, row), _window(at, asked))
    objectives = (titles.get(str(one["objective_id"]), "") for one in (row, asked))
    yield from _whole(at.say("Objective"), *objectives)
    if detail is None or told is None:
        return
    yield from _words(at.say("Places"), *("\n".join(map(place_text, one["places"])) for one in (detail, told)))
    for name in TEXTS:
        yield from _words(at.say(LABELS[name]), detail[name], told[name])


def _whole(what: str, before: str, after: str) -> Iterator[Changed]:
    """One thing for another."""
    if before != after:
        pieces = (Piece("removed", before), Piece("same", " "), Piece("added", after))
        yield Changed(what=what, pieces=tuple(piece for piece in pieces if piece.text))


def _words(what: str, before: str, after: str) -> Iterator[Changed]:
    """Down to the words."""
    if before != after:
        yield Changed(what=what, pieces=tuple(pieces_of(before, after)))


def _window(at: Desk, one: Row) -> str:
    ends: Sequence[datetime] = (one["starts_at"], one["ends_at"])
    return " – ".join(local_time(moment, at.party, at.now, at.locale, full=True) for moment in ends)
