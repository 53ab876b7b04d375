"""Commands that protect people: what may not be seen is not there, then the role decides; no hold stops them."""

from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from uuid_utils.compat import uuid7

from services.planner.domain.distress import Distress
from services.planner.domain.operation import Operation
from services.planner.domain.period import Period
from services.planner.usecases import distress
from shared.errors import Forbidden, NotFound
from shared.events.planner import DistressReported
from shared.vocabulary import DistressOutcome, OperationState, Role
from tests.builders import a_chair, a_coordinator, a_period, an_actor, an_officer, an_operation
from tests.planner.memory import Kept, MemoryWorld
from tests.planner.test_distress import a_distress

PERIOD = a_period(id=uuid7())


class Operations(Kept[Operation]):
    """With the frame of the one period there is."""

    async def with_frame(self, operation_id: Any) -> Any:
        return await self.get(operation_id), PERIOD.frame


class Distresses(Kept[Distress]):
    async def period_of(self, _id: Any) -> Any:
        return (await self.get(_id)).period_id


@pytest.fixture
def world() -> Iterator[MemoryWorld]:
    """A period of NZ and LK to which TH is asked, with a distress that LK reported."""
    periods, operations, distresses = Kept(Period), Operations(Operation), Distresses(Distress)
    periods._rows[PERIOD.id] = PERIOD.model_dump_json()
    kept = a_distress(PERIOD, version=1)
    distresses._rows[kept.id] = kept.model_dump_json()
    with (
        mock.patch.object(distress, "Periods", periods),
        mock.patch.object(distress, "Operations", operations),
        mock.patch.object(distress, "Distresses", distresses),
    ):
        made = MemoryWorld()
        made.operations = operations  # type: ignore[attr-defined]
        yield made


@pytest.mark.parametrize("state", OperationState)
def test_from_an_operation_in_any_state_distress_goes_out_and_the_operation_does_not(
    world: MemoryWorld, state: OperationState
):
    operation = an_operation(state=state, period_id=PERIOD.id, held=True, unheard=True)
    world.operations._rows[operation.id] = operation.model_dump_json()  # type: ignore[attr-defined]
    said = world.do(distress.report_on, an_officer("NZ"), operation.id, a_distress(PERIOD, "NZ", id=uuid7()))
    assert isinstance(said, list)
    (told,) = said
    assert isinstance(told, DistressReported)
    assert told.audience == ("INTERPOL", "LK", "NZ", "TH")
    assert str(operation.id) not in told.model_dump_json()
    for stranger in (an_officer("LK"), an_officer("AU")):
        refused = world.do(distress.report_on, stranger, operation.id, a_distress(PERIOD, stranger.party, id=uuid7()))
        assert isinstance(refused, NotFound), "not even that it is there"


def test_a_partner_and_whoever_sees_the_operation_report_distress_from_it(world: MemoryWorld):
    for operation, party in (
        (an_operation(period_id=PERIOD.id), "LK"),
        (an_operation(state=OperationState.DRAFTED, period_id=PERIOD.id, partners=("LK",)), "LK"),
        (an_operation(period_id=PERIOD.id, held=True, partners=("LK",)), "LK"),
    ):
        world.operations._rows[operation.id] = operation.model_dump_json()  # type: ignore[attr-defined]
        said = world.do(distress.report_on, an_officer(party), operation.id, a_distress(PERIOD, party, id=uuid7()))
        assert isinstance(said, list), said
        stranger = world.do(distress.report_on, an_officer("AU"), operation.id, a_distress(PERIOD, "AU", id=uuid7()))
        assert isinstance(stranger, NotFound)


@pytest.mark.parametrize("role", [Role.LIAISON_OFFICER, Role.COORDINATOR, Role.CO_CHAIR, Role.RSO_OFFICER, Role.INTEGRATOR])
def test_distress_is_reported_by_whoever_has_work_in_the_period(world: MemoryWorld, role: Role):
    made = a_distress(PERIOD, "TH", id=uuid7())
    assert isinstance(world.do(distress.report, an_actor("TH", role), made), list)


def test_who_reads_only_reports_nothing_and_a_stranger_finds_nothing(world: MemoryWorld):
    made = a_distress(PERIOD, "TH", id=uuid7())
    assert isinstance(world.do(distress.report, an_actor("TH", Role.OBSERVER), made), Forbidden)
    assert isinstance(world.do(distress.report, an_officer("AU"), made.model_copy(update={"party": "AU"})), NotFound)
    given = (a_distress(PERIOD).id, 1, DistressOutcome.RESCUED, "")
    assert isinstance(world.do(distress.close, an_officer("AU"), *given), NotFound)
    assert isinstance(world.do(distress.close, an_actor("LK", Role.OBSERVER), *given), Forbidden)
    assert isinstance(world.do(distress.close, a_chair("NZ"), *given), Forbidden)


def test_a_distress_that_changed_meanwhile_is_not_closed_unseen(world: MemoryWorld):
    known = a_distress(PERIOD).known
    assert isinstance(world.do(distress.revise, an_officer("LK"), a_distress(PERIOD).id, 1, known), list)
    given = (a_distress(PERIOD).id, 1, DistressOutcome.RESCUED, "")
    refused = world.do(distress.close, a_coordinator("LK"), *given)
    assert not isinstance(refused, list)
    assert refused.code == "stale"
