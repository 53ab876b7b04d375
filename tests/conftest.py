"""What all tests share: servers and the whole system, each started once, and only when a test asks for it."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.embedded.services import SERVICES
from tests.servers import RunningServers, running_servers
from tests.world import World

LONGEST = (
    "system/test_cluster.py", "system/test_replay.py", "system/test_endure.py", "browser/test_every_page.py",
    "browser/test_live.py", "browser/test_officer.py", "system/test_visibility.py",
    "system/test_killed.py", "system/test_compose_environment.py", "system/test_bench.py",
    "system/test_joining.py", "system/test_disclosure.py", "system/test_backup.py", "system/test_refusals.py",
    "system/test_embedded_lifecycle.py", "system/test_random_audiences.py", "system/test_embedded.py",
    "portal/test_pages.py",
)  # fmt: skip
"""Files that take minutes. Begun first, they leave no long one to the end, when only one worker has anything to do."""


SHARED = ("servers", "system")
"""What begins with the first test that asks for it and stays to the end: a system that waits takes a tenth of a core."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs no shared servers before what does, and the longest files first.

    A file stays on one worker (`--dist loadfile`), and with it the servers of its own.
    """
    asks: dict[Path, int] = {}
    for item in items:
        needed = (number for number, name in enumerate(SHARED, 1) if name in getattr(item, "fixturenames", ()))
        asks[item.path] = max(asks.get(item.path, 0), *needed, 0)

    def place(item: pytest.Item) -> tuple[int, int]:
        length = next((number for number, name in enumerate(LONGEST) if str(item.path).endswith(name)), len(LONGEST))
        return asks[item.path], length

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
