"""The relay under faults: two at once, an event that can never be sent, and a broker that lost what it acknowledged."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from uuid_utils.compat import uuid7

from shared.errors import TooLarge
from shared.events.base import MAX_EVENT_BYTES, Event
from shared.events.intel import AlertRecalled
from shared.events.planner import OperationBriefed, OperationStarted
from shared.runtime.clock import Clock
from shared.runtime.db import Database
from shared.runtime.migrate import migrate
from shared.runtime.relay import Relay
from shared.runtime.settings import ServiceSettings
from tests.builders import NOON
from tests.servers import RunningServers, lowered, running_servers
from tests.world import until

pytestmark = pytest.mark.system

TOPIC = "planner.operations"


def started(operation_id: UUID) -> OperationStarted:
    return OperationStarted(operation_id=operation_id, period_id=uuid7(), at=NOON, by="x", party="NZ", audience=("NZ",))


class Planner:
    """The planner's outbox, and relays that carry it away."""

    def __init__(self, servers: RunningServers) -> None:
        self.servers = servers
        self.settings = ServiceSettings(**lowered(servers.settings("planner")))
        self.database = self._connected()

    def _connected(self) -> Database:
        return Database(self.settings.database_url.get_secret_value(), 3, Clock())

    @contextlib.asynccontextmanager
    async def relay(self) -> AsyncIterator[asyncio.Task[None]]:
        database = self._connected()
        relay = Relay("planner", database, self.settings)
        running = asyncio.create_task(relay.run())
        try:
            yield running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await relay.stop()
            await database.close()

    async def say(self, *events: Event) -> None:
        async with self.database.begin() as tx:
            tx.announce(*events)

    async def unsent(self) -> int:
        async with self.database.begin() as tx:
            return int((await tx.sql("SELECT count(*) AS n FROM outbox_unsent"))[0]["n"])

    async def all_sent(self) -> bool:
        return not await self.unsent()

    async def arrived(self) -> dict[str, list[int]]:
        """The sequences that lie in Kafka, by aggregate, repeats and all."""
        consumer = AIOKafkaConsumer(**self.servers.as_service("portal").for_aiokafka(), enable_auto_commit=False)
        await consumer.start()
        try:
            places = [TopicPartition(TOPIC, number) for number in range(6)]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            found: dict[str, list[int]] = defaultdict(list)
            for place in places:
                consumer.seek(place, 0)
            while any([await consumer.position(place) < end for place, end in ends.items()]):
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    for record in records:
                        body = record.value.decode()
                        found[record.key.decode()].append(int(body.split('"sequence":"')[1].split('"')[0]))
            return found
        finally:
            await consumer.stop()


@pytest.fixture
async def planner(servers: RunningServers) -> AsyncIterator[Planner]:
    made = Planner(servers)
    await migrate(made.database, "services.planner")
    yield made
    await made.database.close()


async def test_of_two_relays_one_carries_and_the_other_takes_over(planner: Planner):
    operations = [uuid7() for _ in range(30)]
    async with planner.relay() as first, planner.relay():
        for _ in range(10):
            await planner.say(*map(started, operations))
        await until(planner.all_sent)
        # whichever carries: with one of them gone it is the other
        first.cancel()
        await planner.say(*map(started, operations))
        await until(planner.all_sent)
    arrived = await planner.arrived()
    assert [arrived[str(operation)] for operation in operations] == [[*range(1, 12)]] * 30


async def test_an_event_that_can_never_be_sent_holds_back_only_its_own_aggregate(planner: Planner):
    operations = [uuid7() for _ in range(5)]
    alert = uuid7()
    recalled = AlertRecalled(alert_id=alert, version=1, at=NOON, by="x", party="NZ", audience=("NZ",))
    async with planner.relay():
        await planner.say(recalled)  # on a topic that the planner may not write
        for _ in range(20):
            await planner.say(*map(started, operations))

        async def only_that_one() -> bool:
            return await planner.unsent() == 1

        await until(only_that_one)
    async with planner.database.begin() as tx:
        await tx.sql("DELETE FROM outbox_unsent")
    arrived = await planner.arrived()
    assert [arrived[str(operation)] for operation in operations] == [[*range(1, 21)]] * 5


async def test_an_event_that_no_topic_would_take_is_refused_before_anything_is_kept(planner: Planner):
    operation = uuid7()
    words = {"title": "x", "narrative": "x" * MAX_EVENT_BYTES, "party": "NZ", "audience": ("NZ",)}
    before = await planner.unsent()
    with pytest.raises(TooLarge):
        await planner.say(started(operation), OperationBriefed(operation_id=operation, period_id=uuid7(), **words))
    assert await planner.unsent() == before


async def test_what_a_broker_lost_when_it_stopped_uncleanly_is_sent_again():
    async with running_servers() as servers:
        planner = Planner(servers)
        await migrate(planner.database, "services.planner")
        operations = [uuid7() for _ in range(20)]
        async with planner.relay():
            await planner.say(*map(started, operations))
            await until(planner.all_sent)
        await servers.stop("kafka")
        lost = [*servers.home.kafka.glob(f"data/{TOPIC}-*/*.log")]
        for log in lost:
            log.write_bytes(b"")
        (servers.home.kafka / "data" / ".kafka_cleanshutdown").unlink()
        await servers.start("kafka")
        assert lost
        assert not await planner.arrived()
        async with planner.relay():

            async def there() -> bool:
                return set(await planner.arrived()) == set(map(str, operations))

            await until(there)
        await planner.database.close()
