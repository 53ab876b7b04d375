"""A period as it stands: what it is about, who was asked to it, who takes part, and who hears of it."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.planner.domain.calendar import first_moment, last_moment
from services.planner.domain.frame import Frame, PeriodNotOpen
from services.planner.domain.plan import EndorsementsMissing, Given, Plan
from shared.actor import Actor
from shared.errors import Conflict, Forbidden, NotFound
from shared.events.base import audience_of
from shared.events.planner import Checkpoint, Objective
from shared.vocabulary import Answer, Focus, PeriodState

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
LEFT = "left"
"""What stands in the place of the answer of a party that left: it is no answer to an invitation."""
PLANNED = (S.PROPOSED, S.PLANNING)
RUNS = (S.ADOPTED, S.ACTIVE)
"""A plan is in force; it can be amended."""
ASKED = (*PLANNED, *RUNS)
"""Invitations are answered."""


class Convened(BaseModel):
    """What is kept of a period, and what its rules ask of that."""

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
    answer_by: datetime | None = None
    answers: dict[str, Given] = {}
    plans: tuple[Plan, ...] = ()
    adopted: int | None = None
    by_clock: bool = False
    """The next turn, to active or to closed, comes by itself: its moment was still to come when the last one was made."""
    silence_told: bool = False

    @property
    def participants(self) -> tuple[str, ...]:
        """The parties that joined."""
        return tuple(sorted(party for party, given in self.answers.items() if given.answer == Answer.JOINED))

    @property
    def presiding(self) -> tuple[str, ...]:
        """The co-chairs whose state is not out of it: one that is may still end the period, and learns nothing of it."""
        return tuple(party for party in self.co_chairs if party not in self.gone)

    @property
    def gone(self) -> frozenset[str]:
        """The parties that declined or left."""
        return frozenset(party for party, given in self.answers.items() if given.answer in {Answer.DECLINED, LEFT})

    @property
    def audience(self) -> tuple[str, ...]:
        """Who hears of the period and its plans: all that were asked and are not out of it, and always its co-chairs."""
        return audience_of(self._belonging, co_chair=self.gone & set(self.co_chairs))

    @property
    def _belonging(self) -> set[str]:
        return {*self.co_chairs, *self.invited, *self.supporting} - self.gone

    @property
    def begins(self) -> datetime:
        """When the first day begins for the first of those that take part."""
        return first_moment(self.first_day, self.participants)

    @property
    def ends(self) -> datetime:
        """When the last day is over for the last of them."""
        return last_moment(self.last_day, self.participants)

    @property
    def silent(self) -> tuple[str, ...]:
        """Those asked that said nothing; it is never taken for consent."""
        return tuple(sorted({*self.invited, *self.co_chairs} - self.answers.keys()))

    @property
    def due_at(self) -> datetime | None:
        """When the clock has to look at it next. What is no joint period (any more) waits for its co-chairs."""
        moments = [self.answer_by] if self.answer_by and self._unanswered else []
        if self.by_clock and self.state is S.ADOPTED and self._joint:
            moments.append(self.begins)
        if self.by_clock and self.state is S.ACTIVE:
            moments.append(self.ends)
        return min(moments, default=None)

    @property
    def _unanswered(self) -> bool:
        """Someone's silence may still have to be told."""
        return self.state in ASKED and not self.silence_told and bool(self.silent)

    @property
    def _joint(self) -> bool:
        return len(self.participants) >= 2

    @property
    def frame(self) -> "Frame":
        return Frame(
            self.id, self.state, self.first_day, self.last_day, self.participants, self.presiding,
            tuple(objective.id for objective in self.objectives), tuple(sorted(self._belonging)),
        )  # fmt: skip

    def require_visible(self, by: Actor) -> None:
        """Raises NotFound for whoever was not asked, or is out of it."""
        if not by.reads(self.audience):
            raise NotFound

    def require_co_chair(self, by: Actor) -> None:
        self.require_visible(by)
        if by.party not in self.co_chairs:
            raise Forbidden("Only a co-chair of this period does this.")

    def _require_joint(self) -> None:
        if not self._joint:
            raise EndorsementsMissing("A joint period has at least two participating states.")

    def _require_present(self, number: int) -> None:
        if not self.plans or self.plans[-1].number != number:
            present = f"version {self.plans[-1].number}" if self.plans else "none yet"
            raise Conflict(f"The present version of the plan is {present}.")

    def _require(self, *states: PeriodState, doing: str) -> None:
        if self.state not in states:
            raise PeriodNotOpen(f"{doing} This period is {self.state.value}.")

    def _become(self, state: PeriodState, **changes: object) -> Self:
        if state not in NEXT[self.state]:
            raise PeriodNotOpen(f"A period that is {self.state.value} does not become {state.value}.")
        return self._next(state=state, **changes)

    def _next(self, **changes: object) -> Self:
        return self.model_copy(update={**changes, "version": self.version + 1})

    def _last_word(self, by: Actor) -> dict[str, object]:
        """A party that is out of it hears that its own word arrived, and nothing after it."""
        return {**self._envelope(by), "audience": audience_of({*self.audience, by.party})}

    def _envelope(self, by: Actor) -> dict[str, object]:
        return {"period_id": self.id, "version": self.version, "party": by.party, "audience": self.audience}
