"""The transaction against a real PostgreSQL: what is kept, what is told when it fails, and which connections are reused."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from uuid_utils.compat import uuid7

from shared.errors import Conflict, Unavailable, Unknown
from shared.events.planner import OperationStarted
from shared.runtime import pool
from shared.runtime.clock import Clock
from shared.runtime.db import Database, is_passing
from shared.runtime.migrate import migrate
from tests.servers import RunningServers

pytestmark = pytest.mark.system

PID = "SELECT pg_backend_pid() AS pid"
KILL = "SELECT pg_terminate_backend(pg_backend_pid())"


@pytest.fixture
async def database(servers: RunningServers) -> AsyncIterator[Database]:
    """Two connections, with a schema of its own that they find without naming it."""
    words, schema = servers.surroundings, f"db_{uuid4().hex[:8]}"
    url = words.database.for_sqlalchemy("planner", words.passwords()["planner"], "planner")
    opened = Database(url, 2, Clock(), {"search_path": f"{schema}, public"})
    await migrate(opened, "services.planner")  # an outbox
    await opened.ask(f"CREATE SCHEMA {schema}")
    await opened.ask("CREATE TABLE note (said text UNIQUE)")
    yield opened
    await opened.ask(f"DROP SCHEMA {schema} CASCADE")
    await opened.close()


async def notes(database: Database) -> list[str]:
    return [row["said"] for row in await database.ask("SELECT said FROM note ORDER BY said")]


async def keep(database: Database, said: str, *then: str) -> None:
    async with database.begin() as tx:
        await tx.sql("INSERT INTO note VALUES ($1)", said)
        for statement in then:
            await tx.sql(statement)


async def refused(database: Database) -> None:
    async with database.begin() as tx:
        await tx.sql("INSERT INTO note VALUES ('a')")
        raise Conflict("no")


async def test_a_block_that_fails_keeps_nothing_and_its_connection_serves_the_next(database: Database):
    async with database.begin() as tx:
        pid = (await tx.sql(PID))[0]["pid"]
    with pytest.raises(Conflict):
        await refused(database)
    async with database.begin() as tx:
        assert (await tx.sql(PID))[0].pid == pid
    assert await notes(database) == []


async def test_a_line_that_breaks_before_the_commit_is_told_as_nothing_kept(database: Database):
    with pytest.raises(Unavailable):
        await keep(database, "a", KILL)
    assert await notes(database) == []


async def test_whatever_the_driver_says_on_a_line_that_broke_it_was_the_line(database: Database):
    async def fail(broken: bool) -> None:
        async with database.begin() as tx:
            if broken:
                tx.connection.terminate()
            raise AttributeError("'NoneType' object has no attribute 'send'")

    with pytest.raises(Unavailable):
        await fail(broken=True)
    with pytest.raises(AttributeError):
        await fail(broken=False)


async def test_a_line_that_breaks_in_the_commit_is_told_as_not_known(database: Database):
    die = KILL.replace("SELECT", "PERFORM")
    await database.ask(f"CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {die}; RETURN NULL; END $$")
    at_commit = "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()"
    await database.ask(f"CREATE CONSTRAINT TRIGGER die AFTER INSERT ON note {at_commit}")
    with pytest.raises(Unknown):
        await keep(database, "a")


async def test_a_failed_statement_that_is_made_light_of_is_no_commit(database: Database):
    async def lightly() -> None:
        async with database.begin() as tx:
            await tx.sql("INSERT INTO note VALUES ('a')")
            with contextlib.suppress(asyncpg.PostgresError):
                await tx.sql("SELECT 1 / 0")

    with pytest.raises(Unavailable):
        await lightly()
    assert await notes(database) == []


async def test_connections_that_the_server_closed_are_passed_over(database: Database):
    async with database.begin() as tx, database.begin() as other:
        await tx.sql("SELECT 1"), await other.sql("SELECT 1")
        mine = [(await one.sql(PID))[0]["pid"] for one in (tx, other)]
    idle = list(database._pool._idle)
    async with database.connection() as apart:
        await apart.execute("SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid", mine)
        async with asyncio.timeout(10):
            while not all(connection.is_closed() for connection in idle):
                await apart.fetch("SELECT 1")
    await keep(database, "a")
    await keep(database, "b")
    assert await notes(database) == ["a", "b"]


async def test_who_is_cancelled_within_a_statement_leaves_the_pool_whole(database: Database):
    asked = [asyncio.Event(), asyncio.Event()]

    async def wait(event: asyncio.Event) -> None:
        async with database.begin() as tx:
            event.set()
            await tx.sql("SELECT pg_sleep(60)")

    tasks = [asyncio.create_task(wait(event)) for event in asked]
    await asyncio.gather(*(event.wait() for event in asked))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with database.begin() as tx, database.begin() as other:
        assert (await tx.sql(PID))[0]["pid"] != (await other.sql(PID))[0]["pid"]


async def test_who_gets_no_connection_in_time_is_told_that_nothing_was_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pool, "WAIT_SECONDS", 0.01)
    async with database.begin(), database.begin():
        with pytest.raises(Unavailable):
            await keep(database, "a")
    await keep(database, "b")


async def test_the_connection_used_last_is_given_first(database: Database):
    async with database.begin() as tx:
        async with database.begin() as other:
            await other.sql("SELECT 1")
        last = (await tx.sql(PID))[0]["pid"]
    assert [(await database.ask(PID))[0]["pid"] for _ in range(3)] == [last] * 3


async def test_a_savepoint_takes_back_its_own_part_and_no_more(database: Database):
    def said() -> OperationStarted:
        return OperationStarted(
            operation_id=uuid7(), period_id=uuid7(), at=database.clock.now(), by="x", party="NZ", audience=("NZ",)
        )

    async with database.begin() as tx:
        tx.announced, tx.audited = [first := said()], []
        await tx.sql("INSERT INTO note VALUES ('before')")
        with contextlib.suppress(asyncpg.UniqueViolationError):
            async with tx.savepoint():
                tx.announce(said())
                tx.audit("part", "x")
                await tx.sql("INSERT INTO note VALUES ('part')")
                await tx.sql("INSERT INTO note VALUES ('before')")
        async with tx.savepoint():
            await tx.sql("INSERT INTO note VALUES ('after')")
        assert (tx.announced, tx.audited) == ([first], [])
        tx.announced.clear()
    assert await notes(database) == ["after", "before"]


async def test_what_is_added_is_written_at_the_end_with_all_else(database: Database):
    async with database.begin() as tx:
        tx.add("INSERT INTO note VALUES ($1)", "a")
        tx.add("INSERT INTO note VALUES ($2), ($1)", "b", "c")
        async with tx.savepoint():
            tx.add("INSERT INTO note VALUES ('d')")
        with contextlib.suppress(Conflict):
            async with tx.savepoint():
                tx.add("INSERT INTO note VALUES ('e')")
                raise Conflict("no")
        assert await tx.sql("SELECT said FROM note") == []
    assert await notes(database) == ["a", "b", "c", "d"]


async def test_no_error_text_quotes_a_value(database: Database):
    await keep(database, "a secret word")
    for statement in ("INSERT INTO note VALUES ($1)", "SELECT ($1::text)::int", "SELECT $1::int"):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await database.ask(statement, "a secret word")
        assert "secret" not in str(caught.value)
        assert not is_passing(caught.value)


async def test_a_statement_that_a_migration_made_obsolete_is_worth_another_try(database: Database):
    assert await database.ask("SELECT * FROM note") == []
    async with database.connection() as apart:
        await apart.execute("ALTER TABLE note ADD COLUMN more int")
    with pytest.raises(Unavailable):
        await keep(database, "a", "SELECT * FROM note")
    await keep(database, "b", "SELECT * FROM note")


async def test_a_row_is_a_mapping_of_its_columns_and_json_comes_as_values(database: Database):
    row = (await database.ask("""SELECT 1 AS one, '{"a": [1, null]}'::jsonb AS body, $1::jsonb AS given""", '{"b": 2}'))[0]
    assert {**row} == dict(row) == {"one": 1, "body": {"a": [1, None]}, "given": {"b": 2}}
    assert list(row) == ["one", "body", "given"]
    assert row.one == 1
    assert not hasattr(row, "two")
