"""An update: what an officer says was done, with counts that are provisional until a coordinator stands by them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from pydantic import ConfigDict, Field

from services.planner.domain.frame import Frame, PeriodNotOpen
from services.planner.domain.operation import NotThisState, Operation
from services.planner.domain.protected import Protected
from shared.actor import Actor
from shared.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from shared.events.base import audience_of
from shared.events.planner import (
    FileRef,
    OriginReleased,
    OriginWithheld,
    ReturnExplained,
    UpdateDetailed,
    UpdatePosted,
    UpdateReleased,
    UpdateReturned,
    UpdateValidated,
)
from shared.vocabulary import Indicator, OperationState, PeriodState, UpdateKind, UpdateStatus

S = UpdateStatus
NEXT: dict[UpdateStatus, set[UpdateStatus]] = {
    S.PROVISIONAL: {S.VALIDATED, S.RETURNED, S.SUPERSEDED},
    S.RETURNED: {S.VALIDATED, S.SUPERSEDED},
    S.VALIDATED: {S.SUPERSEDED},
    S.SUPERSEDED: set(),
}
KINDS_NOW = frozenset({UpdateKind.PROGRESS, UpdateKind.RESULT, UpdateKind.INCIDENT})
LARGEST_COUNT = 1_000_000
BEFORE = timedelta(days=366)
AHEAD = timedelta(minutes=10)
"""How far a phone's clock may be ahead of ours."""


class OwnWork(Forbidden):
    """Two people are needed: nobody judges what they posted themselves."""


class Update(Protected):
    """The aggregate. It lives on its operation's topics, so that an operation's updates keep their order."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    operation_id: UUID
    period_id: UUID
    party: str
    version: int = 1
    status: UpdateStatus = S.PROVISIONAL
    kind: UpdateKind
    happened_at: datetime
    posted_at: datetime
    posted_by: str  # the account
    officer: str = ""  # its name, as people know it
    counts: dict[Indicator, int] = Field(default={})
    text: str
    place: str = ""
    language: str = ""
    supersedes: UUID | None = None
    files: tuple[FileRef, ...] = ()

    @classmethod
    def post(
        cls, update: "Update", operation: Operation, frame: Frame, by: Actor, corrects: "Update | None" = None
    ) -> tuple["Update", UpdatePosted, UpdateDetailed, *tuple[OriginWithheld, ...]]:
        """A new update on an operation of the actor's own state, alone or jointly with others; what one that it corrects
        keeps from others, it keeps too.

        Raises:
            Invalid: fields that break a rule; all of them are named.
            NotThisState: the operation has not begun, or was cancelled.
            PeriodNotOpen: the period is over; only corrections are taken.
        """
        operation.require_state(by, frame)
        if update.supersedes is None:
            frame.require_participant(by.party)
        running = {OperationState.UNDER_WAY, OperationState.COMPLETED}
        if operation.state not in (running | {OperationState.CANCELLED} if update.supersedes else running):
            raise NotThisState(f"Updates are posted once an operation is under way; it is {operation.state.value}.")
        if frame.state is not PeriodState.ACTIVE and not (update.supersedes and frame.state in _STILL_JUDGED):
            raise PeriodNotOpen(f"Updates are posted while the period is active; it is {frame.state.value}.")
        if corrects is not None:
            update = update.protected_as(corrects)
        errors = (*update._problems(frame), *update._not_as(corrects))
        if errors:
            raise Invalid("Some of this cannot be accepted.", errors=errors)
        headline = UpdatePosted(
            kind=update.kind,
            happened_at=update.happened_at,
            counts=update.counts,
            supersedes=update.supersedes,
            **update._envelope(update._headline_readers(operation, frame)),
        )
        detail = update._detailed(operation, frame)
        return update, headline, detail, *update._withheld()

    def supersede(self) -> Self:
        """What a correction does to the update before it. The correction's own event says so."""
        return self._become(S.SUPERSEDED)

    def shield(
        self, update: "Update", operation: Operation, frame: Frame
    ) -> tuple[Self, *tuple[UpdateDetailed | OriginWithheld, ...]]:
        """An earlier version of an update is kept from those from whom the update is kept; its words are taken from them."""
        shielded = self.protected_as(update)
        if shielded is self:
            return (self,)
        said: tuple[UpdateDetailed | OriginWithheld, ...] = (
            shielded._detailed(operation, frame), *shielded._withheld()
        )  # fmt: skip
        return (shielded, *said)

    def release_origins(
        self, states: tuple[str, ...], reason: str, operation: Operation, frame: Frame, by: Actor
    ) -> tuple[Self, OriginReleased, *tuple[UpdateReleased | UpdateDetailed, ...]]:
        """A rights officer of the state that posted it lets these know after all, as far as others in their place do."""
        self.require_own(operation, frame, by)
        frame.require_not_over()
        freed = self.without(states, self.party, self.posted_by, reason, by)
        changed = freed.model_copy(update={"version": self.version + 1})
        told = {"released": states, "origins": changed.origins, "reason": reason, "by": by.name}
        said = OriginReleased(**told, **changed._envelope((self.party,)))
        return changed, said, *changed.open_to(states, operation, frame)

    def validate_counts(self, operation: Operation, frame: Frame, by: Actor) -> tuple[Self, UpdateValidated]:
        """A coordinator who did not post it stands by it."""
        self._require_judge(operation, frame, by)
        changed = self._become(S.VALIDATED)
        return changed, UpdateValidated(by=by.name, **changed._envelope(self._headline_readers(operation, frame)))

    def send_back(
        self, reason: str, operation: Operation, frame: Frame, by: Actor
    ) -> tuple[Self, UpdateReturned, ReturnExplained]:
        """A coordinator who did not post it does not stand by it; the reason stays at home."""
        self._require_judge(operation, frame, by)
        if not reason.strip():
            raise Invalid.field("reason", "Say what has to be put right.")
        changed = self._become(S.RETURNED)
        returned = UpdateReturned(by=by.name, **changed._envelope(self._headline_readers(operation, frame)))
        return changed, returned, ReturnExplained(reason=reason, by=by.name, **changed._envelope((self.party,)))

    def release(self, operation: Operation, frame: Frame) -> tuple[UpdateReleased, UpdateDetailed]:
        """Its present state for those who get the headline only now, and its text for whom the owner chose."""
        return self._released(operation, frame), self._detailed(operation, frame)

    def open_to(
        self, newcomers: Iterable[str], operation: Operation, frame: Frame
    ) -> tuple[UpdateReleased | UpdateDetailed, ...]:
        """The same for those that join late; the others have it already."""
        newcomers, (headline, detail) = tuple(newcomers), self.release(operation, frame)
        told: tuple[UpdateReleased | UpdateDetailed, ...] = (headline, detail)
        parts = ((said, operation.new_readers(newcomers, said.audience)) for said in told)
        return tuple(
            said.model_copy(update={"audience": readers, "to_newcomers": True}) for said, readers in parts if readers
        )

    def _released(self, operation: Operation, frame: Frame) -> UpdateReleased:
        return UpdateReleased(
            kind=self.kind,
            happened_at=self.happened_at,
            counts=self.counts,
            status=self.status.value,
            posted_at=self.posted_at,
            supersedes=self.supersedes,
            **self._envelope(self._headline_readers(operation, frame)),
        )

    def _detailed(self, operation: Operation, frame: Frame) -> UpdateDetailed:
        return UpdateDetailed(
            text=self.text,
            place=self.place,
            language=self.language,
            by=self.officer,
            protection_concern=self.protection_concern,
            files=self.files,
            **self._envelope(self.kept_from(self._and_own(operation.detail_readers(frame)))),
        )

    def _headline_readers(self, operation: Operation, frame: Frame) -> tuple[str, ...]:
        """Those of the operation's headline; an incident is for whom the owner gives the detail."""
        incident = self.kind is UpdateKind.INCIDENT
        readers = operation.detail_readers(frame) if incident else operation.headline_readers(frame)
        return self.kept_from(self._and_own(readers))

    def _withheld(self) -> tuple[OriginWithheld, ...]:
        """For its own state only: from whom it is kept."""
        if self.protection_concern is None:
            return ()
        told = {"protection_concern": self.protection_concern, "origins": self.origins}
        return (OriginWithheld(**told, **self._envelope((self.party,))),)

    def _not_as(self, corrects: "Update | None") -> list[FieldError]:
        """What a correction may not make of what it corrects: that has other readers."""
        if corrects is None or (corrects.kind is UpdateKind.INCIDENT) is (self.kind is UpdateKind.INCIDENT):
            return []
        return [FieldError("kind", "An incident is corrected by an incident, and by nothing else.")]

    def require_own(self, operation: Operation, frame: Frame, by: Actor) -> None:
        """Raises NotFound for whoever does not see it, Forbidden for whoever is not of the state that posted it."""
        if by.party == self.party and by.reads((self.party,)):
            return
        if not by.reads(self._headline_readers(operation, frame)):
            raise NotFound
        raise Forbidden(f"This is an update of {self.party}; only {self.party} validates or returns it.")

    def _require_judge(self, operation: Operation, frame: Frame, by: Actor) -> None:
        self.require_own(operation, frame, by)
        if frame.state not in _STILL_JUDGED:
            raise PeriodNotOpen(f"Results are judged until the period is archived; it is {frame.state.value}.")
        if by.id == self.posted_by:
            raise OwnWork("You posted this yourself: another coordinator of your state validates or returns it.")

    def _and_own(self, readers: tuple[str, ...]) -> tuple[str, ...]:
        """Whoever reads the operation, and always the state that posted this."""
        return readers if self.party in readers else audience_of((*readers, self.party))

    def _problems(self, frame: Frame) -> list[FieldError]:
        found = []
        if self.kind not in KINDS_NOW:
            found.append(FieldError("kind", f"{self.kind.label} updates are not taken yet."))
        if not self.text.strip() and not self.counts and not self.files:
            found.append(FieldError("text", "Say what happened, or give a count."))
        if self.happened_at > self.posted_at + AHEAD:
            found.append(FieldError("happened_at", "This is in the future."))
        elif self.happened_at.date() < frame.first_day - BEFORE:
            found.append(FieldError("happened_at", "This is more than a year before the period."))
        if self.kind is UpdateKind.INCIDENT and self.counts:
            found.append(FieldError("counts", "Post results apart from the incident: its readers are others."))
        found += self.concern_problems(self.party)
        for indicator, count in self.counts.items():
            if not 0 <= count <= LARGEST_COUNT:
                found.append(FieldError(f"counts.{indicator.value}", f"A count is from 0 to {LARGEST_COUNT}."))
        return found

    def _become(self, status: UpdateStatus) -> Self:
        if status not in NEXT[self.status]:
            raise AlreadyJudged(f"An update that is {self.status.value} does not become {status.value}.")
        return self.model_copy(update={"status": status, "version": self.version + 1})

    def _envelope(self, readers: tuple[str, ...]) -> dict[str, object]:
        return {
            "update_id": self.id,
            "operation_id": self.operation_id,
            "period_id": self.period_id,
            "version": self.version,
            "party": self.party,
            "audience": readers,
        }


class AlreadyJudged(Conflict):
    """The update has left the state in which this happens."""


_STILL_JUDGED = frozenset({PeriodState.ACTIVE, PeriodState.CLOSED, PeriodState.DEBRIEFED})
