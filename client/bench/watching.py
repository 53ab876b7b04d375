"""Looks at the memory of all processes now and then, for as long as the block lasts."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from client.bench.processes import Memory, memory
from client.bench.stack import Stack

EVERY_SECONDS = 5.0


class Watch:
    """Memory by process: at the beginning, the most that was seen, and last."""

    def __init__(self) -> None:
        self.begin: dict[str, Memory] = {}
        self.peak: dict[str, Memory] = {}
        self.end: dict[str, Memory] = {}

    def look(self, stack: Stack) -> None:
        self.end = memory({**stack.pids()})
        for name, size in self.end.items():
            most = self.peak.get(name, size)
            self.peak[name] = Memory(max(size.resident, most.resident), max(size.share, most.share))
            self.begin.setdefault(name, size)

    def as_json(self) -> dict[str, dict[str, float]]:
        """MiB by process."""
        return {
            name: {
                f"{when}_{what}_mib": round(getattr(sizes[name], kind), 1)
                for when, sizes in (("begin", self.begin), ("peak", self.peak), ("end", self.end))
                for what, kind in (("resident", "resident"), ("proportional", "share"))
            }
            for name in self.peak
            if name in self.end
        }


@contextlib.asynccontextmanager
async def watched(stack: Stack) -> AsyncIterator[Watch]:
    """Looks once more at the end."""
    watch = Watch()

    async def go_on() -> None:
        while True:
            await asyncio.to_thread(watch.look, stack)
            await asyncio.sleep(EVERY_SECONDS)

    looking = asyncio.create_task(go_on())
    try:
        yield watch
        watch.look(stack)
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
