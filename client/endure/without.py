"""Builds of the services with one safeguard taken out, and the faults that must show it: a run with one has to fail."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from typing import Any
from uuid import uuid4

from deploy.embedded.places import Trouble
from deploy.embedded.services import SERVICES, Service

App = Callable[[Any, Any, Any], Awaitable[None]]


def _inbox() -> None:
    """Every event is new."""
    from shared.runtime.inbox import Inbox

    async def enter(self: Inbox, tx: Any, heard: Sequence[Any]) -> set[int]:
        return {number for number, one in enumerate(heard) if one.event}

    Inbox.enter = enter  # type: ignore[method-assign]


def _order() -> None:
    """Every event is the next one of its aggregate."""
    from shared.runtime import bus
    from shared.runtime.order import Turn

    bus.turn = lambda *_: Turn.NEXT  # type: ignore[attr-defined]


def _quarantine() -> None:
    """What cannot be taken in is passed by."""
    from shared.runtime.inbox import Inbox

    async def set_aside(self: Inbox, tx: Any, heard: Any, reason: str, state: str) -> None:
        return None

    Inbox.set_aside = set_aside  # type: ignore[method-assign]


def _acknowledgement() -> None:
    """What is on its way to Kafka counts as sent."""
    from shared.runtime.relay import Relay

    plain, under_way = Relay._send, set[Any]()

    async def send(self: Relay, due: Any) -> set[int]:
        task = asyncio.create_task(plain(self, due))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        return set()

    Relay._send = send  # type: ignore[method-assign]


def _offsets() -> None:
    """What was read is told to be handled before it is, by a service that is slow in between."""
    from shared.runtime.subscriber import Bus

    plain = Bus._batch

    async def batch(self: Bus, records: Sequence[Any]) -> None:
        self.reach(records)
        await self._tell()
        await asyncio.sleep(0.2)
        await plain(self, records)

    Bus._batch = batch  # type: ignore[method-assign]


def _audience() -> None:
    """Every event goes to every feed."""
    from shared.parties import PARTIES, feed_topic
    from shared.runtime import relay

    relay.feeds_of = lambda audience: [feed_topic(party) for party in PARTIES]


def _rows() -> None:
    """The reader's policy lets every row through."""
    from services.portal import read_model

    read_model._MINE = "true"


def _space() -> None:
    """Nobody looks at the free space."""
    from shared.runtime.door import Space

    Space.enough = lambda self: True  # type: ignore[method-assign]


def _nothing() -> None:
    """For those that are taken out elsewhere."""


DEADLY = ("kill planner", "kill portal", "kill postgres", "stop planner", "restart postgres")
REMOVED: dict[str, tuple[Callable[[], None], tuple[str, ...]]] = {
    "inbox": (_inbox, ("kill after-effect-before-offset-commit", "kill after-publish-before-mark", "duplicates")),
    "order": (_order, ("reordered", "sent backwards", "stuck aggregate")),
    "acknowledgement": (_acknowledgement, ("kafka down", "kill after-publish-before-mark", "kill kafka")),
    "offsets": (_offsets, ("kill portal", "kill debrief", "kill portal", "kill debrief", "kill portal")),
    "quarantine": (_quarantine, ("poison", "stuck aggregate")),
    "audience": (_audience, ("kill planner",)),
    "rows": (_rows, ("kill portal",)),
    "space": (_space, ("no free space",)),
    "idempotency": (_nothing, DEADLY + DEADLY[:2]),
}


def services(safeguard: str) -> tuple[Service, ...]:
    """All four without it; as they are where none is named.

    Raises:
        Trouble: it is not one of those that can be taken out.
    """
    if not safeguard:
        return SERVICES
    if safeguard not in REMOVED:
        raise Trouble(f"{safeguard!r} cannot be taken out: use one of {', '.join(REMOVED)}.")
    return tuple(Service(name.name, f"{__name__}:{name.name}_without_{safeguard}") for name in SERVICES)


def __getattr__(name: str) -> App:
    service, without, safeguard = name.partition("_without_")
    if not without:
        raise AttributeError(name)
    REMOVED[safeguard][0]()
    app: App = import_module(f"services.{service}.app").app
    return _forgetful(app) if safeguard == "idempotency" else app


def _forgetful(app: App) -> App:
    """Every command comes for the first time."""

    async def called(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            kept = [(key, value) for key, value in scope["headers"] if key != b"idempotency-key"]
            scope = {**scope, "headers": [*kept, (b"idempotency-key", uuid4().bytes.hex().encode())]}
        await app(scope, receive, send)

    return called
