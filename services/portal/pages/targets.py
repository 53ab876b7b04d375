"""Targets of an operation: named in a form, kept as tokens; and what its page says of them and of its conflicts."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.gateway import Refused
from services.portal.pages.conflicts import conflict_line
from services.portal.pages.desk import Desk, Signed, go
from services.portal.pages.forms import Post, Posted, form_page, new_key, renamed
from services.portal.pages.lines import PARTY_ROLES, options
from services.portal.pages.views import Deconfliction, Form, TargetsPage
from services.portal.repository import Reads
from services.portal.selects import Row
from shared.errors import FieldError, NotFound
from shared.identifiers import Identifier
from shared.vocabulary import IdentifierKind

router = APIRouter(include_in_schema=False)

GOES_ON = {"drafted", "scheduled", "under_way"}
STEPS = {"targets": "named", "targets/remove": "unnamed"}


async def deconfliction(at: Desk, reads: Reads, row: Row, form: Form | None = None) -> Deconfliction | None:
    """For the owner of an operation; for others there is nothing to say."""
    if row["owner"] != at.party:
        return None
    targets = await reads.targets(row["id"])
    return Deconfliction(
        operation_id=str(row["id"]),
        conflicts=tuple(conflict_line(at, one) for one in await reads.conflicts_of(row["id"])),
        targets=tuple(targets["counts"].items()),
        is_live=row["status"] in {"scheduled", "under_way"},
        may_name=row["status"] in GOES_ON and at.has(*PARTY_ROLES),
        form=form or Form(idempotency_key=new_key()),
        kinds=options(IdentifierKind),
    )


@router.get("/operations/{operation_id}/targets")
async def targets(operation_id: UUID, at: Signed) -> Response:
    return await targets_page(at, Form(idempotency_key=new_key()), str(operation_id))


async def targets_page(at: Desk, form: Form, operation_id: str) -> Response:
    async with at.reads() as reads:
        row = await reads.operation(UUID(operation_id))
        found = await deconfliction(at, reads, row, form)
        if found is None:
            raise NotFound
        period = await reads.period(row["period_id"])
        context = await at.context(reads, "operations", period, shown_to=at.say("your party only"))
    name = row["title"] or at.words(row["kind"])
    return at.show(context, "targets.html", TargetsPage(operation=name[:1].upper() + name[1:], deconfliction=found))


for step in STEPS:
    form_page(f"/operations/{{operation_id}}/{step}", renamed(identifiers__0__value="value"))(targets_page)


@router.post("/operations/{operation_id}/targets")
async def name(operation_id: UUID, post: Post) -> Response:
    return await _step(*post, operation_id, "targets")


@router.post("/operations/{operation_id}/targets/remove")
async def unname(operation_id: UUID, post: Post) -> Response:
    return await _step(*post, operation_id, "targets/remove")


async def _step(at: Desk, posted: Posted, operation_id: UUID, step: str) -> Response:
    """Not by `send`, to which what was typed would go as it is: here it becomes a token first."""
    kind, value = posted.need("kind", "Choose what it is."), posted.need("value", "Write it down.")
    if kind and kind not in set(IdentifierKind):
        posted.errors.append(FieldError("kind", "Choose what it is."))
    posted.check()
    told = {"kind": kind, "value": value, "born": posted.get("born") or None}
    body = at.portal.tokens.body([Identifier.model_validate(told)])
    headers = {"idempotency-key": posted.get("idempotency_key"), "content-type": "application/json"}
    reply = await at.portal.gateway.command(at.actor, f"operations/{operation_id}/{step}", body, headers)
    if reply.status >= 400:
        raise Refused(reply)
    wait = at.portal.settings.page_wait_seconds
    arrived = await at.portal.progress.reached(reply.headers.get("last-event"), wait)
    return go(f"/operations/{operation_id}/targets", STEPS[step] if arrived else "later")
