"""What all tests share: servers and the whole system, each started once, and only when a test asks for it."""

import os
from collections.abc import AsyncIterator

import pytest

from deploy.embedded.services import SERVICES
from tests.servers import RunningServers, running_servers
from tests.world import World

LONGEST = (
    "system/test_cluster.py", "system/test_replay.py", "system/test_endure.py", "browser/test_every_page.py",
    "system/test_visibility.py", "system/test_killed.py", "system/test_compose_environment.py", "system/test_bench.py",
    "system/test_backup.py", "system/test_refusals.py", "system/test_embedded_lifecycle.py", "system/test_embedded.py",
)  # fmt: skip
"""Files that take minutes. Begun first, they leave no long one to the end, when only one worker has anything to do."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first. A file stays on one worker (`--dist loadfile`), and with it the servers of its own."""

    def place(item: pytest.Item) -> int:
        return next((number for number, name in enumerate(LONGEST) if str(item.path).endswith(name)), len(LONGEST))

    items.sort(key=place)


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
