"""Which replica of a service relays: the holder of a lock, for as long as it shows that it is alive.

A process that is stopped (SIGSTOP, a frozen machine) keeps its connections: the server would hold its lock for ever. So
the lock has a connection of its own that says something every second, and the server ends a session that says nothing
for `lead_seconds`. Whoever was stopped finds out before it sends: `require` refuses once the last sign of life is old.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

from shared.runtime import telemetry
from shared.runtime.db import Database

log = logging.getLogger("jpa.lead")

_LOCK = "SELECT pg_try_advisory_lock(hashtext('jpa.relay'))"
_NEWS = "jpa_relay"


class Lost(Exception):
    """Another replica may lead by now."""


class Lead:
    """The lead of one service in this process."""

    def __init__(self, database: Database, seconds: float, news: asyncio.Event) -> None:
        """`news` is set when something is committed here. Where another replica leads it is told, and its `news` is set."""
        self._database, self._seconds, self._news = database, seconds, news
        self._alive = float("-inf")  # when the last sign of life was begun that the server answered

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Wait for the lead, and keep it for as long as the block lasts."""
        async with self._database.connection() as connection:
            await connection.execute(f"SET idle_session_timeout = {int(self._seconds * 1000)}")
            await self._wait(connection)
            log.info("this replica relays from now on")
            await connection.add_listener(_NEWS, lambda *_: self._news.set())
            beating = asyncio.create_task(self._beat(connection))
            telemetry.LEADS.set(1)
            try:
                yield
            finally:
                telemetry.LEADS.set(0)
                beating.cancel()
                await asyncio.gather(beating, return_exceptions=True)

    def require(self) -> None:
        """Raises Lost unless no other replica can lead yet; two seconds of each term are for what is on its way."""
        if time.monotonic() - self._alive > self._seconds - 2:
            raise Lost

    async def _wait(self, connection: Any) -> None:
        while True:
            self._alive = time.monotonic()
            if await connection.fetchval(_LOCK):
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), 1)
            if self._news.is_set():
                self._news.clear()
                await connection.execute(f"NOTIFY {_NEWS}")  # at most one at a time, in no transaction of the service's

    async def _beat(self, connection: Any) -> None:
        try:
            while True:
                began = time.monotonic()
                await connection.execute("SELECT 1")
                self._alive = began
                await asyncio.sleep(1)
        finally:
            self._alive = float("-inf")  # the session is over, and the lock with it
