"""`replay`: has the owners say again to one consumer what they ever said; the portal builds its tables anew from it.

A party's feed is a consumer too: it gets all that the party may know, for an integrator that is new or further behind than
the feed goes back.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from client import operator
from client.screen import console
from client.tail import party_of
from deploy.embedded.places import Home, Trouble
from deploy.provision.topics import SERVICES

CONSUMERS = ("portal", "planner", "intel", "debrief")
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
        what = {"portal": "shows what it built from"}.get(consumer, "has heard" if consumer in CONSUMERS else "holds again")
        print(f"{consumer} {what} {said['events']} events, after {said['seconds']:.1f} s ({said['rate']:.0f}/s).")


def run(home: Home, consumer: str, shown: Shown = lambda step, done, total: None) -> dict[str, Any]:
    """Replay to one consumer, wait until it has taken all in, and say how much that was."""
    feed = party_of(consumer) if consumer.lower().startswith("feed.") else ""
    if consumer not in CONSUMERS and not feed:
        raise Trouble(f"{consumer!r} is no consumer of events: use {', '.join(CONSUMERS)}, or a feed such as feed.nz.")
    began = time.monotonic()
    if consumer == "portal":
        events = _rebuilt(home, shown)
    elif feed:
        events = asyncio.run(_said_again(home, f"feed/{feed}", {owner: [] for owner in SERVICES}, shown))
    else:
        events = asyncio.run(_heard_again(home, consumer, shown))
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
            complete = state["progress"] is None or said["step"] in _LAST
            if complete and state["shown"] == building and not state["building"]:
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


_STEPS = {"replay": "taking in", "catch up": "catching up", "show": "shown", "done": "shown"}
_LAST = {"show", "done"}


async def _said_again(home: Home, path: str, topics: Mapping[str, list[str]], shown: Shown) -> int:
    """Have these owners say these topics again; how many events that was."""
    from aiohttp import ClientSession

    from shared.runtime import replay

    sent: dict[str, tuple[int, int]] = {}

    async def one(client: ClientSession, owner: str) -> None:
        async def told(last: int, count: int, total: int) -> None:
            sent[owner] = (count, total)
            shown("saying it again", sum(n for n, _ in sent.values()), sum(of for _, of in sent.values()))

        asked = replay.Asked(topics=topics[owner])
        await replay.ask(client, operator.urls_of(home, owner), lambda: operator.token(home, owner), path, asked, told)

    async with ClientSession() as client:
        try:
            async with asyncio.TaskGroup() as group:
                for owner in topics:
                    group.create_task(one(client, owner))
        except* replay.Refused as refused:
            raise Trouble(f"An owner refuses: {refused.exceptions[0]}.") from None
    return sum(n for n, _ in sent.values())


async def _heard_again(home: Home, consumer: str, shown: Shown) -> int:
    """What it heard before it drops; what it missed has its effect now."""
    hears = operator.ask(home, consumer, "/operator/replay")["hears"]
    topics = {owner: [topic for topic in hears if topic.startswith(f"{owner}.")] for owner in SERVICES}
    total = await _said_again(home, consumer, {owner: named for owner, named in topics.items() if named}, shown)
    while (left := await asyncio.to_thread(_left, home, consumer)) != 0:
        shown("taking in", total - (left or total), total)
        await asyncio.sleep(0.2)
    return total


def _left(home: Home, consumer: str) -> int | None:
    """How many its replicas have still to take in; None while that is not known."""
    try:
        said = [operator.ask(home, consumer, "/operator/replay", url=url) for url in operator.urls_of(home, consumer)]
    except operator.Away:
        return None
    known = [each["lag"] for each in said if each["lag"] is not None]  # one that has no share of the topic knows none
    return sum(known) if known else None
