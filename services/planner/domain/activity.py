"""An activity of the Working Group's programme: a co-chair proposes it; from its owner's word on it is its owner's."""

from datetime import date, datetime, time, timedelta
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from services.planner.domain.group import Group
from shared.actor import Actor
from shared.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from shared.events.base import audience_of
from shared.events.planner import (
    ActivityAgreed,
    ActivityCancelled,
    ActivityCompleted,
    ActivityDeclined,
    ActivityOverdue,
    ActivityProposed,
    ActivityRevised,
    ActivityShared,
    ActivityStarted,
    Document,
)
from shared.parties import PARTIES
from shared.vocabulary import ActivityKind, ActivityState, Role

S = ActivityState
NEXT: dict[ActivityState, set[ActivityState]] = {
    S.PROPOSED: {S.AGREED, S.DECLINED, S.CANCELLED},
    S.AGREED: {S.UNDER_WAY, S.COMPLETED, S.CANCELLED},
    S.UNDER_WAY: {S.COMPLETED, S.CANCELLED},
    S.COMPLETED: set(),
    S.DECLINED: set(),
    S.CANCELLED: set(),
}
TAKEN_ON = frozenset({S.AGREED, S.UNDER_WAY})
"""In which its owner stands by it, and can be late with it."""
AHEAD = timedelta(days=3660)


class ActivityNotThisState(Conflict):
    """The activity is in a state in which this does not happen."""


class Activity(BaseModel):
    """The aggregate. `overdue` is the day whose passing was told; `note` what was said last: a reason, or the result."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    version: int = 0
    state: ActivityState = S.PROPOSED
    kind: ActivityKind
    title: str
    description: str = ""
    owner: str
    due: date
    documents: tuple[Document, ...] = ()
    note: str = ""
    overdue: date | None = None

    @classmethod
    def propose(
        cls, activity: "Activity", group: Group, by: Actor, now: datetime
    ) -> tuple["Activity", ActivityProposed]:
        """A new one, from what a co-chair asks.

        Raises:
            Invalid: fields that break a rule; all of them are named.
        """
        group.require_member(by)
        errors = activity._problems(now)
        if activity.owner not in group.members:
            errors.append(FieldError("owner", f"{activity.owner} is not a member of the Working Group."))
        if errors:
            raise Invalid("Some of this cannot be accepted.", errors=tuple(errors))
        proposed = activity._next()
        said = proposed.model_dump(include={"kind", "owner", *_OF_OWNER})
        return proposed, ActivityProposed(**said, by=by.name, **proposed._envelope(group, by.party))

    @property
    def due_at(self) -> datetime | None:
        """When the clock has to look at it: at the end of the day by which it is due, where its owner is."""
        if self.state not in TAKEN_ON or self.overdue == self.due:
            return None
        zone = ZoneInfo(PARTIES[self.owner].time_zone)
        return datetime.combine(self.due + timedelta(days=1), time(0), zone)

    def agree(self, note: str, group: Group, by: Actor) -> tuple[Self, ActivityAgreed]:
        """The owner's word that it takes it on."""
        self.require_owner(group, by)
        changed = self._become(S.AGREED, note=note)
        return changed, ActivityAgreed(note=note, by=by.name, **changed._envelope(group, by.party))

    def decline(self, reason: str, group: Group, by: Actor) -> tuple[Self, ActivityDeclined]:
        self.require_owner(group, by)
        _need(reason, "Say why your party does not take it on.")
        changed = self._become(S.DECLINED, note=reason)
        return changed, ActivityDeclined(reason=reason, by=by.name, **changed._envelope(group, by.party))

    def revise(
        self, title: str, description: str, due: date, documents: tuple[Document, ...], group: Group, by: Actor,
        now: datetime,
    ) -> tuple[Self, ActivityRevised]:  # fmt: skip
        """The owner says anew what it is and until when. A day that is moved may pass, and be told, once more."""
        self.require_owner(group, by)
        if self.state not in TAKEN_ON:
            raise ActivityNotThisState(f"An activity is revised while it is its owner's to do; it is {self._now}.")
        said = {"title": title, "description": description, "due": due, "documents": documents}
        changed = self._next(**said)
        # a day that stays as it was may be over
        if errors := changed._problems(now, due_before=self.due):
            raise Invalid("Some of this cannot be accepted.", errors=tuple(errors))
        return changed, ActivityRevised(**said, by=by.name, **changed._envelope(group, by.party))

    def start(self, group: Group, by: Actor) -> tuple[Self, ActivityStarted]:
        self.require_owner(group, by)
        changed = self._become(S.UNDER_WAY)
        return changed, ActivityStarted(by=by.name, **changed._envelope(group, by.party))

    def complete(self, result: str, group: Group, by: Actor) -> tuple[Self, ActivityCompleted]:
        self.require_owner(group, by)
        changed = self._become(S.COMPLETED, note=result)
        return changed, ActivityCompleted(result=result, by=by.name, **changed._envelope(group, by.party))

    def cancel(self, reason: str, group: Group, by: Actor) -> tuple[Self, ActivityCancelled]:
        """By its owner; by a co-chair only while the owner has not taken it on."""
        self.require_visible(group, by)
        if not (by.party == self.owner or (self.state is S.PROPOSED and Role.CO_CHAIR in by.roles)):
            raise Forbidden(f"This is {self.owner}'s to do; only {self.owner} cancels it.")
        _need(reason, "Say why it is not done.")
        changed = self._become(S.CANCELLED, note=reason)
        return changed, ActivityCancelled(reason=reason, by=by.name, **changed._envelope(group, by.party))

    def tell_overdue(self, group: Group, now: datetime) -> tuple[Self, ActivityOverdue] | None:
        """The day is over by which it was due: told once. None when there is nothing to tell (any more)."""
        if self.due_at is None or self.due_at > now:
            return None
        changed = self._next(overdue=self.due)
        return changed, ActivityOverdue(owner=self.owner, due=self.due, **changed._envelope(group, ""))

    def share(self, group: Group) -> tuple[Self, ActivityShared]:
        """How it stands, for a Working Group whose members are others than before."""
        changed = self._next()
        said = changed.model_dump(include={"kind", "owner", "note", *_OF_OWNER})
        return changed, ActivityShared(
            **said, status=self.state, is_overdue=self.overdue == self.due, **changed._envelope(group, "")
        )

    def readers(self, group: Group) -> tuple[str, ...]:
        """All members of the Working Group, and the owner also when it has left."""
        return audience_of({*group.members, self.owner})

    def require_visible(self, group: Group, by: Actor) -> None:
        """Raises NotFound for whoever is not of the Working Group."""
        if not by.reads(self.readers(group)):
            raise NotFound

    def require_owner(self, group: Group, by: Actor) -> None:
        self.require_visible(group, by)
        if by.party != self.owner:
            raise Forbidden(f"This is {self.owner}'s to do; only {self.owner} does this.")

    @property
    def _now(self) -> str:
        return self.state.value.replace("_", " ")

    def _problems(self, now: datetime, due_before: date | None = None) -> list[FieldError]:
        found = []
        today = now.astimezone(ZoneInfo(PARTIES[self.owner].time_zone)).date()
        if not self.title.strip():
            found.append(FieldError("title", "Give it a title."))
        if self.due != due_before and not today <= self.due <= today + AHEAD:
            found.append(FieldError("due", "It is due on a day to come, ten years ahead at most."))
        for n, document in enumerate(self.documents):
            if not document.title.strip():
                found.append(FieldError(f"documents.{n}.title", "Give the document's title."))
            if document.address and not document.address.startswith("https://"):
                found.append(FieldError(f"documents.{n}.address", "An address begins with https://."))
        return found

    def _become(self, state: ActivityState, **changes: object) -> Self:
        if state not in NEXT[self.state]:
            then = state.value.replace("_", " ")
            raise ActivityNotThisState(f"An activity that is {self._now} does not become {then}.")
        return self._next(state=state, **changes)

    def _next(self, **changes: object) -> Self:
        return self.model_copy(update={**changes, "version": self.version + 1})

    def _envelope(self, group: Group, party: str) -> dict[str, object]:
        return {
            "activity_id": self.id, "version": self.version, "party": party, "audience": self.readers(group),
        }  # fmt: skip


_OF_OWNER = {"title", "description", "due", "documents"}


def _need(reason: str, words: str) -> None:
    if not reason.strip():
        raise Invalid.field("reason", words)
