"""A reader before made-up rows: for what pages make of them, without a server."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from services.portal.pages.desk import Desk
from shared.actor import Actor
from shared.vocabulary import Role

NOW = datetime(2016, 7, 26, 6, 5, tzinfo=UTC)
PERIOD = UUID("01500000-0000-7000-8000-000000000001")
Row = dict[str, Any]


def period(status: str, **more: Any) -> Row:
    return {
        "id": PERIOD, "title": "2nd period", "status": status, "first_day": NOW.date(), "last_day": NOW.date(),
        "co_chairs": ["NZ"], "invited": ["NZ", "LK"], "supporting": [],
        "objectives": [], "checkpoints": [], "version": 1, "plan_version": None, "adopted": None, "answer_by": None, **more,
    }  # fmt: skip


@dataclass
class FakeReads:
    """Rows by question; what is not said is empty."""

    rows: Row
    said: dict[str, Any] = field(default_factory=dict)

    async def period(self, _id: UUID) -> Row:
        return self.rows

    def __getattr__(self, name: str) -> Any:
        async def answer(*_: Any, **__: Any) -> Any:
            return self.said.get(name, ())

        return answer


class FakeDesk(Desk):
    """Reads from `FakeReads`."""

    fake: FakeReads

    @contextlib.asynccontextmanager
    async def reads(self) -> AsyncIterator[Any]:
        yield self.fake


def desk(party: str, *roles: Role, rows: Row | None = None, **said: Any) -> FakeDesk:
    clock = SimpleNamespace(now=lambda: NOW)
    settings = SimpleNamespace(playback=False, clock_file=None, late_hours=24.0)

    async def noted(*_: object) -> None:
        """What is read is noted nowhere."""

    portal: Any = SimpleNamespace(service=SimpleNamespace(clock=clock), settings=settings, note_read=noted)
    actor = Actor("1", f"{party.lower()}.someone", party, frozenset(roles))
    session: Any = SimpleNamespace(actor=actor, display_name="Someone", csrf="secret")
    found = FakeDesk(SimpleNamespace(), portal, session)  # type: ignore[arg-type]
    found.fake = FakeReads(rows or period("active"), said)
    return found
