"""Home: what an officer needs at once."""

from collections.abc import Sequence

from fastapi import APIRouter, Response

from services.portal.pages.awaited import group_words
from services.portal.pages.conflicts import conflict_words
from services.portal.pages.desk import Desk, Signed, present
from services.portal.pages.incidents import banner, incident_words
from services.portal.pages.lines import PARTY_ROLES, alert_line, operation_line, update_line
from services.portal.pages.own_word import joint_words
from services.portal.pages.post_update import TAKEN
from services.portal.pages.times import zone_of
from services.portal.pages.views import Home
from services.portal.pages.waiting import own_words
from services.portal.pages.words import N_
from services.portal.repository import Reads
from services.portal.selects import Row
from shared.vocabulary import Role

router = APIRouter(include_in_schema=False)

MORNING, AFTERNOON, EVENING = N_("Good morning"), N_("Good afternoon"), N_("Good evening")
_OPEN = {"proposed", "planning"}


@router.get("/")
async def home(at: Signed) -> Response:
    async with at.reads() as reads:
        periods, _ = await reads.periods()
        period = present(periods)
        incidents = await incident_words(at, reads)
        context = await at.context(reads, "home", period, **banner(at, told=bool(incidents)))
        operations = await reads.own_operations(period["id"]) if period else ()
        posts = await reads.newest_of_party(period["id"]) if period else ()
        running = period is not None and period["status"] == "active"
        mine = [row for row in posts if row["by"] == at.actor.name][:5]
        returned = [row for row in posts if row["status"] == "returned"][:5]
        view = Home(
            greeting=_greeting(at),
            operations=tuple(operation_line(row) for row in operations if row["status"] != "cancelled")[:8],
            alerts=tuple(alert_line(at, row) for row in (await reads.alerts_waiting())[:5]),
            invitations=await _invitations(at, reads, periods),
            waiting=(
                *incidents,
                *await conflict_words(at, reads), *await group_words(at, reads), *await joint_words(at, reads),
                *await own_words(at, reads, periods),
            ),
            returned=tuple(update_line(at, row) for row in returned),
            recent=tuple(update_line(at, row) for row in mine),
            may_post=at.has(*PARTY_ROLES) and running and any(row["status"] in TAKEN for row in operations),
            has_posted=at.has(*PARTY_ROLES) or bool(mine),
        )
    if mine or returned:
        await at.portal.note_read(at.actor, "updates", "home")
    if any(line.title for line in view.alerts):
        await at.portal.note_read(at.actor, "titles of alerts", "home")
    return at.show(context, "home.html", view)


async def _invitations(at: Desk, reads: Reads, periods: Sequence[Row]) -> tuple[tuple[str, str], ...]:
    """Periods whose invitation waits for the reader's word, if the reader may give it."""
    if not at.has(Role.COORDINATOR):
        return ()
    answered = {row["period_id"] for row in await reads.answers_of(at.party)}
    asked = [row for row in periods if at.party in {*row["invited"], *row["co_chairs"]}]
    return tuple(
        (str(row["id"]), row["title"]) for row in asked if row["status"] in _OPEN and row["id"] not in answered
    )


def _greeting(at: Desk) -> str:
    hour = at.now.astimezone(zone_of(at.party)).hour
    words = at.say(MORNING if 4 <= hour < 12 else AFTERNOON if 12 <= hour < 18 else EVENING)
    first = at.session.display_name.split()[0]
    return words if first == at.party or "." in first else f"{words}, {first}"  # a desk's account has no first name
