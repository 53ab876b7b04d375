"""Builds another generation of the read model beside the one that is shown, and swaps: `python -m services.portal.rebuild`.

A program of its own, so that pages do not wait for it: the portal runs it while there is a `read_next`, and it ends with
the portal. Three steps, each of which can be broken off and is taken up again by the next run:

1. Every owner says again what it ever said, to `replay.portal.<owner>`; all of that is taken in.
2. What was said on the topics themselves since the generation was begun is taken in too; what came both ways is dropped
   by the inbox. Where each topic stood then was kept as the offsets of the generation's own group (`generations.py`).
3. The tables are swapped in one transaction, and the portal goes on reading with that group.
"""

import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import ClientSession

from services.portal import read_model
from services.portal.addresses import Addresses
from services.portal.consumers import BY_INDEX, listener, projector
from services.portal.read_model import NEXT, ReadModelInbox
from services.portal.settings import Settings
from shared.actor import Actor
from shared.errors import Unavailable
from shared.runtime import failpoints, garbage, replay
from shared.runtime.bus import Consumer
from shared.runtime.clock import Clock
from shared.runtime.db import Database
from shared.runtime.identity import Signer
from shared.runtime.replay import Asked
from shared.runtime.service import logs
from shared.runtime.subscriber import Bus
from shared.vocabulary import Role

log = logging.getLogger("jpa.rebuild")

ITSELF = Actor("portal", "Portal", "RSO", frozenset({Role.OPERATOR}))
OWNERS = ("planner", "intel", "debrief", "portal")
REPLAYED = replay.topics_of("portal")
# of the session and not of a transaction: one that lies open for longer than ten seconds is ended by the server
_ALONE = "SELECT pg_try_advisory_lock(hashtext('jpa.rebuild'))"


def groups(generation: str) -> tuple[str, str]:
    """The consumer groups of a generation: on the topics themselves, and on the replays."""
    return f"portal.{generation}", f"portal.replay.{generation}"


def topics_of(owner: str) -> list[str]:
    """Which of an owner's topics the portal hears."""
    return [topic for topic in listener.topics if topic == replay.SHARED_TOPIC or topic.startswith(f"{owner}.")]


class Progress:
    """How far it is, as JSON lines for the portal."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.taken: Callable[[], int] = lambda: 0
        self._sent: dict[str, tuple[int, int]] = {}

    def sent(self, owner: str, sent: int, total: int) -> None:
        self._sent[owner] = (sent, total)
        self.tell("replay")

    def tell(self, step: str) -> None:
        sent, total = (sum(each) for each in zip(*self._sent.values(), strict=True)) if self._sent else (0, 0)
        seconds = time.monotonic() - self.began
        said = {"step": step, "sent": sent, "of": total, "taken": self.taken(), "seconds": round(seconds, 2)}
        print(json.dumps(said), flush=True)


class Rebuild:
    """One run of it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        clock = Clock(settings.clock_file if settings.playback else None)
        self.database = Database(settings.database_url.get_secret_value(), 4, clock)
        self.tables = Database(
            settings.projector_database_url.get_secret_value(), 4, clock, {"search_path": f"{NEXT}, public", **BY_INDEX}
        )
        self.progress = Progress()
        self.generation = ""

    async def run(self) -> None:
        async with self.database.connection() as alone:
            if not await alone.fetchval(_ALONE):
                raise Unavailable("Another portal's program is at it.")
            async with self.database.begin() as tx:
                generation = await read_model.building(tx)
                self.tables.epoch = (await tx.sql("SELECT max(number) AS n FROM epoch"))[0]["n"]
            await read_model.drop_old(self.database)  # what an earlier run may have left
            if generation:
                await self._build(generation)
                await read_model.drop_old(self.database)
                self.progress.tell("done")

    async def _build(self, generation: str) -> None:
        self.generation = generation
        # nobody looks at these tables, so nobody waits for a long transaction
        most = self.settings.rebuild_transaction_events
        settings = self.settings.model_copy(update={"transaction_max_events": most, "batch_max_events": 3 * most})
        consumer = projector(ReadModelInbox("portal", NEXT, generation), self.tables, settings)
        self.progress.taken = lambda: consumer.handled
        live, again = groups(generation)
        async with self._hearing(consumer, again, REPLAYED) as bus:
            await self._all_said_again()
            await self._heard(bus, "replay", 0)
        async with self._hearing(consumer, live, listener.topics) as bus:
            # what is left is a moment's work for the portal's own ear, which goes on from here
            await self._heard(bus, "catch up", self.settings.swap_lag_events)
        self.progress.tell("show")  # all of it, before anybody can see that it is shown
        async with self.database.begin() as tx:
            await read_model.swap(tx, generation)

    @asynccontextmanager
    async def _hearing(self, consumer: Consumer, group: str, topics: tuple[str, ...]) -> AsyncIterator[Bus]:
        """An ear, for as long as the block lasts."""
        bus = Bus(consumer, group, consumer.settings, topics)
        try:
            await bus.run()
            yield bus
        finally:
            await bus.stop()

    async def _all_said_again(self) -> None:
        """Ask the owners that have not finished; where each had come is kept, so that nothing begins twice."""
        async with self.database.begin() as tx:
            rows = await tx.sql(f"SELECT name, last FROM {NEXT}.owner WHERE NOT done")  # noqa: S608
        async with ClientSession() as client:
            async with asyncio.TaskGroup() as group:
                for row in rows:
                    group.create_task(self._said_again(client, row["name"], row["last"]))

    async def _said_again(self, client: ClientSession, owner: str, after: int) -> None:
        async def told(last: int, sent: int, total: int) -> None:
            await self._note(owner, last, done=False)
            self.progress.sent(owner, sent, total)

        asked = Asked(topics=topics_of(owner), after=after)
        if owner == "portal":  # its outbox is in this database
            target = replay.topic_of("portal", owner)
            async for page in replay.send_again(owner, self.database, self.settings, target, asked):
                await told(*page)
        else:
            signer = Signer(self.settings.actor_private_key_file)
            urls = Addresses(getattr(self.settings, f"{owner}_url")).turn()
            await replay.ask(client, urls, lambda: signer.token(ITSELF, owner), "portal", asked, told)
        await self._note(owner, None, done=True)

    async def _note(self, owner: str, last: int | None, done: bool) -> None:
        async with self.database.begin() as tx:
            noted = await tx.sql(
                f"UPDATE {NEXT}.owner SET last = coalesce($2, last), done = $3 WHERE name = $1 "  # noqa: S608
                f"AND EXISTS (SELECT FROM {NEXT}.generation WHERE name = $4) RETURNING 1 AS one",
                owner,
                last,
                done,
                self.generation,
            )
        if not noted:
            raise Unavailable("Another generation is built now.")

    async def _heard(self, bus: Bus, step: str, left: int) -> None:
        """Wait until no more than so many are left to hear."""
        while (lag := await bus.lag()) is None or lag > left:
            self.progress.tell(step)
            async with self.database.begin() as tx:
                if await read_model.building(tx) != self.generation:
                    raise Unavailable("Another generation is built now.")
            await asyncio.sleep(0.1)


def end_with_parent() -> None:
    """The portal holds the other end of standard input: when that is closed, this ends, and its next run takes up."""
    if not os.read(0, 1):
        os._exit(1)


async def main() -> int:
    """Build what there is to build; 1 when it has to be taken up again."""
    asyncio.get_running_loop().add_reader(0, end_with_parent)
    settings = Settings()
    failpoints.use(settings, "portal")
    garbage.search_seldom()
    try:
        await Rebuild(settings).run()
    except Exception as problem:
        log.warning("broken off: %s", type(problem).__name__)
        return 1
    return 0


if __name__ == "__main__":
    logs()
    sys.exit(asyncio.run(main()))
