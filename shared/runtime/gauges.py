"""What an alert stands on, read when /metrics is asked: what stands still says nothing of itself, and is not waited for.

An age that cannot be read (database or Kafka away) goes on growing from what was last known.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from shared.runtime import telemetry

if TYPE_CHECKING:
    from shared.runtime.service import Service

T = TypeVar("T")

log = logging.getLogger("jpa.metrics")

PATIENCE = 3.0  # a scrape waits no longer than this for any of its questions
STATES = ("failed", "waiting", "applied", "closed")

_AGES = """
SELECT (SELECT count(*) FROM outbox_unsent) AS unsent,
       coalesce((SELECT extract(epoch FROM clock_timestamp() - min(due)) FROM outbox_unsent), 0)::float AS oldest,
       coalesce((SELECT extract(epoch FROM clock_timestamp() - min(at)) FROM audit WHERE seal IS NULL), 0)::float AS unsealed
"""


class Age:
    """Seconds since a moment that others tell of now and then; 0 while there is none."""

    def __init__(self) -> None:
        self._since: float | None = None

    def told(self, seconds: float) -> None:
        self._since = time.monotonic() - seconds if seconds > 0 else None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._since if self._since is not None else 0.0


@dataclass
class Behind:
    """How old the oldest event is that a consumer has not handled."""

    caught_up: float = field(default_factory=time.monotonic)  # when it was last seen with nothing before it
    ever: bool = False

    def seconds(self, lag: int | None, handled_at: float) -> float:
        """`lag` is None while nobody can say; `handled_at` is the Kafka time of the oldest event of the last batch.

        What waits now came after that batch, and after the moment when nothing waited: the later of the two counts.
        """
        if lag == 0:
            self.caught_up, self.ever = time.monotonic(), True
            return 0.0
        since = time.monotonic() - self.caught_up
        if not handled_at:
            return since
        age = max(0.0, time.time() - handled_at)
        return min(age, since) if self.ever else age  # before it was ever caught up it takes in what is older than itself


@dataclass
class Gauges:
    """What is remembered between two scrapes of one process."""

    oldest: Age = field(default_factory=Age)
    unsealed: Age = field(default_factory=Age)
    behind: Behind = field(default_factory=Behind)

    async def read(self, parts: "Service", readiness: Awaitable[dict[str, Any]]) -> None:
        """Set all gauges; never raises, and takes as long as its patience at most."""
        said, _, _ = await asyncio.gather(
            _within(readiness), _within(self._database(parts)), _within(self._quarantine(parts))
        )
        telemetry.READY.set(bool(said and said["ready"]))
        telemetry.OLDEST.set(self.oldest.seconds)
        telemetry.UNSEALED.set(self.unsealed.seconds)
        if parts.listener.topics:
            seconds = self.behind.seconds(said["lag"] if said else None, parts.bus.handled_at if parts.bus else 0.0)
            telemetry.LAG_SECONDS.labels(parts.consumer.inbox.consumer).set(seconds)
        telemetry.NEEDED.set(parts.settings.min_free_bytes)
        if (free := parts.space.free()) is not None:
            telemetry.FREE.set(free)

    async def _database(self, parts: "Service") -> None:
        async with parts.database.begin() as tx:
            row = (await tx.sql(_AGES))[0]
        telemetry.UNSENT.set(row["unsent"])
        self.oldest.told(row["oldest"])
        self.unsealed.told(row["unsealed"])

    async def _quarantine(self, parts: "Service") -> None:
        async with parts.consumer.database.begin() as tx:
            there = await parts.consumer.inbox.by_state(tx)
        for state in STATES:
            telemetry.ASIDE.labels(state).set(there.get(state, 0))


async def _within(asking: Awaitable[T]) -> T | None:
    """The answer, or None when there is none in time."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await asking
    except Exception as problem:
        log.info("a gauge stays as it was: %s", type(problem).__name__)
        return None
