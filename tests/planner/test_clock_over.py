"""When a period is over the clock has nothing to do in it."""

from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from services.planner.repository import Operations, Periods
from services.planner.repository_joint import Investigations
from shared.events.planner import Task
from shared.vocabulary import OperationState, PeriodState
from tests.builders import NOON, a_period, an_operation
from tests.planner.test_clockwork import LATE, a_planner
from tests.planner.test_investigation import agreed
from tests.servers import RunningServers

pytestmark = pytest.mark.system


@pytest.mark.parametrize("state", [PeriodState.CANCELLED, PeriodState.ARCHIVED])
async def test_of_a_period_that_is_over_the_clock_finds_no_hold_and_no_task_and_milestone_that_is_late(
    servers: RunningServers, state: PeriodState
):
    period, due = a_period(id=uuid7()), NOON + timedelta(days=2)
    task = Task(id=uuid7(), title="Brief the airport", party="NZ", due=due)
    operation = an_operation(
        id=uuid7(), period_id=period.id, state=OperationState.SCHEDULED, held=True, held_until=due, tasks=(task,)
    )
    plan = agreed(id=uuid7()).model_copy(update={"period_id": period.id})
    async with a_planner(servers, LATE) as service, service.database.begin() as tx:
        for kept in (period, period.model_copy(update={"state": state})):
            await Periods(tx).put(kept)
            await Operations(tx).put(operation)
            await Investigations(tx).put(plan)
            over = kept.state is state
            assert (operation.id in await Operations(tx).due_for_release(LATE)) is not over
            assert (operation.id in await Operations(tx).with_due_tasks()) is not over
            assert (plan.id in await Investigations(tx).due()) is not over
        await tx.sql("DELETE FROM investigation WHERE id = $1", plan.id)
        await tx.sql("DELETE FROM operation WHERE id = $1", operation.id)
        await tx.sql("DELETE FROM period WHERE id = $1", period.id)
