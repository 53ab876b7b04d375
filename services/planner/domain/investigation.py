"""An investigation plan: joint work of two or more states in a period, with milestones that each of them agreed to."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from services.planner.domain.consents import Proposal
from services.planner.domain.frame import Frame, PeriodNotOpen
from shared.actor import Actor
from shared.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from shared.events.base import audience_of
from shared.events.planner import (
    InvestigationAgreed,
    InvestigationAnswered,
    InvestigationProposed,
    InvestigationWithdrawn,
    Milestone,
    MilestoneReached,
    MilestonesOverdue,
)
from shared.parties import PARTIES
from shared.vocabulary import InvestigationState, JointAnswer, PeriodState

S = InvestigationState
NEXT: dict[InvestigationState, set[InvestigationState]] = {
    S.PROPOSED: {S.PROPOSED, S.AGREED},
    S.AGREED: {S.PROPOSED, S.STOPPED},
    S.STOPPED: set(),
}
"""Proposed again: another version, which needs every consent anew."""
MOST_MILESTONES = 50
_OPEN = frozenset({PeriodState.PLANNING, PeriodState.ADOPTED, PeriodState.ACTIVE})


class InvestigationNotThisState(Conflict):
    """The investigation plan is in a state in which this does not happen."""


class Investigation(BaseModel):
    """The aggregate. `told`: the milestones whose passing was told."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    period_id: UUID
    owner: str
    version: int = 0
    state: InvestigationState = S.PROPOSED
    title: str
    aim: str = ""
    members: tuple[str, ...]
    milestones: tuple[Milestone, ...] = ()
    proposal: Proposal | None = None
    told: tuple[UUID, ...] = ()

    @classmethod
    def propose(cls, plan: "Investigation", frame: Frame, by: Actor) -> tuple["Investigation", InvestigationProposed]:
        """A new one, put to its states."""
        return plan._put_to_states(frame, by)

    def revise(
        self, title: str, aim: str, members: tuple[str, ...], milestones: tuple[Milestone, ...], frame: Frame, by: Actor
    ) -> tuple[Self, InvestigationProposed]:
        """Another version, which needs every consent anew. What was done stays done."""
        self.require_owner(frame, by)
        done = {one.id: one.done_at for one in self.milestones}
        kept = tuple(one.model_copy(update={"done_at": done.get(one.id)}) for one in milestones)
        due = {one.id: one.due for one in self.milestones}
        told = tuple(one.id for one in kept if one.id in self.told and due.get(one.id) == one.due)
        said = {"title": title, "aim": aim, "members": members, "milestones": kept, "told": told}
        return self.model_copy(update=said)._put_to_states(frame, by)

    def _put_to_states(self, frame: Frame, by: Actor) -> tuple[Self, InvestigationProposed]:
        if frame.state not in _OPEN:
            raise PeriodNotOpen(f"Investigations are planned while a period is planned or runs; it is {frame.state.value}.")
        frame.require_participant(by.party)
        members = tuple(sorted(set(self.members)))
        if errors := tuple(self._problems(frame, members)):
            raise Invalid("Some of this cannot be accepted.", errors=errors)
        number = self.proposal.number + 1 if self.proposal else 1
        proposal = Proposal(number=number, by=by.id, officer=by.name, terms=str(number))
        proposed = self._become(S.PROPOSED, members=members, proposal=proposal)
        shown = proposed.model_dump(include={"title", "aim", "members", "milestones"})
        return proposed, InvestigationProposed(number=number, by=by.name, **shown, **proposed._envelope(frame))

    def answer(
        self, number: int, given: JointAnswer, reason: str, frame: Frame, by: Actor, at: datetime
    ) -> tuple[Self, InvestigationAnswered, *tuple[InvestigationAgreed, ...]]:
        """A state's word on the present version; with the last consent it is agreed."""
        proposal = self._of_state(frame, by)
        if self.state is not S.PROPOSED:
            raise InvestigationNotThisState(f"This plan is {self.state.value}. Who wants it no longer withdraws.")
        frame.require_not_over()
        frame.require_participant(by.party)
        proposal.require_open(number)
        changed = self._next(proposal=proposal.with_word(given, reason, by, at))
        said = InvestigationAnswered(
            number=number, answer=given, by=by.name, reason=reason, **changed._envelope(frame, by.party)
        )
        assert changed.proposal
        if changed.proposal.missing(changed.states):
            return changed, said
        agreed = changed._become(S.AGREED)
        return agreed, said, InvestigationAgreed(number=number, **agreed._envelope(frame))

    def withdraw(self, reason: str, frame: Frame, by: Actor, at: datetime) -> tuple[Self, InvestigationWithdrawn]:
        """A state takes its word back, at once. Of a plan that is not agreed only the version stops."""
        proposal = self._of_state(frame, by)
        if self.state is S.STOPPED:
            raise InvestigationNotThisState("This plan was stopped.")
        stops = self.state is S.AGREED
        word = {"proposal": proposal.withdrawn(reason, by, at)}
        changed = self._become(S.STOPPED, **word) if stops else self._next(**word)
        said = changed._envelope(frame, by.party)
        return changed, InvestigationWithdrawn(
            number=proposal.number, by=by.name, reason=reason, stopped=stops, **said
        )

    def reach(self, milestone_id: UUID, frame: Frame, by: Actor, at: datetime) -> tuple[Self, MilestoneReached]:
        """The state whose milestone it is has done it."""
        self._of_state(frame, by)
        if self.state is not S.AGREED:
            raise InvestigationNotThisState("Milestones are reached once every state has agreed to the plan.")
        frame.require_not_over()
        milestone = next((one for one in self.milestones if one.id == milestone_id), None)
        if milestone is None:
            raise NotFound
        if by.party != milestone.owner:
            raise Forbidden(f"This milestone is {milestone.owner}'s.")
        if milestone.done_at is not None:
            raise InvestigationNotThisState("This milestone is reached already.")
        done = milestone.model_copy(update={"done_at": at})
        changed = self._next(milestones=tuple(done if one.id == milestone_id else one for one in self.milestones))
        said = changed._envelope(frame, by.party)
        return changed, MilestoneReached(milestone_id=milestone_id, at=at, by=by.name, **said)

    @property
    def states(self) -> tuple[str, ...]:
        return (self.owner, *self.members)

    @property
    def due_at(self) -> datetime | None:
        """When the clock has to look at it: at the end of the next day by which a milestone is due, where its owner is."""
        return min((_ends(one) for one in self._awaited()), default=None)

    def tell_overdue(self, frame: Frame, now: datetime) -> tuple[Self, MilestonesOverdue] | None:
        """The days that are over, told once. None when there is nothing to tell (any more)."""
        late = tuple(one.id for one in self._awaited() if _ends(one) <= now)
        if not late or frame.is_over:
            return None
        changed = self._next(told=(*self.told, *late))
        return changed, MilestonesOverdue(milestones=late, **changed._envelope(frame, ""))

    def _awaited(self) -> Iterable[Milestone]:
        if self.state is not S.AGREED:
            return ()
        return [one for one in self.milestones if one.done_at is None and one.id not in self.told]

    def readers(self, frame: Frame) -> tuple[str, ...]:
        """Its states, as far as they still take part; its owner always."""
        return audience_of((self.owner, *(party for party in self.members if party in frame.participants)))

    def require_state(self, frame: Frame, by: Actor) -> None:
        """Raises NotFound for whoever is of none of its states."""
        if by.party not in self.states or not by.reads((by.party,)):
            raise NotFound

    def require_owner(self, frame: Frame, by: Actor) -> None:
        self.require_state(frame, by)
        if by.party != self.owner:
            raise Forbidden(f"This plan is {self.owner}'s to change; other states answer it.")

    def _of_state(self, frame: Frame, by: Actor) -> Proposal:
        self.require_state(frame, by)
        assert self.proposal
        return self.proposal

    def _problems(self, frame: Frame, members: tuple[str, ...]) -> list[FieldError]:
        found = []
        if not self.title.strip():
            found.append(FieldError("title", "Give the plan a title."))
        if not members:
            found.append(FieldError("members", "Name at least one other state."))
        if self.owner in members:
            found.append(FieldError("members", "Your own state is part of it; name others."))
        if strangers := [party for party in members if party not in frame.participants and party != self.owner]:
            found.append(FieldError("members", f"{', '.join(strangers)}: not a participating state."))
        if len({one.id for one in self.milestones}) < len(self.milestones):
            found.append(FieldError("milestones", "One milestone stands here twice."))
        for n, one in enumerate(self.milestones):
            if not one.title.strip():
                found.append(FieldError(f"milestones.{n}.title", "Say what is to be reached."))
            if one.owner not in (self.owner, *members):
                found.append(FieldError(f"milestones.{n}.owner", f"{one.owner} is none of its states."))
            if not frame.first_day <= one.due <= frame.last_day:
                found.append(FieldError(f"milestones.{n}.due", "This day is not inside the period."))
        return found

    def _become(self, state: InvestigationState, **changes: object) -> Self:
        if state not in NEXT[self.state]:
            raise InvestigationNotThisState(f"A plan that is {self.state.value} does not become {state.value}.")
        return self._next(state=state, **changes)

    def _next(self, **changes: object) -> Self:
        return self.model_copy(update={**changes, "version": self.version + 1})

    def _envelope(self, frame: Frame, party: str | None = None) -> dict[str, object]:
        return {
            "investigation_id": self.id, "period_id": self.period_id, "version": self.version,
            "party": self.owner if party is None else party, "audience": self.readers(frame),
        }  # fmt: skip


def _ends(milestone: Milestone) -> datetime:
    """The end of its day, where its owner is."""
    zone = ZoneInfo(PARTIES[milestone.owner].time_zone)
    return datetime.combine(milestone.due + timedelta(days=1), time(0), zone)
