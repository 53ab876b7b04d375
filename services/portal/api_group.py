"""The public HTTP API's questions about consultations and the programme."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.api import Cursor, Limit
from services.portal.doors import Bearer, ThePortal
from services.portal.group_queries import is_overdue
from services.portal.repository import encode_cursor, thing_after
from services.portal.schemas import Page
from services.portal.schemas_group import (
    ActivityOut,
    ConsultationDetail,
    ConsultationOut,
    ConsultationWord,
    RecordOut,
    WorkingGroupOut,
)
from services.portal.selects import Row

router = APIRouter(prefix="/api/v1")


@router.get("/consultations")
async def consultations(
    session: Bearer, portal: ThePortal, cursor: Cursor = None, limit: Limit = 50
) -> Page[ConsultationOut]:
    async with portal.reads(session.actor) as reads:
        rows = await reads.consultations(thing_after(cursor), limit)
    if rows:
        await portal.note_read(session.actor, "titles of consultations", "list")
    items = [ConsultationOut.model_validate(dict(row)) for row in rows[:limit]]
    return Page(items=items, next=encode_cursor(items[-1].id) if len(rows) > limit else None)


@router.get("/consultations/{consultation_id}")
async def consultation(
    consultation_id: UUID, session: Bearer, portal: ThePortal, response: Response
) -> ConsultationDetail:
    async with portal.reads(session.actor) as reads:
        row = await reads.consultation(consultation_id)
        answers = [ConsultationWord.model_validate(dict(one)) for one in await reads.consultation_answers(consultation_id)]
        record = await reads.consultation_record(consultation_id)
    await portal.note_read(session.actor, "consultation", consultation_id)
    response.headers["etag"] = f'"{row["version"]}"'
    shown = RecordOut.model_validate(dict(record)) if record else None
    return ConsultationDetail.model_validate({**row, "answers": answers, "record": shown})


@router.get("/programme")
async def programme(
    session: Bearer, portal: ThePortal, cursor: Cursor = None, limit: Limit = 50
) -> Page[ActivityOut]:
    async with portal.reads(session.actor) as reads:
        rows = await reads.activities(thing_after(cursor), limit)
    items = [_activity(row) for row in rows[:limit]]
    return Page(items=items, next=encode_cursor(items[-1].id) if len(rows) > limit else None)


@router.get("/programme/{activity_id}")
async def activity(activity_id: UUID, session: Bearer, portal: ThePortal, response: Response) -> ActivityOut:
    async with portal.reads(session.actor) as reads:
        row = await reads.activity(activity_id)
    response.headers["etag"] = f'"{row["version"]}"'
    return _activity(row)


@router.get("/working-group")
async def working_group(session: Bearer, portal: ThePortal) -> WorkingGroupOut:
    async with portal.reads(session.actor) as reads:
        return WorkingGroupOut(members=list(await reads.working_group()))


def _activity(row: Row) -> ActivityOut:
    return ActivityOut.model_validate({**row, "is_overdue": is_overdue(row)})
