"""What becomes of an operation when its time comes, and who is noted to have looked at it."""

import pytest

from services.planner.usecases import disclosure, operations
from shared.errors import NotFound
from shared.vocabulary import OperationState, PeriodState
from tests.builders import NOON, a_coordinator, an_operation
from tests.planner.test_joint_usecases import NZ, a_memory

S = OperationState


@pytest.mark.parametrize("state", [PeriodState.ARCHIVED, PeriodState.CANCELLED])
async def test_a_hold_that_would_end_after_its_period_is_over_stays(state: PeriodState):
    memory, _ = a_memory()
    held = an_operation(state=S.SCHEDULED, period_id=memory.period.id, held=True, held_until=NOON)
    memory.operations[held.id] = held
    memory.period = memory.period.model_copy(update={"state": state})
    assert await operations.end_hold(memory.tx, held.id) == held
    assert memory.said == []


async def test_who_looks_at_the_detail_before_it_is_shown_is_in_the_audit(monkeypatch: pytest.MonkeyPatch):
    memory, operation = a_memory()
    memory.actor, noted = NZ, []
    monkeypatch.setattr(memory, "audit", lambda *entry: noted.append(entry))
    with pytest.raises(NotFound):
        await disclosure.preview(memory.tx, a_coordinator("AU"), operation.id, None, None)
    assert noted == []
    await disclosure.preview(memory.tx, NZ, operation.id, None, None)
    assert noted == [("read operation", str(operation.id))]
