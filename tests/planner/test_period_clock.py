"""What the clock does to a period: what was still to come when a state's word was given, and never anybody's word."""

from datetime import UTC, datetime, timedelta

import pytest

from services.planner.domain.period import Period
from services.planner.usecases.periods import CLOCK
from shared.events.planner import InvitationUnanswered, PeriodActivated, PeriodClosed
from shared.vocabulary import Answer, PeriodState
from tests.builders import NOON, a_chair, a_coordinator, a_period, a_plan

BEGINS = datetime(2015, 9, 27, 11, tzinfo=UTC)
"""28 September in Wellington."""
ENDS = datetime(2015, 10, 28, 18, 30, tzinfo=UTC)
"""The end of 28 October in Colombo."""
MOMENT = timedelta(seconds=1)


def planned() -> Period:
    return a_period(state=PeriodState.PLANNING, plans=(a_plan(NZ="endorsed", LK="endorsed"),))


def test_it_begins_with_the_first_day_of_the_first_state_and_ends_with_the_last_day_of_the_last():
    assert (a_period().begins, a_period().ends) == (BEGINS, ENDS)
    late, _ = a_period().answer(Answer.JOINED, "", a_coordinator("TH"), NOON)
    assert (late.begins, late.ends) == (BEGINS, ENDS), "Bangkok lies between the two"


def test_adopted_in_time_it_begins_and_closes_by_itself():
    adopted, _ = planned().adopt(1, a_chair(), BEGINS - MOMENT)
    assert adopted.turn(CLOCK, BEGINS - MOMENT) == (adopted,)
    active, begun = adopted.turn(CLOCK, BEGINS)
    assert isinstance(begun, PeriodActivated)
    assert (begun.by, begun.party, active.state) == ("clock", "", PeriodState.ACTIVE)
    assert active.turn(CLOCK, ENDS - MOMENT) == (active,)
    closed, over = active.turn(CLOCK, ENDS)
    assert isinstance(over, PeriodClosed)
    assert closed.turn(CLOCK, ENDS + MOMENT) == (closed,)


def test_adopted_after_its_first_day_began_it_waits_for_a_co_chairs_word():
    adopted, _ = planned().adopt(1, a_chair(), BEGINS)
    assert adopted.turn(CLOCK, BEGINS + MOMENT) == (adopted,)
    active, _ = adopted.activate(a_chair(), BEGINS + MOMENT)
    assert active.turn(CLOCK, ENDS)[0].state is PeriodState.CLOSED


def test_begun_after_its_last_day_it_closes_by_a_co_chairs_word_only():
    active, _ = a_period(state=PeriodState.ADOPTED).activate(a_chair(), ENDS)
    assert active.turn(CLOCK, ENDS + MOMENT) == (active,)


def test_what_is_no_joint_period_any_more_does_not_begin_by_itself():
    adopted, _ = planned().adopt(1, a_chair(), NOON - timedelta(days=60))
    alone, *_ = adopted.leave("", a_coordinator("LK"), NOON)
    assert alone.turn(CLOCK, BEGINS) == (alone,)


@pytest.mark.parametrize("state", [PeriodState.PLANNING, PeriodState.ACTIVE])
def test_who_did_not_answer_in_time_is_told_once_and_has_said_nothing(state: PeriodState):
    asked = a_period(state=state, answer_by=NOON)
    told, said = asked.turn(CLOCK, NOON)
    assert isinstance(said, InvitationUnanswered)
    assert (said.silent, said.party) == (("TH",), "")
    assert told.answers == asked.answers
    assert told.turn(CLOCK, NOON + MOMENT) == (told,)


def test_with_more_time_silence_is_told_again_and_where_all_have_answered_nothing_is():
    told, _ = a_period(answer_by=NOON).turn(CLOCK, NOON)
    later, _ = told.extend(NOON + 2 * MOMENT, a_chair(), NOON + MOMENT)
    assert later.turn(CLOCK, NOON + MOMENT) == (later,)
    assert len(later.turn(CLOCK, NOON + 2 * MOMENT)) == 2
    all_said, _ = later.answer(Answer.OBSERVING, "", a_coordinator("TH"), NOON + MOMENT)
    assert all_said.turn(CLOCK, NOON + 2 * MOMENT) == (all_said,)
