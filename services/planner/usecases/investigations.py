"""Investigation plans: put to their states, answered, withdrawn from; milestones that are reached or overdue."""

from uuid import UUID

from services.planner.domain.investigation import Investigation
from services.planner.domain.period import Period
from services.planner.domain.permissions import may
from services.planner.repository import Periods
from services.planner.repository_joint import Investigations
from shared.actor import Actor
from shared.events.base import audience_of
from shared.events.planner import InvestigationEvent, InvestigationsCounted, Milestone
from shared.runtime.db import Tx
from shared.runtime.versions import require_version
from shared.vocabulary import InvestigationState, JointAnswer


async def propose(tx: Tx, actor: Actor, plan: Investigation) -> Investigation:
    period = await Periods(tx).get(plan.period_id)
    period.require_visible(actor)
    may(actor, "answer investigation plan")
    proposed = await _keep(tx, *Investigation.propose(plan, period.frame, actor))
    await count(tx, period)
    return proposed


async def revise(
    tx: Tx, actor: Actor, investigation_id: UUID, expected: int, title: str, aim: str, members: tuple[str, ...],
    milestones: tuple[Milestone, ...],
) -> Investigation:  # fmt: skip
    period, plan = await _seen(tx, actor, investigation_id, "answer investigation plan", expected)
    return await _keep(tx, *plan.revise(title, aim, members, milestones, period.frame, actor))


async def answer(
    tx: Tx, actor: Actor, investigation_id: UUID, number: int, given: JointAnswer, reason: str
) -> Investigation:
    period, plan = await _seen(tx, actor, investigation_id, "answer investigation plan")
    return await _keep(tx, *plan.answer(number, given, reason, period.frame, actor, tx.now))


async def withdraw(tx: Tx, actor: Actor, investigation_id: UUID, reason: str) -> Investigation:
    period, plan = await _seen(tx, actor, investigation_id, "answer investigation plan")
    after = await _keep(tx, *plan.withdraw(reason, period.frame, actor, tx.now))
    if after.state is InvestigationState.STOPPED:
        await count(tx, period)
    return after


async def reach(tx: Tx, actor: Actor, investigation_id: UUID, milestone_id: UUID) -> Investigation:
    period, plan = await _seen(tx, actor, investigation_id, "reach milestone")
    return await _keep(tx, *plan.reach(milestone_id, period.frame, actor, tx.now))


async def tell_overdue(tx: Tx, investigation_id: UUID) -> None:
    """A milestone's day may be over: decided under the lock, so that it is told once."""
    period = await Periods(tx).get(await Investigations(tx).period_of(investigation_id))
    plan = await Investigations(tx).get(investigation_id)
    if told := plan.tell_overdue(period.frame, tx.now):
        await _keep(tx, *told)
        tx.audit("tell overdue milestones", str(investigation_id))


async def leave(tx: Tx, actor: Actor, period: Period) -> None:
    """Leaving the period is a withdrawal. The period is locked, and the party out of it already."""
    touched = [
        one for one in await Investigations(tx).of_period(period.id)
        if actor.party in one.states and one.state is not InvestigationState.STOPPED
    ]  # fmt: skip
    for plan in touched:
        await _keep(tx, *plan.withdraw("", period.frame, actor, tx.now))
    if touched:
        await count(tx, period)


async def count(tx: Tx, period: Period) -> None:
    """Tell the co-chairs how many there are. The period is locked."""
    found = await Investigations(tx).count(period.id)
    readers = audience_of(co_chair=period.presiding)
    tx.announce(
        InvestigationsCounted(period_id=period.id, version=period.version, investigations=found, audience=readers)
    )


async def _seen(
    tx: Tx, actor: Actor, investigation_id: UUID, what: str, expected: int | None = None
) -> tuple[Period, Investigation]:
    """Both locked, the period first: hidden before it is anything else, then the role, then the version."""
    period = await Periods(tx).get(await Investigations(tx).period_of(investigation_id))
    plan = await Investigations(tx).get(investigation_id)
    plan.require_state(period.frame, actor)
    may(actor, what)
    if expected is not None:
        await require_version(tx, InvestigationEvent.topic, str(investigation_id), plan.version, expected)
    return period, plan


async def _keep(tx: Tx, plan: Investigation, *said: InvestigationEvent) -> Investigation:
    await Investigations(tx).put(plan)
    tx.announce(*said)
    return plan
