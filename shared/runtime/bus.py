"""Events in: batches of raw bytes from Kafka, each event's effect exactly once, in the order of its aggregate.

A batch is one transaction. When it fails, its events are taken one by one: a passing fault (database, lock) pauses with
jitter and comes again; a permanent one (a refusal, data that no handler can take) is set aside in quarantine, and holds
back only its own aggregate. Handlers know nothing of this.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from shared.actor import Actor
from shared.errors import Conflict, NotFound, Refusal
from shared.events.base import Event
from shared.runtime import failpoints, telemetry
from shared.runtime.db import Database, Tx, is_passing
from shared.runtime.failpoints import Point
from shared.runtime.inbox import Heard, Inbox, Tampered, hear
from shared.runtime.settings import ServiceSettings

log = logging.getLogger("jpa.bus")
security_log = logging.getLogger("jpa.security")

Handler = Callable[[Any, Tx], Awaitable[None]]
H = TypeVar("H", bound=Handler)


class Listener:
    """What a service hears: its topics, and the handler of each kind of event."""

    def __init__(self, *topics: str) -> None:
        self.topics = topics
        self._handlers: dict[type[Event], Handler] = {}
        self._after: list[Callable[[], None]] = []

    def on(self, *kinds: type[Event]) -> Callable[[H], H]:
        """Register a handler: `@listener.on(PeriodClosed)`."""

        def register(handler: H) -> H:
            for kind in kinds:
                if kind in self._handlers:
                    raise TypeError(f"{kind.__name__} has two handlers")
                self._handlers[kind] = handler
            return handler

        return register

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call this after each committed batch."""
        self._after.append(call)

    async def handle(self, event: Event, tx: Tx) -> None:
        handler = self._handlers.get(type(event))
        if handler:
            with telemetry.span_if_sampled("handle", event.traceparent, type=event.type, event=str(event.id)):
                await handler(event, tx)

    def committed(self) -> None:
        for call in self._after:
            call()


@dataclass
class _Stored:
    """A record that comes back out of quarantine."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[Any, Any]]


class Consumer:
    """Applies batches of records for one consumer (a service, or a rebuild)."""

    def __init__(self, listener: Listener, inbox: Inbox, database: Database, settings: ServiceSettings) -> None:
        self.listener, self.inbox, self.database, self._settings = listener, inbox, database, settings

    async def batch(self, records: Sequence[Any]) -> None:
        """Apply all of it. Raises only for a passing fault, after a pause: the batch then comes again."""
        heard = [hear(record) for record in records]
        try:
            await self._together(heard)
        except Exception as problem:
            if is_passing(problem):
                await self._pause(problem)
                raise
            try:
                await self._one_by_one(heard)
            except Exception as trouble:
                if not is_passing(trouble):
                    log.error("a batch cannot be taken in: %s", _reason(trouble))
                    await self._pause(trouble)  # never in a loop without one, whatever it is
                raise
        telemetry.HANDLED.inc(len(heard))
        self.listener.committed()
        failpoints.reach(Point.BEFORE_OFFSET)

    async def _together(self, heard: Sequence[Heard]) -> None:
        """All in one transaction, in the order heard; any trouble ends it."""
        if any(h.event is None for h in heard):
            raise _Singly
        async with self.database.begin() as tx:
            new = await self.inbox.enter(tx, heard)
            if not new:
                return
            fresh = [h for i, h in enumerate(heard) if i in new]
            positions, someone_waits = await self.inbox.someone_waits(tx, fresh)
            if someone_waits:
                raise _Singly
            for h in fresh:
                assert h.event
                if h.event.sequence != positions[h.place] + 1:
                    raise _Singly
                positions[h.place] = h.event.sequence
                await self.listener.handle(h.event, tx)
            await self.inbox.advance(tx, positions)

    async def _one_by_one(self, heard: Sequence[Heard]) -> None:
        for h in heard:
            try:
                await self._single(h)
            except Exception as problem:
                if is_passing(problem):
                    await self._pause(problem)
                    raise
                await self._quarantine(h, problem)

    async def _single(self, h: Heard) -> None:
        """One event in a transaction of its own, together with those of its aggregate that waited for it."""
        if h.event is None:
            async with self.database.begin() as tx:
                await self.inbox.set_aside(tx, h, h.problem, "failed")
            log.warning("quarantined %s/%d/%d: %s", h.record.topic, h.record.partition, h.record.offset, h.problem)
            return
        async with self.database.begin() as tx:
            await self._alone(tx, h)
            if not await self.inbox.enter(tx, [h]):
                return
            at = (await self.inbox.positions(tx, [h]))[h.place]
            if h.event.sequence <= at + 1:
                await self._apply(tx, h, at)
                return
            # its turn has not come; a recall is applied at once all the same, and keeps its place
            if h.event.passes_hold:
                await self.listener.handle(h.event, tx)
            state = "applied" if h.event.passes_hold else "waiting"
            await self.inbox.set_aside(tx, h, f"waits for number {at + 1} of its aggregate", state)

    async def _apply(self, tx: Tx, h: Heard, at: int) -> None:
        """Handle `h`, then what waited behind it; one of those that fails is set aside alone."""
        assert h.event
        await self.listener.handle(h.event, tx)
        await self.inbox.forget_failed(tx, h)
        at = max(at, h.event.sequence)
        while row := await self.inbox.next_waiting(tx, *h.place, at + 1):
            waiting = hear(stored(row))
            if row["state"] != "applied":
                said, noted = len(tx.announced), len(tx.audited)
                try:
                    async with tx.connection.begin_nested():
                        if waiting.event is None:
                            raise ValueError(waiting.problem)
                        await self.listener.handle(waiting.event, tx)
                except Exception as problem:
                    if is_passing(problem):
                        raise
                    del tx.announced[said:], tx.audited[noted:]
                    await self.inbox.set_aside(tx, waiting, _reason(problem), "failed")
                    break
            at += 1
        await self.inbox.advance(tx, {h.place: at})

    async def _alone(self, tx: Tx, h: Heard) -> None:
        """A replay and the bus do not decide on one aggregate at the same time: one would miss what the other leaves."""
        topic, key = h.place
        await tx.lock(f"{self.inbox.consumer} {topic} {key}")

    async def replay(self, quarantine_id: int, actor: Actor) -> None:
        """Try one from quarantine again; audited.

        Raises:
            NotFound: it is not there.
            Conflict: it still cannot be read, or its turn has not come; it stays where it is.
        """
        async with self.database.begin(actor) as tx:
            row = await self.inbox.take(tx, quarantine_id)
            if row is None:
                raise NotFound
            h = hear(stored(row))
            if h.event is None:
                raise Conflict(f"It still cannot be read: {h.problem}.")
            await self._alone(tx, h)
            try:
                await self.inbox.enter(tx, [h])
            except Tampered:
                raise Conflict("Its id came before with other bytes: it is kept as evidence.") from None
            tx.audit("replay from quarantine", str(h.event.id))
            at = (await self.inbox.positions(tx, [h]))[h.place]
            if h.event.sequence > at + 1:
                raise Conflict(f"It waits for number {at + 1} of its aggregate.")
            if h.event.sequence == at + 1:
                await self._apply(tx, h, at)
        self.listener.committed()

    async def _quarantine(self, h: Heard, problem: Exception) -> None:
        """Set it aside for a person. Its inbox row stays out, so that a replay applies it."""
        reason = _reason(problem)
        if isinstance(problem, Tampered):
            security_log.error("same id, other bytes: %s/%d/%d", h.record.topic, h.record.partition, h.record.offset)
        else:
            log.warning("quarantined %s/%d/%d: %s", h.record.topic, h.record.partition, h.record.offset, reason)
        async with self.database.begin() as tx:
            await self.inbox.set_aside(tx, h, reason, "failed")

    async def _pause(self, problem: BaseException) -> None:
        low, high = self._settings.retry_min_seconds, self._settings.retry_max_seconds
        pause = random.uniform(low, min(high, low * 10))  # noqa: S311
        log.warning("pausing %.1f s: %s", pause, type(problem).__name__)
        await asyncio.sleep(pause)


def _reason(problem: Exception) -> str:
    """What went wrong, without a word of the content: drivers and validators quote it in their messages."""
    if isinstance(problem, Tampered):
        return str(problem)
    if isinstance(problem, Refusal):
        return problem.code
    state = getattr(getattr(problem, "orig", None), "sqlstate", None)
    return f"{type(problem).__name__}{f' {state}' if state else ''}"


class _Singly(Exception):
    """This batch needs care: take its events one by one."""


def stored(row: dict[str, Any]) -> _Stored:
    """A quarantine row as the record that it was."""
    return _Stored(
        row["topic"], row["partition"], row["offset"],
        row["key"].encode() if row["key"] is not None else None,
        bytes(row["body"]) if row["body"] is not None else None,
        [(name, bytes.fromhex(content) if content is not None else None) for name, content in row["headers"]],
    )  # fmt: skip
