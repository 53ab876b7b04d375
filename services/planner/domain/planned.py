"""The plan of a period: published in versions, answered by states, adopted by all, amended with those it affects."""

from datetime import datetime
from typing import Self

from services.planner.domain.convened import PLANNED, RUNS, Convened
from services.planner.domain.plan import EndorsementsMissing, Given, Plan
from shared.actor import Actor
from shared.errors import Conflict, Forbidden, Invalid
from shared.events.planner import FileRef, Objective, PlanAdopted, PlanAmended, PlanAnswered, PlanPublished, Section
from shared.vocabulary import PeriodState, PlanAnswer

S = PeriodState


class Planned(Convened):
    """A period, with what is done to its plan."""

    def publish_plan(
        self,
        sections: tuple[Section, ...],
        rights_officers: tuple[str, ...],
        by: Actor,
        objectives: tuple[Objective, ...] | None = None,
        affected: tuple[str, ...] = (),
        annexes: tuple[FileRef, ...] = (),
    ) -> tuple[Self, PlanPublished]:
        """A further version of the plan. The first one opens planning; one after adoption amends the version in force.

        Without objectives it keeps those of the version before.
        """
        self.require_co_chair(by)
        self._require(*PLANNED, *RUNS, doing="A plan is published before one is adopted, and amended until the close.")
        before = self.plans[-1].objectives if self.plans and not self.adopted else self.objectives
        affected = tuple(sorted({*affected, *self._bound(rights_officers)})) if self.adopted else affected
        plan = Plan(
            number=len(self.plans) + 1,
            sections=sections,
            objectives=objectives if objectives is not None else before,
            rights_officers=rights_officers,
            amends=self.adopted,
            affected=affected,
            annexes=annexes,
            carried=tuple(sorted(set(self.participants) - set(affected))) if self.adopted else (),
            by=by.name,
        )
        if errors := tuple(plan.problems(self.participants)):
            raise Invalid("Some of this cannot be accepted.", errors=errors)
        aims = {} if self.adopted else {"state": S.PLANNING, "objectives": plan.objectives}
        changed = self._next(plans=(*self.plans, plan), **aims)
        shown = plan.model_dump(exclude={"number", "answers"})
        return changed, PlanPublished(plan_version=plan.number, **shown, **changed._envelope(by))

    def _bound(self, rights_officers: tuple[str, ...]) -> set[str]:
        """Whom an amendment affects whatever its author says of it.

        Other rights officers affect all. Who was asked about an amendment that waits is asked about the next as well; who
        spoke against one is asked about all after it: the same words, published anew, do not get round it.
        """
        in_force, *pending = (plan for plan in self.plans if plan.number >= (self.adopted or 0))
        if set(rights_officers) != set(in_force.rights_officers):
            return set(self.participants)
        asked = {party for plan in pending for party in plan.affected}
        against = {party for plan in self.plans if plan.amends for party in plan.against}
        return (asked | against) & set(self.participants)

    def answer_plan(
        self, number: int, answer: PlanAnswer, reason: str, by: Actor, at: datetime
    ) -> tuple[Self, PlanAnswered, *tuple[PlanAmended, ...]]:
        """A participating state's word on the present version; the last one that an amendment needs brings it in force.

        A state that an amendment does not name may speak as well: then its own word stands for it, and not the one that
        it gave to the version before.
        """
        self.require_visible(by)
        if by.party not in self.participants:
            raise Forbidden("Only a participating state answers a plan.")
        self._require(S.PLANNING, *RUNS, doing="Plans are answered while planning, and amendments until the close.")
        self._require_present(number)
        if number == self.adopted:
            raise Conflict(f"Version {number} is in force; words are given on an amendment of it.")
        if answer is not PlanAnswer.ENDORSED and not reason.strip():
            raise Invalid.field("reason", "Say what the reservation or refusal is about.")
        if answer is PlanAnswer.ENDORSED:
            self.plans[-1].require_not_own(by)
        given = Given(answer=answer, by=by.name, at=at, note=reason)
        changed = self._next(plans=(*self.plans[:-1], self.plans[-1].with_word(by.party, given)))
        said = PlanAnswered(plan_version=number, answer=answer, by=by.name, reason=reason, **changed._envelope(by))
        amended, *more = changed._amended(by)
        return amended, said, *more

    @property
    def amendment(self) -> Plan | None:
        """The version that waits to take the place of the one in force."""
        last = self.plans[-1] if self.plans else None
        return last if last and self.adopted and last.number > self.adopted and self.state in RUNS else None

    def _amended(self, by: Actor) -> tuple[Self, *tuple[PlanAmended, ...]]:
        """The amendment is in force as soon as nobody's endorsement is missing."""
        plan = self.amendment
        if plan is None or not self.participants or plan.missing(self.participants):
            return (self,)
        aims = self.objectives if plan.objectives is None else plan.objectives
        changed = self._next(adopted=plan.number, objectives=aims)
        said = PlanAmended(plan_version=plan.number, amends=self.adopted, objectives=aims, **changed._envelope(by))
        return changed, said

    def adopt(self, number: int, by: Actor, at: datetime) -> tuple[Self, PlanAdopted]:
        """Adopt the present version: every participant has endorsed it. Before its first day it then starts by itself."""
        self.require_co_chair(by)
        self._require(S.PLANNING, doing="A plan is adopted while planning.")
        self._require_present(number)
        self._require_joint()
        if missing := self.plans[-1].missing(self.participants):
            raise EndorsementsMissing(f"Version {number} still lacks the endorsement of {', '.join(missing)}.")
        changed = self._next(state=S.ADOPTED, adopted=number, by_clock=at < self.begins)
        said = PlanAdopted(plan_version=number, by=by.name, objectives=self.objectives, **changed._envelope(by))
        return changed, said
