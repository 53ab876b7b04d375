"""The time for answers: a word in time is taken, a co-chair gives more of it, and silence binds nobody."""

from datetime import timedelta
from typing import Any

import pytest

from services.planner.domain.period import AnswerTooLate
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.vocabulary import Answer, PeriodState
from tests.builders import NOON, a_chair, a_coordinator, a_period

LATER = NOON + timedelta(days=3)


@pytest.mark.parametrize("state", [PeriodState.PROPOSED, PeriodState.PLANNING, PeriodState.ACTIVE])
def test_who_was_silent_in_time_may_still_say_no_and_is_out_of_it(state: PeriodState):
    period = a_period(answer_by=NOON, state=state)
    declined, said = period.answer(Answer.DECLINED, "No.", a_coordinator("TH"), NOON + timedelta(days=9))
    assert "TH" in said.audience
    assert "TH" in declined.gone
    assert "TH" not in declined.audience


def test_an_answer_in_time_is_taken_and_one_after_it_refused_unless_a_silent_party_says_no():
    period = a_period(answer_by=NOON)
    period.answer(Answer.JOINED, "", a_coordinator("TH"), NOON)
    for party, word in (*(("TH", word) for word in Answer if word is not Answer.DECLINED), ("LK", Answer.DECLINED)):
        with pytest.raises(AnswerTooLate, match="due by 01 Oct 2015, 12:00 UTC"):
            period.answer(word, "", a_coordinator(party), NOON + timedelta(seconds=1))


def test_who_was_silent_when_the_time_was_over_takes_no_part():
    assert a_period(answer_by=NOON, joined=("NZ", "LK")).participants == ("LK", "NZ")


def test_a_co_chair_gives_more_time_and_then_an_answer_is_taken():
    period, said = a_period(answer_by=NOON).extend(LATER, a_chair(), NOON + timedelta(hours=1))
    assert said.answer_by == LATER
    assert set(said.audience) == {"INTERPOL", "LK", "NZ", "TH"}
    period, *_ = period.answer(Answer.JOINED, "", a_coordinator("TH"), LATER)
    assert "TH" in period.participants


@pytest.mark.parametrize("until", [NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=2)])
def test_an_extension_takes_no_time_away_and_ends_in_the_time_to_come(until: Any):
    with pytest.raises(Invalid):
        a_period(answer_by=NOON + timedelta(hours=1)).extend(until, a_chair(), NOON + timedelta(hours=2))


def test_only_a_co_chair_extends_and_only_a_deadline_that_there_is():
    with pytest.raises(Forbidden):
        a_period(answer_by=NOON).extend(LATER, a_coordinator("LK"), NOON)
    with pytest.raises(NotFound):
        a_period(answer_by=NOON).extend(LATER, a_chair("AU"), NOON)
    with pytest.raises(Conflict):
        a_period().extend(LATER, a_chair(), NOON)
