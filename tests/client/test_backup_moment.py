"""A backup's copies are of one moment: none knows by hearing what another one never said, whoever hears whom."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest

from client.backup import Cut, _at_one_moment
from shared.runtime.clock import Clock
from shared.runtime.db import Database
from shared.runtime.migrate import migrate
from tests.servers import RunningServers

pytestmark = pytest.mark.system

SERVICES = ("planner", "intel", "debrief", "portal")
CUTS = 15
_SAY = """
INSERT INTO outbox (event_id, topic, key, sequence, type, party, audience, traceparent, body)
VALUES ($1::uuid, 'x', $1::uuid::text, 1, 'x', '', '', '', '')
"""
_HEAR = "INSERT INTO inbox (source, event_id, sha256) VALUES ('/x', $1, '')"


def url(servers: RunningServers, service: str) -> str:
    words = servers.surroundings
    return words.database.as_role(service, words.passwords()[service], service)


@pytest.fixture
async def talking(servers: RunningServers) -> AsyncIterator[asyncio.Queue[None]]:
    """Each hears what the one before it said, and says something of its own, round and round, as fast as it goes."""
    for service in SERVICES:
        words = servers.surroundings
        await migrate(Database(words.database.for_sqlalchemy(service, words.passwords()[service], service), 1, Clock()),
                      f"services.{service}")  # fmt: skip
    connections = [await asyncpg.connect(url(servers, service)) for service in SERVICES]

    async def talk() -> None:
        heard = uuid4()
        await connections[-1].execute(_SAY, heard)
        while True:
            for connection in connections:
                said = uuid4()
                async with connection.transaction():
                    await connection.execute(_HEAR, heard)
                    await connection.execute(_SAY, said)
                heard = said
            if rounds.empty():
                rounds.put_nowait(None)

    rounds = asyncio.Queue[None](1)
    task = asyncio.create_task(talk())
    yield rounds
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    for connection in connections:
        await connection.execute("TRUNCATE outbox CASCADE")
        await connection.execute("TRUNCATE inbox")
        await connection.close()


async def held(servers: RunningServers, service: str, cut: Cut, column: str) -> set[UUID]:
    connection = await asyncpg.connect(url(servers, service))
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.execute(f"SET TRANSACTION SNAPSHOT '{cut.snapshot}'")
            return {row["event_id"] for row in await connection.fetch(f"SELECT event_id FROM {column}")}
    finally:
        await connection.close()


async def test_what_a_copy_has_heard_another_copy_has_said(servers: RunningServers, talking: asyncio.Queue[None]):
    grew = set()
    for _ in range(CUTS):
        await asyncio.wait_for(talking.get(), 30)  # they go on talking between the cuts
        async with _at_one_moment(servers.surroundings) as cuts:
            said = set().union(*[await held(servers, service, cuts[service], "outbox") for service in SERVICES])
            heard = set().union(*[await held(servers, service, cuts[service], "inbox") for service in SERVICES])
        assert heard <= said
        grew.add(len(said))
    assert len(grew) > CUTS // 2, "they went on talking between the cuts"
