"""What is seen from outside: through the API with an account, and in a party's feed with its own credential."""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from client import integrators
from client.endure.cast import Cast, Watcher
from client.endure.door import Door, Json
from client.endure.journal import DETAILED, EXPLAINED, HEADLINES
from deploy.provision.access import Broker

Told = tuple[str, str]
"""A type of event, and the update that it is about."""


@dataclass
class View:
    """One account's, or one feed's."""

    updates: list[Json] = field(default_factory=list)
    operations: list[Json] = field(default_factory=list)
    totals: list[Json] = field(default_factory=list)
    timeline: list[Told] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)


async def by_program(door: Door, cast: Cast, watcher: Watcher) -> View:
    """Every list of the public API, to its end."""
    who, view = watcher.username, View()
    view.updates = (await door.all(who, "/updates", limit=200))[::-1]
    view.operations = await door.all(who, "/operations")
    view.periods = [period["id"] for period in await door.all(who, "/periods")]
    if cast.period_id in view.periods:
        path = f"/periods/{cast.period_id}"
        view.totals = await door.all(who, f"{path}/totals")
        entries = (await door.all(who, f"{path}/timeline", limit=200))[::-1]
        view.timeline = [(entry["type"], entry["subject_id"]) for entry in entries]
    return view


@dataclass
class Fed:
    """A feed without its repeats: by operation what was told, in the order of first occurrence."""

    headlines: dict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))
    details: dict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[str, str] = field(default_factory=dict)
    subjects: set[str] = field(default_factory=set)
    messages: int = 0
    gaps: int = 0


async def feed(broker: Broker, party: str) -> Fed:
    """All of a party's feed, with a credential of that party made for this."""
    credential = await asyncio.to_thread(integrators.issue, broker, party, "oracle")
    consumer = AIOKafkaConsumer(**credential.broker().for_aiokafka(), enable_auto_commit=False)
    await consumer.start()
    try:
        place = TopicPartition(credential.topic, 0)
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        consumer.seek(place, 0)
        found, seen = Fed(), set[tuple[Any, Any]]()
        while found.messages < end:
            for records in (await consumer.getmany(timeout_ms=1000)).values():
                for record in records:
                    found.gaps += record.offset != found.messages
                    found.messages += 1
                    _take(json.loads(record.value), found, seen)
        return found
    finally:
        await consumer.stop()


def _take(event: Json, found: Fed, seen: set[tuple[Any, Any]]) -> None:
    mark = event["source"], event["id"]
    if mark in seen:
        return
    seen.add(mark)
    found.subjects.add(event["subject"])
    told = event["type"], event["data"].get("update_id")
    if told[0] in HEADLINES:
        found.headlines[event["subject"]].append(told)
    elif told[0] in {DETAILED, EXPLAINED}:
        found.details[event["subject"]].append(told)
        if told[0] == DETAILED:
            found.texts[told[1]] = event["data"]["text"]
