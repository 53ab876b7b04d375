"""The public HTTP API's question about a joint operation: the version that was put to its states, and their words."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from services.portal.doors import Bearer, ThePortal
from services.portal.repository import Reads
from services.portal.schemas import Said
from shared.errors import NotFound
from shared.vocabulary import DetailAudience

router = APIRouter(prefix="/api/v1")

DETAIL = ("title", "agency", "place", "places", "narrative", "tactics", "resources", "contacts")


class JointWordOut(Said):
    party: str
    answer: str
    by: str
    reason: str
    at: datetime


class JointAmendmentOut(Said):
    """`version` is what `If-Match` names in an answer; `status`: proposed, refused, in_force; `detail` as an operation's."""

    number: int
    version: int
    status: str
    proposed_by: str
    proposed_at: datetime
    kind: str
    starts_at: datetime
    ends_at: datetime
    objective_id: UUID | None
    detail: dict[str, Any] | None = None
    words: tuple[JointWordOut, ...] = ()


class JointOut(Said):
    """`is_open`: words are still given on this version. Who reads the detail once it is scheduled, as this version was put
    to its states: they do, those that are `named`, and participants as `detail_audience` says. `amendment`: what its
    states were asked last to make of it."""

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
    amendment: JointAmendmentOut | None = None


@router.get("/operations/{operation_id}/joint")
async def joint(operation_id: UUID, session: Bearer, portal: ThePortal) -> JointOut:
    """For its states; for everybody else there is nothing here."""
    async with portal.reads(session.actor) as reads:
        row = await reads.joint(operation_id)
        if row is None:
            raise NotFound
        words = await _words(reads, operation_id, row["number"])
        asked, amendment = await reads.joint_amendment(operation_id), None
        if asked is not None:
            detail = await reads.joint_amendment_detail(operation_id, asked["number"])
            amendment = JointAmendmentOut.model_validate({
                **asked, "detail": {name: detail[name] for name in DETAIL} if detail else None,
                "words": await _words(reads, operation_id, asked["number"]),
            })  # fmt: skip
    await portal.note_read(session.actor, "joint operation", operation_id)
    return JointOut.model_validate({**row, "words": words, "amendment": amendment})


async def _words(reads: Reads, operation_id: UUID, number: int) -> list[JointWordOut]:
    return [JointWordOut.model_validate(dict(one)) for one in await reads.joint_words(operation_id, number)]
