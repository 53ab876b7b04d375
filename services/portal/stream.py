"""The live timeline: server-sent events, each entry read under the reader's own row-level security.

Entries are committed out of the order of their numbers, so each look goes back over a window and remembers what was sent.
The browser drops what it has already, so sending an entry twice after a reconnection is harmless.
"""

import asyncio
import contextlib
import signal
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from starlette.types import Receive, Scope, Send

from services.portal.accounts import Session
from services.portal.doors import Portal
from services.portal.pages import door
from services.portal.pages.desk import Desk, Signed
from services.portal.pages.entries import POSTED, item
from services.portal.pages.figures import read_figures
from services.portal.pages.render import page
from services.portal.pages.views import TimelineItem
from services.portal.read_tables import APART
from services.portal.selects import Row
from shared.errors import Refusal, TooMany

router = APIRouter(include_in_schema=False)
After = Annotated[int, Query(ge=0, lt=10**18)]

HEARTBEAT_SECONDS = 15.0
RECHECK_SECONDS = 20.0  # an account that was disabled is cut off within a minute
WINDOW = 1000  # how far back a number may come late: the largest transaction of a projection
OVERLAP = 20  # what is sent again after a reconnection: the entries that the page shows
AT_ONCE = 40
TEXT_SECONDS = 0.5  # how long an entry waits for its text
FIGURES_SECONDS = 1.0  # the numbers are read once for all that came within it


class Streams:
    """How many streams each session has open here, and whether the service is stopping."""

    def __init__(self) -> None:
        self._open: Counter[bytes] = Counter()
        self.stopping = asyncio.Event()

    def full(self, session: Session, portal: Portal) -> bool:
        """Of a page that is loaded again the old stream may still be counted: the page may ask for one more."""
        return self._open[session.token_hash] > portal.settings.streams_per_session

    @contextlib.contextmanager
    def one(self, session: Session, portal: Portal) -> Iterator[None]:
        if self._open[session.token_hash] >= portal.settings.streams_per_session:
            raise TooMany("There are as many live pages open as one session may have. Close one, or load this page again.")
        self._open[session.token_hash] += 1
        try:
            yield
        finally:
            self._open[session.token_hash] -= 1
            if not self._open[session.token_hash]:
                del self._open[session.token_hash]

    def stop_on_signals(self) -> None:
        """The server waits for open answers before it stops, so the streams hear of it first."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            before = signal.getsignal(name)

            def told(number: int, frame: Any, before: Any = before) -> None:
                loop.call_soon_threadsafe(self.stopping.set)
                if callable(before):
                    before(number, frame)

            signal.signal(name, told)


streams = Streams()


class EventStream(Response):
    """An answer that goes on until its source ends or its reader leaves."""

    def __init__(self, source: AsyncGenerator[str]) -> None:
        super().__init__(media_type="text/event-stream")
        del self.headers["content-length"]
        self.headers["x-accel-buffering"] = "no"
        self._source = source

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        pump = asyncio.create_task(self._pump(send))
        left = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait({pump, left}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (pump, left):
                task.cancel()
            await asyncio.gather(pump, left, return_exceptions=True)
        with contextlib.suppress(OSError):
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pump(self, send: Send) -> None:
        async with contextlib.aclosing(self._source) as source:
            with contextlib.suppress(Refusal):
                async for text in source:
                    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


@router.get("/periods/{period_id}/stream")
async def stream(period_id: UUID, request: Request, at: Signed, after: After = 0) -> Response:
    async with at.reads() as reads:
        await reads.period(period_id)
    last = request.headers.get("last-event-id", "")
    again = last.isdecimal() and len(last) < 19  # longer ones are no numbers of ours
    with streams.one(at.session, at.portal):
        pass  # refused here, before anything is answered
    await at.portal.note_read(at.actor, "timeline", period_id)
    return EventStream(_entries(at, period_id, int(last) if again else after, again))


async def _entries(at: Desk, period_id: UUID, after: int, again: bool) -> AsyncGenerator[str]:
    portal, loop = at.portal, asyncio.get_running_loop()
    token = at.request.cookies.get(door.cookie_name(portal), "")
    checked = beat = loop.time()
    first_seen: dict[int, float] = {}
    changed, figured = set[UUID](), 0.0
    with streams.one(at.session, portal):
        sent = await _known(at, period_id, after, again)
        yield ": here\n\n"
        while not streams.stopping.is_set():
            if loop.time() - checked > RECHECK_SECONDS:
                await portal.accounts.session(token, seen=False)  # raises once it is over, and that ends the stream
                checked = loop.time()
            numbers, rows = await _news(at, period_id, after, sent)
            if numbers and 0 < after < min(numbers) - APART // 2:
                after, sent = max(numbers), set(numbers)  # another generation: what it tells was sent under other numbers
                continue
            early = {row["id"] for row in rows if _lacks_text(row)}
            early = {number for number in early if loop.time() - first_seen.setdefault(number, loop.time()) < TEXT_SECONDS}
            rows = [row for row in rows if row["id"] not in early]
            if rows:
                after = max(after, rows[-1]["id"])
                sent = {number for number in sent | set(numbers) - early if number > after - WINDOW}
                first_seen = {number: at_time for number, at_time in first_seen.items() if number in early}
                changed |= _changed(rows)
                yield "".join(_message(at, item(at, row), row["id"]) for row in rows)
                beat = loop.time()
            if changed and loop.time() - figured > FIGURES_SECONDS:
                yield await _renewed(at, period_id, changed)
                changed, figured = set(), loop.time()
                beat = loop.time()
            if rows:
                continue
            if loop.time() - beat > HEARTBEAT_SECONDS:
                yield ": still here\n\n"
                beat = loop.time()
            await _wait(portal, TEXT_SECONDS if early or changed else 5.0)


async def _known(at: Desk, period_id: UUID, after: int, again: bool) -> set[int]:
    async with at.reads() as reads:
        behind = await reads.timeline_ids(period_id, after - WINDOW)
    return {number for number in behind if number <= after - (OVERLAP if again else 0)}


async def _news(at: Desk, period_id: UUID, after: int, sent: set[int]) -> tuple[list[int], list[Row]]:
    """What was not sent yet: all numbers, and the entries, oldest first; of very many only the newest."""
    async with at.reads() as reads:
        numbers = [number for number in await reads.timeline_ids(period_id, after - WINDOW) if number not in sent]
        rows = await reads.timeline_entries(period_id, sorted(numbers)[-AT_ONCE:]) if numbers else ()
    return numbers, list(rows)


def _lacks_text(row: Row) -> bool:
    """An update whose text this reader will see; it comes on another topic, perhaps a moment later."""
    return bool(row["detailed"]) and row["text"] is None and row["type"] == "planner.update.posted.v1"


async def _wait(portal: Portal, seconds: float) -> None:
    """For the next batch of the projection, the next heartbeat, or the end."""
    news = asyncio.create_task(portal.progress.next(seconds))
    end = asyncio.create_task(streams.stopping.wait())
    _, pending = await asyncio.wait({news, end}, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()


def _changed(rows: list[Row]) -> set[UUID]:
    """The updates that these entries change: their counts, or what stands behind their earlier entry."""
    found = [row for row in rows if row["type"].startswith("planner.update.")]
    return {row["subject_id"] for row in found} | {
        UUID(row["body"]["supersedes"]) for row in found if row["body"].get("supersedes")
    }


async def _renewed(at: Desk, period_id: UUID, changed: set[UUID]) -> str:
    """Everything on the page that was true before: the numbers, the objectives, the first entry of each update."""
    async with at.reads() as reads:
        period = await reads.period(period_id)
        figures = await read_figures(at, reads, period, await reads.totals(period_id))
        told = [row for update in sorted(changed)[:AT_ONCE] for row in await reads.history(period_id, update)]
    again = "".join(_message(at, replace(item(at, row), again=True)) for row in told if row["type"] in POSTED)
    parts = "".join(page(at.bare(), f"fragments/{name}.html", figures) for name in ("figures", "objectives"))
    return f"{again}event: figures\n{_data(parts)}\n\n"


def _message(at: Desk, entry: TimelineItem, number: int | None = None) -> str:
    context = replace(at.bare(), now=at.portal.service.clock.now())  # the desk's own now is that of the connection
    data = _data(page(context, "fragments/timeline_item.html", entry))
    return f"id: {number}\n{data}\n\n" if number is not None else f"{data}\n\n"


def _data(text: str) -> str:
    return "\n".join(f"data: {line}" for line in text.splitlines() if line.strip())
