"""What all tests share: servers and the whole system, each started once, and only when a test asks for it."""

import os
from collections.abc import AsyncIterator

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

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


def _group(nodeid: str) -> str:
    """What one worker runs: a file, or all that needs the three brokers, which start slowly."""
    file = nodeid.partition("::")[0]
    return "cluster" if file.endswith(("system/test_replicas.py", "system/test_three_brokers.py")) else file


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest groups first."""

    def place(item: pytest.Item) -> int:
        group = _group(item.nodeid)
        return next((number for number, name in enumerate(LONGEST) if group.endswith(name)), len(LONGEST))

    items.sort(key=place)


class Groups(LoadScopeScheduling):  # type: ignore[misc]
    """pytest-xdist's own `--dist loadgroup` does nothing under pytest 9.2: it writes to node ids that are read only now."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return Groups(config, log)


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
