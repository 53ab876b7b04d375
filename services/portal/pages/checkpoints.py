"""The progression sessions of a period, each with the numbers since the one before it."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.checkpoints import sessions
from services.portal.pages.desk import Signed
from services.portal.pages.times import zone_of
from services.portal.pages.views import CheckpointsPage

router = APIRouter(include_in_schema=False)


@router.get("/periods/{period_id}/checkpoints")
async def checkpoints(period_id: UUID, at: Signed) -> Response:
    async with at.reads() as reads:
        row = await reads.period(period_id)
        context = await at.context(reads, "overview", row, shown_to=at.say("shown to participants and co-chairs"))
        days = await reads.counts_by_day(period_id)
    today = min(at.now.astimezone(zone_of(at.party)).date(), row["last_day"])
    view = CheckpointsPage(
        period_id=str(period_id), title=row["title"], sessions=sessions(row["checkpoints"], today, days)
    )
    return at.show(context, "checkpoints.html", view)
