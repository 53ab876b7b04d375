"""How fast history is published and read: many events into the planner's outbox, to Kafka, and again into the portal."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from uuid_utils.compat import uuid7

from client import replay
from client.bench.scene import COUNTS, PARTIES, TEXT, Scene
from client.bench.stack import Stack
from client.operator import readiness
from deploy.embedded.places import Trouble
from deploy.provision.topics import SERVICES
from shared.events.base import Event
from shared.events.planner import (
    OperationBriefed,
    OperationScheduled,
    OperationStarted,
    UpdateDetailed,
    UpdatePosted,
    Window,
)
from shared.vocabulary import Indicator, OperationKind, OperationState, UpdateKind

AGGREGATES = 200
PATIENCE = 600.0
LOOK_SECONDS = 0.05
COLUMNS = ("event_id", "topic", "key", "sequence", "type", "version", "party", "audience", "traceparent", "body")
HEARERS = ("portal", "intel", "debrief")


async def measured(scene: Scene, events: int) -> dict[str, Any]:
    """Events a second of the relay with nobody listening, and of `jpa replay portal` until what it built is shown."""
    stack = scene.stack
    await stack.stop(*HEARERS)
    published = await _counted(stack, "planner", "jpa_events_published_total")
    kept = await _keep(stack, list(history(UUID(scene.period_id), events)))
    began = time.monotonic()
    while await _counted(stack, "planner", "jpa_events_published_total") < published + kept:
        _require_patience(began, "published")
        await asyncio.sleep(LOOK_SECONDS)
    publishing = time.monotonic() - began
    await stack.start(*HEARERS)
    for service in HEARERS:
        await _caught_up(stack, service)
    shown = await scene.visible()
    said = await asyncio.to_thread(replay.run, stack.home, "portal")
    events = sum([await _ever_said(stack, service) for service in SERVICES])
    await _caught_up(stack, "portal")
    if (again := await scene.visible()) != shown:
        raise Trouble(f"After the rebuild {again} updates are shown, and {shown} before.")
    return {
        "seeded_events": kept,
        "relay_events_per_second": kept / publishing,
        "rebuilt_events": events,
        "rebuild_events_per_second": events / said["seconds"],
        "rebuild_seconds": said["seconds"],
    }


def history(period_id: UUID, events: int) -> Iterator[tuple[Event, int]]:
    """Operations with their updates in turn, each event with its place in its aggregate, as the planner would say them."""
    now = datetime.now(UTC)
    window = Window(starts_at=now, ends_at=now)
    counts = {Indicator(name): value for name, value in COUNTS.items()}
    operations = []
    for number in range(AGGREGATES):
        party = PARTIES[number % len(PARTIES)]
        common: dict[str, Any] = {"operation_id": uuid7(), "period_id": period_id, "time": now, "party": party}
        operations.append((joint := {**common, "audience": PARTIES}, own := {**common, "audience": (party,)}))
        status = OperationState.SCHEDULED
        yield OperationScheduled(kind=OperationKind.VISA_CHECKS, status=status, window=window, version=2, **joint), 1
        yield OperationStarted(at=now, by="officer", version=3, **joint), 2
        yield OperationBriefed(title=f"Operation {number}", **own), 1
    for turn in range(max(1, (events // AGGREGATES - 3) // 2)):
        for joint, own in operations:
            joint["update_id"] = own["update_id"] = uuid7()
            yield UpdatePosted(kind=UpdateKind.RESULT, happened_at=now, counts=counts, version=1, **joint), 3 + turn
            yield UpdateDetailed(text=TEXT, place="At the airport", language="en", by="officer", **own), 2 + turn


async def _keep(stack: Stack, said: list[tuple[Event, int]]) -> int:
    """Into the outbox, in one transaction; returns how many."""
    now = datetime.now(UTC)
    rows = [
        (
            event.id, event.topic, event.key, sequence, event.type, getattr(event, "version", None), event.party,
            " ".join(event.audience), "", event.public_bytes(now),
        )
        for event, sequence in said
    ]  # fmt: skip
    connection = await asyncpg.connect(stack.as_role("planner", "planner"))
    try:
        async with connection.transaction():
            last = await connection.fetchval("SELECT coalesce(max(id), 0) FROM outbox")
            await connection.copy_records_to_table("outbox", records=rows, columns=COLUMNS)
            await connection.execute("INSERT INTO outbox_unsent SELECT id FROM outbox WHERE id > $1", last)
    finally:
        await connection.close()
    return len(rows)


async def _ever_said(stack: Stack, service: str) -> int:
    connection = await asyncpg.connect(stack.as_role(service, service))
    try:
        return int(await connection.fetchval("SELECT count(*) FROM outbox"))
    finally:
        await connection.close()


async def _counted(stack: Stack, service: str, counter: str) -> float:
    """What a service counts of itself."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        lines = (await http.get(f"{stack.url(service)}/metrics")).text.splitlines()
    return float(next(line for line in lines if line.startswith(f"{counter} ")).split()[1])


async def _caught_up(stack: Stack, service: str) -> None:
    began = time.monotonic()
    while not ((said := await asyncio.to_thread(readiness, stack.url(service))).get("ready") and said.get("lag") == 0):
        _require_patience(began, f"heard by the {service}")
        await asyncio.sleep(LOOK_SECONDS)
    if said["quarantine"]:
        raise Trouble(f"The {service} has set {said['quarantine']} of the bench's events aside.")


def _require_patience(began: float, what: str) -> None:
    if time.monotonic() - began > PATIENCE:
        raise Trouble(f"After {PATIENCE:.0f} s not everything is {what}.")
