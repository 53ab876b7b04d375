"""The public HTTP API's questions about what protects people."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.api import Cursor, Limit
from services.portal.doors import Bearer, ThePortal
from services.portal.repository import encode_cursor, thing_after
from services.portal.schemas import Page
from services.portal.schemas_protection import DistressOut

router = APIRouter(prefix="/api/v1")


@router.get("/distress")
async def distresses(session: Bearer, portal: ThePortal, cursor: Cursor = None, limit: Limit = 50) -> Page[DistressOut]:
    async with portal.reads(session.actor) as reads:
        rows = await reads.distresses(thing_after(cursor), limit)
    more = encode_cursor(rows[limit - 1]["id"]) if len(rows) > limit else None
    return Page(items=[DistressOut.model_validate(dict(row)) for row in rows[:limit]], next=more)


@router.get("/distress/{distress_id}")
async def distress(distress_id: UUID, session: Bearer, portal: ThePortal, response: Response) -> DistressOut:
    async with portal.reads(session.actor) as reads:
        row = await reads.distress(distress_id)
    response.headers["etag"] = f'"{row["version"]}"'
    return DistressOut.model_validate(dict(row))
