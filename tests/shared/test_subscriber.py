"""The ear on Kafka: what is told of how far one came, seen by who comes after."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer

from services.portal.settings import Settings
from shared.runtime.kafka import client_arguments
from shared.runtime.settings import ServiceSettings
from shared.runtime.subscriber import Bus
from tests.servers import RunningServers, lowered

pytestmark = pytest.mark.system

TOPIC = "planner.programme"


class Hearer:
    """Stands where a service's consumer stands, and keeps what it was given."""

    def __init__(self, able: bool) -> None:
        self.able, self.heard, self.tries = able, list[bytes](), 0
        self._more = asyncio.Event()

    async def batch(self, records: Sequence[Any]) -> None:
        self.tries += 1
        self._more.set()
        if not self.able:
            await asyncio.sleep(0)
            raise OSError
        self.heard += [record.value for record in records]

    async def until(self, *, tries: int = 0, heard: int = 0) -> None:
        async with asyncio.timeout(60):
            while self.tries < tries or len(self.heard) < heard:
                self._more.clear()
                await self._more.wait()


@contextlib.asynccontextmanager
async def hearing(servers: RunningServers, group: str, able: bool = True) -> AsyncIterator[Hearer]:
    """One of a group for as long as the block lasts; it leaves in order."""
    hearer = Hearer(able)
    bus = Bus(hearer, group, Settings(**lowered(servers.settings("portal"))), (TOPIC,))  # type: ignore[arg-type]
    running = asyncio.create_task(bus.run())
    try:
        yield hearer
    finally:
        await bus.stop()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _say(servers: RunningServers, *values: bytes) -> None:
    producer = AIOKafkaProducer(**client_arguments(ServiceSettings(**lowered(servers.settings("planner")))))
    await producer.start()
    try:
        for value in values:
            await producer.send_and_wait(TOPIC, value, partition=0)
    finally:
        await producer.stop()


async def test_what_was_handled_is_not_heard_again_and_what_was_not_is(servers: RunningServers):
    group, run = f"portal.{uuid4()}", uuid4().bytes
    first, second = [run + bytes([number]) for number in range(3)], [run + b"later"]
    await _say(servers, *first)

    async with hearing(servers, group, able=False) as failing:
        await failing.until(tries=2)
    async with hearing(servers, group) as working:
        await working.until(heard=3)
    assert [value for value in working.heard if value.startswith(run)] == first

    await _say(servers, *second)
    async with hearing(servers, group) as after:
        await after.until(heard=1)
    assert after.heard == second
