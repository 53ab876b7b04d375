"""An operation: a headline for many, a detail for few, and only its owner decides."""

from datetime import timedelta

import pytest

from services.planner.domain.frame import PeriodNotOpen
from services.planner.domain.operation import NEXT, NotThisState, Operation
from shared.errors import Forbidden, Invalid, NotFound
from shared.vocabulary import DetailAudience, OperationState, PeriodState, Role
from tests.builders import NOON, a_coordinator, a_frame, an_actor, an_operation

S = OperationState


def test_a_draft_stays_at_home():
    _, *said = Operation.draft(an_operation(version=0, state=S.DRAFTED), a_frame(), a_coordinator("NZ"))
    assert {event.audience for event in said} == {("NZ",)}


def test_scheduling_gives_the_headline_to_the_participants_and_the_detail_to_whom_the_owner_chose():
    drafted = an_operation(state=S.DRAFTED)
    _, headline, detail = drafted.schedule(a_frame(), None, False, a_coordinator("NZ"), NOON)
    assert headline.audience == ("LK", "NZ")
    assert detail.audience == ("NZ",)
    shared = an_operation(state=S.DRAFTED, detail_audience=DetailAudience.PARTICIPANTS)
    _, _, detail = shared.schedule(a_frame(), None, False, a_coordinator("NZ"), NOON)
    assert detail.audience == ("LK", "NZ")


def test_a_headline_never_carries_a_detail():
    _, headline, _ = an_operation(state=S.DRAFTED).schedule(a_frame(), None, False, a_coordinator("NZ"), NOON)
    assert not {"place", "narrative", "tactics", "resources", "contacts", "title"} & headline.model_dump().keys()


def test_a_held_headline_and_its_detail_stay_at_home_until_they_are_released():
    drafted = an_operation(state=S.DRAFTED, detail_audience=DetailAudience.PARTICIPANTS)
    held, headline, detail = drafted.schedule(a_frame(), None, True, a_coordinator("NZ"), NOON)
    assert headline.audience == detail.audience == ("NZ",)
    started, said = held.start(a_frame(), NOON, a_coordinator("NZ"))
    assert said.audience == ("NZ",)
    _, released, detail = started.release_headline(a_frame(), a_coordinator("NZ"))
    assert released.audience == detail.audience == ("LK", "NZ")
    assert released.status is S.UNDER_WAY


def test_a_hold_ends_in_the_future():
    drafted = an_operation(state=S.DRAFTED)
    with pytest.raises(Invalid):
        drafted.schedule(a_frame(), NOON - timedelta(hours=1), True, a_coordinator("NZ"), NOON)


def test_another_state_sees_a_headline_and_does_nothing_with_it():
    with pytest.raises(Forbidden):
        an_operation().complete(a_frame(), NOON, a_coordinator("LK"))


@pytest.mark.parametrize("operation", [an_operation(state=S.DRAFTED), an_operation(held=True)])
def test_a_draft_and_a_held_operation_do_not_exist_for_others(operation: Operation):
    with pytest.raises(NotFound):
        operation.cancel(a_frame(), NOON, a_coordinator("LK"))


def test_who_does_not_take_part_plans_nothing():
    with pytest.raises(Forbidden):
        Operation.draft(an_operation(owner="TH"), a_frame(), a_coordinator("TH"))


@pytest.mark.parametrize("state", sorted(set(PeriodState) - {PeriodState.ADOPTED, PeriodState.ACTIVE}))
def test_nothing_is_scheduled_before_the_plan_is_adopted_or_after_the_period(state: PeriodState):
    with pytest.raises(PeriodNotOpen):
        an_operation(state=S.DRAFTED).schedule(a_frame(state), None, False, a_coordinator("NZ"), NOON)


@pytest.mark.parametrize("state", list(S))
def test_states_follow_the_table(state: OperationState):
    operation = an_operation(state=state)
    steps = {
        S.UNDER_WAY: lambda: operation.start(a_frame(), NOON, a_coordinator("NZ")),
        S.COMPLETED: lambda: operation.complete(a_frame(), NOON, a_coordinator("NZ")),
        S.CANCELLED: lambda: operation.cancel(a_frame(), NOON, a_coordinator("NZ")),
    }
    for wanted, step in steps.items():
        if wanted in NEXT[state]:
            assert step()[0].state is wanted
        else:
            with pytest.raises(NotThisState):
                step()


def test_the_end_of_a_draft_is_nobody_elses_business():
    _, said = an_operation(state=S.DRAFTED).cancel(a_frame(), NOON, a_coordinator("NZ"))
    assert said.audience == ("NZ",)


def test_what_was_cancelled_under_a_hold_is_never_released():
    cancelled, _ = an_operation(held=True, held_until=NOON).cancel(a_frame(), NOON, a_coordinator("NZ"))
    assert cancelled.held_until is None
    with pytest.raises(NotThisState):
        cancelled.end_hold(a_frame(), a_coordinator("NZ"))


def test_a_state_that_no_longer_takes_part_schedules_nothing():
    with pytest.raises(Forbidden):
        an_operation(owner="TH", state=S.DRAFTED).schedule(a_frame(), None, False, a_coordinator("TH"), NOON)


@pytest.mark.parametrize("state", [PeriodState.ARCHIVED, PeriodState.CANCELLED])
def test_nothing_is_completed_in_a_period_that_is_over(state: PeriodState):
    with pytest.raises(PeriodNotOpen):
        an_operation().complete(a_frame(state), NOON, a_coordinator("NZ"))


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.PARTY_ADMIN, Role.PROTECTION_SERVICE])
def test_who_reads_no_content_is_no_owner_of_what_its_party_holds(role: Role):
    with pytest.raises(NotFound):
        an_operation(held=True).require_owner(an_actor("NZ", role), a_frame())
