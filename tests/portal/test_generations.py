"""One generation of the read model takes another's place while it is read and written."""

import asyncio
from uuid import uuid4

import pytest

from services.portal import read_model
from services.portal.consumers import BY_INDEX, projector
from services.portal.read_model import NEXT, ReadModelInbox
from services.portal.read_tables import APART
from services.portal.rebuild import hold
from shared.runtime.clock import Clock
from shared.runtime.db import Database
from tests.builders import an_officer
from tests.portal.conftest import Shown
from tests.portal.stories import Story

pytestmark = pytest.mark.system


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
        await read_model.swap(tx)
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


async def test_a_rebuild_keeps_its_lock_for_longer_than_a_transaction_may_stand_still(shown: Shown):
    impatient = Database(shown.own.url, 1, Clock(), {"idle_in_transaction_session_timeout": "300ms"})
    async with impatient.begin() as tx:
        pid = (await tx.sql("SELECT pg_backend_pid() AS pid"))[0]["pid"]
        holding = asyncio.create_task(hold(tx, 0.05))
        while True:
            found = await shown.own.ask(
                "SELECT clock_timestamp() - xact_start > interval '1 s' AS long FROM pg_stat_activity WHERE pid = $1", pid
            )
            if found[0]["long"]:
                break
        holding.cancel()
    await impatient.close()
