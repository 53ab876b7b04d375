"""Deconfliction without a database: operations of several states, what is kept of their conflicts, and what was said."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, cast
from unittest import mock
from uuid import UUID

from services.planner.domain.conflict import Conflict
from services.planner.domain.contact import Contact
from services.planner.domain.operation import Operation
from services.planner.domain.presence import Presence
from services.planner.domain.targets import Targets
from services.planner.usecases import conflicts, deconfliction
from shared.actor import Actor
from shared.errors import NotFound
from shared.events.base import Event
from shared.events.planner import Place, Target, Window
from shared.vocabulary import IdentifierKind, OperationState, PeriodState, PlaceKind
from tests.builders import NOON, a_period, an_operation
from tests.planner.in_memory import Memory

STATES = ("NZ", "LK", "TH")
PLACES = {
    "BKK": (13.69, 100.75), "Bangkok": (13.756, 100.502), "Laem Chabang": (13.08, 100.88), "AKL": (-37.008, 174.79),
}  # fmt: skip
"""The first two are near each other, and nothing else is."""


def a_place(name: str) -> Place:
    latitude, longitude = PLACES[name]
    return Place(
        kind=PlaceKind.POINT, name=name, latitude=latitude, longitude=longitude, time_zone="Asia/Bangkok"
    )


def a_window(first: int, days: int = 1) -> Window:
    return Window(starts_at=NOON + timedelta(days=first), ends_at=NOON + timedelta(days=first + days))


def a_target(number: int, key: int = 1) -> Target:
    return Target(kind=IdentifierKind.PASSPORT, token=f"{key}:{number:064x}")


def an_operation_at(owner: str, *places: str, first: int = 0, days: int = 1, **more: Any) -> Operation:
    state = more.pop("state", OperationState.DRAFTED)
    return an_operation(
        owner, state, window=a_window(first, days), places=tuple(map(a_place, places)), **more
    )


class World(Memory):
    """A period of three states that runs, and in the place of each repository what it would have kept."""

    def __init__(self, *operations: Operation) -> None:
        period = a_period(joined=STATES, state=PeriodState.ACTIVE)
        super().__init__(period, *(one.model_copy(update={"period_id": period.id}) for one in operations))
        self.live: dict[UUID, Presence] = {}
        self.conflicts: dict[UUID, Conflict] = {}
        self.targets: dict[UUID, Targets] = {}
        self.contacts: dict[str, Contact] = {}
        self.tries: list[tuple[str, int, int]] = []
        self.audited: list[tuple[str, ...]] = []

    def audit(self, *entry: str) -> None:
        self.audited.append(entry)

    async def sql(self, statement: str, *parameters: Any) -> Sequence[dict[str, Any]]:
        if statement.startswith("SELECT period_id FROM operation"):
            return [{"period_id": self.period.id}]
        if statement.startswith("SELECT body FROM operation WHERE id"):
            found = self.operations.get(parameters[0])
            return [{"body": found.model_dump(mode="json")}] if found else []
        if statement.strip().startswith("SELECT type, party, at"):
            return []  # what changed since
        if statement.strip().startswith("WITH frame"):
            return self._with_frame(parameters[0])
        return await super().sql(statement, *parameters)

    def _with_frame(self, operation_id: UUID) -> list[dict[str, Any]]:
        operation, period = self.operations.get(operation_id), self.period
        if operation is None:
            return []
        known = {
            "id": period.id, "state": period.state.value, "participants": period.participants,
            "first_day": period.first_day.isoformat(), "last_day": period.last_day.isoformat(),
            "presiding": period.presiding, "objectives": [], "body": operation.model_dump_json(),
        }  # fmt: skip
        return [known]

    def of(self, owner: str) -> Operation:
        """The one operation of this owner."""
        (found,) = [one for one in self.operations.values() if one.owner == owner]
        return found

    def heard(self, party: str) -> list[Event]:
        return [event for event in self.said if party in event.audience]

    async def moves(self, operation: Operation) -> None:
        """As an amendment ends: the operation is kept, and then compared."""
        self.operations[operation.id] = operation
        await deconfliction.deconflict(self.tx, operation, self.period.frame)

    def acts(self, actor: Actor | None) -> "World":
        self.actor = actor
        return self


@contextlib.contextmanager
def in_place_of_the_database() -> Iterator[None]:
    """The use cases keep things in the world that is their transaction."""
    with contextlib.ExitStack() as stack:
        for module in (deconfliction, conflicts):
            for fake in (_Live, _Conflicts, _NamedTargets, _Contacts, _Tries):
                if hasattr(module, fake.__name__.lstrip("_")):
                    stack.enter_context(mock.patch.object(module, fake.__name__.lstrip("_"), fake))
        yield


class _Fake:
    def __init__(self, tx: Any) -> None:
        self.world = cast(World, tx)


class _Live(_Fake):
    async def of(self, ids: Sequence[UUID]) -> dict[UUID, Presence]:
        return {known: self.world.live[known] for known in ids if known in self.world.live}

    async def lock(self, presences: Iterable[Presence]) -> None:
        """Nobody else is here."""

    async def put(self, before: Presence | None, after: Presence | None) -> None:
        if before:
            del self.world.live[before.operation_id]
        if after:
            self.world.live[after.operation_id] = after

    async def near(self, presence: Presence) -> dict[UUID, Presence]:
        """More than the database would give: whether it matters is for the rules to say."""
        return {known: one for known, one in self.world.live.items() if known != presence.operation_id}


class _Conflicts(_Fake):
    async def get(self, side_id: UUID) -> Conflict:
        for one in self.world.conflicts.values():
            if side_id in {one.first.id, one.second.id}:
                return one
        raise NotFound

    async def of(self, ids: Sequence[UUID], others: Iterable[UUID]) -> list[Conflict]:
        return [one for one in self.world.conflicts.values() if {one.first.operation_id, one.second.operation_id} & {*ids}]

    async def of_party(self, party: str) -> list[Conflict]:
        return [
            one for one in self.world.conflicts.values()
            if party in {one.first.party, one.second.party} and one.state != "lapsed"
        ]  # fmt: skip

    async def put(self, *conflicts: Conflict) -> None:
        self.world.conflicts |= {one.id: Conflict.model_validate_json(one.model_dump_json()) for one in conflicts}


class _NamedTargets(_Fake):
    async def get(self, operation_id: UUID) -> Targets:
        return self.world.targets.get(operation_id, Targets(id=operation_id))

    async def put(self, targets: Targets) -> None:
        self.world.targets[targets.id] = targets

    async def tokens(self, ids: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
        return {known: self.world.targets[known].tokens for known in ids if known in self.world.targets}


class _Contacts(_Fake):
    async def get(self, party: str) -> Contact:
        return self.world.contacts.get(party, Contact(owner=party))

    async def of(self, parties: Iterable[str]) -> Mapping[str, str]:
        return {party: one.contact for party, one in self.world.contacts.items() if party in set(parties)}

    async def put(self, contact: Contact) -> None:
        self.world.contacts[contact.owner] = contact


class _Tries(_Fake):
    async def since(self, party: str, hours: float) -> tuple[int, int]:
        own = [one for one in self.world.tries if one[0] == party]
        return sum(places for _, places, _ in own), sum(targets for _, _, targets in own)

    async def add(self, party: str, places: int, targets: int) -> None:
        self.world.tries.append((party, places, targets))
