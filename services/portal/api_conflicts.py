"""The public HTTP API of conflicts, and of targets: the one command that the portal does not pass on as it came."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.portal.api import Cursor, Limit
from services.portal.doors import Bearer, ThePortal
from services.portal.repository import encode_cursor, thing_after
from services.portal.schemas import Page
from services.portal.schemas_conflicts import ConflictOut, ContactOut, NameIdentifiers, TargetsOut

targets = APIRouter(prefix="/api/v1")
"""To be tried before the routes that pass commands on: beyond the portal nobody gets an identifier."""
router = APIRouter(prefix="/api/v1")


@targets.post("/operations/{operation_id}/targets", status_code=201)
async def name_targets(
    operation_id: UUID, body: NameIdentifiers, request: Request, session: Bearer, portal: ThePortal
) -> Response:
    """Identifiers of whom or what the operation is after. Only tokens of them are kept and compared."""
    tokens = portal.tokens.body(body.identifiers)
    reply = await portal.gateway.command(session.actor, f"operations/{operation_id}/targets", tokens, request.headers)
    return Response(reply.body, reply.status, dict(reply.headers))


@targets.post("/operations/{operation_id}/targets/remove")
async def unname_targets(
    operation_id: UUID, body: NameIdentifiers, request: Request, session: Bearer, portal: ThePortal
) -> Response:
    """Takes them out again; nobody can read tokens back, so the identifiers are given once more."""
    path, tokens = f"operations/{operation_id}/targets/remove", portal.tokens.body(body.identifiers)
    reply = await portal.gateway.command(session.actor, path, tokens, request.headers)
    return Response(reply.body, reply.status, dict(reply.headers))


@router.get("/operations/{operation_id}/targets")
async def targets_of(operation_id: UUID, session: Bearer, portal: ThePortal) -> TargetsOut:
    async with portal.reads(session.actor) as reads:
        await reads.operation(operation_id)
        return TargetsOut.model_validate(dict(await reads.targets(operation_id)))


@router.get("/conflicts")
async def conflicts(
    session: Bearer, portal: ThePortal, cursor: Cursor = None, limit: Limit = 50
) -> Page[ConflictOut]:
    async with portal.reads(session.actor) as reads:
        rows = await reads.conflicts(thing_after(cursor), limit)
    if rows:
        await portal.note_read(session.actor, "conflicts", "list")
    items = [ConflictOut.model_validate(dict(row)) for row in rows[:limit]]
    return Page(items=items, next=encode_cursor(items[-1].id) if len(rows) > limit else None)


@router.get("/conflicts/contact")
async def contact(session: Bearer, portal: ThePortal, response: Response) -> ContactOut:
    """Where the caller's own party is reached about conflicts."""
    async with portal.reads(session.actor) as reads:
        found = ContactOut.model_validate(dict(await reads.contact()))
    response.headers["etag"] = f'"{found.version}"'
    return found


@router.get("/conflicts/{conflict_id}")
async def conflict(conflict_id: UUID, session: Bearer, portal: ThePortal, response: Response) -> ConflictOut:
    async with portal.reads(session.actor) as reads:
        row = await reads.conflict(conflict_id)
    await portal.note_read(session.actor, "conflict", conflict_id)
    response.headers["etag"] = f'"{row["version"]}"'
    return ConflictOut.model_validate(dict(row))
