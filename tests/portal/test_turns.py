"""Two portals project one after the other: else one could write the body of an alert while the other takes it back."""

import asyncio

import pytest

from tests.portal.conftest import Shown
from tests.world import until

pytestmark = pytest.mark.system

WAITING = """
SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


async def test_a_batch_of_the_second_begins_when_that_of_the_first_is_committed(shown: Shown):
    async def second_batch() -> None:
        async with shown.projections.begin() as second:
            await shown.inbox.enter(second, [])

    async def waits() -> bool:
        return bool((await shown.sql(WAITING))[0]["n"] == 1)

    async with shown.projections.begin() as first:
        await shown.inbox.enter(first, [])
        second = asyncio.create_task(second_batch())
        await until(waits)
        assert not second.done()
    await asyncio.wait_for(second, 10)
