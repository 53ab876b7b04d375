"""`./jpa bench`: the floor, the system and the floor again on servers of their own, then what was found against the aims."""

import asyncio
import json
import os
import time
from typing import Any

from client.bench import floors, pages, rebuild, show, system
from client.bench.figures import judged, rounded
from client.bench.processes import cores
from client.bench.scene import Scene, made
from client.bench.settings import Options
from client.bench.stack import Stack, own_stack
from client.bench.watching import watched
from client.demo.api import Api
from client.screen import broken_off
from deploy.embedded.places import Home

Found = dict[str, Any]
RATE, SLOW_RATE = 100.0, 2.0
SHARE_OF_MOST = 0.8
"""Of what it sustains, the rate at which arrivals are timed where it does not sustain the full one."""


def main(home: Home, options: Options, as_json: bool) -> None:
    """Run it and print it. It ends with a sentence and exit code 1 when something broke or an update was lost, and not
    when an aim was missed."""
    ended = "Broken off: what the bench had started has ended and is deleted; nothing was measured."
    with broken_off(lambda: ended), show.Steps(as_json) as steps:
        found = asyncio.run(_bench(home, options, steps))
    found["miniature"] = options.miniature
    figures = judged(found)
    if as_json:
        print(json.dumps(rounded({"aims": [figure.as_json() for figure in figures], **found})))
    else:
        show.report(found, figures)


async def _bench(home: Home, options: Options, steps: show.Steps) -> Found:
    began, load = time.monotonic(), os.getloadavg()[0]
    found: Found = {}
    steps.now("Starting a system for the bench alone")
    async with own_stack(home) as stack:
        if "floor" in options.parts:
            found["floor"] = {"before": await _floor(stack, options, steps)}
        if set(options.parts) - {"floor"}:
            async with Api(stack.supervisor.url) as api:
                steps.now("Opening a period of eight states")
                await _system(await made(stack, api), options, steps, found)
        else:
            await _floor_after(stack, options, steps, found)
        steps.now("Stopping")
    found["machine"] = {
        "cores": cores(),
        "load_average_before": load,
        "load_average_after": os.getloadavg()[0],
        "seconds": time.monotonic() - began,
    }
    return found


async def _system(scene: Scene, options: Options, steps: show.Steps, found: Found) -> None:
    """All that needs the period, and the second run of the floor as soon as what is held against it is measured."""
    async with watched(scene.stack) as watch:
        if "system" in options.parts:
            found["system"] = await _load(scene, options, steps)
        await _floor_after(scene.stack, options, steps, found)
        if "rebuild" in options.parts:
            steps.now(f"Publishing {options.events:,} events and building the portal's read model from them")
            found["rebuild"] = done = await rebuild.measured(scene, options.events)
            steps.done(
                f"published {done['relay_events_per_second']:,.0f} events/s, "
                f"rebuilt {done['rebuild_events_per_second']:,.0f} events/s"
            )
        if "pages" in options.parts:
            steps.now(f"Filling the read tables to {options.updates:,} updates and fetching pages")
            found["pages"] = await pages.measured(scene, options)
            steps.done(f"pages fetched at {options.few_updates:,} and {options.updates:,} updates")
    found["memory"] = watch.as_json()


async def _load(scene: Scene, options: Options, steps: show.Steps) -> Found:
    journal: list[str] = []
    steps.now(f"Posting as fast as it goes, {options.seconds:.0f} s")
    throughput = await system.throughput(scene, options, journal)
    most = throughput["visible_updates_per_second"]
    steps.done(f"{most:,.0f} visible updates/s with {throughput['writers']} writers")
    rate = RATE if most * SHARE_OF_MOST > RATE else max(SLOW_RATE, round(most * SHARE_OF_MOST))
    steps.now(f"Posting {rate:.0f} a second, then {SLOW_RATE:.0f}")
    fast = await system.latency(scene, rate, options.paced_seconds, journal)
    slow = await system.latency(scene, SLOW_RATE, options.slow_seconds, journal)
    steps.done(f"shown to another party after {fast['p50_ms']:.1f} ms at {rate:.0f}/s, {slow['p50_ms']:.1f} ms at 2/s (p50)")
    steps.now("Looking whether every update is there once")
    counted = await system.require_each_once(scene, journal)
    steps.done(f"{counted['accepted_updates']:,} accepted updates are shown once each, and no others")
    return {"throughput": throughput, "latency": fast, "latency_slow": slow, "counted": counted}


async def _floor_after(stack: Stack, options: Options, steps: show.Steps, found: Found) -> None:
    if "floor" in found:
        found["floor"]["after"] = await _floor(stack, options, steps)
        found["floor"]["mean"] = floors.mean([found["floor"]["before"], found["floor"]["after"]])


async def _floor(stack: Stack, options: Options, steps: show.Steps) -> Found:
    steps.now("Measuring the floor")
    done = await floors.measured(stack, options)
    steps.done(
        f"floor: {done['visible_updates_per_second']:,.0f} visible updates/s, "
        f"{done['p50_ms_at_100_per_second']:.1f} ms at 100/s (p50)"
    )
    return done
