"""Debrief on its real database."""

from collections.abc import AsyncIterator

import pytest

from services.debrief.consumers import listener
from services.debrief.settings import Settings
from tests.intel.hearing import Ear, listening
from tests.servers import RunningServers


@pytest.fixture(scope="session")
async def debrief(servers: RunningServers) -> AsyncIterator[Ear]:
    async with listening("debrief", servers, Settings, listener) as ear:
        yield ear
