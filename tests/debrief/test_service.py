"""Debrief as it runs: a period's events in by Kafka, its debrief out to those who took part."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaProducer

from deploy.embedded.services import Service
from shared.events.base import internal_bytes
from tests.builders import NOON
from tests.debrief.story import Story
from tests.intel.hearing import everything_on, said_on
from tests.servers import RunningServers, running_servers

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
async def running() -> AsyncIterator[RunningServers]:
    async with running_servers((Service("debrief", "services.debrief.app:app"),)) as servers:
        yield servers


async def tell(servers: RunningServers, story: Story) -> None:
    """All of the story, as the planner's relay would send it."""
    producer = AIOKafkaProducer(**servers.as_service("planner").for_aiokafka(), enable_idempotence=True)
    await producer.start()
    try:
        for events in (story.period, *story.operations.values()):
            for number, event in enumerate(events, 1):
                value = internal_bytes(event.public_bytes(NOON), number, " ".join(event.audience), "")
                await producer.send(event.topic, value, key=event.key.encode())
        await producer.flush()
    finally:
        await producer.stop()


async def test_a_closed_period_is_debriefed_to_its_participants_and_nobody_else(running: RunningServers):
    story = Story()
    operation = story.operation("NZ")
    story.validate(story.update(operation, arrests=4))
    story.complete(operation)
    story.close()
    await tell(running, story)

    def about(event: dict[str, Any]) -> bool:
        return bool(event["data"].get("period_id") == str(story.id))

    # opened, two parties' figures, compiled
    said = await said_on(running.broker, "debrief.debriefs", 4, about)
    assert said[0]["type"] == "debrief.debrief.opened.v1"
    for party in ("NZ", "LK"):
        desk = await asyncio.to_thread(running.integrator, party, "debrief-test")
        fed = await said_on(desk.broker(), desk.topic, 4, about)
        assert [event["type"] for event in fed[:4]] == [event["type"] for event in said[:4]]
    for party in ("AU", "TH", "INTERPOL"):
        desk = await asyncio.to_thread(running.integrator, party, "debrief-test")
        assert not list(filter(about, await everything_on(desk.broker(), desk.topic)))


async def test_it_is_ready_with_nothing_behind(running: RunningServers):
    async with httpx.AsyncClient(base_url=running.surroundings.url("debrief"), trust_env=False) as http:
        async with asyncio.timeout(15):
            while (answer := await http.get("/health/ready")).status_code != 200:
                await asyncio.sleep(0.2)
    said = answer.json()
    assert (said["service"], said["lag"], said["quarantine"]) == ("debrief", 0, 0)
