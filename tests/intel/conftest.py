"""Intel on its real database."""

from collections.abc import AsyncIterator

import pytest

from services.intel.consumers import listener
from services.intel.settings import Settings
from tests.intel.hearing import Ear, listening
from tests.servers import RunningServers


@pytest.fixture(scope="session")
async def intel(servers: RunningServers) -> AsyncIterator[Ear]:
    async with listening("intel", servers, Settings, listener) as ear:
        yield ear
