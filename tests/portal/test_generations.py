"""One generation of the read model takes another's place while it is read and written."""

import asyncio
from typing import Any, cast
from uuid import uuid4

import asyncpg
import pytest

from services.portal import read_model
from services.portal.consumers import BY_INDEX, projector
from services.portal.read_model import NEXT, ReadModelInbox
from services.portal.read_tables import APART
from services.portal.rebuild import Rebuild
from shared.errors import Unavailable
from shared.runtime.clock import Clock
from shared.runtime.db import Database
from tests.builders import an_officer
from tests.portal.conftest import Shown
from tests.portal.stories import Story

pytestmark = pytest.mark.system

IDLE = """
SELECT count(*) AS n FROM pg_stat_activity
WHERE datname = current_database() AND usename = 'portal' AND state = 'idle in transaction'
"""


def a_story() -> Story:
    story = Story()
    for operation in range(3):
        story.post(operation, {})
    return story


async def built_beside(shown: Shown, story: Story, name: str) -> None:
    """Another generation that has taken in this story, beside the one that is shown."""
    await read_model.make_next(shown.own, name, ("planner",))
    path = {"search_path": f"{NEXT}, public", **BY_INDEX}
    beside = Database(shown.settings.projector_database_url.get_secret_value(), 2, Clock(), path)
    try:
        await projector(ReadModelInbox("portal", NEXT, name), beside, shown.settings).batch(story.records)
    finally:
        await beside.close()


async def take_over(shown: Shown, name: str) -> None:
    async with shown.own.begin() as tx:
        await read_model.swap(tx, name)
    await read_model.drop_old(shown.own)
    shown.inbox.generation = name


async def seen(shown: Shown, story: Story) -> tuple[int, list[int]]:
    async with shown.read_model.reader(an_officer("NZ")) as reads:
        rows = await reads._tx.sql('SELECT count(*) AS n FROM read."update" WHERE period_id = $1', story.period_id)
        return rows[0]["n"], list(await reads.timeline_ids(story.period_id, 0))


async def test_what_was_built_beside_is_hidden_until_the_swap_and_whole_after_it(shown: Shown):
    await shown.renew()
    story, name = a_story(), uuid4().hex[:12]
    await built_beside(shown, story, name)
    assert await seen(shown, story) == (0, [])
    async with shown.own.begin() as tx:
        assert await read_model.building(tx) == name
    await take_over(shown, name)
    updates, numbers = await seen(shown, story)
    assert updates == 2, "row-level security is that of the tables before"
    assert min(numbers) > APART, "no number is one of the generation before"
    async with shown.own.begin() as tx:
        assert await read_model.building(tx) is None
        schemas = await tx.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'read%'")
    assert [row["nspname"] for row in schemas] == ["read"]


async def test_what_was_built_is_not_shown_when_another_was_begun_in_its_place(shown: Shown):
    await shown.renew()
    story, first, second = a_story(), uuid4().hex[:12], uuid4().hex[:12]
    await built_beside(shown, story, first)
    await read_model.make_next(shown.own, second, ("planner",))
    with pytest.raises(Unavailable):
        await take_over(shown, first)
    assert await read_model.shown(shown.own) == shown.inbox.generation
    async with shown.own.begin() as tx:
        assert await read_model.building(tx) == second


async def test_what_comes_to_be_shown_while_one_looks_is_built_no_more(shown: Shown, monkeypatch: pytest.MonkeyPatch):
    await shown.renew()
    name = uuid4().hex[:12]
    await built_beside(shown, a_story(), name)
    async with shown.own.begin() as tx:
        ask = tx.sql

        async def asked(statement: str, *parameters: Any) -> Any:
            found = await ask(statement, *parameters)
            if "to_regclass" in statement:
                await take_over(shown, name)
            return found

        monkeypatch.setattr(tx, "sql", asked)
        assert await read_model.building(tx) is None


class Behind:
    """An ear that never catches up: what it hears is of a generation that nobody takes in any more."""

    async def lag(self) -> int:
        return 5


async def test_a_build_ends_when_another_is_begun_in_its_place_and_marks_nothing_of_it_as_done(shown: Shown):
    await shown.renew()
    name, run = uuid4().hex[:12], Rebuild(shown.settings)
    run.generation = uuid4().hex[:12]
    await read_model.make_next(shown.own, name, ("planner",))
    with pytest.raises(Unavailable):
        await run._note("planner", 7, done=True)
    with pytest.raises(Unavailable):
        await asyncio.wait_for(run._heard(cast(Any, Behind()), "replay", 0), 10)
    rows = await shown.own.ask(f"SELECT last, done FROM {NEXT}.owner")
    assert [(row["last"], row["done"]) for row in rows] == [(0, False)]
    await run.database.close()


class Held(Rebuild):
    """It builds for as long as the test wants."""

    def __init__(self, shown: Shown) -> None:
        super().__init__(shown.settings)
        self.at_it, self.go_on = asyncio.Event(), asyncio.Event()

    async def _build(self, generation: str) -> None:
        self.at_it.set()
        await self.go_on.wait()


async def test_a_build_keeps_its_turn_however_long_it_takes(shown: Shown):
    await shown.renew()
    await read_model.make_next(shown.own, uuid4().hex[:12], ("planner",))
    first, second = Held(shown), Held(shown)
    building = asyncio.create_task(first.run())
    await first.at_it.wait()
    open_ones = await shown.own.ask(IDLE)
    assert open_ones[0]["n"] == 0, "the server ends a transaction that lies idle, and a lock that it holds goes with it"
    with pytest.raises(Unavailable):
        await second.run()
    first.go_on.set()
    await building
    for one in (first, second):
        await one.database.close()
        await one.tables.close()


async def test_no_reader_meets_an_error_while_generations_change(shown: Shown):
    await shown.renew()
    story, done, looks = a_story(), asyncio.Event(), 0
    await shown.consumer().batch(story.records)

    async def look() -> None:
        nonlocal looks
        while not done.is_set():
            updates, numbers = await seen(shown, story)
            assert updates == 2
            assert numbers
            looks += 1

    reading = asyncio.create_task(look())
    for _ in range(3):
        name, before = uuid4().hex[:12], looks
        await built_beside(shown, story, name)
        await take_over(shown, name)
        while looks < before + 2 and not reading.done():  # it has read on both sides
            await asyncio.sleep(0.01)
    done.set()
    await reading


async def test_a_batch_of_the_generation_before_writes_nothing_into_the_next(shown: Shown):
    await shown.renew()
    story, later, name = a_story(), a_story(), uuid4().hex[:12]
    before = shown.consumer()
    before.inbox = ReadModelInbox("portal", "read", shown.inbox.generation)
    await built_beside(shown, story, name)
    await take_over(shown, name)
    with pytest.raises(Exception, match="generation"):
        await before.batch(later.records)
    assert await seen(shown, later) == (0, [])


WAITS = "SELECT count(*) AS n FROM pg_stat_activity WHERE usename = 'portal_projector' AND wait_event_type = 'Lock'"


async def test_a_batch_that_comes_in_the_moment_of_the_swap_writes_nothing_into_the_next(shown: Shown):
    await shown.renew()
    story, later, name = a_story(), a_story(), uuid4().hex[:12]
    before = shown.consumer()
    before.inbox = ReadModelInbox("portal", "read", shown.inbox.generation)
    await built_beside(shown, story, name)
    administrator = await asyncpg.connect(shown.administrator)  # the service's role does not see what others wait for
    async with shown.own.begin() as tx:
        await read_model.swap(tx, name)
        batch = asyncio.create_task(before.batch(later.records))
        while not batch.done() and not await administrator.fetchval(WAITS):
            await asyncio.sleep(0.01)
    await administrator.close()
    shown.inbox.generation = name
    with pytest.raises(Unavailable, match="generation"):
        await batch
    await read_model.drop_old(shown.own)
    assert await seen(shown, later) == (0, []), "its numbers of audiences mean others there"
