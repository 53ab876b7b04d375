"""Use cases without a database: aggregates kept as their JSON, what was announced in order, and a clock to be set."""

from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel

from services.planner.domain.activity import Activity
from services.planner.domain.consultation import Consultation
from services.planner.domain.group import Group
from shared.actor import Actor
from shared.errors import NotFound, Refusal
from shared.events.base import Event
from shared.events.planner import Document
from shared.vocabulary import ActivityKind, Role
from tests.builders import NOON, an_actor

T = TypeVar("T", bound=BaseModel)
ROLES = (Role.CO_CHAIR, Role.COORDINATOR, Role.LIAISON_OFFICER, Role.RSO_OFFICER, Role.OBSERVER, Role.PARTY_ADMIN)


class Kept(Generic[T]):
    """In the place of a repository's class."""

    def __init__(self, kind: type[T]) -> None:
        self._kind, self._rows = kind, dict[UUID, str]()

    def __call__(self, _tx: Any) -> "Kept[T]":
        return self

    async def get(self, key: UUID | None = None) -> T:
        found = self._rows.get(key) if key else next(iter(self._rows.values()))
        if found is None:
            raise NotFound
        return self._kind.model_validate_json(found)

    as_it_is = get

    async def all(self) -> list[T]:
        return [self._kind.model_validate_json(row) for row in self._rows.values()]

    async def put(self, thing: Any) -> None:
        self._rows[thing.id] = thing.model_dump_json()

    def now(self, key: UUID) -> T:
        return self._kind.model_validate_json(self._rows[key])


class MemoryTx:
    """As much of a transaction as use cases ask for. Nothing refuses after it was kept, so nothing is undone."""

    def __init__(self, world: "MemoryWorld", actor: Actor | None) -> None:
        self._world, self.actor, self.now = world, actor, world.now

    async def sql(self, *_: Any) -> list[Any]:
        return []

    def announce(self, *facts: Event) -> None:
        self._world.said += facts

    def audit(self, *_: Any) -> None:
        """Not looked at here."""


class MemoryWorld:
    """Who may act, what is kept, what was said."""

    def __init__(self) -> None:
        self.now: datetime = NOON
        self.said: list[Event] = []

    def pass_time(self, **how: float) -> None:
        self.now += timedelta(**how)

    def do(
        self, use_case: Callable[..., Coroutine[Any, Any, Any]], actor: Actor | None, *given: Any
    ) -> list[Event] | Refusal:
        """What it said, or with what it was refused; a refusal says nothing."""
        before = len(self.said)
        acting = (actor,) if actor else ()
        try:
            use_case(MemoryTx(self, actor), *acting, *given).send(None)
        except StopIteration:  # done: nothing here is waited for
            pass
        except Refusal as refusal:
            assert len(self.said) == before
            return refusal
        return self.said[before:]


def everyone(*parties: str) -> list[Actor]:
    """Of each party one with each role."""
    return [an_actor(party, role, name=role.value) for party in parties for role in ROLES]


def a_group(*members: str) -> Group:
    return Group(version=1, members=tuple(sorted(members or ("LK", "NZ", "TH"))))


def a_consultation(**changes: Any) -> Consultation:
    """Called by NZ (with AU) to ID and TH; answers are due in four hours."""
    consultation = Consultation(
        id=UUID(int=7), version=1, title="Boats adrift", trigger="Two vessels without a crew.", co_chairs=("NZ", "AU"),
        invited=("ID", "TH"), answer_by=NOON + timedelta(hours=4), meets_at=NOON + timedelta(hours=6),
    )  # fmt: skip
    return consultation.model_copy(update=changes)


def an_activity(owner: str = "LK", **changes: Any) -> Activity:
    """A training that NZ proposed to its owner, due in a month."""
    activity = Activity(
        id=UUID(int=8), version=1, kind=ActivityKind.TRAINING, title="Course on forged books", owner=owner,
        due=NOON.date() + timedelta(days=30), documents=(Document(title="Outline", address="https://d.example/1"),),
    )  # fmt: skip
    return activity.model_copy(update=changes)
