"""A whole period at a glance: numbers, operations, who is silent, what waits for a word, and the timeline."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, Signed
from services.portal.pages.endings import ARCHIVED, CANCELLED
from services.portal.pages.entries import item
from services.portal.pages.figures import read_figures
from services.portal.pages.forms import new_key
from services.portal.pages.lines import bar
from services.portal.pages.operations import may_draft
from services.portal.pages.times import zone_of
from services.portal.pages.views import Checkpoint, Days, PeriodPage, Reporting, Silent
from services.portal.pages.waiting import waiting
from services.portal.selects import Row
from services.portal.stream import streams

router = APIRouter(include_in_schema=False)


@router.get("/periods/{period_id}")
async def overview(period_id: UUID, at: Signed) -> Response:
    async with at.reads() as reads:
        period = await reads.period(period_id)
        context = await at.context(reads, "overview", period, shown_to=at.say("shown to participants and co-chairs"))
        joined = await reads.participants(period_id)
        totals = await reads.totals(period_id)
        figures = await read_figures(at, reads, period, totals)
        operations = await reads.headlines(period_id)
        posts = await reads.last_posts(period_id)
        last, entries = await reads.last_entry(period_id), await reads.latest(period_id)
        words = await waiting(at, reads, period, joined, totals)
        held = await reads.held(period_id)
        late = await reads.lateness(period_id)
        plans = await reads.investigations_counted(period_id)
    if any(row["text"] is not None for row in entries):
        await at.portal.note_read(at.actor, "timeline", period_id)
    today = at.now.astimezone(zone_of(at.party)).date()
    live = period["status"] in {"planning", "adopted", "active", "closed"} and not streams.full(at.session, at.portal)
    own_held = sum(row["held"] and row["owner"] == at.party for row in operations)
    drawn = [row for row in operations if row["status"] != "cancelled"][:60]
    view = PeriodPage(
        id=str(period_id),
        title=period["title"],
        status=period["status"],
        version=period["version"],
        days=_days(period, today),
        co_chairs=tuple(period["co_chairs"]),
        participants=len(joined),
        invited=len({*period["co_chairs"], *period["invited"]}),
        supporting=tuple(period["supporting"]),
        figures=figures,
        bars=tuple(bar(at, row) for row in drawn),
        held=max(0, held - own_held),
        investigations=plans,
        silent=_silent(at, period, posts) if period["status"] == "active" else (),
        posted_this_week=sum(1 for last in posts.values() if last and at.now - last < timedelta(days=7)),
        reporting=tuple(Reporting(party=row["party"], updates=row["updates"], late=row["late"]) for row in late),
        late_hours=at.portal.settings.late_hours,
        waiting=words,
        timeline=tuple(item(at, row) for row in entries),
        stream=f"/periods/{period_id}/stream?after={last}" if live else "",
        note=_turn(at, period),
        may=_may(at, period, joined),
        idempotency_key=new_key(),
    )
    return at.show(context, "period.html", view)


def _turn(at: Desk, period: Row) -> str:
    """What the clock will do, for who wonders whether anybody has to."""
    if period["status"] == "adopted":
        return at.say(
            "Adopted before its first day, it starts by itself when that day begins for the first of its states. "
            "Otherwise a co-chair starts it."
        )
    return ""


def _days(period: Row, today: date) -> Days:
    points = (Checkpoint(name=one["name"], day=date.fromisoformat(str(one["day"]))) for one in period["checkpoints"])
    over = period["status"] in {"closed", "debriefed", "archived"}
    return Days(
        first=period["first_day"], last=period["last_day"], today=today, checkpoints=tuple(points),
        begun=over or period["status"] == "active", over=over,
    )  # fmt: skip


def _silent(at: Desk, period: Row, posts: Mapping[str, datetime | None]) -> tuple[Silent, ...]:
    """Participants not heard for long; who never was, since the first day."""
    found = []
    for party, last in posts.items():
        zone: ZoneInfo = zone_of(party)
        day = last.astimezone(zone).date() if last else period["first_day"]
        days = (at.now.astimezone(zone).date() - day).days
        if days >= at.portal.settings.silent_days:
            found.append(Silent(party=party, days=days, ever=last is not None))
    return tuple(sorted(found, key=lambda one: -one.days))


def _may(at: Desk, period: Row, joined: tuple[str, ...]) -> frozenset[str]:
    found = {"draft"} if may_draft(at, period, joined) else set()
    if at.chairs(period):
        found |= {"adopted": {"activate"}, "active": {"close"}}.get(period["status"], set())
        found |= {"cancel"} if period["status"] in CANCELLED else {"archive"} if period["status"] in ARCHIVED else set()
    return frozenset(found)
