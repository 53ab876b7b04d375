"""Every page's routes, in one list."""

from fastapi import APIRouter

from services.portal import files, stream
from services.portal.pages import (
    alerts,
    board,
    checkpoints,
    conflicts,
    consultations,
    debrief,
    disclosure,
    distress,
    endings,
    home,
    incidents,
    investigations,
    joint,
    joint_amending,
    operations,
    overview,
    own_word,
    participation,
    periods,
    places,
    plan,
    post_update,
    programme,
    protection,
    record,
    referrals,
    sign_in,
    targets,
    updates,
    work,
)
from shared.errors import NotFound

PAGES = tuple(
    module.router
    # where two addresses are alike (`/updates/new`, `/updates/{id}`), the one with the plain word comes first
    for module in (
        files, sign_in, home, own_word, post_update, updates, disclosure, work, joint, joint_amending, investigations,
        board, operations, periods, participation, plan, places, checkpoints, endings, alerts, conflicts, targets,
        consultations, programme,
        distress, incidents, protection, referrals, debrief, record, overview, stream,
    )
)
anywhere = APIRouter(include_in_schema=False)


@anywhere.get("/api/{path:path}")
async def nowhere(path: str) -> None:
    """Commands are taken on any path below, so that a question on one of them would be told to use another method."""
    raise NotFound


ROUTERS = (*PAGES, debrief.programs, anywhere)
