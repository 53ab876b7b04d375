"""Messages that should not be there: repeats, wrong order, poison, bombs, and an aggregate that never succeeds."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from aiokafka.errors import KafkaError
from uuid_utils.compat import uuid7

from client.endure.cast import PARTIES
from client.endure.faults.attack import Attack, Fault
from client.endure.faults.forging import (
    FORGED,
    HEADERS,
    HEARD_BY,
    TOPIC,
    Writer,
    drafted,
    last_records,
    scheduled,
    validated,
    whole,
    writer,
)

BOMB_BYTES = 50_000_000
"""Of zeros: a few hundred kB when compressed."""


async def duplicates(attack: Attack) -> None:
    """One real event, a thousand times more."""
    (record,) = (await last_records(attack, 500))[-1:]
    async with writer(attack) as planner:
        sent = [
            await planner.producer.send(TOPIC, record.value, record.key, record.partition, headers=HEADERS)
            for _ in range(1000)
        ]
        await asyncio.gather(*sent)


async def backwards(attack: Attack) -> None:
    """The newest real events once more, last first."""
    records = await last_records(attack, 100)
    async with writer(attack) as planner:
        for record in reversed(records):
            await planner.put(record.value, record.key, partition=record.partition)


async def reordered(attack: Attack) -> None:
    """The second event of an operation before its first: each has its effect, in the right order."""
    owner, operation_id = attack.chance.choice(PARTIES), uuid7()
    period_id = UUID(attack.cast.period_id)
    async with writer(attack) as planner:
        await planner.say(scheduled(operation_id, period_id, owner), 2)
        await planner.say(drafted(operation_id, period_id, owner), 1)
    attack.forged[str(operation_id)] = owner


async def stuck(attack: Attack) -> None:
    """An operation whose first event never succeeds: it holds back its own, and nothing else."""
    owner, operation_id = attack.chance.choice(PARTIES), uuid7()
    period_id = UUID(attack.cast.period_id)
    async with writer(attack) as planner:
        first = await planner.say(validated(operation_id, period_id, uuid7(), owner), 1)
        second = await planner.say(drafted(operation_id, period_id, owner), 2)
        third = await planner.say(scheduled(operation_id, period_id, owner), 3)
    attack.aside(HEARD_BY, TOPIC, *first)
    attack.aside(HEARD_BY, TOPIC, *second, state="waiting")
    attack.aside(HEARD_BY, TOPIC, *third, state="waiting")
    attack.never.add(str(operation_id))


async def poison(attack: Attack) -> None:
    """One of every kind, each with the key of an operation that goes on behind it."""
    async with writer(attack) as planner:
        for put in POISONS:
            await put(attack, planner, attack.chance.choice(attack.journal.lanes).operation_id.encode())


def _bytes(value: bytes | None, headers: list[tuple[str, bytes]] = HEADERS) -> "Poison":
    async def put(attack: Attack, planner: Writer, key: bytes) -> None:
        attack.aside(HEARD_BY, TOPIC, *await planner.put(value, key, headers))

    return put


async def _wrong_topic(attack: Attack, planner: Writer, key: bytes) -> None:
    """An operation's event among the periods."""
    event = drafted(uuid7(), UUID(attack.cast.period_id), "NZ")
    attack.never.add(event.key)
    place = await planner.put(whole(event, 1), event.key.encode(), topic="planner.periods")
    attack.aside((*HEARD_BY, "intel"), "planner.periods", *place)


async def _wrong_key(attack: Attack, planner: Writer, key: bytes) -> None:
    event = drafted(uuid7(), UUID(attack.cast.period_id), "NZ")
    attack.never.add(event.key)
    attack.aside(HEARD_BY, TOPIC, *await planner.put(whole(event, 1), key))


async def _other_bytes(attack: Attack, planner: Writer, key: bytes) -> None:
    """A real event's id on something else: the words of an attacker who can write."""
    (record,) = (await last_records(attack, 500))[-1:]
    forged = record.value.replace(b'"tlp":"AMBER+STRICT"', FORGED)
    attack.aside(HEARD_BY, TOPIC, *await planner.put(forged, record.key, partition=record.partition))


Poison = Callable[[Attack, Writer, bytes], Awaitable[None]]
POISONS: tuple[Poison, ...] = (
    _bytes(b"{"),
    _bytes(b"\xff\xfe\x00"),
    _bytes(b"[" * 100_000),
    _bytes(None),
    _bytes(b"{}", [("traceparent", b"\xff\xfe")]),
    _bytes(b'{"specversion":"1.0","type":"planner.rumour.v1","data":{}}', [("reply_to", b"feed.au")]),
    _bytes(b'"' + b"x" * 700_000 + b'"'),
    _bytes(b'{"specversion":"1.0","type":"planner.operation.started.v1","epoch":"2147483648","data":{}}'),
    _wrong_topic,
    _wrong_key,
    _other_bytes,
)


async def bombs(attack: Attack) -> None:
    """Too large as it is, and too large once unpacked: the broker takes neither."""
    async with writer(attack) as planner:
        try:
            await planner.put(b"x" * 1_500_000, b"bomb")
            attack.problems.append("the broker took a message of 1.5 MB")
        except KafkaError:
            pass
    if await asyncio.to_thread(_compressed, attack):
        attack.problems.append(f"the broker took a message of {BOMB_BYTES // 10**6} MB, compressed")


def _compressed(attack: Attack) -> bool:
    """Whether the broker took it."""
    from confluent_kafka import Producer

    limits = {"message.max.bytes": 100_000_000, "queue.buffering.max.kbytes": 200_000, "log_level": 2}
    settings = {"compression.type": "gzip", "message.timeout.ms": 20_000, **limits}
    producer = Producer({**attack.stack.broker_as("planner").for_librdkafka(), **settings})
    taken: list[bool] = []
    producer.produce(TOPIC, bytes(BOMB_BYTES), b"bomb", on_delivery=lambda error, _: taken.append(error is None))
    producer.flush(25)
    return any(taken)


MESSAGES: dict[str, Fault] = {
    "duplicates": duplicates,
    "sent backwards": backwards,
    "reordered": reordered,
    "stuck aggregate": stuck,
    "poison": poison,
    "bombs": bombs,
}
