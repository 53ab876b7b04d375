"""What is unpublished is as old as its need to be published, not as the event."""

from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY
from uuid_utils.compat import uuid7

from client.doctor import records
from client.doctor.finding import Checks
from shared.runtime import service
from shared.runtime.clock import Clock
from shared.runtime.db import Database
from shared.runtime.gauges import Gauges
from shared.runtime.migrate import migrate
from shared.runtime.relay import _RESEND
from tests.servers import RunningServers

pytestmark = pytest.mark.system


@pytest.fixture
async def database(servers: RunningServers) -> AsyncIterator[Database]:
    words = servers.surroundings
    made = Database(words.database.for_sqlalchemy("intel", words.passwords()["intel"], "intel"), 2, Clock())
    await migrate(made, "services.intel")
    yield made
    await made.close()


async def ages(database: Database) -> tuple[float, float, list[str]]:
    """Of the oldest unpublished event: for readiness, for the alarm, and what doctor says of it."""
    async with database.begin() as tx:
        ready = float((await tx.sql(service._UNSENT))[0]["age"])
    parts: Any = SimpleNamespace(database=database)
    gauges = Gauges()
    await gauges._database(parts)
    checks = Checks()
    async with database.connection() as connection:
        await records._waiting(connection, "intel", checks)
    return ready, gauges.oldest.seconds, [finding.what for finding in checks.found]


async def test_what_is_sent_again_after_an_unclean_stop_is_due_from_then_on(database: Database):
    async with database.connection() as connection:
        await connection.execute("TRUNCATE outbox_unsent, resent")
        await connection.execute(
            "INSERT INTO outbox (event_id, topic, key, sequence, type, party, audience, traceparent, body, at) "
            "VALUES ($1, 'intel.alerts', $2, 1, 't', 'NZ', 'NZ', '', '', clock_timestamp() - $3::interval)",
            uuid7(), str(uuid4()), timedelta(minutes=5),
        )  # fmt: skip
        now = await connection.fetchval("SELECT extract(epoch FROM clock_timestamp())::float")
        await connection.execute(_RESEND, now, 600.0)
        assert await connection.fetchval("SELECT count(*) FROM outbox_unsent") > 0
    ready, alarm, told = await ages(database)
    assert 0 < ready < 200
    assert 0 < alarm < 200
    async with database.connection() as connection:
        await connection.execute("UPDATE outbox_unsent SET due = clock_timestamp() - interval '10 minutes'")
    ready, alarm, told = await ages(database)
    assert ready > 500
    assert alarm > 500
    assert "unpublished event" in told[0]
    async with database.connection() as connection:
        await connection.execute("TRUNCATE outbox_unsent, resent")
    assert (await ages(database))[2] == []
    assert REGISTRY.get_sample_value("jpa_outbox_unsent") == 0
