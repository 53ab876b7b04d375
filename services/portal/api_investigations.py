"""The public HTTP API's questions about investigation plans: for the states of each."""

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.api import Cursor, Limit
from services.portal.api_joint import JointWordOut
from services.portal.doors import Bearer, ThePortal
from services.portal.repository import encode_cursor, thing_after
from services.portal.schemas import Page, Said
from services.portal.selects import Row

router = APIRouter(prefix="/api/v1")


class MilestoneOut(Said):
    """`is_overdue`: its day is over, and it was not reached by then."""

    id: UUID
    title: str
    owner: str
    due: date
    done_at: datetime | None
    is_overdue: bool


class InvestigationOut(Said):
    id: UUID
    period_id: UUID
    version: int
    status: str
    owner: str
    members: list[str]
    title: str
    number: int
    is_open: bool


class InvestigationDetail(InvestigationOut):
    """`words`: of each state on the present version."""

    aim: str
    proposed_by: str
    proposed_at: datetime
    milestones: list[MilestoneOut]
    words: list[JointWordOut]


@router.get("/investigations")
async def investigations(
    session: Bearer, portal: ThePortal, period_id: UUID | None = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[InvestigationOut]:
    async with portal.reads(session.actor) as reads:
        rows = await reads.investigations(period_id, thing_after(cursor), limit)
    if rows:
        await portal.note_read(session.actor, "titles of investigation plans", "list")
    items = [InvestigationOut.model_validate(dict(row)) for row in rows[:limit]]
    return Page(items=items, next=encode_cursor(items[-1].id) if len(rows) > limit else None)


@router.get("/investigations/{investigation_id}")
async def investigation(
    investigation_id: UUID, session: Bearer, portal: ThePortal, response: Response
) -> InvestigationDetail:
    async with portal.reads(session.actor) as reads:
        row = await reads.investigation(investigation_id)
        words = await reads.investigation_words(investigation_id, row["number"])
    await portal.note_read(session.actor, "investigation plan", investigation_id)
    response.headers["etag"] = f'"{row["version"]}"'
    told = [JointWordOut.model_validate(dict(one)) for one in words]
    return InvestigationDetail.model_validate({**row, "milestones": milestones(row), "words": told})


def milestones(row: Row) -> list[MilestoneOut]:
    """With what is late of them."""
    return [
        MilestoneOut.model_validate({**one, "is_overdue": one["id"] in row["overdue"] and one["done_at"] is None})
        for one in row["milestones"]
    ]
