"""Operations: the list, one of them, drafting, the consent to schedule, and the steps after it."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.details import (
    AUDIENCES,
    body_of,
    readers_of,
    recall_lines,
    renamed,
    shown_detail,
    to_be_named,
)
from services.portal.pages.filters import Filter
from services.portal.pages.forms import Post, Posted, form_page, new_key, send
from services.portal.pages.joint_amending import amendment_of, may_amend
from services.portal.pages.joint_lines import acts_on, consented, joint_of, waits
from services.portal.pages.lines import PARTY_ROLES, operation_line, options, readers, update_line
from services.portal.pages.render import party_name
from services.portal.pages.targets import deconfliction
from services.portal.pages.times import zone_name
from services.portal.pages.views import (
    Form,
    Joint,
    OperationDetail,
    OperationForm,
    OperationList,
    Option,
    Paging,
)
from services.portal.repository import UpdateFilter
from services.portal.selects import Row
from shared.vocabulary import OperationKind, OperationState, Role

router = APIRouter(include_in_schema=False)

DRAFTING = {"planning", "adopted", "active"}


@router.get("/periods/{period_id}/operations")
async def operations(
    period_id: UUID, at: Signed, party: str = "", status: str = "", cursor: str = ""
) -> Response:
    asked = Filter(f"/periods/{period_id}/operations", party=party, status=status)
    async with at.reads() as reads:
        period = await reads.period(period_id)
        context = await at.context(reads, "operations", period, shown_to=at.say("shown to participants and co-chairs"))
        rows, more = await reads.operations(period_id, party or None, status or None, cursor or None)
        owners = await reads.owners(period_id)
        held = await reads.held(period_id)
        joined = await reads.participants(period_id)
    view = OperationList(
        form=Form(values=asked.values),
        period_id=str(period_id),
        operations=tuple(operation_line(row) for row in rows),
        paging=Paging(
            shown=len(rows),
            first_href=asked.href() if cursor else "",
            next_href=asked.href(cursor=more) if more else "",
        ),
        parties=tuple(Option(value=code, text=party_name(code)) for code in owners),
        statuses=tuple(Option(value=one.value, text=at.words(one.value)) for one in OperationState),
        filters=asked.in_force(at, {}),
        held_by_others=max(0, held - sum(row["held"] and row["owner"] == at.party for row in rows)),
        may_draft=may_draft(at, period, joined),
    )
    if any(line.title for line in view.operations):
        await at.portal.note_read(at.actor, "titles of operations", period_id)
    return at.show(context, "operations.html", view)


@router.get("/periods/{period_id}/operations/new")
async def new_operation(period_id: UUID, at: Signed) -> Response:
    return await operation_form(at, Form(idempotency_key=new_key()), str(period_id))


@form_page(
    "/periods/{period_id}/operations",
    renamed,
)
async def operation_form(at: Desk, form: Form, period_id: str) -> Response:
    async with at.reads() as reads:
        period = await reads.period(UUID(period_id))
        named = to_be_named(at, period, await reads.answers(period["id"]))
        context = await at.context(reads, "operations", period, shown_to=at.say("a draft is for your party only"))
    view = OperationForm(
        form=form,
        period_id=period_id,
        first_day=period["first_day"].isoformat(),
        last_day=period["last_day"].isoformat(),
        zone=zone_name(at.party, at.now),
        kinds=options(OperationKind),
        objectives=tuple(Option(value=str(one["id"]), text=one["title"]) for one in period["objectives"]),
        audiences=AUDIENCES,
        parties=named,
    )
    return at.show(context, "operation_new.html", view)


@router.post("/periods/{period_id}/operations")
async def draft(period_id: UUID, post: Post) -> Response:
    at, posted = post
    body = {"period_id": str(period_id), **(await body_of(at, posted)), **readers_of(posted)}
    done = await send(at, posted, "operations", body)
    if not done.arrived:
        return go(f"/periods/{period_id}/operations", "later")
    return go(f"/operations/{done.said['id']}", "drafted")


@router.get("/operations/{operation_id}")
async def operation(operation_id: UUID, at: Signed) -> Response:
    return await operation_page(at, Form(idempotency_key=new_key()), str(operation_id))


@form_page("/operations/{operation_id}/proposals/{number}/answer")
@form_page("/operations/{operation_id}/amendments/{number}/answer")
@form_page("/operations/{operation_id}/cancel")
async def operation_page(at: Desk, form: Form, operation_id: str, number: str = "") -> Response:
    async with at.reads() as reads:
        row = await reads.operation(UUID(operation_id))
        detail = await reads.operation_detail(row["id"])
        period = await reads.period(row["period_id"])
        context = await at.context(reads, "operations", period, shown_to=_shown_to(at, row))
        rows, _ = await reads.updates(UpdateFilter(operation_id=row["id"]), limit=8)
        own = at.party in (row["owner"], *(row["partners"] or ()))
        known = (row["audience_id"], detail["audience_id"] if detail else None)
        entries = await reads.entries(*known) if own else {}
        counts = await reads.operation_counts(row["id"])
        recalls = await reads.detail_recalls(row["id"])
        overlapping = await deconfliction(at, reads, row)
        joint = await joint_of(at, reads, row, form)
        amendment = await amendment_of(at, reads, row, detail, period, form)
        referred = await reads.referred(row["period_id"], row["id"])
        acts = await acts_on(at, reads, row)
    if detail or any(one["text"] is not None for one in rows):
        await at.portal.note_read(at.actor, "operation", operation_id)
    who = readers({**row, "detail_audience_id": known[1]}, "", entries, period)
    view = OperationDetail(
        operation=operation_line(row),
        period_id=str(row["period_id"]),
        version=row["version"],
        objective=objective_of(period, row),
        held_until=row["held_until"],
        counts=counts,
        referred=referred,
        detail=shown_detail(at, detail, row["starts_at"], row["ends_at"]) if detail else None,
        recalls=recall_lines(recalls),
        headline_readers=who.headline,
        detail_readers=who.detail,
        updates=tuple(update_line(at, one) for one in rows),
        updates_href=f"/periods/{row['period_id']}/updates?operation={row['id']}",
        may=_may(at, row, period, joint, acts),
        partners=tuple(row["partners"] or ()),
        withdrawn_by=row["withdrawn_by"] or "",
        joint=joint,
        amendment=amendment,
        form=form,
        deconfliction=overlapping,
    )
    return at.show(context, "operation.html", view)


@router.post("/operations/{operation_id}/schedule")
async def schedule(operation_id: UUID, post: Post) -> Response:
    at, posted = post
    body = {"held_until": posted.moment("held_until", at.party)}
    return await _step(at, posted, operation_id, "schedule", "scheduled", body)


@router.post("/operations/{operation_id}/release-headline")
async def release_headline(operation_id: UUID, post: Post) -> Response:
    return await _step(*post, operation_id, "release-headline", "released", {})


@router.post("/operations/{operation_id}/start")
async def start(operation_id: UUID, post: Post) -> Response:
    return await _step(*post, operation_id, "start", "started", {})


@router.post("/operations/{operation_id}/complete")
async def complete(operation_id: UUID, post: Post) -> Response:
    return await _step(*post, operation_id, "complete", "completed", {})


@router.post("/operations/{operation_id}/cancel")
async def cancel(operation_id: UUID, post: Post) -> Response:
    return await _step(*post, operation_id, "cancel", "cancelled", {})


async def _step(
    at: Desk, posted: Posted, operation_id: UUID, command: str, said: str, body: dict[str, str | None]
) -> Response:
    done = await send(at, posted, f"operations/{operation_id}/{command}", body)
    return go(f"/operations/{operation_id}", done.then(said))


def may_draft(at: Desk, period: Row, joined: tuple[str, ...]) -> bool:
    return at.has(*PARTY_ROLES) and at.party in joined and period["status"] in DRAFTING


def objective_of(period: Row, row: Row) -> str:
    return next((one["title"] for one in period["objectives"] if str(one["id"]) == str(row["objective_id"])), "")


def _shown_to(at: Desk, row: Row) -> str:
    if row["status"] == "drafted" or row["held"]:
        states = ", ".join(party_name(code) for code in (row["owner"], *(row["partners"] or ())))
        return at.say("shown to %(party)s only") % {"party": states}
    return at.say("headline: participants and co-chairs")


def _may(at: Desk, row: Row, period: Row, joint: Joint | None, acts: bool) -> frozenset[str]:
    """Which steps to offer; whether they are taken, the planner decides."""
    status, active, found = row["status"], period["status"] == "active", set()
    if at.has(*PARTY_ROLES) and acts:
        found |= {"incident", "refer"} if period["status"] not in {"archived", "cancelled"} else set()
    if at.has(*PARTY_ROLES) and at.party in (row["owner"], *(row["partners"] or ())):
        found |= {"post"} if active and status in {"under_way", "completed"} else set()
    if row["owner"] != at.party:
        return frozenset(found)
    if at.has(*PARTY_ROLES):
        found |= {"start"} if active and status == "scheduled" else set()
        found |= {"complete"} if status == "under_way" else set()
        found |= {"edit"} if status == "drafted" and not waits(joint) else set()
    if at.has(Role.COORDINATOR):
        found |= {"propose"} if status == "drafted" and period["status"] in DRAFTING else set()
        ready = period["status"] in {"adopted", "active"} and consented(joint)
        found |= {"schedule"} if status == "drafted" and ready else set()
        found |= {"release"} if row["held"] else set()
        found |= {"readers"} if status != "drafted" else set()
        found |= {"edit"} if status == "scheduled" and not row["partners"] else set()
        found |= {"amend"} if may_amend(row, period) else set()
        found |= {"cancel"} if status in {"drafted", "scheduled", "under_way"} else set()
    return frozenset(found)


