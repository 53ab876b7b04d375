"""What waits for one state's word, whatever it is about: found the same way for its page and for the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.portal.repository import Reads
from services.portal.selects import Row

Kind = Literal[
    "invitation", "plan", "amendment", "joint_operation", "joint_amendment", "investigation_plan", "consultation",
    "activity", "incident",
]
ANSWERED = frozenset({"proposed", "planning"})
RUNS = frozenset({"adopted", "active"})


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word that is awaited. `number`: the version that it is about; `since`: when it was asked for; `by`: until when."""

    kind: Kind
    subject_id: UUID
    title: str
    period_id: UUID | None = None
    number: int | None = None
    since: datetime | None = None
    by: datetime | None = None


async def awaited(reads: Reads, party: str, now: datetime) -> tuple[Word, ...]:
    """Of this reader's own party: invitations, plans, then what is asked of a few, and of the Working Group."""
    periods, more = await reads.periods()
    while more:
        further, more = await reads.periods(more)
        periods = [*periods, *further]
    given = {row["period_id"] for row in await reads.answers_of(party)}
    found: list[Word] = []
    for period in periods:
        title, key = str(period["title"]), period["id"]
        asked = party in {*period["invited"], *period["co_chairs"]} and period["status"] in ANSWERED
        if asked and key not in given and not (period["answer_by"] and now > period["answer_by"]):
            found.append(
                Word(kind="invitation", subject_id=key, title=title, period_id=key, by=period["answer_by"])
            )
        joined = await reads.participants(key) if period["status"] in ANSWERED | RUNS else ()
        if party in joined and (plan := await plan_awaited(reads, period, joined)) and party in plan.silent:
            kind: Kind = "amendment" if plan.amends else "plan"
            found.append(
                Word(kind=kind, subject_id=key, title=title, period_id=key, number=plan.number, since=plan.at)
            )
    found += [
        Word(
            kind="joint_operation", subject_id=row["operation_id"], title=row["title"] or "", period_id=row["period_id"],
            number=row["number"], since=row["proposed_at"],
        )
        for row in await reads.joint_awaited()
    ]  # fmt: skip
    found += [
        Word(
            kind="joint_amendment", subject_id=row["operation_id"], title=row["title"] or "", period_id=row["period_id"],
            number=row["number"], since=row["proposed_at"],
        )
        for row in await reads.joint_amendments_awaited()
    ]  # fmt: skip
    found += [
        Word(
            kind="investigation_plan", subject_id=row["id"], title=row["title"], period_id=row["period_id"],
            number=row["number"], since=row["proposed_at"],
        )
        for row in await reads.investigations_awaited()
    ]  # fmt: skip
    found += [
        Word(
            kind="consultation", subject_id=row["id"], title=row["title"], period_id=row["period_id"],
            since=row["called_at"], by=row["answer_by"],
        )
        for row in await reads.consultations_awaited()
    ]  # fmt: skip
    found += [
        Word(kind="activity", subject_id=row["id"], title=row["title"], since=row["changed_at"])
        for row in await reads.activities_asked()
        if row["status"] == "proposed"
    ]
    # a rights officer's own to see: nobody else has such rows; the period may be one in which their party has no part
    found += [
        Word(kind="incident", subject_id=row["id"], title=row["party"], since=row["reported_at"], by=row["take_up_by"])
        for row in await reads.incidents_waiting()
    ]
    return tuple(found)


@dataclass(frozen=True)
class AwaitedPlan:
    """A version of a plan on which words are given, and by whom not yet."""

    number: int
    amends: bool
    at: datetime
    silent: frozenset[str]


async def plan_awaited(reads: Reads, period: Row, joined: Sequence[str]) -> AwaitedPlan | None:
    """The present version, while words are given on it: before one is in force, or as an amendment of that."""
    amending = period["status"] in RUNS and (period["plan_version"] or 0) > (period["adopted"] or 0)
    if period["status"] not in ANSWERED and not amending:
        return None
    plans = await reads.plans(period["id"])
    if not plans:
        return None
    last = plans[-1]
    given = {row["party"] for row in await reads.plan_answers(period["id"]) if row["number"] == last["number"]}
    return AwaitedPlan(last["number"], amending, last["at"], frozenset(joined) - given - set(last["carried"]))
