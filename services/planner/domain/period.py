"""A joint period: proposed by co-chairs, answered by states, planned, adopted by all, run, closed."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.planner.domain.frame import Frame, PeriodNotOpen
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


class EndorsementsMissing(Conflict):
    """A plan is adopted by all or not at all; the detail names who is missing."""


class Given(BaseModel):
    """A party's word on an invitation or a plan version: what, by which officer, when, and its reservation."""

    model_config = ConfigDict(frozen=True)
    answer: str
    by: str
    at: datetime
    note: str = ""


class Plan(BaseModel):
    """One immutable version of the plan and the words given on it."""

    model_config = ConfigDict(frozen=True)
    number: int
    sections: tuple[Section, ...]
    rights_officers: tuple[str, ...] = ()
    answers: dict[str, Given] = {}


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
        self, sections: tuple[Section, ...], rights_officers: tuple[str, ...], by: Actor
    ) -> tuple[Self, PlanPublished]:
        """A further version of the plan. The first one opens planning."""
        self.require_co_chair(by)
        self._require(S.PROPOSED, S.PLANNING, doing="A plan is published before one is adopted.")
        if not sections:
            raise Invalid.field("sections", "A plan has at least one section.")
        plan = Plan(number=len(self.plans) + 1, sections=sections, rights_officers=rights_officers)
        changed = self._next(state=S.PLANNING, plans=(*self.plans, plan))
        said = PlanPublished(
            plan_version=plan.number, sections=sections, rights_officers=rights_officers, **changed._envelope(by)
        )
        return changed, said

    def answer_plan(
        self, number: int, answer: PlanAnswer, reason: str, by: Actor, at: datetime
    ) -> tuple[Self, PlanAnswered]:
        """A participating state's word on the present version."""
        self.require_visible(by)
        if by.party not in self.participants:
            raise Forbidden("Only a participating state answers a plan.")
        self._require(S.PLANNING, doing="Plans are answered while planning.")
        self._require_present(number)
        if answer is not PlanAnswer.ENDORSED and not reason.strip():
            raise Invalid.field("reason", "Say what the reservation or refusal is about.")
        given = Given(answer=answer, by=by.name, at=at, note=reason)
        plan = self.plans[-1]
        plan = plan.model_copy(update={"answers": {**plan.answers, by.party: given}})
        changed = self._next(plans=(*self.plans[:-1], plan))
        return changed, PlanAnswered(
            plan_version=number, answer=answer, by=by.name, reason=reason, **changed._envelope(by)
        )

    def adopt(self, number: int, by: Actor) -> tuple[Self, PlanAdopted]:
        """Adopt the present version: every participant has endorsed it."""
        self.require_co_chair(by)
        self._require(S.PLANNING, doing="A plan is adopted while planning.")
        self._require_present(number)
        answers = self.plans[-1].answers
        missing = [
            f"{party} ({answers[party].answer})" if party in answers else party
            for party in self.participants
            if party not in answers or answers[party].answer != PlanAnswer.ENDORSED
        ]
        if len(self.participants) < 2:
            raise EndorsementsMissing("A joint period has at least two participating states.")
        if missing:
            raise EndorsementsMissing(f"Version {number} still lacks the endorsement of {', '.join(missing)}.")
        changed = self._next(state=S.ADOPTED, adopted=number)
        return changed, PlanAdopted(plan_version=number, by=by.name, **changed._envelope(by))

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
