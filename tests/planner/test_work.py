"""Resources go from pledged to released by their own party's word; tasks wait for each other and are told overdue once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.planner.domain.operation import NotThisState, Operation
from services.planner.domain.work import (
    MOST,
    MOST_OF_ANOTHER,
    NEXT,
    AlreadyDone,
    ResourceNotThisState,
    WaitsForOthers,
    finish,
    move,
    pledge,
    set_task,
    task_due_at,
    tell_overdue,
)
from shared.errors import Forbidden, Invalid, NotFound
from shared.events.planner import Resource, Task
from shared.vocabulary import DetailAudience, OperationState, PeriodState, ResourceKind, ResourceState
from tests.builders import NOON, a_coordinator, a_frame, an_officer, an_operation

R, S = ResourceState, OperationState
NZ, LK = an_officer("NZ"), an_officer("LK")
LATER = NOON + timedelta(days=1)


def a_shared(**changes: Any) -> Operation:
    """Of NZ, with INTERPOL in its detail; LK reads the headline only."""
    return an_operation(detail_audience=DetailAudience.INVOLVED, named=("INTERPOL",), **changes)


def a_resource(party: str = "NZ", number: int = 1, **changes: Any) -> Resource:
    resource = Resource(id=UUID(int=number), party=party, kind=ResourceKind.OFFICERS, unit="officers", planned=12)
    return resource.model_copy(update=changes)


def a_task(number: int = 1, *after: int, **changes: Any) -> Task:
    task = Task(
        id=UUID(int=number), title=f"Task {number}", party="NZ", due=LATER, after=tuple(UUID(int=one) for one in after)
    )
    return task.model_copy(update=changes)


def test_a_resource_is_pledged_in_the_pledgers_own_name_and_told_to_the_readers_of_the_detail():
    changed, said = pledge(a_shared(), a_resource(party="NZ"), a_frame(), an_officer("INTERPOL"))
    assert said.resource.party == said.party == "INTERPOL"
    assert said.audience == ("INTERPOL", "NZ")
    assert changed.means == (said.resource,)
    assert changed.version == a_shared().version, "two who work on different things are not in each other's way"


def test_who_reads_the_detail_uses_up_its_own_share_of_resources_and_nobody_elses():
    operation, interpol = a_shared(), an_officer("INTERPOL")
    for number in range(MOST_OF_ANOTHER):
        operation, _ = pledge(operation, a_resource(number=number + 1), a_frame(), interpol)
    with pytest.raises(Invalid, match="INTERPOL brings 30"):
        pledge(operation, a_resource(number=99), a_frame(), interpol)
    for number in range(MOST):
        operation, _ = pledge(operation, a_resource(number=number + 100), a_frame(), NZ)
    with pytest.raises(Invalid, match="NZ brings 200"):
        pledge(operation, a_resource(number=999), a_frame(), NZ)


def test_who_reads_only_the_headline_brings_nothing_and_who_sees_nothing_finds_nothing():
    with pytest.raises(Forbidden):
        pledge(a_shared(), a_resource(), a_frame(), LK)
    with pytest.raises(NotFound):
        pledge(a_shared(), a_resource(), a_frame(), an_officer("AU"))
    with pytest.raises(NotFound):
        pledge(a_shared(held=True), a_resource(), a_frame(), an_officer("INTERPOL"))


@pytest.mark.parametrize("status", list(R))
def test_resources_follow_their_table(status: ResourceState):
    operation = a_shared(means=(a_resource(status=status),))
    for wanted in R:
        if wanted in NEXT[status]:
            changed, said = move(operation, UUID(int=1), wanted, 10, a_frame(), a_coordinator("NZ"))
            assert (said.resource.status, said.resource.version) == (wanted, 2)
            assert (changed.means[0].planned, changed.means[0].actual) == (12, 10)
        else:
            with pytest.raises(ResourceNotThisState):
                move(operation, UUID(int=1), wanted, 10, a_frame(), a_coordinator("NZ"))


def test_no_party_says_how_far_anothers_resource_has_come():
    operation = a_shared(means=(a_resource("INTERPOL"),))
    with pytest.raises(Forbidden, match="only INTERPOL"):
        move(operation, UUID(int=1), R.CONFIRMED, None, a_frame(), a_coordinator("NZ"))


def test_what_is_deployed_says_how_much_came_and_only_while_the_operation_runs():
    operation = a_shared(means=(a_resource(status=R.CONFIRMED),))
    with pytest.raises(Invalid, match="how much"):
        move(operation, UUID(int=1), R.DEPLOYED, None, a_frame(), NZ)
    scheduled = operation.model_copy(update={"state": S.SCHEDULED})
    with pytest.raises(NotThisState):
        move(scheduled, UUID(int=1), R.DEPLOYED, 3, a_frame(), NZ)


def test_what_came_is_released_after_the_operation_too():
    operation = a_shared(state=S.COMPLETED, means=(a_resource(status=R.DEPLOYED, actual=10),))
    changed, _ = move(operation, UUID(int=1), R.RELEASED, None, a_frame(), NZ)
    assert (changed.means[0].status, changed.means[0].actual) == (R.RELEASED, 10)
    with pytest.raises(NotThisState):
        pledge(operation, a_resource(number=2), a_frame(), NZ)


def test_a_task_is_set_by_the_owner_for_a_party_that_reads_the_detail():
    changed, said = set_task(a_shared(), a_task(party="INTERPOL"), a_frame(), NZ, NOON)
    assert said.audience == ("INTERPOL", "NZ")
    assert changed.tasks == (said.task,)
    with pytest.raises(Invalid, match="LK does not read"):
        set_task(a_shared(), a_task(party="LK"), a_frame(), NZ, NOON)
    with pytest.raises(Forbidden):
        set_task(a_shared(), a_task(), a_frame(), LK, NOON)


@pytest.mark.parametrize(
    ("task", "field"),
    [(a_task(title=" "), "title"), (a_task(due=NOON), "due"), (a_task(1, 9), "after"), (a_task(1, 1), "after")],
)
def test_a_task_that_cannot_be_is_refused_at_its_field(task: Task, field: str):
    with pytest.raises(Invalid) as refused:
        set_task(a_shared(), task, a_frame(), NZ, NOON)
    assert [error.field for error in refused.value.errors] == [field]


def test_tasks_never_wait_for_each_other_in_a_circle():
    operation = a_shared(tasks=(a_task(1), a_task(2, 1), a_task(3, 2)))
    with pytest.raises(Invalid, match="wait for itself"):
        set_task(operation, a_task(1, 3), a_frame(), NZ, NOON)


def test_a_task_is_done_after_those_that_it_waits_for_by_its_party_or_the_owner():
    operation = a_shared(tasks=(a_task(1), a_task(2, 1, party="INTERPOL")))
    with pytest.raises(WaitsForOthers, match="Task 1"):
        finish(operation, UUID(int=2), a_frame(), an_officer("INTERPOL"), NOON)
    with pytest.raises(Forbidden):
        finish(operation, UUID(int=1), a_frame(), an_officer("INTERPOL"), NOON)
    operation, _ = finish(operation, UUID(int=1), a_frame(), NZ, NOON)
    operation, said = finish(operation, UUID(int=2), a_frame(), an_officer("INTERPOL"), NOON)
    assert (said.task.done_at, said.version) == (NOON, 2)
    with pytest.raises(AlreadyDone):
        finish(operation, UUID(int=2), a_frame(), NZ, NOON)
    with pytest.raises(AlreadyDone):
        set_task(operation, a_task(2), a_frame(), NZ, NOON)


def test_an_overdue_task_is_told_once_and_once_more_for_another_day():
    operation = a_shared(tasks=(a_task(1), a_task(2, due=LATER + timedelta(days=1)), a_task(3, done_at=NOON)))
    assert task_due_at(operation) == LATER
    assert tell_overdue(operation, a_frame(), LATER - timedelta(seconds=1)) is None
    told, said = tell_overdue(operation, a_frame(), LATER) or pytest.fail("nothing was told")
    assert (said.task.id, said.audience) == (UUID(int=1), ("INTERPOL", "NZ"))
    assert tell_overdue(told, a_frame(), LATER) is None
    assert task_due_at(told) == LATER + timedelta(days=1)
    moved, _ = set_task(told, a_task(1, due=LATER + timedelta(hours=1)), a_frame(), NZ, LATER)
    assert tell_overdue(moved, a_frame(), LATER + timedelta(hours=1))
    renamed, _ = set_task(told, a_task(1, title="Another name"), a_frame(), NZ, LATER)
    assert renamed.tasks[0].overdue, "a day that stays as it was is not told again"


@pytest.mark.parametrize("state", [S.COMPLETED, S.CANCELLED])
def test_nothing_is_overdue_of_an_operation_that_has_ended(state: OperationState):
    operation = a_shared(state=state, tasks=(a_task(1),))
    assert task_due_at(operation) is None
    assert tell_overdue(operation, a_frame(), LATER) is None


@pytest.mark.parametrize("state", [PeriodState.ARCHIVED, PeriodState.CANCELLED])
def test_nothing_is_overdue_of_a_period_that_is_over(state: PeriodState):
    assert tell_overdue(a_shared(tasks=(a_task(1),)), a_frame(state), LATER) is None


def test_while_it_is_held_its_work_stays_at_home():
    _, said = set_task(a_shared(held=True), a_task(), a_frame(), NZ, NOON)
    assert said.audience == ("NZ",)
    with pytest.raises(Invalid, match="INTERPOL does not read"):
        set_task(a_shared(held=True), a_task(party="INTERPOL"), a_frame(), NZ, NOON)


def test_newcomers_get_resources_and_tasks_with_the_detail():
    operation = an_operation(means=(a_resource(),), tasks=(a_task(),), detail_audience=DetailAudience.PARTICIPANTS)
    _, detail = operation.open_to(["LK"], a_frame(), NZ)
    assert (detail.means, detail.tasks) == (operation.means, operation.tasks)
