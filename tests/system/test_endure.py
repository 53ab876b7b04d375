"""A short endurance run: every failpoint once and faults of other kinds, under load; and the run's own sharpness."""

import pytest

from client.endure.plan import Shape
from client.endure.run import endured
from client.endure.show import Report, Show
from client.endure.without import REMOVED, services
from deploy.embedded.services import SERVICES, Service
from shared.runtime.failpoints import Point
from tests.servers import fresh_home

pytestmark = pytest.mark.system

OTHERS = ("kill kafka", "poison", "reordered", "both down")


async def run(shape: Shape, services: tuple[Service, ...] = SERVICES) -> Report:
    with fresh_home() as home:
        return await endured(home, shape, Show(shape.updates, len(shape.planned), quiet=True), services)


async def test_what_was_accepted_is_there_once_and_in_order_whatever_was_done_at_the_failpoints():
    shape = Shape(updates=300, faults=(*(f"kill {point}" for point in Point), *OTHERS), outage_seconds=2).seeded()
    found = await run(shape)
    print(found)
    assert not found.differences, "\n".join(found.differences)
    assert found.quarantined


@pytest.mark.parametrize("safeguard", ["inbox"])
async def test_the_run_fails_when_a_safeguard_is_taken_out(safeguard: str):
    shape = Shape(updates=100, faults=REMOVED[safeguard][1][-1:], seed=1)
    assert (await run(shape, services(safeguard))).differences
