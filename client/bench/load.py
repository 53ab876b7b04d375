"""Posts updates through the public API, from a process of its own: as fast as so many writers go, or so many a second.

Arrival is seen as another party sees it: under row-level security, by its own entries, every two milliseconds while
something that was posted has not been seen yet. So a time is at most that, and one small query, too long; never too short.
"""

import asyncio
import contextlib
import json
import time
from collections import Counter
from typing import Any
from uuid import UUID

import asyncpg

from client.bench.apart import Job, quantile, serve
from client.bench.wire import Line

LOOK_SECONDS = 0.002
LINES = 32
SEEN_WITHIN = 30.0
_SEEN = 'SELECT id FROM read."update" WHERE period_id = $1 AND id >= $2'


class Writer:
    """One connection, posting on one operation after the other."""

    def __init__(self, job: Job, name: str) -> None:
        self._job, self._name, self._count = job, name, 0
        self._line: Line | None = None
        body = {"kind": "result", "text": job["text"], "place": "At the airport", "language": "en", "counts": job["counts"]}
        self._body = json.dumps(body).encode()

    async def post(self, lane: dict[str, str]) -> tuple[int, str]:
        """Status, and the new update's id where it was accepted."""
        self._count += 1
        headers = f"Authorization: Bearer {lane['token']}\r\nIdempotency-Key: {self._name}-{self._count}\r\n"
        path = f"/api/v1/operations/{lane['operation']}/updates"
        for again in (True, False):  # a kept connection may have been closed meanwhile; the key makes a second try harmless
            try:
                self._line = self._line or await Line.open(self._job["host"], self._job["port"])
                status, said = await self._line.post(path, headers, self._body)
                break
            except (OSError, EOFError):
                self._line = None
                if not again:
                    raise
        return status, json.loads(said)["id"] if status == 201 else ""


async def saturate(job: Job) -> Job:
    """Each writer posts again as soon as it is answered."""
    ids: list[str] = []
    took: list[float] = []
    statuses: Counter[int] = Counter()
    began = time.monotonic()
    until = began + job["seconds"]

    async def write(number: int) -> None:
        writer = Writer(job, f"{job['name']}-{number}")
        lanes = job["lanes"][number :: job["writers"]] or [job["lanes"][number % len(job["lanes"])]]
        turn = 0
        while (start := time.monotonic()) < until:
            status, new = await writer.post(lanes[turn % len(lanes)])
            turn += 1
            took.append(time.monotonic() - start)
            statuses[status] += 1
            if new:
                ids.append(new)

    await asyncio.gather(*(write(number) for number in range(job["writers"])))
    return {
        "ids": ids,
        "statuses": statuses,
        "began": began,
        "ended": time.monotonic(),
        "post_p50_ms": quantile(took, 0.5) * 1e3,
        "post_p99_ms": quantile(took, 0.99) * 1e3,
    }


class Arrivals:
    """What was posted and what of it another party has seen; times are of one monotonic clock."""

    def __init__(self) -> None:
        self.born: dict[str, float] = {}
        self.seen: dict[str, float] = {}
        self._out: dict[int, float] = {}  # posted and not yet seen, by number, with when it was due
        self._numbers: dict[str, int] = {}
        self._none_out = asyncio.Event()

    def leaves(self, number: int, due: float) -> None:
        self._out[number] = due
        self._none_out.clear()

    def answered(self, number: int, due: float, new: str) -> None:
        """Accepted under an id, or with none refused. It may have been seen before its answer came."""
        if new:
            self.born[new] = due
            self._numbers[new] = number
        if not new or new in self.seen:
            self._gone(number)

    def saw(self, new: str, at: float) -> None:
        self.seen.setdefault(new, at)
        if new in self._numbers:
            self._gone(self._numbers[new])

    def _gone(self, number: int) -> None:
        self._out.pop(number, None)
        if not self._out:
            self._none_out.set()

    async def all(self) -> None:
        """Wait until nothing is out, or for as long as is sensible."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._none_out.wait(), SEEN_WITHIN)

    async def watch(self, job: Job) -> None:
        """Look for what is newer than the oldest that is out: ids begin with the time at which they were made."""
        connection = await asyncpg.connect(job["reader"], server_settings={"jit": "off"})
        await connection.execute("SELECT set_config('jpa.reader', $1, false)", job["entries"])
        query: Any = await connection.prepare(_SEEN)
        while True:
            if self._out:
                oldest = time.time() - (time.monotonic() - min(self._out.values())) - 0.005
                found = await query.fetch(UUID(job["period"]), UUID(int=int(oldest * 1000) << 80))
                now = time.monotonic()
                for (new,) in found:
                    self.saw(str(new), now)
            await asyncio.sleep(LOOK_SECONDS)


async def paced(job: Job) -> Job:
    """So many a second, whether or not earlier ones are answered; a post's time runs from when it was due."""
    arrivals = Arrivals()
    statuses: Counter[int] = Counter()
    took: list[float] = []
    free: asyncio.LifoQueue[Writer] = asyncio.LifoQueue()
    for number in range(LINES):
        free.put_nowait(Writer(job, f"{job['name']}-{number}"))
    watcher = asyncio.create_task(arrivals.watch(job))

    async def one(number: int, due: float) -> None:
        writer = await free.get()
        status, new = await writer.post(job["lanes"][number % len(job["lanes"])])
        free.put_nowait(writer)
        took.append(time.monotonic() - due)
        statuses[status] += 1
        arrivals.answered(number, due, new)

    began = time.monotonic()
    async with asyncio.TaskGroup() as posts:
        for number in range(int(job["seconds"] * job["rate"])):
            due = began + number / job["rate"]
            await asyncio.sleep(due - time.monotonic())
            arrivals.leaves(number, due)
            posts.create_task(one(number, due))
    ended = time.monotonic()
    await arrivals.all()
    watcher.cancel()
    times = [arrivals.seen[each] - due for each, due in arrivals.born.items() if each in arrivals.seen]
    return {
        "ids": list(arrivals.born),
        "statuses": statuses,
        "unseen": len(arrivals.born) - len(times),
        "p50_ms": quantile(times, 0.5) * 1e3,
        "p99_ms": quantile(times, 0.99) * 1e3,
        "post_p50_ms": quantile(took, 0.5) * 1e3,
        "post_p99_ms": quantile(took, 0.99) * 1e3,
        "drain_seconds": time.monotonic() - ended,
    }


async def work(job: Job) -> Job:
    return await (saturate if job["do"] == "saturate" else paced)(job)


if __name__ == "__main__":
    serve(work)
