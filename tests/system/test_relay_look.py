"""The relay's look at what is due, on a real PostgreSQL: it costs what is due, however much was ever said."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from services.planner.tables import Base
from shared.runtime.relay import _SESSION, mark_and_due
from tests.servers import running_servers

pytestmark = pytest.mark.system

SAID = 20_000


@pytest.fixture
async def connection() -> AsyncIterator[asyncpg.Connection]:
    async with running_servers() as servers:
        words = servers.surroundings
        engine = create_async_engine(words.database.for_sqlalchemy("planner", words.passwords()["planner"], "planner"))
        async with engine.begin() as opened:
            await opened.run_sync(Base.metadata.create_all)
        await engine.dispose()
        connection = await asyncpg.connect(words.database.as_role("planner", words.passwords()["planner"], "planner"))
        yield connection
        await connection.close()


def walked(plan: dict[str, Any]) -> Iterator[float]:
    """How many rows of the outbox were read, scan by scan."""
    if plan.get("Relation Name") == "outbox":
        yield plan["Actual Loops"] * (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0))
    for below in plan.get("Plans", ()):
        yield from walked(below)


async def test_a_look_reads_no_more_of_the_outbox_than_is_due(connection: asyncpg.Connection):
    await connection.execute("ALTER TABLE outbox_unsent SET (autovacuum_enabled = false)")
    await connection.execute(
        "INSERT INTO outbox (event_id, topic, key, sequence, type, party, audience, traceparent, body) "
        "SELECT gen_random_uuid(), 't', n::text, 1, 'x', 'NZ', 'NZ', '', 'x' FROM generate_series(1, $1::int) n",
        SAID,
    )
    await connection.execute("INSERT INTO outbox_unsent SELECT id FROM outbox")
    # as after a burst: almost all is sent, and the statistics still tell of what was there
    await connection.execute("ANALYZE")
    await connection.execute("DELETE FROM outbox_unsent WHERE id <= (SELECT max(id) - 5 FROM outbox)")
    for setting in _SESSION:
        await connection.execute(setting)
    for mode in ("force_custom_plan", "force_generic_plan"):
        await connection.execute(f"SET plan_cache_mode = {mode}")
        for some_wait in (False, True):
            look = f"EXPLAIN (ANALYZE, FORMAT JSON) {mark_and_due(500, some_wait)}"
            found = json.loads(await connection.fetchval(look, ["waits"] if some_wait else [], [1, 2, 3]))
            assert sum(walked(found[0]["Plan"])) == 5
