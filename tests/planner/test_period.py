"""A period: nothing happens in a state's name without its word."""

import pytest

from services.planner.domain.convened import NEXT
from services.planner.domain.frame import PeriodNotOpen
from services.planner.domain.period import Period
from services.planner.domain.plan import EndorsementsMissing
from shared.actor import Actor
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.events.planner import Section, Window
from shared.vocabulary import Answer, PeriodState, PlanAnswer
from tests.builders import NOON, a_chair, a_coordinator, a_frame, a_period, a_plan

PLAN = (Section(title="Aim", text="Act together."),)


def test_a_proposed_period_is_heard_of_by_everyone_who_is_asked_and_nobody_else():
    _, proposed = Period.propose(a_period(joined=(), version=0), a_chair(), NOON)
    assert proposed.audience == ("INTERPOL", "LK", "NZ", "TH")


def test_only_a_state_among_the_co_chairs_proposes():
    with pytest.raises(Invalid) as refused:
        Period.propose(a_period(version=0), a_chair("AU"), NOON)
    assert [error.field for error in refused.value.errors] == ["co_chairs"]


def test_every_field_that_breaks_a_rule_is_named_at_once():
    broken = a_period(title=" ", last_day=a_period().first_day.replace(year=2014), invited=())
    with pytest.raises(Invalid) as refused:
        Period.propose(broken, a_chair(), NOON)
    assert {error.field for error in refused.value.errors} == {"title", "last_day", "invited"}


def test_silence_is_never_consent():
    period = a_period(joined=())
    assert period.participants == ()
    answered, _ = period.answer(Answer.JOINED, "", a_coordinator("LK"), NOON)
    assert answered.participants == ("LK",)


def test_a_state_that_declines_hears_that_its_word_arrived_and_nothing_afterwards():
    declined, said = a_period().answer(Answer.DECLINED, "", a_coordinator("TH"), NOON)
    assert "TH" in said.audience
    _, published = declined.publish_plan(PLAN, (), a_chair())
    assert "TH" not in published.audience


def test_a_party_in_support_hears_of_the_period_and_does_not_answer_the_invitation():
    with pytest.raises(Forbidden):
        a_period().answer(Answer.JOINED, "", a_coordinator("INTERPOL"), NOON)


def test_a_period_does_not_exist_for_who_was_not_asked():
    with pytest.raises(NotFound):
        a_period().answer(Answer.JOINED, "", a_coordinator("AU"), NOON)


def test_a_plan_is_adopted_only_with_the_endorsement_of_every_participant():
    period = a_period(state=PeriodState.PLANNING, plans=(a_plan(NZ="endorsed", LK="reserved"),))
    with pytest.raises(EndorsementsMissing, match=r"LK \(reserved\)"):
        period.adopt(1, a_chair(), NOON)
    period = a_period(state=PeriodState.PLANNING, plans=(a_plan(NZ="endorsed", LK="endorsed"),))
    adopted, _ = period.adopt(1, a_chair(), NOON)
    assert (adopted.state, adopted.adopted) == (PeriodState.ADOPTED, 1)


def test_a_new_version_of_the_plan_needs_every_endorsement_anew():
    period = a_period(state=PeriodState.PLANNING, plans=(a_plan(NZ="endorsed", LK="endorsed"),))
    changed, _ = period.publish_plan(PLAN, (), a_chair())
    with pytest.raises(Conflict):
        changed.adopt(1, a_chair(), NOON)
    with pytest.raises(EndorsementsMissing, match="LK, NZ"):
        changed.adopt(2, a_chair(), NOON)


def test_a_period_of_one_state_is_not_joint():
    period = a_period(joined=("NZ",), state=PeriodState.PLANNING, plans=(a_plan(NZ="endorsed"),))
    with pytest.raises(EndorsementsMissing):
        period.adopt(1, a_chair(), NOON)


def test_a_reservation_says_what_it_is_about():
    period = a_period(state=PeriodState.PLANNING, plans=(a_plan(),))
    with pytest.raises(Invalid):
        period.answer_plan(1, PlanAnswer.RESERVED, " ", a_coordinator("LK"), NOON)


def test_an_observing_state_does_not_answer_the_plan():
    period, _ = a_period().answer(Answer.OBSERVING, "", a_coordinator("TH"), NOON)
    period, _ = period.publish_plan(PLAN, (), a_chair())
    with pytest.raises(Forbidden):
        period.answer_plan(1, PlanAnswer.ENDORSED, "", a_coordinator("TH"), NOON)


@pytest.mark.parametrize("by", [a_coordinator("LK"), a_chair("LK")])
def test_only_a_co_chair_of_the_period_closes_it(by: Actor):
    with pytest.raises(Forbidden):
        a_period(state=PeriodState.ACTIVE).close(by, NOON)


@pytest.mark.parametrize("state", [state for state in PeriodState if PeriodState.CLOSED not in NEXT[state]])
def test_only_an_active_period_is_closed(state: PeriodState):
    with pytest.raises(PeriodNotOpen):
        a_period(state=state).close(a_chair(), NOON)


def test_a_window_is_judged_by_the_calendar_of_the_states_own_zone():
    from datetime import UTC, datetime

    frame = a_frame()
    # midnight of the first day in Auckland is still the day before in UTC
    local = Window(starts_at=datetime(2015, 9, 27, 12, tzinfo=UTC), ends_at=datetime(2015, 10, 2, tzinfo=UTC))
    frame.require_inside(local, "NZ")
    with pytest.raises(Invalid, match="not inside the period"):
        frame.require_inside(local, "LK")


def test_a_co_chair_that_does_not_take_part_reads_headlines_by_its_role_only():
    assert a_frame(joined=("LK", "TH")).together == ("LK", "NZ#co_chair", "TH")


def test_a_co_chair_whose_state_declines_may_still_end_the_period_and_reads_no_headline():
    declined, _ = a_period().answer(Answer.DECLINED, "", a_coordinator("NZ"), NOON)
    assert declined.frame.together == ("LK",)
    with pytest.raises(NotFound):
        declined.answer(Answer.JOINED, "", a_coordinator("NZ"), NOON)
    cancelled, said = declined.cancel("We cannot take part.", a_chair())
    assert cancelled.state is PeriodState.CANCELLED
    assert "NZ#co_chair" in said.audience
    assert "NZ" not in said.audience
