"""Events in: batches of raw bytes from Kafka, each event's effect exactly once, in the order of its aggregate.

A batch is one transaction, or a few. When one fails, its halves are tried, down to the event at fault: a passing fault
(database, lock) pauses with jitter and comes again; a permanent one (a refusal, data that no handler can take) is set aside
in quarantine, and holds back only its own aggregate. Events of an aggregate of which something is set aside are taken
one by one, the others together. Handlers know nothing of this.
"""

import asyncio
import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.actor import Actor
from shared.errors import Conflict, NotFound, Refusal
from shared.runtime import failpoints, telemetry
from shared.runtime.db import Database, Tx, is_passing
from shared.runtime.failpoints import Point
from shared.runtime.inbox import Heard, Inbox, Place, Tampered, hear
from shared.runtime.listener import Gather, Listener
from shared.runtime.order import Number, Turn, turn
from shared.runtime.settings import ServiceSettings

log = logging.getLogger("jpa.bus")
security_log = logging.getLogger("jpa.security")


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

    def __init__(
        self,
        listener: Listener,
        inbox: Inbox,
        database: Database,
        settings: ServiceSettings,
        gather: Gather | None = None,
    ) -> None:
        self.listener, self.inbox, self.database, self.settings = listener, inbox, database, settings
        self._gather = gather or listener.gather
        self.handled = 0

    async def batch(self, records: Sequence[Any]) -> None:
        """Apply all of it. Raises only for a passing fault, after a pause: the batch then comes again.

        It is taken in parts, a transaction each; while the database works on one, the next is read.
        """
        size = self.settings.transaction_max_events
        parts = [records[start : start + size] for start in range(0, len(records), size)]
        heard = await _read(parts[0]) if parts else []
        for following in [*parts[1:], ()]:
            reading = asyncio.create_task(_read(following))
            try:
                await self._part(heard)
            finally:
                upcoming = await reading
            telemetry.HANDLED.inc(len(heard))
            self.handled += len(heard)
            self.listener.committed()
            failpoints.reach(Point.BEFORE_OFFSET)
            heard = upcoming

    async def _part(self, heard: Sequence[Heard]) -> None:
        try:
            await self._take(heard)
        except Exception as problem:
            if not is_passing(problem):
                log.error("a batch cannot be taken in: %s", _reason(problem))
            await self._pause(problem)  # never in a loop without one, whatever it is
            raise

    async def _take(self, heard: Sequence[Heard]) -> None:
        """All together; when that fails the halves, so that one among thousands is found in a few steps."""
        try:
            careful = await self._together(heard)
        except Exception as problem:
            if is_passing(problem):
                raise
            if len(heard) > 1:
                middle = len(heard) // 2
                await self._take(heard[:middle])
                await self._take(heard[middle:])
                return
            careful = list(heard)
        for h in careful:
            try:
                await self._single(h)
            except Exception as problem:
                if is_passing(problem):
                    raise
                await self._quarantine(h, problem)

    async def _together(self, heard: Sequence[Heard]) -> list[Heard]:
        """What is in order, in one transaction; any trouble ends it. Returns what has to be taken one by one."""
        readable = [h for h in heard if h.event]
        async with self.database.begin() as tx:
            places = await self.inbox.places(tx, readable)
            calm, careful = _sorted_out(heard, places)
            new = await self.inbox.enter(tx, calm)
            fresh = [h for i, h in enumerate(calm) if i in new]
            if len(fresh) < len(calm):
                # who took the others may have been at it just now: how far they came is known only after them
                places = await self.inbox.places(tx, fresh)
            positions: dict[tuple[str, str], Number] = {}
            for h in fresh:
                if turn(positions.get(h.place, places[h.place].position), h.number) is not Turn.NEXT:
                    raise _Singly
                positions[h.place] = h.number
            await self._handle(tx, fresh)
            await self.inbox.advance(tx, positions)
        return careful

    async def _handle(self, tx: Tx, heard: Sequence[Heard]) -> None:
        """The effects of events, all written when this returns."""
        events = [h.event for h in heard if h.event]
        if not events:
            return
        work = self._gather(tx) if self._gather else None
        if work:
            await work.prepare(events)
        for number, event in enumerate(events, 1):
            await self.listener.handle(event, work or tx)
            if number % _STEP == 0:
                await asyncio.sleep(0)
        if work:
            await work.flush()

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
            at = (await self.inbox.places(tx, [h]))[h.place].position
            if turn(at, h.number, await self.inbox.earlier_aside(tx, h, at)) is not Turn.LATER:
                await self._apply(tx, h, at)
                return
            # its turn has not come; a recall is applied at once all the same, and keeps its place
            if h.event.passes_hold:
                await self._handle(tx, [h])
            state = "applied" if h.event.passes_hold else "waiting"
            await self.inbox.set_aside(tx, h, f"waits for number {at.following} of its aggregate", state)

    async def _apply(self, tx: Tx, h: Heard, at: Number) -> None:
        """Handle `h`, then what waited behind it; one of those that fails is set aside alone."""
        assert h.event
        await self._handle(tx, [h])
        await self.inbox.forget_failed(tx, h)
        at = max(at, h.number)
        while row := await self.inbox.next_waiting(tx, *h.place, at):
            waiting = hear(stored(row))
            if row["state"] != "applied":
                try:
                    async with tx.savepoint():
                        if waiting.event is None:
                            raise ValueError(waiting.problem)
                        await self._handle(tx, [waiting])
                except Exception as problem:
                    if is_passing(problem):
                        raise
                    await self.inbox.set_aside(tx, waiting, _reason(problem), "failed")
                    break
            at = Number(row["epoch"], row["sequence"])
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
            at = (await self.inbox.places(tx, [h]))[h.place].position
            whose = turn(at, h.number, await self.inbox.earlier_aside(tx, h, at))
            if whose is Turn.LATER:
                raise Conflict(f"It waits for number {at.following} of its aggregate.")
            if whose is Turn.NEXT:
                await self._apply(tx, h, at)
        self.listener.committed()

    async def close(self, quarantine_id: int, reason: str, actor: Actor) -> None:
        """Count no longer one that nobody will ever read; it stays, with the reason, and a later version may replay it.

        Raises:
            NotFound: it is not there.
            Conflict: it can be read, so that closing it would lose an event; or it did not fail.
        """
        async with self.database.begin(actor) as tx:
            row = await self.inbox.look(tx, quarantine_id)
            if row is None:
                raise NotFound
            if row["state"] != "failed":
                raise Conflict(f"Only what failed is closed; this one is {row['state']}.")
            if hear(stored(row)).event is not None:
                raise Conflict("It can be read, and its aggregate waits for it: mend the cause, then replay it.")
            await self.inbox.close(tx, quarantine_id, reason)
            place = f"{row['topic']}/{row['partition']}/{row['offset']}"
            tx.audit(f"close in quarantine: {reason}", place)

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
        low, high = self.settings.retry_min_seconds, self.settings.retry_max_seconds
        pause = random.uniform(low, min(high, low * 10))  # noqa: S311
        log.warning("pausing %.1f s: %s", pause, type(problem).__name__)
        await asyncio.sleep(pause)


def _reason(problem: Exception) -> str:
    """What went wrong, without a word of the content: drivers and validators quote it in their messages."""
    if isinstance(problem, Tampered):
        return str(problem)
    if isinstance(problem, Refusal):
        return problem.code
    state = getattr(problem, "sqlstate", None)
    return f"{type(problem).__name__}{f' {state}' if state else ''}"


class _Singly(Exception):
    """These events need care: take them one by one."""


def _sorted_out(heard: Sequence[Heard], places: Mapping[tuple[str, str], Place]) -> tuple[list[Heard], list[Heard]]:
    """Those of aggregates where each follows the one before it and nothing is set aside; and the others."""
    reached = {place: at.position for place, at in places.items()}
    careful = {place for place, at in places.items() if at.has_aside}
    for h in heard:
        if h.event and h.number > reached[h.place]:
            if turn(reached[h.place], h.number) is not Turn.NEXT:
                careful.add(h.place)
            reached[h.place] = h.number
    calm = [h for h in heard if h.event and h.place not in careful]
    return calm, [h for h in heard if not h.event or h.place in careful]


async def _read(records: Sequence[Any]) -> list[Heard]:
    heard = []
    for start in range(0, len(records), _STEP):
        heard += [hear(record) for record in records[start : start + _STEP]]
        await asyncio.sleep(0)
    return heard


_STEP = 100  # of events, before others have their turn: pages are shown by the same loop


def stored(row: dict[str, Any]) -> _Stored:
    """A quarantine row as the record that it was."""
    return _Stored(
        row["topic"], row["partition"], row["offset"],
        row["key"].encode() if row["key"] is not None else None,
        bytes(row["body"]) if row["body"] is not None else None,
        [(name, bytes.fromhex(content) if content is not None else None) for name, content in row["headers"]],
    )  # fmt: skip
