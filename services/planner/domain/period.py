"""A joint period: proposed by co-chairs, answered by states, planned, adopted by all, run, amended, closed."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.planner.domain.frame import Frame, PeriodNotOpen
from services.planner.domain.plan import EndorsementsMissing, Given, Plan
from shared.actor import Actor
from shared.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from shared.events.base import audience_of
from shared.events.planner import (
    Checkpoint,
    InvitationAnswered,
    Objective,
    PeriodActivated,
    PeriodArchived,
    PeriodCancelled,
    PeriodClosed,
    PeriodProposed,
    PlanAdopted,
    PlanAmended,
    PlanAnswered,
    PlanPublished,
    Section,
)
from shared.vocabulary import Answer, Focus, PeriodState, PlanAnswer

S = PeriodState
NEXT: dict[PeriodState, set[PeriodState]] = {
    S.PROPOSED: {S.PLANNING, S.CANCELLED},
    S.PLANNING: {S.ADOPTED, S.CANCELLED},
    S.ADOPTED: {S.ACTIVE, S.CANCELLED},
    S.ACTIVE: {S.CLOSED, S.CANCELLED},
    S.CLOSED: {S.DEBRIEFED, S.ARCHIVED},
    S.DEBRIEFED: {S.ARCHIVED},
    S.ARCHIVED: set(),
    S.CANCELLED: set(),
}
LONGEST_DAYS = 366
PLANNED = (S.PROPOSED, S.PLANNING)
RUNS = (S.ADOPTED, S.ACTIVE)
"""A plan is in force; it can be amended."""


class Period(BaseModel):
    """The aggregate. Every change returns the new state and the fact to announce."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    version: int = 0
    state: PeriodState = S.PROPOSED
    title: str
    focus: tuple[Focus, ...]
    first_day: date
    last_day: date
    co_chairs: tuple[str, ...]
    invited: tuple[str, ...]
    supporting: tuple[str, ...] = ()
    objectives: tuple[Objective, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    answers: dict[str, Given] = {}
    plans: tuple[Plan, ...] = ()
    adopted: int | None = None

    @classmethod
    def propose(cls, period: "Period", by: Actor) -> tuple["Period", PeriodProposed]:
        """A new period, from what its co-chairs ask.

        Raises:
            Invalid: a field breaks a rule; all of them are named.
        """
        errors = tuple(_problems(period, by))
        if errors:
            raise Invalid("Some of this cannot be accepted.", errors=errors)
        fields = PeriodProposed.model_fields.keys() & cls.model_fields.keys()
        said = {name: getattr(period, name) for name in fields if name not in {"id", "version"}}
        proposed = period._next()
        return proposed, PeriodProposed(**said, **proposed._envelope(by))

    @property
    def participants(self) -> tuple[str, ...]:
        """The parties that joined."""
        return tuple(sorted(party for party, given in self.answers.items() if given.answer == Answer.JOINED))

    @property
    def presiding(self) -> tuple[str, ...]:
        """The co-chairs whose state did not decline: one that did may still end the period, and learns nothing of it."""
        answers = self.answers
        return tuple(p for p in self.co_chairs if p not in answers or answers[p].answer != Answer.DECLINED)

    @property
    def audience(self) -> tuple[str, ...]:
        """Who hears of the period and its plans: all that were asked and did not decline, and always its co-chairs."""
        declined = {party for party, given in self.answers.items() if given.answer == Answer.DECLINED}
        asked = {*self.co_chairs, *self.invited, *self.supporting}
        return audience_of(asked - declined, co_chair=declined & set(self.co_chairs))

    @property
    def frame(self) -> "Frame":
        return Frame(
            self.id, self.state, self.first_day, self.last_day, self.participants, self.presiding,
            tuple(objective.id for objective in self.objectives),
        )  # fmt: skip

    def answer(self, answer: Answer, reservation: str, by: Actor, at: datetime) -> tuple[Self, InvitationAnswered]:
        """An invited party's word."""
        self.require_visible(by)
        if by.party not in {*self.invited, *self.co_chairs}:
            raise Forbidden("Only an invited party answers the invitation.")
        self._require(S.PROPOSED, S.PLANNING, doing="Invitations are answered before the plan is adopted.")
        given = Given(answer=answer, by=by.name, at=at, note=reservation)
        changed = self._next(answers={**self.answers, by.party: given})
        # a party that declines hears that its own word arrived, and nothing after it
        said = {**changed._envelope(by), "audience": audience_of({*changed.audience, by.party})}
        return changed, InvitationAnswered(answer=answer, by=by.name, reservation=reservation, **said)

    def publish_plan(
        self,
        sections: tuple[Section, ...],
        rights_officers: tuple[str, ...],
        by: Actor,
        objectives: tuple[Objective, ...] | None = None,
        affected: tuple[str, ...] = (),
    ) -> tuple[Self, PlanPublished]:
        """A further version of the plan. The first one opens planning; one after adoption amends the version in force.

        Without objectives it keeps those of the version before.
        """
        self.require_co_chair(by)
        self._require(*PLANNED, *RUNS, doing="A plan is published before one is adopted, and amended until the close.")
        before = self.plans[-1].objectives if self.plans and not self.adopted else self.objectives
        plan = Plan(
            number=len(self.plans) + 1,
            sections=sections,
            objectives=objectives if objectives is not None else before,
            rights_officers=rights_officers,
            amends=self.adopted,
            affected=affected,
            carried=tuple(sorted(set(self.participants) - set(affected))) if self.adopted else (),
        )
        if errors := tuple(plan.problems(self.participants)):
            raise Invalid("Some of this cannot be accepted.", errors=errors)
        aims = {} if self.adopted else {"state": S.PLANNING, "objectives": plan.objectives}
        changed = self._next(plans=(*self.plans, plan), **aims)
        shown = plan.model_dump(exclude={"number", "answers"})
        return changed, PlanPublished(plan_version=plan.number, **shown, **changed._envelope(by))

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
        if plan is None or plan.missing(self.participants):
            return (self,)
        aims = self.objectives if plan.objectives is None else plan.objectives
        changed = self._next(adopted=plan.number, objectives=aims)
        said = PlanAmended(plan_version=plan.number, amends=self.adopted, objectives=aims, **changed._envelope(by))
        return changed, said

    def adopt(self, number: int, by: Actor) -> tuple[Self, PlanAdopted]:
        """Adopt the present version: every participant has endorsed it."""
        self.require_co_chair(by)
        self._require(S.PLANNING, doing="A plan is adopted while planning.")
        self._require_present(number)
        self._require_joint()
        if missing := self.plans[-1].missing(self.participants):
            raise EndorsementsMissing(f"Version {number} still lacks the endorsement of {', '.join(missing)}.")
        changed = self._next(state=S.ADOPTED, adopted=number)
        said = PlanAdopted(plan_version=number, by=by.name, objectives=self.objectives, **changed._envelope(by))
        return changed, said

    def activate(self, by: Actor) -> tuple[Self, PeriodActivated]:
        self.require_co_chair(by)
        changed = self._become(S.ACTIVE)
        return changed, PeriodActivated(by=by.name, **changed._envelope(by))

    def close(self, by: Actor, at: datetime) -> tuple[Self, PeriodClosed]:
        self.require_co_chair(by)
        changed = self._become(S.CLOSED)
        return changed, PeriodClosed(at=at, by=by.name, **changed._envelope(by))

    def archive(self, by: Actor) -> tuple[Self, PeriodArchived]:
        self.require_co_chair(by)
        changed = self._become(S.ARCHIVED)
        return changed, PeriodArchived(by=by.name, **changed._envelope(by))

    def cancel(self, reason: str, by: Actor) -> tuple[Self, PeriodCancelled]:
        self.require_co_chair(by)
        changed = self._become(S.CANCELLED)
        return changed, PeriodCancelled(by=by.name, reason=reason, **changed._envelope(by))

    def require_visible(self, by: Actor) -> None:
        """Raises NotFound for whoever was not asked, or declined."""
        if not by.reads(self.audience):
            raise NotFound

    def require_co_chair(self, by: Actor) -> None:
        self.require_visible(by)
        if by.party not in self.co_chairs:
            raise Forbidden("Only a co-chair of this period does this.")

    def _require_joint(self) -> None:
        if len(self.participants) < 2:
            raise EndorsementsMissing("A joint period has at least two participating states.")

    def _require_present(self, number: int) -> None:
        if not self.plans or self.plans[-1].number != number:
            present = f"version {self.plans[-1].number}" if self.plans else "none yet"
            raise Conflict(f"The present version of the plan is {present}.")

    def _require(self, *states: PeriodState, doing: str) -> None:
        if self.state not in states:
            raise PeriodNotOpen(f"{doing} This period is {self.state.value}.")

    def _become(self, state: PeriodState) -> Self:
        if state not in NEXT[self.state]:
            raise PeriodNotOpen(f"A period that is {self.state.value} does not become {state.value}.")
        return self._next(state=state)

    def _next(self, **changes: object) -> Self:
        return self.model_copy(update={**changes, "version": self.version + 1})

    def _envelope(self, by: Actor) -> dict[str, object]:
        return {"period_id": self.id, "version": self.version, "party": by.party, "audience": self.audience}


def _problems(period: Period, by: Actor) -> list[FieldError]:
    found = []
    if not period.title.strip():
        found.append(FieldError("title", "Give the period a title."))
    if period.last_day < period.first_day:
        found.append(FieldError("last_day", "The last day is before the first."))
    elif (period.last_day - period.first_day).days >= LONGEST_DAYS:
        found.append(FieldError("last_day", "A period lasts a year at most."))
    if by.party not in period.co_chairs:
        found.append(FieldError("co_chairs", f"{by.party} proposes this and is not among the co-chairs."))
    if not period.invited:
        found.append(FieldError("invited", "Invite at least one party."))
    twice = set(period.supporting) & {*period.invited, *period.co_chairs}
    if twice:
        found.append(FieldError("supporting", f"{', '.join(sorted(twice))} cannot be both invited and in support."))
    for checkpoint in period.checkpoints:
        if not period.first_day <= checkpoint.day <= period.last_day:
            found.append(FieldError("checkpoints", f"{checkpoint.name} is not inside the period."))
    return found
