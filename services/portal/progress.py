"""How far the projections have come: pages wait here for their own command, live streams for anything new."""

import asyncio
import contextlib
from uuid import UUID

from shared.runtime.db import Database

LOOK_SECONDS = 0.5


class Progress:
    """Told after each committed batch of this process; asks the table too, since another replica may project."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._moved = asyncio.Condition()
        self._batches = 0

    def moved(self) -> None:
        """A batch was committed."""
        self._batches += 1
        task = asyncio.ensure_future(self._tell())
        task.add_done_callback(lambda done: done.exception())

    async def _tell(self) -> None:
        async with self._moved:
            self._moved.notify_all()

    async def watch(self) -> None:
        """Notice also what another replica has projected, for as long as the service runs."""
        last = None
        while True:
            with contextlib.suppress(Exception):  # the database is away: who waits here asks it as well
                async with self._database.begin() as tx:
                    now = (await tx.sql("SELECT max(id) AS id FROM timeline"))[0]["id"]
                if now != last:
                    last = now
                    self.moved()
            await asyncio.sleep(LOOK_SECONDS)

    async def next(self, seconds: float) -> None:
        """Wait for the next batch, or for so many seconds."""
        seen = self._batches
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                async with self._moved:
                    await self._moved.wait_for(lambda: self._batches != seen)

    async def reached(self, last_event: str | None, seconds: float) -> bool:
        """Wait until an event (`/planner <id>`, as a command's answer names it) is shown; False when it takes longer."""
        if not last_event:
            return True
        named = [part.split(" ") for part in last_event.split(", ")]
        until = asyncio.get_running_loop().time() + seconds
        while True:
            async with self._database.begin() as tx:
                rows = await tx.sql(
                    "SELECT count(*) AS n FROM inbox "
                    "WHERE (source, event_id) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))",
                    [source for source, _ in named],
                    [UUID(event_id) for _, event_id in named],
                )
            if rows[0]["n"] == len(named):
                return True
            left = until - asyncio.get_running_loop().time()
            if left <= 0:
                return False
            await self.next(min(left, 0.25))
