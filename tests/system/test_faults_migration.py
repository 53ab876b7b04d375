"""Migrations under faults: several at once, and one that ends between its work and its commit."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from shared.runtime import failpoints
from shared.runtime.clock import Clock
from shared.runtime.db import Database
from shared.runtime.failpoints import Point, Struck
from shared.runtime.migrate import migrate
from tests.servers import RunningServers

pytestmark = pytest.mark.system


@pytest.fixture
async def empty(servers: RunningServers) -> AsyncIterator[Database]:
    """A database of the planner's in which nothing is yet."""
    words = servers.surroundings
    name = f"empty_{uuid4().hex[:8]}"
    connection = await asyncpg.connect(words.database.url)
    await connection.execute(f"CREATE DATABASE {name} OWNER planner")
    url = words.database.for_sqlalchemy("planner", words.passwords()["planner"], name)
    database = Database(url, 1, Clock())
    yield database
    await database.close()
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


async def version(database: Database) -> str | None:
    if not await has(database, "alembic_version"):
        return None
    rows = await database.ask("SELECT version_num FROM alembic_version")
    return str(rows[0]["version_num"]) if rows else None


async def has(database: Database, table: str) -> bool:
    return bool((await database.ask("SELECT to_regclass($1)::text AS found", table))[0]["found"])


async def test_replicas_that_start_at_once_migrate_one_after_the_other(empty: Database):
    await asyncio.gather(*(migrate(empty, "services.planner") for _ in range(4)))
    assert await version(empty)


async def test_a_migration_that_ends_before_its_commit_leaves_nothing_and_the_next_start_does_it(
    empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(failpoints, "_armed", (tmp_path, "planner"))
    (tmp_path / f"planner.{Point.MIGRATION}").write_text("error")
    with pytest.raises(Struck):
        await migrate(empty, "services.planner")
    assert await version(empty) is None
    assert not await has(empty, "outbox")
    await migrate(empty, "services.planner")
    assert await version(empty)
