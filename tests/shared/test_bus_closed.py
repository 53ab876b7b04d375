"""What nobody can read is closed by a person, with a reason; what can be read never is."""

import pytest
from uuid_utils.compat import uuid7

from shared.errors import Conflict, NotFound
from tests.shared.test_bus import OPERATIONS, OPERATOR, Bench, Record, bench, started

pytestmark = pytest.mark.system

__all__ = ["bench"]


async def test_what_nobody_can_read_is_closed_with_a_reason_kept_and_counted_no_longer(bench: Bench):
    await bench.hear(Record(OPERATIONS, b"no JSON"))
    [row] = await bench.aside()
    await bench.consumer.close(row["id"], "a test of our own", OPERATOR)
    [kept] = await bench.aside()
    assert (kept["state"], kept["reason"]) == ("closed", "not JSON; closed: a test of our own")
    assert bytes(kept["body"]) == b"no JSON"
    async with bench.database.begin() as tx:
        assert await bench.inbox.count(tx) == 0
        [noted] = await tx.sql("SELECT action, target FROM audit WHERE action LIKE 'close in%' ORDER BY id DESC LIMIT 1")
    assert (noted["action"], noted["target"]) == ("close in quarantine: a test of our own", f"{OPERATIONS}/0/1")
    with pytest.raises(Conflict, match="this one is closed"):
        await bench.consumer.close(row["id"], "again", OPERATOR)
    with pytest.raises(NotFound):
        await bench.consumer.close(987654, "of nothing", OPERATOR)


async def test_what_can_be_read_is_not_closed(bench: Bench):
    operation, first = uuid7(), uuid7()
    bench.refuse.add(first)
    await bench.hear(started(operation, 1, first), started(operation, 2))
    for row in await bench.aside():
        with pytest.raises(Conflict, match=r"can be read|is waiting"):
            await bench.consumer.close(row["id"], "it is in the way", OPERATOR)
    assert [row["state"] for row in await bench.aside()] == ["failed", "waiting"]
