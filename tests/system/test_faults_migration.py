"""Migrations under faults: several at once, and one that ends between its work and its commit."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from shared.runtime import failpoints
from shared.runtime.failpoints import Point, Struck
from shared.runtime.migrate import migrate
from tests.servers import RunningServers

pytestmark = pytest.mark.system


@pytest.fixture
async def empty(servers: RunningServers) -> AsyncIterator[AsyncEngine]:
    """A database of the planner's in which nothing is yet."""
    words = servers.surroundings
    name = f"empty_{uuid4().hex[:8]}"
    connection = await asyncpg.connect(words.database.url)
    await connection.execute(f"CREATE DATABASE {name} OWNER planner")
    url = words.database.for_sqlalchemy("planner", words.passwords()["planner"], name)
    engine = create_async_engine(url, poolclass=NullPool)
    yield engine
    await engine.dispose()
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


async def version(engine: AsyncEngine) -> str | None:
    async with engine.connect() as connection:
        if not await connection.scalar(text("SELECT to_regclass('alembic_version')")):
            return None
        found: str | None = await connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


async def test_replicas_that_start_at_once_migrate_one_after_the_other(empty: AsyncEngine):
    await asyncio.gather(*(migrate(empty, "services.planner") for _ in range(4)))
    assert await version(empty)


async def test_a_migration_that_ends_before_its_commit_leaves_nothing_and_the_next_start_does_it(
    empty: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(failpoints, "_armed", (tmp_path, "planner"))
    (tmp_path / f"planner.{Point.MIGRATION}").write_text("error")
    with pytest.raises(Struck):
        await migrate(empty, "services.planner")
    assert await version(empty) is None
    async with empty.connect() as connection:
        assert not await connection.scalar(text("SELECT to_regclass('outbox')"))
    await migrate(empty, "services.planner")
    assert await version(empty)
