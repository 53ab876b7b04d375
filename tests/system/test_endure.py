"""A short endurance run: every failpoint once and faults of other kinds, under load."""

import pytest

from client.endure.plan import Shape
from client.endure.run import endured
from client.endure.show import Show
from shared.runtime.failpoints import Point
from tests.servers import fresh_home

pytestmark = pytest.mark.system

POINTS = tuple(f"kill {point}" for point in Point)
FAULTS = ("both down", *POINTS, "poison", "reordered")


async def test_what_was_accepted_is_there_once_and_in_order_whatever_was_done_at_the_failpoints():
    shape = Shape(updates=300, faults=FAULTS, outage_seconds=1).seeded()
    with fresh_home() as home:
        found = await endured(home, shape, Show(shape.updates, len(shape.planned), quiet=True))
    print(found)
    assert not found.differences, "\n".join(found.differences)
    assert found.accepted > shape.updates * 0.9
