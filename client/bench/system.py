"""The system under load: visible updates a second, and how long an update takes to another party."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from client.bench import apart, processes, profile
from client.bench.scene import PARTIES, WATCHER, Scene
from client.bench.settings import Options
from deploy.embedded.places import Trouble

SUSTAINED_SECONDS = 5.0
"""Within which nothing may be on its way any more after the last post."""
GIVEN_UP_SECONDS = 120.0
LOOK_SECONDS = 0.02
LOAD = "client.bench.load"


async def throughput(scene: Scene, options: Options, journal: list[str]) -> dict[str, Any]:
    """Try each number of writers for a while, then the best one for all of the time."""
    tried = {}
    for writers in options.writers:
        found = await _saturated(scene, writers, options.try_seconds, f"try-{writers}", journal)
        tried[writers] = found["visible_updates_per_second"]
    best = max(tried, key=lambda writers: tried[writers])
    with profile.of(scene.stack, options, options.seconds):
        whole = await _saturated(scene, best, options.seconds, "whole", journal)
    return {"writers": best, "tried_visible_updates_per_second_by_writers": tried, **whole}


async def _saturated(scene: Scene, writers: int, seconds: float, name: str, journal: list[str]) -> dict[str, Any]:
    before = await scene.visible()
    pids = scene.stack.pids()
    used = processes.cpu(pids)
    said = await apart.run(
        LOAD, scene.job(f"{name}-{time.time_ns()}", do="saturate", writers=writers, seconds=seconds, lanes=scene.lanes())
    )
    _require_accepted(said)
    posted = len(said["ids"])
    journal += said["ids"]
    drained = await _drained(scene, before + posted)
    spent = processes.used(used, processes.cpu(pids))
    spent["the load"] = said["cpu_seconds"]
    wall = drained - said["began"]
    return {
        "seconds": round(said["ended"] - said["began"], 2),
        "posted_updates": posted,
        "accepted_updates_per_second": posted / (said["ended"] - said["began"]),
        "visible_updates_per_second": posted / wall,
        "backlog_gone_after_seconds": max(0.0, drained - said["ended"]),
        "sustained": drained - said["ended"] <= SUSTAINED_SECONDS,
        "post_p50_ms": said["post_p50_ms"],
        "post_p99_ms": said["post_p99_ms"],
        "cpu_seconds_by_process": {each: round(cpu, 2) for each, cpu in spent.items() if cpu >= 0.05},
        "cpu_ms_per_update_by_process": {each: cpu * 1e3 / posted for each, cpu in spent.items() if cpu >= 0.05},
        "cpu_ms_per_update": sum(spent.values()) * 1e3 / posted,
        "cpu_share_of_machine": sum(spent.values()) / wall / processes.cores(),
    }


async def _drained(scene: Scene, goal: int) -> float:
    """When the other party's totals summed all of it."""
    deadline = time.monotonic() + GIVEN_UP_SECONDS
    while True:
        asked = time.monotonic()
        seen = await scene.visible()
        if seen == goal:
            return time.monotonic()
        if seen > goal:
            raise Trouble(f"An update counts more than once: {seen} are shown of {goal}.")
        if asked > deadline:
            raise Trouble(f"Updates were lost: after {GIVEN_UP_SECONDS:.0f} s {seen} are shown of {goal}.")
        await asyncio.sleep(LOOK_SECONDS)


async def latency(scene: Scene, rate: float, seconds: float, journal: list[str]) -> dict[str, Any]:
    """From a post to another party's projection, at so many a second."""
    others = [party for party in PARTIES if party != WATCHER]
    said = await apart.run(
        LOAD,
        scene.job(
            f"paced-{time.time_ns()}",
            do="paced",
            rate=rate,
            seconds=seconds,
            lanes=scene.lanes(others),
            period=scene.period_id,
            entries=f"{WATCHER} {WATCHER}#liaison_officer",
            reader=scene.stack.as_role("portal_reader", "portal"),
        ),
    )
    _require_accepted(said)
    journal += said["ids"]
    if said["unseen"]:
        raise Trouble(f"{said['unseen']} updates were accepted and did not show to another party.")
    return {
        "rate_per_second": rate,
        "updates": len(said["ids"]),
        "p50_ms": said["p50_ms"],
        "p99_ms": said["p99_ms"],
        "post_p50_ms": said["post_p50_ms"],
        "post_p99_ms": said["post_p99_ms"],
        "sustained": said["drain_seconds"] <= 1.0,
        "load_cpu_seconds": said["cpu_seconds"],
    }


async def require_each_once(scene: Scene, journal: Sequence[str]) -> dict[str, int]:
    """Every update that was answered with 201 is in the other party's list, once; and nothing else is.

    Raises:
        Trouble: it is not so; the promise is broken, whatever the speed.
    """
    shown = await scene.visible_ids()
    lost, doubled = len(set(journal) - set(shown)), len(shown) - len(set(shown))
    strange = len(set(shown) - set(journal))
    if lost or doubled or strange:
        raise Trouble(
            f"Of {len(journal)} accepted updates {lost} are not shown and {doubled} are shown more than once; "
            f"{strange} are shown that nobody was told of."
        )
    return {"accepted_updates": len(journal), "shown_once_updates": len(shown)}


def _require_accepted(said: dict[str, Any]) -> None:
    refused = {status: count for status, count in said["statuses"].items() if status != "201"}
    if refused:
        words = ", ".join(f"{count} times {status}" for status, count in refused.items())
        raise Trouble(f"Updates were not accepted: {words}. See ./jpa logs of a system under such a load.")
