"""What is said again is what was said: the relay's own bytes, in the order of the outbox, to whom it is for."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiokafka.errors import KafkaError
from uuid_utils.compat import uuid7

from shared.events.base import internal_bytes, read
from shared.events.planner import OperationStarted
from shared.runtime import epoch, replay
from shared.runtime.clock import Clock
from shared.runtime.db import Database
from shared.runtime.migrate import migrate
from shared.runtime.replay import Asked, Refused, ask, send_again
from shared.runtime.settings import ServiceSettings
from tests.builders import NOON
from tests.servers import RunningServers


@dataclass
class Kafka:
    """Takes everything until it is away."""

    taken: list[tuple[str, bytes, bytes]] = field(default_factory=list)
    away: bool = False

    async def start(self) -> None: ...
    async def stop(self) -> None: ...

    async def part(self, _producer: Any, topic: str, _partition: int, records: list[tuple[int, bytes, bytes]]) -> set[int]:
        if self.away:
            return {row for row, _, _ in records}
        self.taken += [(topic, key, value) for _, key, value in records]
        return set()


@dataclass
class Owner:
    """The planner's outbox with some things said, and a Kafka to say them to again."""

    database: Database
    settings: ServiceSettings
    kafka: Kafka
    operations: list[str]

    async def again(self, target: str, asked: Asked, party: str = "") -> list[tuple[int, int, int]]:
        return [page async for page in send_again("planner", self.database, self.settings, target, asked, party)]


@pytest.fixture
async def owner(servers: RunningServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Owner]:
    words = servers.surroundings
    url = words.database.for_sqlalchemy("planner", words.passwords()["planner"], "planner")
    database, kafka = Database(url, 2, Clock()), Kafka()
    await migrate(database, "services.planner")
    await epoch.begin("planner", database)
    operations = [str(uuid7()), str(uuid7())]
    async with database.begin() as tx:
        await tx.sql("TRUNCATE outbox CASCADE")
    for readers in (("NZ",), ("LK", "NZ"), ("LK", "NZ#co_chair")):
        for operation in operations:
            async with database.begin() as tx:
                at = {"operation_id": operation, "period_id": uuid7(), "at": NOON, "by": "x"}
                tx.announce(OperationStarted(**at, party="NZ", audience=readers))

    async def partition_of(_producer: Any, _topic: str, key: bytes) -> int:
        return operations.index(key.decode())

    monkeypatch.setattr(replay, "new_producer", lambda settings, name: kafka)
    monkeypatch.setattr(replay, "partition_of", partition_of)
    monkeypatch.setattr(replay, "send_part", kafka.part)
    settings = ServiceSettings(
        database_url=url, kafka_bootstrap_servers="x", actor_public_keys_file=tmp_path, seal_private_key_file=tmp_path,
        replay_page=2,
    )  # fmt: skip
    yield Owner(database, settings, kafka, operations)
    await database.close()


@pytest.mark.system
async def test_a_consumer_is_told_the_relays_bytes_in_the_order_of_each_aggregate(owner: Owner):
    pages = await owner.again("replay.portal.planner", Asked(topics=["planner.operations"]))
    assert [sent for _, sent, _ in pages] == [0, 2, 4, 6]
    async with owner.database.begin() as tx:
        rows = await tx.sql("SELECT * FROM outbox ORDER BY id")
    relayed = [
        internal_bytes(bytes(row["body"]), row["sequence"], row["audience"], row["traceparent"]) for row in rows
    ]
    assert sorted(value for _, _, value in owner.kafka.taken) == sorted(relayed)
    for operation in owner.operations:
        mine = [read(value).sequence for topic, key, value in owner.kafka.taken if key.decode() == operation]
        assert mine == [1, 2, 3]
    assert {topic for topic, _, _ in owner.kafka.taken} == {"replay.portal.planner"}


@pytest.mark.system
async def test_only_what_was_asked_for_is_said_and_from_there_on(owner: Owner):
    assert await owner.again("replay.portal.planner", Asked(topics=["planner.details"])) == [(0, 0, 0)]
    pages = await owner.again("replay.portal.planner", Asked(topics=["planner.operations"]))
    owner.kafka.taken.clear()
    await owner.again("replay.portal.planner", Asked(topics=["planner.operations"], after=pages[2][0]))
    assert len(owner.kafka.taken) == 2


@pytest.mark.system
async def test_a_feed_gets_what_its_whole_party_may_know_and_nothing_of_who_else_does(owner: Owner):
    await owner.again("feed.nz", Asked(), "NZ")
    said = [json.loads(value) for _, _, value in owner.kafka.taken]
    assert len(said) == 4, "what only a role may know is in no feed"
    assert not {name for each in said for name in each} & {"sequence", "audience", "traceparent"}


@pytest.mark.system
async def test_what_is_recalled_while_its_page_is_sent_is_recalled_behind_it(owner: Owner, monkeypatch: pytest.MonkeyPatch):
    taken, recall = [], "UPDATE outbox SET event_id = $2, body = $3 WHERE id = $1 AND body <> $3"

    async def part(_producer: Any, _topic: str, _partition: int, records: list[tuple[int, bytes, bytes]]) -> set[int]:
        async with owner.database.begin() as tx:  # as intel does with what was said of a text
            await tx.sql(recall, records[0][0], uuid7(), b"recalled")
        taken.extend((row, value) for row, _, value in records)
        return set()

    monkeypatch.setattr(replay, "send_part", part)
    await owner.again("feed.nz", Asked(), "NZ")
    last = dict(taken)
    assert set(last.values()) == {b"recalled"}
    assert len(taken) == 2 * len(last)


@pytest.mark.system
async def test_a_page_that_was_not_taken_is_not_told_as_sent(owner: Owner):
    owner.kafka.away = True
    with pytest.raises(KafkaError):
        await owner.again("replay.portal.planner", Asked(topics=["planner.operations"]))


@pytest.fixture
async def served() -> AsyncIterator[tuple[str, list[int], list[Any]]]:
    """An owner that answers as it is told: lines, and whether it then breaks off; and after what it was asked."""
    asked: list[int] = []
    answers: list[Any] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append((await request.json())["after"])
        lines = answers.pop(0)
        if isinstance(lines, int):
            return web.Response(status=lines)
        response = web.StreamResponse()
        await response.prepare(request)
        for line in lines:
            if line is None:
                assert request.transport
                request.transport.abort()
                break
            await response.write(json.dumps(line).encode() + b"\n")
        return response

    app = web.Application()
    app.router.add_post("/operator/replay/portal", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked, answers
    await runner.cleanup()


async def test_an_owner_that_breaks_off_is_asked_for_the_rest(served: Any, monkeypatch: pytest.MonkeyPatch):
    url, asked, answers = served
    monkeypatch.setattr(replay, "PAUSE_SECONDS", 0.01)
    answers += [
        [{"last": 0, "sent": 0, "of": 9}, {"last": 40, "sent": 5, "of": 9}, None],
        503,
        [{"last": 40, "sent": 0, "of": 4}, {"last": 80, "sent": 4, "of": 4}],  # ended, and did not say that it was done
        [{"last": 80, "sent": 0, "of": 0}, {"done": True}],
    ]
    told: list[tuple[int, int, int]] = []

    async def note(last: int, sent: int, total: int) -> None:
        told.append((last, sent, total))

    async with ClientSession() as client:
        await ask(client, [url], lambda: "a token", "portal", Asked(topics=["planner.operations"]), note)
    assert asked == [0, 40, 40, 80]
    assert told[-1] == (80, 9, 9)


async def test_an_owner_that_refuses_is_not_asked_again(served: Any):
    url, asked, answers = served
    answers.append(403)

    async def note(last: int, sent: int, total: int) -> None: ...

    async with ClientSession() as client:
        with pytest.raises(Refused, match="403"):
            await ask(client, [url], lambda: "a token", "portal", Asked(), note)
    assert asked == [0]
