"""What in a period waits for one party's word, and what of all periods waits for the reader's own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.portal.awaited_words import plan_awaited
from services.portal.pages.desk import Desk
from services.portal.pages.participation import may_answer
from services.portal.pages.times import zone_of
from services.portal.pages.views import Waiting
from services.portal.repository import Reads
from services.portal.selects import Row
from shared.vocabulary import PlanAnswer, Role

STEPS = frozenset({"proposed", "planning", "adopted", "active", "closed", "debriefed"})
MOST = 12
LOOKED_AT = 4  # periods; more than one or two at a time are not meant to be


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
    text, base = at.say("Answer the invitation"), f"/periods/{period['id']}"
    asked = dict.fromkeys([*period["co_chairs"], *period["invited"]])
    # the form is for whoever may fill it in; the plan shows to everybody who has answered
    own = f"{base}/answer" if at.has(Role.COORDINATOR) else f"{base}/plan"
    return [
        Waiting(text=text, who=party, href=own if party == at.party else f"{base}/plan")
        for party in asked
        if party not in answered and may_answer(party, period, "", at.now)
    ]


async def _plan(at: Desk, reads: Reads, period: Row, joined: Sequence[str]) -> list[Waiting]:
    """Whose word on a version, or on an amendment of the one in force, is still awaited."""
    plan = await plan_awaited(reads, period, joined)
    if plan is None:
        return []
    text = at.say("Reconfirm plan version %(number)s") if plan.amends else at.say("Endorse plan version %(number)s")
    text, href, days = text % {"number": plan.number}, f"/periods/{period['id']}/plan", _days(at.now, plan.at)
    return [Waiting(text=text, who=party, href=href, days=days) for party in joined if party in plan.silent]


async def own_words(at: Desk, reads: Reads, periods: Sequence[Row]) -> tuple[Waiting, ...]:
    """What waits for the reader: the plan and results for a coordinator, the next step of a period for its co-chair."""
    if not at.has(Role.COORDINATOR, Role.CO_CHAIR):
        return ()
    found: list[Waiting] = []
    for period in [row for row in periods if row["status"] in STEPS][:LOOKED_AT]:
        joined = await reads.participants(period["id"])
        if at.has(Role.COORDINATOR) and at.party in joined:
            asked = await _plan(at, reads, period, joined)
            if period["status"] in {"active", "closed", "debriefed"}:
                asked += _results(at, period, await reads.totals(period["id"]))
            found += [replace(one, who=period["title"]) for one in asked if one.who == at.party]
        if at.chairs(period):
            found += await _chair(at, reads, period, joined)
    return tuple(found)


async def _chair(at: Desk, reads: Reads, period: Row, joined: Sequence[str]) -> list[Waiting]:
    """The next step of a period that nobody but its co-chairs can take."""
    base, who = f"/periods/{period['id']}", str(period["title"])
    if period["status"] == "adopted":
        return [Waiting(text=at.say("Start the period"), who=who, href=base)]
    if period["status"] == "active":
        over = period["last_day"] < at.now.astimezone(zone_of(at.party)).date()
        return [Waiting(text=at.say("Close the period"), who=who, href=f"{base}/close")] if over else []
    if period["status"] not in {"proposed", "planning"} or len(joined) < 2:
        return []
    plans = await reads.plans(period["id"])
    if not plans:
        return [Waiting(text=at.say("Publish the first version of the plan"), who=who, href=f"{base}/plan")]
    number = plans[-1]["number"]
    said = {row["party"]: row["answer"] for row in await reads.plan_answers(period["id"]) if row["number"] == number}
    if any(said.get(party) != PlanAnswer.ENDORSED for party in joined):
        return []
    return [Waiting(text=at.say("Adopt plan version %(number)s") % {"number": number}, who=who, href=f"{base}/plan")]


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
