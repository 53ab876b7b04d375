"""The public HTTP API's question about the consent board of a period."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from services.portal.api import Cursor
from services.portal.consent_board import consent_board
from services.portal.doors import Bearer, ThePortal
from services.portal.repository import encode_cursor, thing_after
from services.portal.schemas import Said

router = APIRouter(prefix="/api/v1")


class BoardWordOut(Said):
    """`answer`: a state's word, or `awaited`, `reconfirm`, `carried`, `unsaid` (none was given and none is asked for any
    more), `concerned` (one of its states; what it said is between them)."""

    party: str
    answer: str
    by: str
    at: datetime | None


class BoardThingOut(Said):
    """Words on the present version; states that it does not concern have none. `operation_kind`: of an operation."""

    kind: Literal["plan", "joint_operation", "investigation_plan"]
    id: UUID
    title: str
    status: str
    number: int | None
    owner: str
    operation_kind: str
    words: list[BoardWordOut]


class ConsentBoardOut(Said):
    """`plans` and `investigations` come with the first page of `operations`."""

    states: list[str]
    plans: list[BoardThingOut]
    operations: list[BoardThingOut]
    investigations: list[BoardThingOut]
    next: str | None


@router.get("/periods/{period_id}/consents")
async def consents(period_id: UUID, session: Bearer, portal: ThePortal, cursor: Cursor = None) -> ConsentBoardOut:
    """As far as the caller may know: of what is only proposed, and of investigation plans, those of its own state."""
    async with portal.reads(session.actor) as reads:
        board = await consent_board(reads, await reads.period(period_id), thing_after(cursor))
    if board.tells:
        await portal.note_read(session.actor, "consent board", period_id)
    return ConsentBoardOut.model_validate({**vars(board), "next": encode_cursor(board.before) if board.before else None})
