"""A conflict: two operations of different owners that overlap. Each owner has a side of it, and sees that side only."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from uuid_utils.compat import uuid7

from services.planner.domain.presence import Overlap, Presence
from shared.actor import Actor
from shared.errors import Conflict as Refused
from shared.errors import NotFound
from shared.events.planner import (
    ConflictAnswered,
    ConflictEvent,
    ConflictFound,
    ConflictLapsed,
    ConflictSettled,
    ContactChanged,
)
from shared.vocabulary import ConflictState, Settlement
from shared.vocabulary import Overlap as Kind

S = ConflictState
NEXT: dict[ConflictState, set[ConflictState]] = {
    S.OPEN: {S.OPEN, S.SETTLED, S.LAPSED},
    S.SETTLED: {S.OPEN, S.LAPSED},
    S.LAPSED: {S.OPEN},
}
"""From open to open: another overlap came, or one of two is gone."""


class ConflictNotThisState(Refused):
    """The conflict is in a state in which this does not happen."""


class Side(BaseModel):
    """One owner's part of it, under an id that the other never learns."""

    model_config = ConfigDict(frozen=True)
    id: UUID
    party: str
    operation_id: UUID
    period_id: UUID
    answer: Settlement | None = None


class Conflict(BaseModel):
    """The aggregate. `known`: the overlaps that its owners were told of and, once it is settled, have settled."""

    model_config = ConfigDict(frozen=True)
    id: UUID
    version: int = 0
    state: ConflictState = S.OPEN
    first: Side
    second: Side
    known: tuple[Overlap, ...] = ()

    @classmethod
    def between(cls, first: Presence, second: Presence) -> "Conflict":
        """Of these two, before anybody was told."""
        return cls(id=uuid7(), first=_side(first), second=_side(second), state=S.LAPSED)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return _kinds(self.known)

    def side_of(self, by: Actor) -> Side:
        """Raises NotFound for whoever owns neither operation, or reads nothing of its party's."""
        for side in (self.first, self.second):
            if by.party == side.party and by.reads((side.party,)):
                return side
        raise NotFound

    def meet(
        self, found: tuple[Overlap, ...], contacts: Mapping[str, str], now: datetime
    ) -> tuple[Self, tuple[ConflictEvent, ...]] | None:
        """The operations overlap in these ways now, the first's before the second's; None where that changes nothing."""
        if not found:
            return None if self.state is S.LAPSED else self._lapse(now)
        is_new = self.state is S.LAPSED or not all(any(one.covers(other) for one in self.known) for other in found)
        if not is_new and (self.state is S.SETTLED or _kinds(found) == self.kinds):
            return None
        if is_new:
            changed = self._become(S.OPEN, known=found)._unanswered()
        else:
            changed = self._become(S.OPEN, known=tuple(one for one in self.known if one.kind in _kinds(found)))
        kinds = changed.kinds
        return changed, tuple(
            ConflictFound(
                **changed._envelope(side),
                operation_id=side.operation_id,
                period_id=side.period_id,
                other_party=other.party,
                contact=contacts.get(other.party, ""),
                overlaps=kinds,
                at=now,
                answers_stand=not is_new,
            )
            for side, other in changed._sides()
        )

    def answer(
        self, given: Settlement, words: str, by: Actor, now: datetime
    ) -> tuple[Self, tuple[ConflictEvent, ...]]:
        """One owner's word; when it is the other's as well, the conflict is settled."""
        own = self.side_of(by)
        if self.state is not S.OPEN:
            raise ConflictNotThisState(f"This conflict is {self.state.value}: there is nothing to answer.")
        changed = self._next(**{self._name(own): own.model_copy(update={"answer": given})})
        said: list[ConflictEvent] = [
            ConflictAnswered(
                **{**changed._envelope(side), "party": by.party},
                answer=given,
                words=words,
                by=by.name if side.party == by.party else "",
                at=now,
            )
            for side, _ in changed._sides()
        ]
        if changed.first.answer == changed.second.answer:
            changed = changed._become(S.SETTLED)
            said += [
                ConflictSettled(**changed._envelope(side), settlement=given, at=now) for side, _ in changed._sides()
            ]
        return changed, tuple(said)

    def reach(self, party: str, contact: str) -> ContactChanged:
        """This party is reached there from now on: for the other side. The conflict itself does not change."""
        other = self.second if self.first.party == party else self.first
        return ContactChanged(**self._envelope(other), contact=contact)

    def _lapse(self, now: datetime) -> tuple[Self, tuple[ConflictEvent, ...]]:
        changed = self._become(S.LAPSED)._unanswered()
        return changed, tuple(ConflictLapsed(**changed._envelope(side), at=now) for side, _ in changed._sides())

    def _unanswered(self) -> Self:
        if self.first.answer is self.second.answer is None:
            return self
        bare = {name: getattr(self, name).model_copy(update={"answer": None}) for name in ("first", "second")}
        return self.model_copy(update=bare)

    def _sides(self) -> tuple[tuple[Side, Side], tuple[Side, Side]]:
        """Each with the other."""
        return (self.first, self.second), (self.second, self.first)

    def _name(self, side: Side) -> str:
        return "first" if side.id == self.first.id else "second"

    def _become(self, state: ConflictState, **changes: object) -> Self:
        if state not in NEXT[self.state]:
            raise ConflictNotThisState(f"A conflict that is {self.state.value} does not become {state.value}.")
        return self._next(state=state, **changes)

    def _next(self, **changes: object) -> Self:
        return self.model_copy(update={**changes, "version": self.version + 1})

    def _envelope(self, side: Side) -> dict[str, object]:
        """Nobody's word, unless one of the two speaks; read by this side's owner alone."""
        return {"conflict_id": side.id, "version": self.version, "party": "", "audience": (side.party,)}


def _side(of: Presence) -> Side:
    return Side(id=uuid7(), party=of.owner, operation_id=of.operation_id, period_id=of.period_id)


def _kinds(overlaps: tuple[Overlap, ...]) -> tuple[Kind, ...]:
    return _in_order(frozenset(one.kind for one in overlaps))


@cache
def _in_order(kinds: frozenset[Kind]) -> tuple[Kind, ...]:
    return tuple(kind for kind in Kind if kind in kinds)
