"""Incidents: report one, the receipt of a serious one, and what rights officers read and do."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.forms import Post, form_page, new_key, renamed, send
from services.portal.pages.joint_lines import acts_on
from services.portal.pages.lines import PARTY_ROLES, as_uuid, local_field, operation_readers, options
from services.portal.pages.several import comes_back, forms_of
from services.portal.pages.times import zone_name
from services.portal.pages.views import (
    Form,
    IncidentForm,
    IncidentLine,
    IncidentList,
    IncidentPage,
    IncidentSent,
    Paging,
    Waiting,
)
from services.portal.pages.words import N_
from services.portal.repository import Reads, encode_cursor, thing_after
from services.portal.selects import Row
from shared.errors import Invalid, NotFound
from shared.vocabulary import IncidentFinding, Role, Severity, UpdateKind

router = APIRouter(include_in_schema=False)

READERS = N_("for rights officers of your party only")
TAKE_UP = N_("Take up a serious incident")
LISTED = 50
STEPS = {"reported": "take-up", "escalated": "take-up", "taken_up": "close"}
"""What a rights officer does next, by where an incident stands."""


@router.get("/incidents")
async def incidents(at: Signed, cursor: str = "") -> Response:
    async with at.reads() as reads:
        context = await at.context(reads, **banner(at, told=True))
        rows = await reads.incidents(thing_after(cursor or None), LISTED)
    if rows:
        await at.portal.note_read(at.actor, "incidents", "list")
    more = f"/incidents?cursor={encode_cursor(rows[LISTED - 1]['id'])}" if len(rows) > LISTED else ""
    lines = [incident_line(row) for row in rows[:LISTED]]
    view = IncidentList(
        waiting=tuple(line for line in lines if STEPS.get(line.status) == "take-up"),
        in_hand=tuple(line for line in lines if STEPS.get(line.status) != "take-up"),
        paging=Paging(shown=len(lines), first_href="/incidents" if cursor else "", next_href=more),
        is_rights_officer=at.has(Role.RIGHTS_OFFICER),
    )
    return at.show(context, "incidents.html", view)


@router.get("/incidents/new")
async def new_incident(at: Signed, operation: str = "") -> Response:
    return await incident_form(at, Form(idempotency_key=new_key(), values={"operation_id": operation}))


@router.get("/incidents/{incident_id}")
async def incident(incident_id: UUID, at: Signed) -> Response:
    return await incident_page(at, str(incident_id), {})


async def incident_page(at: Desk, incident_id: str, typed: dict[str, Form]) -> Response:
    async with at.reads() as reads:
        row = await reads.incident(UUID(incident_id))
        context = await at.context(reads, **banner(at, told=True))
    await at.portal.note_read(at.actor, "incident", incident_id)
    view = IncidentPage(
        incident=incident_line(row),
        taken_up_at=row["taken_up_at"],
        finding=row["finding"] or "",
        note=row["note"] or "",
        closed_at=row["closed_at"],
        closed_by=(row["closed_by"] or "", row["closed_party"] or ""),
        may=_may(at, row),
        forms=forms_of(tuple(set(STEPS.values())), typed, row["version"]),
        findings=options(IncidentFinding),
    )
    return at.show(context, "incident.html", view)


comes_back(incident_page, "/incidents/{incident_id}", "incident_id", ("take-up", "close"), renamed())


@router.post("/incidents/{incident_id}/take-up")
async def take_up(incident_id: UUID, post: Post) -> Response:
    at, posted = post
    done = await send(at, posted, f"incidents/{incident_id}/take-up", {})
    return go(f"/incidents/{incident_id}", done.then("incident_taken_up"))


@router.post("/incidents/{incident_id}/close")
async def close(incident_id: UUID, post: Post) -> Response:
    at, posted = post
    body = {"finding": posted.need("finding", "Say what was found."), "note": posted.get("note")}
    done = await send(at, posted, f"incidents/{incident_id}/close", body)
    return go(f"/incidents/{incident_id}", done.then("incident_closed"))


@form_page("/incidents")
async def incident_form(at: Desk, form: Form) -> Response:
    operation_id = as_uuid(form.value("operation_id"))
    if operation_id is None or not at.has(*PARTY_ROLES):
        raise NotFound
    async with at.reads() as reads:
        row = await reads.headline(operation_id)
        if row is None or not await acts_on(at, reads, row):
            raise NotFound
        period = await reads.period(row["period_id"])
        context = await at.context(reads, "", period, tlp="RED", shown_to=at.say("how grave it is decides who reads it"))
        (who,) = await operation_readers(at, reads, [row], period)
        serious = await _rights_officers(at, reads, period)
    if "happened_at" not in form.values:
        form = Form(**{**vars(form), "values": {**form.values, "happened_at": local_field(at.now, at.party)}})
    is_minor_taken = period["status"] == "active" and row["status"] in {"under_way", "completed"}
    view = IncidentForm(
        form=form,
        operation_id=str(operation_id),
        operation=who.operation,
        severities=options(Severity) if is_minor_taken else options(Severity, Severity.SERIOUS),
        zone=zone_name(at.party, at.now),
        minor_readers=who.detail,
        serious_readers=serious,
    )
    return at.show(context, "incident_new.html", view)


@router.post("/incidents")
async def report(post: Post) -> Response:
    at, posted = post
    operation_id = as_uuid(posted.get("operation_id"))
    if operation_id is None:
        raise Invalid.field("operation_id", "Choose the operation.")
    severity = posted.need("severity", "Say how grave it is.")
    body = {
        "kind": UpdateKind.INCIDENT.value,
        "severity": severity or None,
        "happened_at": posted.moment("happened_at", at.party),
        **{name: posted.get(name) for name in ("text", "place")},
    }
    done = await send(at, posted, f"operations/{operation_id}/updates", body)
    if severity != Severity.SERIOUS:
        return go(f"/updates/{done.said['id']}/receipt") if done.arrived else go(f"/operations/{operation_id}", "later")
    # shown out of the answer itself: nothing of it can be read again from here
    async with at.reads() as reads:
        context = await at.context(reads, tlp="RED", shown_to=at.say("for you only"))
    sent = IncidentSent(
        sent_to=tuple(done.said["sent_to"]),
        reported_at=datetime.fromisoformat(done.said["reported_at"]),
        operation_id=str(operation_id),
    )
    return at.show(context, "incident_sent.html", sent)


async def _rights_officers(at: Desk, reads: Reads, period: Row) -> tuple[str, ...]:
    """Whom the plan in force names, of other parties; the planner has the last word."""
    plans = {row["number"]: row for row in await reads.plans(period["id"])}
    named = plans[period["adopted"]]["rights_officers"] if period["adopted"] in plans else ()
    return tuple(sorted({*named} - {at.party}))


def _may(at: Desk, row: Row) -> frozenset[str]:
    """Which step to offer; whether it is taken, the planner decides."""
    step = STEPS.get(row["status"]) if at.has(Role.RIGHTS_OFFICER) else None
    return frozenset({step} if step else ())


class Banner(TypedDict, total=False):
    """As `Desk.context` takes it."""

    tlp: str
    shown_to: str


def banner(at: Desk, told: bool) -> Banner:
    """Of a page that may tell of an incident: what it says of who reads it, if it does."""
    return {"tlp": "RED", "shown_to": at.say(READERS)} if told else {"shown_to": at.say("shown to your party")}


async def incident_words(at: Desk, reads: Reads) -> tuple[Waiting, ...]:
    """For home: what nobody has taken up."""
    if not at.has(Role.RIGHTS_OFFICER):
        return ()
    text = at.say(TAKE_UP)
    return tuple(
        Waiting(
            text=text, who=row["party"], href=f"/incidents/{row['id']}", days=(at.now - row["reported_at"]).days,
            overdue=row["status"] == "escalated",
        )
        for row in await reads.incidents_waiting()
    )  # fmt: skip


def incident_line(row: Row) -> IncidentLine:
    return IncidentLine(
        id=str(row["id"]),
        party=row["party"],
        happened_at=row["happened_at"],
        reported_at=row["reported_at"],
        text=row["text"],
        place=row["place"],
        language=row["language"],
        by=row["by"],
        status=row["status"],
        take_up_by=row["take_up_by"],
        taken_up_by=(row["taken_up_by"] or "", row["taken_up_party"] or ""),
    )
