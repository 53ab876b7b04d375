"""What in a period waits for one party's word."""

from collections.abc import Sequence
from datetime import datetime

from services.portal.pages.desk import Desk
from services.portal.pages.views import Waiting
from services.portal.repository import Reads
from services.portal.selects import Row

MOST = 12


async def waiting(
    at: Desk, reads: Reads, period: Row, joined: Sequence[str], totals: Sequence[Row]
) -> tuple[Waiting, ...]:
    """Overdue answers to alerts first, then invitations, the plan, and results that nobody stands by yet."""
    found = await _alerts(at, reads)
    if period["status"] in {"proposed", "planning"}:
        found += await _invitations(at, reads, period)
        found += await _plan(at, reads, period, joined)
    if period["status"] in {"active", "closed", "debriefed"}:
        found += _results(at, period, totals)
    return tuple(found[:MOST])


async def _alerts(at: Desk, reads: Reads) -> list[Waiting]:
    text = at.say("Alert: %(kind)s")
    return [
        Waiting(
            text=text % {"kind": at.words(row["kind"])}, who=row["recipient"], href=f"/alerts/{row['id']}", overdue=True
        )
        for row in await reads.alerts_overdue(at.now)
    ]


async def _invitations(at: Desk, reads: Reads, period: Row) -> list[Waiting]:
    answered = {row["party"] for row in await reads.answers(period["id"])}
    text, href = at.say("Answer the invitation"), f"/periods/{period['id']}/plan"
    asked = dict.fromkeys([*period["co_chairs"], *period["invited"]])
    return [Waiting(text=text, who=party, href=href) for party in asked if party not in answered]


async def _plan(at: Desk, reads: Reads, period: Row, joined: Sequence[str]) -> list[Waiting]:
    plans = await reads.plans(period["id"])
    if not plans:
        return []
    last = plans[-1]
    given = {row["party"] for row in await reads.plan_answers(period["id"]) if row["number"] == last["number"]}
    text = at.say("Endorse plan version %(number)s") % {"number": last["number"]}
    href, days = f"/periods/{period['id']}/plan", _days(at.now, last["at"])
    return [Waiting(text=text, who=party, href=href, days=days) for party in joined if party not in given]


def _results(at: Desk, period: Row, totals: Sequence[Row]) -> list[Waiting]:
    """A party's own while it works; everybody's once the period is over."""
    over = period["status"] != "active"
    parties = sorted({row["party"] for row in totals if row["provisional"] and (over or row["party"] == at.party)})
    text, base = at.say("Validate provisional results"), f"/periods/{period['id']}/updates"
    return [
        Waiting(text=text, who=party, href=f"{base}?party={party}&status=provisional") for party in parties
    ]


def _days(now: datetime, since: datetime) -> int:
    return max(0, (now - since).days)
