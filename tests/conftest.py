"""What all tests share: servers and the whole system, each started once, and only when a test asks for it."""

import os
from collections.abc import AsyncIterator

import pytest

from deploy.embedded.services import SERVICES
from tests.servers import RunningServers, running_servers
from tests.world import World

LONGEST = (
    "system/test_replay.py", "system/test_endure.py", "browser/test_every_page.py", "system/test_visibility.py",
    "system/test_killed.py", "system/test_compose_environment.py", "system/test_bench.py", "system/test_backup.py",
    "system/test_refusals.py", "system/test_embedded_lifecycle.py", "system/test_embedded.py", "cluster",
)  # fmt: skip
"""Groups that take minutes. Begun first, they leave no long one to the end, when only one worker has anything to do;
the cluster is the last of them, because its brokers stay until all is over."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """For `--dist loadgroup`: a file stays together, and so does all that needs the three brokers, which start slowly."""
    place: dict[pytest.Item, int] = {}
    for item in items:
        of_cluster = "cluster" in getattr(item, "fixturenames", ())
        group = "cluster" if of_cluster else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
        place[item] = next((number for number, name in enumerate(LONGEST) if group.endswith(name)), len(LONGEST))
    items.sort(key=place.__getitem__)


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
