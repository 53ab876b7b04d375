"""What the tests of several brokers and replicas share: one system of three brokers and two of each service."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from deploy.embedded.faults import Faults
from deploy.embedded.services import SERVICES
from tests.servers import running_servers
from tests.system.journals import Journal, open_journals
from tests.world import Officer, Period, World

STATES = ("NZ", "LK", "TH")


@dataclass
class Cluster:
    """The system as its users have it, and what does harm to it."""

    world: World
    faults: Faults
    portals: list[str]

    async def joint_work(self) -> tuple[Period, list[Journal], Officer]:
        """A period of three states with an operation each, and somebody whom it does not concern."""
        period = await self.world.period(*STATES)
        outsider = await self.world.officer("AU", "liaison_officer", "coordinator", name="outsider")
        return period, await open_journals(self.world, period, STATES * 2), outsider


@pytest.fixture(scope="session")
async def cluster() -> AsyncIterator[Cluster]:
    """Three JVMs start slowly, so all tests that need them share these."""
    async with running_servers(SERVICES, brokers=3, replicas=2) as running:
        async with World.of(running) as world:
            yield Cluster(world, Faults(running.supervisor), running.surroundings.urls("portal"))
