"""Events in: one effect each, in the order of their aggregate, and whatever cannot be taken set aside without a loss."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import MetaData
from uuid_utils.compat import uuid7

from shared.errors import Conflict, NotFound, Unavailable
from shared.events.base import internal_bytes
from shared.events.intel import AlertRecalled
from shared.events.planner import OperationEvent, OperationStarted
from shared.runtime.bus import Consumer
from shared.runtime.clock import Clock
from shared.runtime.db import Database, Tx
from shared.runtime.inbox import Inbox
from shared.runtime.listener import Listener
from shared.runtime.migrate import declaring, migrate
from shared.runtime.settings import ServiceSettings
from shared.runtime.tables import inbox_tables
from shared.vocabulary import Role
from tests.builders import NOON, an_actor
from tests.servers import RunningServers

pytestmark = pytest.mark.system

OPERATIONS = "planner.operations"
OPERATOR = an_actor("RSO", Role.OPERATOR)


@dataclass
class Record:
    topic: str
    value: bytes | None
    key: bytes | None = b""
    partition: int = 0
    offset: int = 0
    headers: list[tuple[Any, Any]] = field(default_factory=list)


@dataclass
class Bench:
    """A consumer on a database of its own, and what its handler did."""

    consumer: Consumer
    database: Database
    inbox: Inbox
    done: list[UUID]
    refuse: set[UUID]
    offsets: int = 0

    async def hear(self, *records: Record) -> None:
        for record in records:
            self.offsets += 1
            record.offset = self.offsets
        await self.consumer.batch(records)

    async def aside(self) -> list[dict[str, Any]]:
        async with self.database.begin() as tx:
            rows = await tx.sql(f"SELECT * FROM {self.inbox._tables['quarantine']} ORDER BY id")
            return [dict(row) for row in rows]


def started(operation_id: UUID, sequence: int, event_id: UUID | None = None) -> Record:
    event = OperationStarted(
        id=event_id or uuid7(), operation_id=operation_id, period_id=uuid7(), at=NOON, by="x", party="NZ", audience=("NZ",)
    )
    return Record(OPERATIONS, internal_bytes(event.public_bytes(NOON), sequence, "NZ", ""), str(operation_id).encode())


@pytest.fixture
async def bench(servers: RunningServers, tmp_path: Path) -> AsyncIterator[Bench]:
    words = servers.surroundings
    url = words.database.for_sqlalchemy("planner", words.passwords()["planner"], "planner")
    database, schema = Database(url, 2, Clock()), f"bus_{uuid4().hex[:8]}"
    metadata = MetaData(schema=schema)
    inbox_tables(metadata, schema)
    await migrate(database, "services.planner")  # an audit, for what is replayed
    async with declaring(database) as engine, engine.begin() as connection:
        await connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        await connection.run_sync(metadata.create_all)
    listener, done, refuse = Listener(OPERATIONS), [], set()

    @listener.on(OperationStarted, AlertRecalled)
    async def note(event: OperationEvent, tx: Tx) -> None:
        if event.id in refuse:
            raise Conflict("not this one")
        done.append(event.id)

    settings = ServiceSettings(
        database_url=url,
        kafka_bootstrap_servers="unused",
        actor_public_keys_file=tmp_path,
        seal_private_key_file=tmp_path,
        retry_min_seconds=0.01,
    )
    inbox = Inbox("test", schema)
    yield Bench(Consumer(listener, inbox, database, settings), database, inbox, done, refuse)
    await database.close()


def event_id(record: Record) -> UUID:
    return UUID(json.loads(record.value or b"{}")["id"])


async def test_an_event_that_comes_a_thousand_times_has_one_effect(bench: Bench):
    operation, twice = uuid7(), uuid7()
    await bench.hear(*[started(operation, 1, twice) for _ in range(500)])
    for _ in range(5):
        await bench.hear(*[started(operation, 1, twice) for _ in range(100)])
    assert bench.done == [twice]


async def test_the_same_id_with_other_bytes_has_no_effect_and_is_set_aside(bench: Bench):
    same = uuid7()
    first, forged = started(uuid7(), 1, same), started(uuid7(), 1, same)
    await bench.hear(first)
    await bench.hear(forged)
    assert bench.done == [same]
    assert [row["reason"] for row in await bench.aside()] == ["the same id came with other bytes"]


@pytest.mark.parametrize(
    ("poison", "reason"),
    [
        (lambda: Record(OPERATIONS, b"{not json", b"x"), "not JSON"),
        (lambda: Record(OPERATIONS, None, b"x"), "a tombstone"),
        (lambda: Record(OPERATIONS, b"\xff\xfe", b"x"), "not JSON"),
        (lambda: Record(OPERATIONS, b'"text"', b"x"), "not a CloudEvent 1.0"),
        (lambda: Record(OPERATIONS, b'{"specversion":"1.0","type":"planner.rumour.v9"}', b"x"), "unknown type"),
        (lambda: Record(OPERATIONS, b"[" * 100_000, b"x"), "not JSON"),
        (lambda: Record(OPERATIONS, b'"' + b"x" * 600_000 + b'"', b"x"), "larger than 524288 bytes"),
        (lambda: _with(headers=[("h", b"\xff")]), "a bad header"),
        (lambda: _with(headers=[("h", None)]), "a bad header"),
        (lambda: Record(OPERATIONS, b"{", b"a\x00b"), "not JSON"),
        (lambda: _with(headers=[("h\x00", b"\xff")]), "a bad header"),
        (lambda: _numbered("1" + "0" * 20), "malformed envelope"),
        (lambda: _numbered("0"), "no sequence"),
        (lambda: _with(key=b"another"), "its key is not its aggregate"),
        (lambda: _with(key=None), "its key is not its aggregate"),
        (lambda: _with(topic="planner.details"), "on a topic that is not its own"),
    ],
)
async def test_what_cannot_be_read_is_set_aside_and_the_next_one_passes(bench: Bench, poison: Any, reason: str):
    good = started(uuid7(), 1)
    await bench.hear(poison(), good)
    assert bench.done == [event_id(good)]
    aside = await bench.aside()
    assert [(row["reason"], row["state"]) for row in aside] == [(reason, "failed")]


def _numbered(sequence: str) -> Record:
    record = started(uuid7(), 1)
    assert record.value
    record.value = record.value.replace(b'"sequence":"1"', f'"sequence":"{sequence}"'.encode())
    return record


def _with(**changes: Any) -> Record:
    record = started(uuid7(), 1)
    for name, value in changes.items():
        setattr(record, name, value)
    return record


async def test_an_event_that_is_refused_holds_back_only_its_own_aggregate(bench: Bench):
    stuck, free = uuid7(), uuid7()
    refused, behind, other = started(stuck, 1), started(stuck, 2), started(free, 1)
    bench.refuse.add(event_id(refused))
    await bench.hear(refused, behind, other)
    assert bench.done == [event_id(other)]
    assert [row["state"] for row in await bench.aside()] == ["failed", "waiting"]


async def test_after_a_replay_what_waited_behind_it_follows_in_order(bench: Bench):
    operation = uuid7()
    records = [started(operation, number) for number in (1, 2, 3)]
    bench.refuse.add(event_id(records[0]))
    await bench.hear(*records)
    failed = (await bench.aside())[0]
    with pytest.raises(Conflict):
        await bench.consumer.replay(failed["id"], OPERATOR)
    assert len(await bench.aside()) == 3
    bench.refuse.clear()
    await bench.consumer.replay(failed["id"], OPERATOR)
    assert bench.done == [event_id(record) for record in records]
    assert await bench.aside() == []


async def test_a_replay_of_what_is_not_there_says_so(bench: Bench):
    with pytest.raises(NotFound):
        await bench.consumer.replay(12345, OPERATOR)


async def test_a_forged_record_is_evidence_that_no_replay_takes_away(bench: Bench):
    same = uuid7()
    await bench.hear(started(uuid7(), 1, same))
    await bench.hear(started(uuid7(), 1, same))
    forged = (await bench.aside())[0]
    with pytest.raises(Conflict):
        await bench.consumer.replay(forged["id"], OPERATOR)
    assert [row["id"] for row in await bench.aside()] == [forged["id"]]


async def test_an_event_that_failed_and_comes_again_leaves_no_alarm_behind(bench: Bench):
    record = started(uuid7(), 1)
    bench.refuse.add(event_id(record))
    await bench.hear(record)
    bench.refuse.clear()
    await bench.hear(Record(OPERATIONS, record.value, record.key), Record(OPERATIONS, b"{", b"x"))
    assert bench.done == [event_id(record)]
    assert [row["reason"] for row in await bench.aside()] == ["not JSON"]


async def test_events_that_arrive_in_the_wrong_order_have_their_effect_in_the_right_one(bench: Bench):
    operation = uuid7()
    one, two, three = (started(operation, number) for number in (1, 2, 3))
    await bench.hear(three, two)
    assert bench.done == []
    await bench.hear(one, two, three)
    assert bench.done == [event_id(record) for record in (one, two, three)]
    assert await bench.aside() == []


async def test_a_recall_passes_what_holds_its_aggregate_back_and_keeps_its_place(bench: Bench):
    alert = uuid7()
    recall = AlertRecalled(alert_id=alert, at=NOON, by="x", party="NZ", audience=("NZ",))
    record = Record(recall.topic, internal_bytes(recall.public_bytes(NOON), 3, "NZ", ""), str(alert).encode())
    await bench.hear(record)
    assert bench.done == [recall.id]
    assert [row["state"] for row in await bench.aside()] == ["applied"]
    await bench.hear(record)
    assert bench.done == [recall.id]


async def test_a_fault_that_passes_keeps_nothing_and_the_batch_comes_again(bench: Bench):
    record = started(uuid7(), 1)
    handlers, real = bench.consumer.listener._handlers, bench.consumer.listener._handlers[OperationStarted]

    async def broken(event: Any, tx: Tx) -> None:
        raise Unavailable

    handlers[OperationStarted] = broken
    with pytest.raises(Unavailable):
        await bench.hear(record)
    handlers[OperationStarted] = real
    await bench.hear(record)
    assert bench.done == [event_id(record)]
    assert await bench.aside() == []


async def test_one_that_is_refused_among_many_is_found_in_a_few_steps(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    records = [started(uuid7(), 1) for _ in range(256)]
    bench.refuse.add(event_id(records[100]))
    begun = _count_transactions(bench, monkeypatch)
    await bench.hear(*records)
    assert set(bench.done) == {event_id(record) for record in records} - bench.refuse
    assert [row["state"] for row in await bench.aside()] == ["failed"]
    assert len(begun) < 25  # two for each halving, and the few for the one at fault


async def test_events_of_others_go_together_while_an_aggregate_waits(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    stuck = uuid7()
    bench.refuse.add(event_id(first := started(stuck, 1)))
    await bench.hear(first)
    records = [started(stuck, 2), *(started(uuid7(), 1) for _ in range(50)), started(stuck, 3)]
    begun = _count_transactions(bench, monkeypatch)
    await bench.hear(*records)
    assert bench.done == [event_id(record) for record in records[1:-1]]
    assert len(begun) == 3  # the fifty, and the two that wait
    assert [row["state"] for row in await bench.aside()] == ["failed", "waiting", "waiting"]


def _count_transactions(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    begun: list[None] = []
    begin = bench.database.begin

    def counted(*of: Any) -> Any:
        begun.append(None)
        return begin(*of)

    monkeypatch.setattr(bench.database, "begin", counted)
    return begun


async def test_what_is_taken_at_once_may_be_more_than_a_transaction_takes(bench: Bench):
    operation = uuid7()
    bench.consumer.settings.transaction_max_events = 3
    records = [started(operation, number) for number in range(1, 11)]
    await bench.hear(*records)
    assert bench.done == [event_id(record) for record in records]
