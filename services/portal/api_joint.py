"""The public HTTP API's question about a joint operation: the version that was put to its states, and their words."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from services.portal.doors import Bearer, ThePortal
from services.portal.schemas import Said
from shared.errors import NotFound
from shared.vocabulary import DetailAudience

router = APIRouter(prefix="/api/v1")


class JointWordOut(Said):
    party: str
    answer: str
    by: str
    reason: str
    at: datetime


class JointOut(Said):
    """`is_open`: words are still given on this version. Who reads the detail once it is scheduled, as this version was put
    to its states: they do, those that are `named`, and participants as `detail_audience` says."""

    operation_id: UUID
    owner: str
    partners: list[str]
    number: int
    proposed_by: str
    proposed_at: datetime
    is_open: bool
    detail_audience: DetailAudience | None = None
    named: tuple[str, ...] = ()
    words: tuple[JointWordOut, ...] = ()


@router.get("/operations/{operation_id}/joint")
async def joint(operation_id: UUID, session: Bearer, portal: ThePortal) -> JointOut:
    """For its states; for everybody else there is nothing here."""
    async with portal.reads(session.actor) as reads:
        row = await reads.joint(operation_id)
        if row is None:
            raise NotFound
        words = [
            JointWordOut.model_validate(dict(one)) for one in await reads.joint_words(operation_id, row["number"])
        ]
    await portal.note_read(session.actor, "joint operation", operation_id)
    return JointOut.model_validate({**row, "words": words})
