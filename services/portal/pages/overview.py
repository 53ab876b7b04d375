"""A whole period at a glance: numbers, operations, who is silent, what waits for a word, and the timeline."""

import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from services.portal.pages.desk import Desk, Signed
from services.portal.pages.entries import item
from services.portal.pages.forms import new_key
from services.portal.pages.lines import bar
from services.portal.pages.operations import may_draft
from services.portal.pages.times import zone_of
from services.portal.pages.views import Checkpoint, Days, NumberCard, Objective, PeriodPage, Silent
from services.portal.pages.waiting import waiting
from services.portal.repository import Reads
from services.portal.selects import Row
from services.portal.stream import streams
from shared.vocabulary import FIRST_PERIOD, Indicator

router = APIRouter(include_in_schema=False)

CARDS = (
    Indicator.TRAFFICKED_PERSONS_ASSISTED, Indicator.ARRESTS, Indicator.SUSPECTS_IDENTIFIED,
    Indicator.INVESTIGATIONS_OPENED, Indicator.INTERNATIONAL_ENQUIRIES, Indicator.OFFICERS_TRAINED,
)  # fmt: skip
Sums = Mapping[str, tuple[int, int]]


@router.get("/periods/{period_id}")
async def overview(period_id: UUID, at: Signed) -> Response:
    async with at.reads() as reads:
        period = await reads.period(period_id)
        context = await at.context(reads, "overview", period, shown_to=at.say("shown to participants and co-chairs"))
        joined = await reads.participants(period_id)
        totals = await reads.totals(period_id)
        operations = await reads.headlines(period_id)
        posts = await reads.last_posts(period_id)
        last, entries = await reads.last_entry(period_id), await reads.latest(period_id)
        before, since = await _last_checkpoint(at, reads, period, joined)
        words = await waiting(at, reads, period, joined, totals)
        held = await reads.held(period_id)
    if any(row["text"] is not None for row in entries):
        await at.portal.note_read(at.actor, "timeline", period_id)
    sums, today = sum_up(totals), at.now.astimezone(zone_of(at.party)).date()
    live = period["status"] in {"planning", "adopted", "active", "closed"} and not streams.full(at.session, at.portal)
    own_held = sum(row["held"] and row["owner"] == at.party for row in operations)
    view = PeriodPage(
        id=str(period_id),
        title=period["title"],
        status=period["status"],
        version=period["version"],
        days=_days(period, today),
        co_chairs=tuple(period["co_chairs"]),
        participants=len(joined),
        supporting=tuple(period["supporting"]),
        cards=cards(period, sums, before, since),
        bars=tuple(bar(at, row) for row in operations if row["status"] != "cancelled")[:60],
        held=max(0, held - own_held),
        silent=_silent(at, period, posts) if period["status"] == "active" else (),
        posted_this_week=sum(1 for last in posts.values() if last and at.now - last < timedelta(days=7)),
        waiting=words,
        timeline=tuple(item(at, row) for row in entries),
        stream=f"/periods/{period_id}/stream?after={last}" if live else "",
        objectives=objectives(period, sums),
        may=_may(at, period, joined),
        idempotency_key=new_key(),
    )
    return at.show(context, "period.html", view)


def sum_up(totals: Sequence[Row]) -> dict[str, tuple[int, int]]:
    """Validated and provisional by indicator, over all parties."""
    found: dict[str, tuple[int, int]] = {}
    for row in totals:
        validated, provisional = found.get(row["indicator"], (0, 0))
        found[row["indicator"]] = (validated + row["validated"], provisional + row["provisional"])
    return found


def cards(period: Row, sums: Sums, before: Mapping[str, int] | None, since: str) -> tuple[NumberCard, ...]:
    """Six numbers: the usual ones, and in the place of those that nobody counts what this period does count."""
    meant = {str(one["indicator"]) for one in period["objectives"]}
    usual = [one.value for one in CARDS]
    counted = [one for one in usual if one in sums or one in meant]
    further = [one.value for one in (*FIRST_PERIOD, *Indicator) if one.value not in usual]
    further = [one for one in dict.fromkeys(further) if one in sums or one in meant]
    chosen = [*counted, *further, *(one for one in usual if one not in counted)][:6]
    order = [*usual, *further]
    shown = []
    for indicator in sorted(chosen, key=order.index):
        validated, provisional = sums.get(indicator, (0, 0))
        change = validated + provisional - before.get(indicator, 0) if before is not None else None
        shown.append(
            NumberCard(
                indicator=indicator,
                validated=validated,
                provisional=provisional,
                href=f"/periods/{period['id']}/updates?indicator={indicator}",
                change=change if change else None,
                since=since,
            )
        )
    return tuple(shown)


def objectives(period: Row, sums: Sums) -> tuple[Objective, ...]:
    found = []
    for one in period["objectives"]:
        validated, provisional = sums.get(one["indicator"], (0, 0))
        href = f"/periods/{period['id']}/updates?indicator={one['indicator']}"
        found.append(
            Objective(
                title=one["title"], validated=validated, provisional=provisional, target=one["target"],
                baseline=one["baseline"], href=href,
            )
        )  # fmt: skip
    return tuple(found)


_BEFORE: OrderedDict[tuple[object, ...], tuple[float, dict[str, int]]] = OrderedDict()
_KEPT_SECONDS = 60


async def _last_checkpoint(
    at: Desk, reads: Reads, period: Row, joined: Sequence[str]
) -> tuple[dict[str, int] | None, str]:
    """What stood at the last checkpoint, and its name. It hardly changes any more, so it is kept for a minute."""
    today = at.now.date()
    past = [one for one in period["checkpoints"] if date.fromisoformat(str(one["day"])) <= today]
    if not past:
        return None, ""
    last = max(past, key=lambda one: str(one["day"]))
    day = date.fromisoformat(str(last["day"]))
    key = (at.actor.entries, period["id"], day)
    kept = _BEFORE.get(key)
    if not kept or kept[0] < time.monotonic():
        kept = (time.monotonic() + _KEPT_SECONDS, await reads.counts_before(period["id"], joined, day))
        _BEFORE[key] = kept
        if len(_BEFORE) > 200:
            _BEFORE.popitem(last=False)
    return kept[1], str(last["name"])


def _days(period: Row, today: date) -> Days:
    points = (Checkpoint(name=one["name"], day=date.fromisoformat(str(one["day"]))) for one in period["checkpoints"])
    return Days(first=period["first_day"], last=period["last_day"], today=today, checkpoints=tuple(points))


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
    return frozenset(found)
