"""One replica relays at a time: another follows when it goes, and when it only stops showing that it is alive."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from shared.runtime.clock import Clock
from shared.runtime.db import Database
from shared.runtime.lead import Lead, Lost
from tests.servers import RunningServers

pytestmark = pytest.mark.system

SECONDS = 4


@pytest.fixture
async def database(servers: RunningServers) -> AsyncIterator[Database]:
    made = Database(servers.settings("planner")["DATABASE_URL"], 6, Clock(None))
    yield made
    await made.close()


async def leads(lead: Lead, now: asyncio.Event) -> None:
    async with lead.held():
        now.set()
        await asyncio.sleep(60)


@contextlib.asynccontextmanager
async def leading(lead: Lead) -> AsyncIterator[asyncio.Event]:
    now = asyncio.Event()
    task = asyncio.create_task(leads(lead, now))
    try:
        yield now
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_the_second_leads_when_the_first_goes(database: Database):
    first, second = (Lead(database, SECONDS, asyncio.Event()) for _ in range(2))
    async with leading(first) as first_leads:
        await asyncio.wait_for(first_leads.wait(), 5)
        first.require()
        async with leading(second) as second_leads:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(second_leads.wait(), SECONDS + 2)  # longer than a term: the first is alive
            first.require()
    async with leading(second) as second_leads:
        await asyncio.wait_for(second_leads.wait(), 5)
        second.require()
        with pytest.raises(Lost):
            first.require()


async def test_who_says_nothing_for_a_term_loses_the_lead_and_knows_it(database: Database, monkeypatch: pytest.MonkeyPatch):
    first, second = (Lead(database, SECONDS, asyncio.Event()) for _ in range(2))

    async def stopped(connection: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(first, "_beat", stopped)
    async with leading(first) as first_leads:
        await asyncio.wait_for(first_leads.wait(), 5)
        async with leading(second) as second_leads:
            await asyncio.wait_for(second_leads.wait(), SECONDS + 10)
            with pytest.raises(Lost):
                first.require()
            second.require()


async def test_what_is_committed_where_nobody_relays_is_told_to_who_does(database: Database):
    news, elsewhere = asyncio.Event(), asyncio.Event()
    async with leading(Lead(database, SECONDS, news)) as first_leads:
        await asyncio.wait_for(first_leads.wait(), 5)
        async with leading(Lead(database, SECONDS, elsewhere)):
            elsewhere.set()
            await asyncio.wait_for(news.wait(), 5)
