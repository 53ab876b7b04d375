"""An operation: drafted by its owner, scheduled, under way, completed; a headline for many, a detail for few."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.planner.domain.consents import Proposal
from services.planner.domain.detail import Brief, Recall
from services.planner.domain.frame import Frame, PeriodNotOpen
from services.planner.domain.joint_amendment import JointAmendment
from shared.actor import Actor
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.events.base import audience_of
from shared.events.planner import (
    DetailAudienceChosen,
    HeadlineReleased,
    OperationBriefed,
    OperationCancelled,
    OperationCompleted,
    OperationDrafted,
    OperationScheduled,
    OperationStarted,
    Place,
    Resource,
    Task,
    Window,
)
from shared.vocabulary import DetailAudience, OperationKind, OperationState, PeriodState

S = OperationState
NEXT: dict[OperationState, set[OperationState]] = {
    S.DRAFTED: {S.SCHEDULED, S.CANCELLED},
    S.SCHEDULED: {S.UNDER_WAY, S.CANCELLED},
    S.UNDER_WAY: {S.COMPLETED, S.CANCELLED},
    S.COMPLETED: set(),
    S.CANCELLED: set(),
}
TERMS = frozenset({"kind", "window", "objective_id", "detail_audience", "named", "brief", "places", "partners"})
"""What the states of a joint operation consent to. The other fields tell how far it has come."""


class NotThisState(Conflict):
    """The operation is in a state in which this does not happen."""


class Operation(BaseModel):
    """The aggregate. `held`: the owner keeps the headline back, until `held_until` or its own word."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    period_id: UUID
    owner: str
    version: int = 0
    state: OperationState = S.DRAFTED
    kind: OperationKind
    window: Window
    objective_id: UUID | None = None
    held: bool = False
    held_until: datetime | None = None
    detail_audience: DetailAudience = DetailAudience.OWN
    brief: Brief
    places: tuple[Place, ...] = ()
    named: tuple[str, ...] = ()
    """Parties beside the participants whom the owner gives headline and detail."""
    means: tuple[Resource, ...] = ()
    tasks: tuple[Task, ...] = ()
    recalls: tuple[Recall, ...] = ()
    """From whom the detail was taken back, and whether it is gone there."""
    partners: tuple[str, ...] = ()
    """The other states of a joint operation, from the moment on at which it was put to them."""
    proposal: Proposal | None = None
    """What was put to the states of a joint operation last, and their words on it."""
    amendment: JointAmendment | None = None
    """What its states were asked last to make of it, once it is scheduled; until all consent it is as it was."""
    unheard: bool = False
    """It was cancelled while it was a draft: nobody else ever heard of it."""

    @classmethod
    def draft(
        cls, operation: "Operation", frame: Frame, by: Actor
    ) -> tuple["Operation", OperationDrafted, OperationBriefed, *tuple[DetailAudienceChosen, ...]]:
        """A new operation of the actor's own state, inside the period."""
        if frame.state not in {PeriodState.PLANNING, PeriodState.ADOPTED, PeriodState.ACTIVE}:
            raise PeriodNotOpen(f"Operations are drafted while a period is planned or runs; it is {frame.state.value}.")
        frame.require_participant(by.party)
        operation.require_sound(frame)
        drafted = operation._next()
        # while it is drafted, everything about it stays at home
        home = (operation.owner,)
        return (
            drafted,
            OperationDrafted(**drafted._headline(by, home)),
            OperationBriefed(**drafted._briefed(by, home)),
            *((drafted.choice(by),) if drafted.detail_audience is not DetailAudience.OWN else ()),
        )

    def require_sound(self, frame: Frame) -> None:
        """Raises Invalid where what it says of itself breaks a rule."""
        if not self.brief.title.strip():
            raise Invalid.field("title", "Give the operation a title.")
        if self.objective_id is not None and self.objective_id not in frame.objectives:
            raise Invalid.field("objective_id", "The period has no such objective.")
        frame.require_inside(self.window, self.owner, self.places)
        self.require_named(self.named, self.detail_audience, frame)

    def require_named(self, named: tuple[str, ...], audience: DetailAudience, frame: Frame) -> None:
        """Raises Invalid where a detail for this audience cannot be for these parties besides."""
        if named and audience is DetailAudience.OWN:
            raise Invalid.field("named", "While the detail is for your own party only, no other is named.")
        if self.owner in named:
            raise Invalid.field("named", "Your own party has the detail; name others.")
        if strangers := sorted(set(named) - set(frame.belonging)):
            raise Invalid.field("named", f"{', '.join(strangers)}: not a party of this period.")

    def schedule(
        self, frame: Frame, held_until: datetime | None, hold: bool, by: Actor, now: datetime
    ) -> tuple[Self, OperationScheduled, OperationBriefed]:
        """The owner's recorded consent to disclose: the headline to the participants (unless held), the detail as chosen."""
        self.require_owner(by, frame)
        frame.require_participant(self.owner)
        if frame.state not in {PeriodState.ADOPTED, PeriodState.ACTIVE}:
            raise PeriodNotOpen(f"Operations are scheduled once the plan is adopted; the period is {frame.state.value}.")
        frame.require_inside(self.window, self.owner, self.places)
        self.require_consents()
        if held_until is not None and held_until <= now:
            raise Invalid.field("held_until", "The headline can only be held until a time to come.")
        changed = self._become(S.SCHEDULED, held=hold or held_until is not None, held_until=held_until)
        return (
            changed,
            OperationScheduled(**changed._headline(by, changed.headline_readers(frame))),
            OperationBriefed(**changed._briefed(by, changed.detail_readers(frame))),
        )

    def release_headline(self, frame: Frame, by: Actor) -> tuple[Self, HeadlineReleased, OperationBriefed]:
        """End the hold: the participants get the headline as it stands now."""
        self.require_owner(by, frame)
        return self.end_hold(frame, by)

    def end_hold(self, frame: Frame, by: Actor) -> tuple[Self, HeadlineReleased, OperationBriefed]:
        """The same when the time has come that the owner set."""
        if not self.held:
            raise NotThisState("The headline is not held.")
        if self.state is S.CANCELLED:
            raise NotThisState("What was cancelled under a hold stays at home.")
        frame.require_not_over()
        changed = self._next(held=False, held_until=None)
        return (
            changed,
            HeadlineReleased(**changed._headline(by, changed.headline_readers(frame))),
            OperationBriefed(**changed._briefed(by, changed.detail_readers(frame))),
        )

    def start(self, frame: Frame, at: datetime, by: Actor) -> tuple[Self, OperationStarted]:
        self.require_owner(by, frame)
        if frame.state is not PeriodState.ACTIVE:
            raise PeriodNotOpen(f"Operations start while the period is active; it is {frame.state.value}.")
        self.require_consents()
        changed = self._become(S.UNDER_WAY)
        return changed, OperationStarted(at=at, by=by.name, **changed._envelope(by, changed.headline_readers(frame)))

    def complete(self, frame: Frame, at: datetime, by: Actor) -> tuple[Self, OperationCompleted]:
        self.require_owner(by, frame)
        frame.require_not_over()
        changed = self._become(S.COMPLETED)
        return changed, OperationCompleted(at=at, by=by.name, **changed._envelope(by, changed.headline_readers(frame)))

    def cancel(self, frame: Frame, at: datetime, by: Actor) -> tuple[Self, OperationCancelled]:
        self.require_owner(by, frame)
        if frame.state is PeriodState.ARCHIVED:
            raise PeriodNotOpen("Nothing of an archived period changes.")
        changed = self.stopped()
        return changed, OperationCancelled(at=at, by=by.name, **changed._envelope(by, changed.headline_readers(frame)))

    def stopped(self) -> Self:
        """Cancelled. Of a draft nobody else ever heard; what was held stays so."""
        return self._become(S.CANCELLED, held_until=None, unheard=self.state is S.DRAFTED)

    def open_to(
        self, newcomers: Iterable[str], frame: Frame, by: Actor
    ) -> tuple[HeadlineReleased | OperationBriefed, ...]:
        """Its present state for those that may see it from now on, as far as participants see it. It does not change."""
        readers = self.new_readers(newcomers, self.headline_readers(frame))
        if not readers:
            return ()
        headline = HeadlineReleased(**self._headline(by, readers), to_newcomers=True)
        near = self.new_readers(newcomers, self.detail_readers(frame))
        return (headline, OperationBriefed(**self._briefed(by, near), to_newcomers=True)) if near else (headline,)

    @staticmethod
    def new_readers(newcomers: Iterable[str], readers: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the newcomers that are among these readers."""
        return tuple(sorted(set(newcomers) & set(readers)))

    @property
    def at_home(self) -> bool:
        """Nobody but its own states have it: a draft, a held one, or one that was cancelled as a draft."""
        return self.held or self.unheard or self.state is S.DRAFTED

    def headline_readers(self, frame: Frame) -> tuple[str, ...]:
        """Who sees the headline: its own states alone while it is drafted or held, then all that take part or are named."""
        home = self.home(frame)
        return home if self.at_home else audience_of((*home, *self.named, *frame.together))

    def detail_readers(self, frame: Frame) -> tuple[str, ...]:
        """Who sees the detail: whom the owner chose, and nobody sees more than the headline's readers."""
        home = self.home(frame)
        if self.at_home or self.detail_audience is DetailAudience.OWN:
            return home
        all_of_them = frame.participants if self.detail_audience is DetailAudience.PARTICIPANTS else ()
        return audience_of((*home, *self.named, *all_of_them))

    def choice(self, by: Actor) -> DetailAudienceChosen:
        """For whom the detail is, for the owner's own record."""
        said = self._envelope(by, (self.owner,))
        return DetailAudienceChosen(detail_audience=self.detail_audience, named=self.named, by=by.name, **said)

    def home(self, frame: Frame) -> tuple[str, ...]:
        """The states whose operation it is: its owner, and the partners that still take part."""
        if not self.partners:
            return (self.owner,)
        return audience_of((self.owner, *(party for party in self.partners if party in frame.participants)))

    @property
    def terms(self) -> str:
        """The mark of all that states consent to: another window, kind, objective or detail has another."""
        return sha256(self.model_dump_json(include=set(TERMS), exclude_defaults=True).encode()).hexdigest()

    def require_consents(self) -> None:
        """Raises ConsentMissing unless every state of a joint operation consented to exactly what it is now."""
        if self.proposal is not None:
            self.proposal.require_all((self.owner, *self.partners), self.terms)

    def require_alone(self) -> None:
        """Raises NotThisState for what several states decide on."""
        if self.partners:
            raise NotThisState("What several states consented to is changed by a new version that is proposed to them all.")

    def require_state(self, by: Actor, frame: Frame) -> None:
        """The same as of the owner, for any of its states; one that left the period stays with what it did."""
        if by.party not in self.partners or not by.reads((by.party,)):
            self.require_owner(by, frame)

    def require_owner(self, by: Actor, frame: Frame) -> None:
        """Raises NotFound for whoever does not see it, Forbidden for whoever sees and does not own it."""
        if by.party == self.owner and by.reads((self.owner,)):
            return
        if by.reads(self.headline_readers(frame)):
            raise Forbidden(f"This is an operation of {self.owner}; only {self.owner} does this.")
        raise NotFound

    def changed(self, **changes: object) -> Self:
        """Its next version, with these changes."""
        return self._next(**changes)

    def _become(self, state: OperationState, **changes: object) -> Self:
        if state not in NEXT[self.state]:
            now, then = self.state.value.replace("_", " "), state.value.replace("_", " ")
            raise NotThisState(f"An operation that is {now} does not become {then}.")
        return self._next(state=state, **changes)

    def _next(self, **changes: object) -> Self:
        return self.model_copy(update={**changes, "version": self.version + 1})

    def _envelope(self, by: Actor | None, readers: tuple[str, ...]) -> dict[str, object]:
        return {
            "operation_id": self.id,
            "period_id": self.period_id,
            "version": self.version,
            "party": self.owner,
            "audience": readers,
        }

    def _headline(self, by: Actor, readers: tuple[str, ...]) -> dict[str, object]:
        return {
            **self._envelope(by, readers),
            "kind": self.kind,
            "status": self.state,
            "window": self.window,
            "objective_id": self.objective_id,
            "held": self.held,
            "held_until": self.held_until,
            "partners": self.partners,
        }

    def _briefed(self, by: Actor, readers: tuple[str, ...]) -> dict[str, object]:
        said = {"places": self.places, "means": self.means, "tasks": self.tasks}
        return {**self._envelope(by, readers), **self.brief.model_dump(), **said}
