"""What all tests share: servers and the whole system, each started once, and only when a test asks for it."""

import os
from collections.abc import AsyncIterator

import pytest

from deploy.embedded.services import SERVICES
from tests.servers import RunningServers, running_servers
from tests.world import World


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """For `--dist loadgroup`: a file stays together, and so does all that needs the three brokers, which start slowly."""
    for item in items:
        of_cluster = "cluster" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group("cluster" if of_cluster else str(item.path)))


@pytest.fixture(scope="session")
async def servers() -> AsyncIterator[RunningServers]:
    """A real Kafka and a real PostgreSQL, provisioned, without services."""
    async with running_servers() as running:
        yield running


@pytest.fixture(scope="session")
async def system() -> AsyncIterator[World]:
    """The whole system, and what one needs to act in it as the officers of several states; every trace is shipped."""
    os.environ["TRACE_SHARE"] = "1"
    async with running_servers(SERVICES) as running:
        async with World.of(running) as world:
            yield world
