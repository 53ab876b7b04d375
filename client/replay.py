"""`replay`: has the owners say again to one consumer what they ever said; the portal builds its tables anew from it."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from client import operator
from client.screen import console
from deploy.embedded.places import Home, Trouble

CONSUMERS = ("portal", "intel", "debrief")
PATIENCE = 60.0  # seconds without any progress
Shown = Callable[[str, int, int], None]
"""Shown a step, how much of it is done, and of how much."""


def show(home: Home, consumer: str, as_json: bool) -> None:
    """Run it; progress on a terminal, and what it came to."""
    if as_json or not console().is_terminal:
        said = run(home, consumer)
    else:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description:20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console(), transient=True) as bar:
            task = bar.add_task("", total=None)
            said = run(
                home, consumer, lambda step, done, total: bar.update(task, description=step, completed=done, total=total)
            )
    if as_json:
        print(json.dumps(said))
    else:
        what = "shows what it built from" if consumer == "portal" else "has heard"
        print(f"{consumer} {what} {said['events']} events, after {said['seconds']:.1f} s ({said['rate']:.0f}/s).")


def run(home: Home, consumer: str, shown: Shown = lambda step, done, total: None) -> dict[str, Any]:
    """Replay to one consumer, wait until it has taken all in, and say how much that was."""
    if consumer not in CONSUMERS:
        raise Trouble(f"{consumer!r} is no consumer of events: use {', '.join(CONSUMERS)}.")
    began = time.monotonic()
    events = _rebuilt(home, shown) if consumer == "portal" else asyncio.run(_heard_again(home, consumer, shown))
    seconds = time.monotonic() - began
    return {"consumer": consumer, "events": events, "seconds": round(seconds, 2), "rate": round(events / seconds, 1)}


def _rebuilt(home: Home, shown: Shown) -> int:
    """The portal does it by itself, and goes on with it when it is started again in between."""
    building = operator.ask(home, "portal", "/operator/rebuild", "POST")["building"]
    said: dict[str, Any] = {}
    moved = time.monotonic()
    while True:
        before = said
        try:
            state = operator.ask(home, "portal", "/operator/rebuild")
            said = state["progress"] or before
            if state["shown"] == building and not state["building"]:
                return int(said.get("taken", 0))
            if state["building"] not in (None, building):
                raise Trouble("Another replay was begun meanwhile: see ./jpa logs portal.")
        except operator.Away:
            pass
        if said != before:
            moved = time.monotonic()
            shown(_STEPS.get(said["step"], ""), min(said["taken"], said["of"]), said["of"])
        if time.monotonic() - moved > PATIENCE:
            raise Trouble(f"The portal does not go on for {PATIENCE:.0f} s: see ./jpa logs portal.")
        time.sleep(0.1)


_STEPS = {"replay": "taking in", "catch up": "catching up", "done": "shown"}


async def _heard_again(home: Home, consumer: str, shown: Shown) -> int:
    from aiohttp import ClientSession

    from deploy.provision.topics import SERVICES
    from shared.runtime import replay

    hears = operator.ask(home, consumer, "/operator/replay")["hears"]
    sent: dict[str, tuple[int, int]] = {}

    async def one(client: ClientSession, owner: str, topics: list[str]) -> None:
        async def told(last: int, count: int, total: int) -> None:
            sent[owner] = (count, total)
            shown("saying it again", sum(n for n, _ in sent.values()), sum(of for _, of in sent.values()))

        asked = replay.Asked(topics=topics)
        await replay.ask(
            client, operator.url_of(home, owner), lambda: operator.token(home, owner), consumer, asked, told
        )

    async with ClientSession() as client:
        async with asyncio.TaskGroup() as group:
            for owner in SERVICES:
                if topics := [topic for topic in hears if topic.startswith(f"{owner}.")]:
                    group.create_task(one(client, owner, topics))
    total = sum(n for n, _ in sent.values())
    while (left := await asyncio.to_thread(_left, home, consumer)) != 0:
        shown("taking in", total - (left or total), total)
        await asyncio.sleep(0.2)
    return total


def _left(home: Home, consumer: str) -> int | None:
    """How many it has still to take in; None while that is not known."""
    try:
        left: int | None = operator.ask(home, consumer, "/operator/replay")["lag"]
    except operator.Away:
        return None
    return left
