"""From whom an update is kept: what its own state reads of that, and a rights officer's word that they may know."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, go
from services.portal.pages.forms import Post, send
from services.portal.pages.render import party_name
from services.portal.pages.views import Kept, Option
from services.portal.repository import Reads
from services.portal.selects import Row
from shared.vocabulary import Role

router = APIRouter(include_in_schema=False)


async def kept_from(at: Desk, reads: Reads, row: Row) -> Kept | None:
    """None for an update without a concern, and for whoever is not of the state that posted it."""
    if row["party"] != at.party or not (told := await reads.protection(row["id"])):
        return None
    return Kept(
        concern=told["protection_concern"] or "",
        origins=tuple(told["origins"]),
        released=tuple(told["released"] or ()),
        reason=told["reason"] or "",
        by=told["by"] or "",
        choices=tuple(Option(value=code, text=party_name(code)) for code in told["origins"]),
        may_release=bool(told["origins"]) and at.has(Role.RIGHTS_OFFICER) and row["by"] != at.actor.name,
    )


@router.post("/updates/{update_id}/release-origins")
async def release_origins(update_id: UUID, post: Post) -> Response:
    at, posted = post
    body = {"origins": posted.some("origins", "Choose who may know."), "reason": posted.get("why")}
    done = await send(at, posted, f"updates/{update_id}/release-origins", body)
    return go(f"/updates/{update_id}", done.then("origins_released"))
