"""The public API's question to the consent ledger, which the planner keeps and answers from itself."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.portal.doors import Bearer, Portal, ThePortal
from services.portal.gateway import Reply
from shared.actor import Actor

router = APIRouter(prefix="/api/v1")
PATH = "consent-ledger"


@router.get("/consent-ledger")
async def consent_ledger(
    session: Bearer,
    portal: ThePortal,
    period_id: UUID | None = None,
    after: UUID | None = None,
    newest_first: bool = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    reply = await ask(portal, session.actor, period_id, after, limit, newest_first)
    return Response(reply.body, reply.status, dict(reply.headers))


async def ask(
    portal: Portal, actor: Actor, period_id: UUID | None, after: UUID | None, limit: int, newest_first: bool = False
) -> Reply:
    """A page of the ledger as this actor may see it; that it was read is noted."""
    asked: dict[str, Any] = {"period_id": period_id, "after": after, "limit": limit, "newest_first": newest_first}
    await portal.note_read(actor, "consent ledger", period_id or "all")
    return await portal.gateway.ask(actor, PATH, {name: str(value) for name, value in asked.items() if value is not None})
