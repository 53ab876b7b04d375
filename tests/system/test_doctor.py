"""`doctor` on the whole system: nothing to say while it is well, and each illness named with what to do."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from client.doctor import examine
from client.doctor.finding import ADVICE, Finding
from tests.world import World, until

pytestmark = pytest.mark.system


async def findings(system: World) -> dict[str, Finding]:
    """What is wrong, by what it is about."""
    checks = await asyncio.to_thread(examine, system.servers.home)
    assert checks.made > 30
    return {finding.about: finding for finding in checks.ordered() if finding.urgency is not ADVICE}


@asynccontextmanager
async def planners(system: World) -> AsyncIterator[asyncpg.Connection]:
    words = system.servers.surroundings
    connection = await asyncpg.connect(words.database.as_role("planner", words.passwords()["planner"], "planner"))
    try:
        yield connection
    finally:
        await connection.close()


async def well(system: World) -> bool:
    return not await findings(system)


async def test_nothing_is_said_of_a_system_that_is_well(system: World):
    await system.officer("NZ", "coordinator")
    await system.settled()
    await until(lambda: well(system), 60)


async def test_an_event_that_was_set_aside_is_counted_and_not_shown(system: World):
    async with planners(system) as planner:
        await planner.execute(
            'INSERT INTO quarantine (consumer, topic, partition, "offset", reason, state, sha256, headers, body) '
            "VALUES ('planner', 'debrief.debriefs', 0, 999999, 'ValueError', 'failed', '', '[]', 'a word of it')"
        )
        try:
            found = (await findings(system))["planner"]
            assert found.what == "planner could not take in 1 event."
            assert "./jpa quarantine" in found.do
            assert "a word of it" not in str(found)
        finally:
            await planner.execute("DELETE FROM quarantine WHERE partition = 0 AND \"offset\" = 999999")


async def test_an_audit_that_was_changed_is_told(system: World):
    await system.period("NZ", "VN")
    await system.settled()
    async with planners(system) as planner:
        row = await planner.fetchrow("SELECT id, actor, seal FROM audit WHERE seal IS NOT NULL ORDER BY seal DESC LIMIT 1")
        await planner.execute("UPDATE audit SET actor = 'nobody' WHERE id = $1", row["id"])
        try:
            found = (await findings(system))["planner"]
            assert f"row {row['seal']} of its chain" in found.what
        finally:
            await planner.execute("UPDATE audit SET actor = $1 WHERE id = $2", row["actor"], row["id"])


async def test_a_kafka_that_hangs_is_told_once_and_nothing_that_follows_from_it(system: World):
    pid = system.servers.pid("kafka")
    os.kill(pid, signal.SIGSTOP)
    try:
        found = await findings(system)
        assert "kafka" in found
        assert not set(found) & {"planner", "intel", "debrief", "portal"}
    finally:
        os.kill(pid, signal.SIGCONT)
    await system.settled()
