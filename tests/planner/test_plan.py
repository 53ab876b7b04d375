"""A plan in force changes only with the word of the states that a change affects, and of any other that speaks up."""

from typing import Any

import pytest
from uuid_utils.compat import uuid7

from services.planner.domain.frame import PeriodNotOpen
from services.planner.domain.period import Period
from services.planner.domain.plan import OwnVersion
from shared.errors import Conflict, Forbidden, Invalid
from shared.events.planner import Objective, PlanAmended, PlanAnswered, Section
from shared.vocabulary import Answer, Indicator, PeriodState, PlanAnswer, Role
from tests.builders import NOON, a_chair, a_coordinator, a_period, a_plan, an_actor

PLAN = (Section(title="Aim", text="Act together, also at sea."),)
ARRESTS = Objective(id=uuid7(), title="Arrests", indicator=Indicator.ARRESTS, target=40)
TRAINED = Objective(id=uuid7(), title="Training", indicator=Indicator.OFFICERS_TRAINED, target=9, measured_by="RSO")
THREE = ("NZ", "LK", "TH")


def in_force(state: PeriodState = PeriodState.ACTIVE, **changes: Any) -> Period:
    """NZ, LK and TH have adopted version 1."""
    plan = a_plan(NZ="endorsed", LK="endorsed", TH="endorsed")
    return a_period(joined=THREE, state=state, plans=(plan,), adopted=1, objectives=(ARRESTS,), **changes)


def amended(*affected: str, **changes: Any) -> Period:
    """With an amendment on the table."""
    period, _ = in_force().publish_plan(PLAN, (), a_chair(), affected=affected, **changes)
    return period


def answer(period: Period, party: str, word: PlanAnswer = PlanAnswer.ENDORSED, number: int = 2) -> tuple[Any, ...]:
    return period.answer_plan(number, word, "Because.", a_coordinator(party), NOON)


def test_an_amendment_asks_only_the_states_it_affects_and_until_then_the_adopted_version_stands():
    period = amended("LK", "TH", objectives=(TRAINED,))
    assert (period.state, period.adopted, period.objectives) == (PeriodState.ACTIVE, 1, (ARRESTS,))
    period, *said = answer(period, "LK")
    assert (period.adopted, [type(one) for one in said]) == (1, [PlanAnswered])
    period, *said = answer(period, "TH")
    assert (period.adopted, period.objectives) == (2, (TRAINED,))
    assert [type(one) for one in said] == [PlanAnswered, PlanAmended]
    assert [one.version for one in said] == [period.version - 1, period.version]


@pytest.mark.parametrize("word", [PlanAnswer.RESERVED, PlanAnswer.DECLINED])
def test_a_state_that_is_affected_and_does_not_endorse_keeps_the_amendment_out_of_force(word: PlanAnswer):
    period, *_ = answer(amended("LK"), "LK", word)
    assert period.adopted == 1
    period, *_ = answer(period, "LK")
    assert period.adopted == 2


def test_a_state_that_was_not_named_may_speak_and_then_its_own_word_counts():
    period, *_ = answer(amended("LK"), "TH", PlanAnswer.DECLINED)
    period, *_ = answer(period, "LK")
    assert period.adopted == 1
    period, *_ = answer(period, "TH")
    assert period.adopted == 2


def test_an_endorsement_carries_over_only_from_a_state_that_took_part_when_the_amendment_was_published():
    period = amended("LK")
    assert period.amendment
    assert period.amendment.missing(("NZ", "LK", "TH", "VN")) == ["LK", "VN"]


@pytest.mark.parametrize(("affected", "reason"), [((), "Name the states"), (("AU", "LK"), "AU: not a participating")])
def test_an_amendment_names_states_that_take_part(affected: tuple[str, ...], reason: str):
    with pytest.raises(Invalid) as refused:
        amended(*affected)
    assert [(error.field, error.reason[: len(reason)]) for error in refused.value.errors] == [("affected", reason)]


def test_before_adoption_a_version_is_answered_by_all():
    with pytest.raises(Invalid):
        a_period().publish_plan(PLAN, (), a_chair(), affected=("LK",))


def test_a_further_amendment_takes_the_place_of_the_one_before_it():
    period, _ = amended("LK").publish_plan(PLAN, (), a_chair(), affected=("TH",))
    with pytest.raises(Conflict):
        answer(period, "LK", number=2)
    period, *_ = answer(period, "TH", number=3)
    assert period.adopted == 1
    period, *_ = answer(period, "LK", number=3)
    assert period.adopted == 3


@pytest.mark.parametrize("word", [PlanAnswer.RESERVED, PlanAnswer.DECLINED])
@pytest.mark.parametrize("named", ["LK", "NZ"])
def test_what_a_state_spoke_against_does_not_come_in_force_past_it_when_it_is_published_anew(named: str, word: PlanAnswer):
    period, *_ = answer(amended(named), "LK", word)
    period, said = period.publish_plan(PLAN, (), a_chair(), affected=("NZ",))
    assert (said.affected, said.carried) == (("LK", "NZ"), ("TH",))
    period, *_ = answer(period, "NZ", number=3)
    assert period.adopted == 1
    period, *_ = answer(period, "LK", number=3)
    assert period.adopted == 3


def test_what_a_state_spoke_against_is_not_brought_in_force_past_it_behind_another_version_that_it_endorses():
    period, *_ = answer(amended("LK"), "LK", PlanAnswer.DECLINED)
    period, _ = period.publish_plan((Section(title="Aim", text="Harmless."),), (), a_chair(), affected=("LK",))
    period, *_ = answer(period, "LK", number=3)
    assert period.adopted == 3
    _, said = period.publish_plan(PLAN, (), a_chair(), affected=("NZ",))
    assert (said.affected, said.carried) == (("LK", "NZ"), ("TH",))


def test_a_state_that_was_asked_and_has_not_answered_yet_is_asked_about_the_next_amendment_too():
    period, _ = amended("LK").publish_plan(PLAN, (), a_chair(), affected=("TH",))
    period, said = period.publish_plan(PLAN, (), a_chair(), affected=("NZ",))
    assert said.affected == ("LK", "NZ", "TH")


def test_what_came_in_force_leaves_nobody_bound_to_answer_the_next_amendment():
    period, *_ = answer(amended("LK"), "LK")
    _, said = period.publish_plan(PLAN, (), a_chair(), affected=("TH",))
    assert (said.affected, said.carried) == (("TH",), ("LK", "NZ"))


def test_other_rights_officers_affect_every_state():
    plan = a_plan(NZ="endorsed", LK="endorsed", TH="endorsed").model_copy(update={"rights_officers": ("TH", "IOM")})
    period = a_period(joined=THREE, state=PeriodState.ACTIVE, plans=(plan,), adopted=1)
    for other in ((), ("NZ", "IOM")):
        _, said = period.publish_plan(PLAN, other, a_chair(), affected=("NZ",))
        assert (said.affected, said.carried) == (("LK", "NZ", "TH"), ())
    _, said = period.publish_plan(PLAN, ("IOM", "TH"), a_chair(), affected=("NZ",))
    assert said.carried == ("LK", "TH")


def test_nobody_endorses_what_they_published_and_another_officer_of_that_state_does():
    both = an_actor("NZ", Role.CO_CHAIR, Role.COORDINATOR, name="both")
    period, said = in_force().publish_plan(PLAN, (), both, affected=("NZ",))
    assert said.by == both.name
    with pytest.raises(OwnVersion, match="another officer of NZ"):
        period.answer_plan(2, PlanAnswer.ENDORSED, "", both, NOON)
    refused, _ = period.answer_plan(2, PlanAnswer.DECLINED, "On second thoughts.", both, NOON)
    assert refused.adopted == 1
    period, *_ = answer(period, "NZ")
    assert period.adopted == 2


def test_who_published_the_version_in_force_does_not_join_on_it_for_a_state():
    both = an_actor("NZ", Role.CO_CHAIR, Role.COORDINATOR, name="both")
    plan = a_plan(LK="endorsed", TH="endorsed").model_copy(update={"by": both.name})
    period = a_period(joined=("LK", "TH"), state=PeriodState.ACTIVE, plans=(plan,), adopted=1)
    with pytest.raises(OwnVersion):
        period.answer(Answer.JOINED, "", both, NOON, 1)
    period, *_ = period.answer(Answer.JOINED, "", a_coordinator("NZ"), NOON, 1)
    assert "NZ" in period.participants


def test_the_version_in_force_is_not_answered_again():
    with pytest.raises(Conflict):
        answer(in_force(), "LK", PlanAnswer.DECLINED, number=1)


def test_only_a_participating_state_answers_an_amendment():
    with pytest.raises(Forbidden):
        answer(amended("LK"), "INTERPOL")


@pytest.mark.parametrize("state", [PeriodState.CLOSED, PeriodState.ARCHIVED, PeriodState.CANCELLED])
def test_nothing_is_amended_after_the_close(state: PeriodState):
    with pytest.raises(PeriodNotOpen):
        in_force(state).publish_plan(PLAN, (), a_chair(), affected=("LK",))
    with pytest.raises(PeriodNotOpen):
        answer(amended("LK").model_copy(update={"state": state}), "LK")


def test_a_version_that_says_nothing_of_objectives_keeps_those_before_it():
    period, said = a_period(objectives=(ARRESTS,)).publish_plan(PLAN, (), a_chair())
    assert said.objectives == period.objectives == (ARRESTS,)
    period, said = period.publish_plan(PLAN, (), a_chair(), objectives=(TRAINED,))
    assert said.objectives == period.objectives == (TRAINED,)
    period, said = period.publish_plan(PLAN, (), a_chair())
    assert said.objectives == (TRAINED,)
    period, said = period.publish_plan(PLAN, (), a_chair(), objectives=())
    assert said.objectives == period.objectives == ()


def test_an_objective_stands_in_a_plan_once():
    with pytest.raises(Invalid):
        a_period().publish_plan(PLAN, (), a_chair(), objectives=(ARRESTS, ARRESTS))


def test_an_amendment_keeps_the_objectives_in_force_and_not_those_of_one_that_never_came_in_force():
    period = amended("LK", objectives=(TRAINED,))
    _, said = period.publish_plan(PLAN, (), a_chair(), affected=("LK",))
    assert said.objectives == (ARRESTS,)


def test_the_word_that_adopts_says_which_objectives_are_in_force():
    plan = a_plan(NZ="endorsed", LK="endorsed")
    _, said = a_period(state=PeriodState.PLANNING, plans=(plan,), objectives=(ARRESTS,)).adopt(1, a_chair(), NOON)
    assert said.objectives == (ARRESTS,)
