"""The public HTTP API under /api/v1: questions are answered from the read model, commands go to whoever decides."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.portal.checkpoints import sessions
from services.portal.differences import difference
from services.portal.doors import Bearer, ThePortal, bearer, portal_of
from services.portal.gateway import FAMILIES
from services.portal.pages.times import zone_of
from services.portal.repository import UpdateFilter, encode_cursor, entry_after
from services.portal.schemas import (
    Account,
    AlertBodyOut,
    AlertOut,
    DebriefOut,
    FigureOut,
    FileRefOut,
    LineOut,
    OperationDetailOut,
    OperationOut,
    Page,
    PeriodDetail,
    PeriodOut,
    PlanOut,
    ProgressionOut,
    SessionOut,
    SignIn,
    TimelineOut,
    TotalOut,
    UpdateDetailOut,
    UpdateOut,
    Word,
)
from services.portal.schemas_difference import DifferenceOut
from services.portal.selects import Row
from shared.errors import NotFound
from shared.events.portal import Opened

router = APIRouter(prefix="/api/v1")
beyond = APIRouter(prefix="/api/v1", include_in_schema=False)
"""What no route of the API has taken: to be tried last."""

Cursor = Annotated[str | None, Query(max_length=100)]
Limit = Annotated[int, Query(ge=1, le=200)]


async def command(request: Request) -> Response:
    """Any command of planner and intel; their own words are in this API's OpenAPI document."""
    session = await bearer(request)
    path = request.scope["path"].removeprefix(f"{router.prefix}/")
    reply = await portal_of(request).gateway.command(session.actor, path, await request.body(), request.headers)
    headers, kind = dict(reply.headers), path.rpartition("/")[2]
    if reply.status == 201 and kind in FAMILIES:
        said = reply.json()
        kind = "distress" if said.get("kind") == "distress" else kind
        if said.get("status") != "sent":  # a serious incident is nowhere to be found by who reported it
            headers["location"] = f"{router.prefix}/{kind}/{said['id']}"
    return Response(reply.body, reply.status, headers)


# here and at the end: routes are tried in turn, and these commands are asked for most
router.post("/operations/{path:path}", include_in_schema=False)(command)


@router.post("/sessions", status_code=201)
async def sign_in(body: SignIn, request: Request, portal: ThePortal) -> SessionOut:
    address = request.client.host if request.client else ""
    signed = await portal.accounts.sign_in(body.username, body.password, address)
    return SessionOut(token=signed.token, expires_at=signed.session.expires_at, account=_account(signed.session))


@router.delete("/sessions/current", status_code=204)
async def sign_out(session: Bearer, portal: ThePortal) -> None:
    await portal.accounts.sign_out(session)


@router.get("/me")
async def me(session: Bearer) -> Account:
    return _account(session)


@router.get("/periods")
async def periods(session: Bearer, portal: ThePortal, cursor: Cursor = None, limit: Limit = 50) -> Page[PeriodOut]:
    async with portal.reads(session.actor) as reads:
        rows, more = await reads.periods(cursor, limit)
    return Page(items=[PeriodOut.model_validate(dict(row)) for row in rows], next=more)


@router.get("/periods/{period_id}")
async def period(period_id: UUID, session: Bearer, portal: ThePortal, response: Response) -> PeriodDetail:
    async with portal.reads(session.actor) as reads:
        row = await reads.period(period_id)
        words = [Word.model_validate(dict(answer)) for answer in await reads.answers(period_id)]
        given = await reads.plan_answers(period_id)
        plans = [
            PlanOut.model_validate(
                {**plan, "answers": [dict(word) for word in given if word["number"] == plan["number"]]}
            )
            for plan in await reads.plans(period_id)
        ]
        held = await reads.held(period_id)
    response.headers["etag"] = f'"{row["version"]}"'
    return PeriodDetail.model_validate({**row, "answers": words, "plans": plans, "held": held})


@router.get("/periods/{period_id}/plan-versions/{number}/difference")
async def plan_difference(
    period_id: UUID, number: int, session: Bearer, portal: ThePortal, since: Annotated[int | None, Query(ge=0)] = None
) -> DifferenceOut:
    """What became of the plan since the version before, or since any other; `since=0` compares it with nothing."""
    async with portal.reads(session.actor) as reads:
        await reads.period(period_id)
        plans = {row["number"]: row for row in await reads.plans(period_id)}
        before = number - 1 if since is None else since
        had, has = await reads.files_of(period_id, before), await reads.files_of(period_id, number)
    if number not in plans or (before and before not in plans):
        raise NotFound
    return DifferenceOut.model_validate(difference(plans.get(before), plans[number], had, has))


@router.get("/periods/{period_id}/totals")
async def totals(period_id: UUID, session: Bearer, portal: ThePortal) -> Page[TotalOut]:
    async with portal.reads(session.actor) as reads:
        await reads.period(period_id)
        return Page(items=[TotalOut.model_validate(dict(row)) for row in await reads.totals(period_id)])


@router.get("/periods/{period_id}/checkpoints")
async def checkpoints(period_id: UUID, session: Bearer, portal: ThePortal) -> Page[ProgressionOut]:
    """Progression sessions, each with the counts since the one before it, as far as the caller may see them."""
    async with portal.reads(session.actor) as reads:
        row = await reads.period(period_id)
        days = await reads.counts_by_day(period_id)
    today = min(portal.service.clock.now().astimezone(zone_of(session.actor.party)).date(), row["last_day"])
    return Page(items=[ProgressionOut.model_validate(one) for one in sessions(row["checkpoints"], today, days)])


@router.get("/periods/{period_id}/timeline")
async def timeline(
    period_id: UUID, session: Bearer, portal: ThePortal, cursor: Cursor = None, limit: Limit = 50
) -> Page[TimelineOut]:
    before = entry_after(cursor)
    async with portal.reads(session.actor) as reads:
        await reads.period(period_id)
        rows = await reads.timeline(period_id, before=before, limit=limit)
    more = encode_cursor(rows[-1]["id"]) if len(rows) == limit else None
    return Page(items=[TimelineOut.model_validate(dict(row)) for row in rows], next=more)


@router.get("/periods/{period_id}/debrief")
async def debrief(period_id: UUID, session: Bearer, portal: ThePortal) -> DebriefOut:
    async with portal.reads(session.actor) as reads:
        row = await reads.debrief(period_id)
        figures = [FigureOut.model_validate(dict(figure)) for figure in await reads.figures(row["id"])]
    return DebriefOut.model_validate({**row, "figures": figures})


@router.get("/operations")
async def operations(
    session: Bearer,
    portal: ThePortal,
    period_id: UUID | None = None,
    party: str | None = None,
    status: str | None = None,
    cursor: Cursor = None,
) -> Page[OperationOut]:
    async with portal.reads(session.actor) as reads:
        rows, more = await reads.operations(period_id, party, status, cursor)
    return Page(items=[OperationOut.model_validate(dict(row)) for row in rows], next=more)


@router.get("/operations/{operation_id}")
async def operation(operation_id: UUID, session: Bearer, portal: ThePortal, response: Response) -> OperationOut:
    async with portal.reads(session.actor) as reads:
        row = await reads.operation(operation_id)
        detail = await reads.operation_detail(operation_id)
        recalls = [dict(one) for one in await reads.detail_recalls(operation_id)]
    if detail:
        await portal.note_read(session.actor, "operation", operation_id)
    response.headers["etag"] = f'"{row["version"]}"'
    shown = OperationDetailOut.model_validate(dict(detail)) if detail else None
    return OperationOut.model_validate({**row, "detail": shown, "recalls": recalls})


@router.get("/operations/{operation_id}/disclosure")
async def disclosure(operation_id: UUID, session: Bearer, portal: ThePortal) -> Response:
    reply = await portal.gateway.ask(session.actor, f"operations/{operation_id}/disclosure")
    return Response(reply.body, reply.status, dict(reply.headers))


@router.get("/updates")
async def updates(
    session: Bearer,
    portal: ThePortal,
    period_id: UUID | None = None,
    operation_id: UUID | None = None,
    party: str | None = None,
    indicator: str | None = None,
    status: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[UpdateOut]:
    wanted = UpdateFilter(period_id, operation_id, party, indicator, status)
    async with portal.reads(session.actor) as reads:
        rows, more = await reads.updates(wanted, cursor, limit)
    shown = [update_out(row) for row in rows]
    if any(update.detail for update in shown):
        await portal.note_read(session.actor, "updates", operation_id or period_id or "all")
    return Page(items=shown, next=more)


@router.get("/updates/{update_id}")
async def update(update_id: UUID, session: Bearer, portal: ThePortal, response: Response) -> UpdateOut:
    async with portal.reads(session.actor) as reads:
        row = await reads.update(update_id)
        files = await reads.files_of(update_id)
    shown = update_out(row)
    if shown.detail:
        shown.detail.files = [FileRefOut.model_validate(dict(file)) for file in files]
        await portal.note_read(session.actor, "update", update_id)
    response.headers["etag"] = f'"{row["version"]}"'
    return shown


@router.get("/alerts")
async def alerts(session: Bearer, portal: ThePortal, cursor: Cursor = None, limit: Limit = 50) -> Page[AlertOut]:
    """Headlines; the text is read on the alert itself, which the originator learns of."""
    async with portal.reads(session.actor) as reads:
        rows, more = await reads.alerts(cursor, limit)
    return Page(items=[AlertOut.model_validate({**row, "body": None}) for row in rows], next=more)


@router.get("/alerts/{alert_id}")
async def alert(alert_id: UUID, session: Bearer, portal: ThePortal, response: Response) -> AlertOut:
    row, ledger = await open_alert(portal, session.actor, alert_id)
    response.headers["etag"] = f'"{row["version"]}"'
    body = None
    if row["text"] is not None:
        grading = {name: row[name] for name in ("scale", "source", "information")}
        body = AlertBodyOut(title=row["title"], text=row["text"], language=row["language"], grading=grading)
    lines = [LineOut.model_validate(dict(line)) for line in ledger]
    return AlertOut.model_validate({**row, "body": body, "ledger": lines})


beyond.post("/{path:path}")(command)


@beyond.get("/{path:path}")
async def nowhere(path: str) -> None:
    """Else the route above would say that there is something, which only takes commands."""
    raise NotFound


async def open_alert(portal: Any, actor: Any, alert_id: UUID) -> tuple[Row, list[Row]]:
    """An alert with its ledger; opening it is audited, and the first opening by a recipient is told."""
    async with portal.reads(actor) as reads:
        row = await reads.alert(alert_id)
        ledger = list(await reads.ledger(alert_id))
    if row["text"] is None:
        return row, ledger
    async with portal.service.database.begin(actor) as tx:
        tx.audit("read alert", str(alert_id))
        if actor.party in row["recipients"]:
            await tx.lock(str(alert_id))
            first = await tx.sql(
                "INSERT INTO delivered (subject_id, recipient, kind) VALUES ($1, $2, 'opened') "
                "ON CONFLICT DO NOTHING RETURNING kind",
                alert_id,
                actor.party,
            )
            if first:
                receipt = {"subject_id": alert_id, "subject_kind": "alert", "recipient": actor.party}
                tx.announce(Opened(**receipt, at=tx.now, by=actor.name, party=actor.party))
    portal.service.wake()
    return row, ledger


def update_out(row: Row) -> UpdateOut:
    detail = UpdateDetailOut.model_validate(dict(row)) if row["text"] is not None else None
    return UpdateOut.model_validate({**row, "detail": detail})


def _account(session: Any) -> Account:
    actor = session.actor
    return Account(
        id=actor.id,
        username=actor.name,
        display_name=session.display_name,
        party=actor.party,
        roles=sorted(role.value for role in actor.roles),
    )
