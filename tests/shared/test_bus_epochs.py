"""Across a restore: numbers that begin anew, and what came of the epoch before."""

from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from shared.errors import Conflict
from shared.events.base import internal_bytes
from shared.events.planner import OperationStarted
from shared.runtime.release import release
from tests.builders import NOON
from tests.shared.test_bus import OPERATIONS, OPERATOR, Bench, Record, bench, event_id

__all__ = ["bench"]

pytestmark = pytest.mark.system


def said(operation_id: UUID, epoch: int, number: int, topic: str = OPERATIONS) -> Record:
    event = OperationStarted(operation_id=operation_id, period_id=uuid7(), at=NOON, by="x", party="NZ", audience=("NZ",))
    public = event.public_bytes(NOON, epoch)
    return Record(topic, internal_bytes(public, number, "NZ", ""), str(operation_id).encode())


async def position(bench: Bench) -> list[tuple[int, int]]:
    async with bench.database.begin() as tx:
        rows = await tx.sql(f"SELECT epoch, sequence FROM {bench.inbox._tables['position']}")
    return [(row["epoch"], row["sequence"]) for row in rows]


async def test_after_a_restore_numbers_begin_at_one_again(bench: Bench):
    operation = uuid7()
    records = [said(operation, 1, 1), said(operation, 1, 2), said(operation, 2, 1), said(operation, 2, 2)]
    await bench.hear(*records)
    assert bench.done == [event_id(record) for record in records]
    assert await position(bench) == [(2, 2)]
    assert await bench.aside() == []


async def test_a_new_epoch_waits_behind_what_failed_in_the_one_before(bench: Bench):
    operation = uuid7()
    records = [said(operation, 1, 1), said(operation, 1, 2), said(operation, 2, 1), said(operation, 2, 2)]
    bench.refuse.add(event_id(records[0]))
    await bench.hear(*records)
    aside = await bench.aside()
    assert (bench.done, [row["state"] for row in aside]) == ([], ["failed", "waiting", "waiting", "waiting"])
    bench.refuse.clear()
    await bench.consumer.replay(aside[0]["id"], OPERATOR)
    assert bench.done == [event_id(record) for record in records]
    assert await position(bench) == [(2, 2)]
    assert await bench.aside() == []


async def test_what_comes_late_of_an_earlier_epoch_has_its_effect_and_moves_nobody_back(bench: Bench):
    operation = uuid7()
    now, late = said(operation, 2, 1), said(operation, 1, 7)
    await bench.hear(now)
    await bench.hear(late)
    assert bench.done == [event_id(now), event_id(late)]
    assert await position(bench) == [(2, 1)]


async def test_within_a_new_epoch_a_number_that_is_missing_is_waited_for(bench: Bench):
    operation = uuid7()
    first, second, third = (said(operation, 2, number) for number in (1, 2, 3))
    await bench.hear(said(operation, 1, 1))
    await bench.hear(third, second)
    with pytest.raises(Conflict, match="number 2"):
        await bench.consumer.replay((await bench.aside())[0]["id"], OPERATOR)
    await bench.hear(first)
    assert bench.done[1:] == [event_id(record) for record in (first, second, third)]
    assert await bench.aside() == []


async def test_what_is_said_again_fills_the_gap_and_what_waited_behind_it_follows(bench: Bench):
    operation = uuid7()
    one, two, three = (said(operation, 1, number) for number in (1, 2, 3))
    await bench.hear(one)
    await bench.hear(three)
    again = [Record("replay.test.planner", record.value, record.key) for record in (one, two, three)]
    await bench.hear(*again)
    assert bench.done == [event_id(record) for record in (one, two, three)]
    assert await bench.aside() == []


async def test_nobody_says_again_what_another_service_said(bench: Bench):
    one = said(uuid7(), 1, 1)
    await bench.hear(Record("replay.test.debrief", one.value, one.key))
    assert [row["reason"] for row in await bench.aside()] == ["said again by another than its owner"]
    assert bench.done == []


async def test_what_is_said_again_before_its_turn_waits_on_its_own_topics_place(bench: Bench):
    operation = uuid7()
    one, two = said(operation, 1, 1), said(operation, 1, 2)
    await bench.hear(Record("replay.test.planner", two.value, two.key))
    assert [(row["topic"], row["heard_on"]) for row in await bench.aside()] == [(OPERATIONS, "replay.test.planner")]
    await bench.hear(one)
    assert bench.done == [event_id(one), event_id(two)]


async def test_what_waits_for_a_turn_that_another_replica_has_let_pass_is_taken_up(bench: Bench):
    operation = uuid7()
    one, two, three = (said(operation, 1, number) for number in (1, 2, 3))
    await bench.hear(one)
    await bench.hear(three)
    await release(bench.consumer)
    assert bench.done == [event_id(one)]
    async with bench.database.begin() as tx:  # the other one applied number two, and did not see that three waits
        await tx.sql(f"UPDATE {bench.inbox._tables['position']} SET sequence = 2")
    await release(bench.consumer)
    assert bench.done == [event_id(one), event_id(three)]
    assert (await position(bench), await bench.aside()) == ([(1, 3)], [])
    await bench.hear(two)
    assert await position(bench) == [(1, 3)]
