"""Who takes part: a word in time, a newcomer that endorses what is in force, and a party that is out of it at once."""

from datetime import timedelta
from typing import Any

import pytest

from services.planner.domain.convened import NEXT, PLANNED, RUNS
from services.planner.domain.frame import PeriodNotOpen
from services.planner.domain.period import Period
from services.planner.domain.plan import EndorsementsMissing
from services.planner.domain.update import Update
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.events.planner import (
    HeadlineReleased,
    InvitationAnswered,
    OperationBriefed,
    ParticipantLeft,
    PlanAmended,
    PlanAnswered,
    Section,
    UpdateDetailed,
    UpdateReleased,
)
from shared.vocabulary import Answer, DetailAudience, OperationState, PeriodState, PlanAnswer
from tests.builders import NOON, a_chair, a_coordinator, a_period, a_plan, a_word, an_officer, an_operation, an_update

LATER = NOON + timedelta(days=3)
PLAN = (Section(title="Aim", text="Act together, also at sea."),)
OVER = [state for state in PeriodState if state not in {*PLANNED, *RUNS}]


def in_force(state: PeriodState = PeriodState.ACTIVE, joined: tuple[str, ...] = ("NZ", "LK"), **changes: Any) -> Period:
    """Adopted by those that joined; TH is asked and has not answered."""
    plan = a_plan(**dict.fromkeys(joined, "endorsed"))
    return a_period(joined=joined, state=state, plans=(plan,), adopted=1, **changes)


# further parties


def test_who_is_asked_later_hears_all_that_those_asked_know():
    period, said = in_force().invite(("FJ",), ("IOM",), None, a_chair(), NOON)
    assert set(said.audience) == {"FJ", "INTERPOL", "IOM", "LK", "NZ", "TH"}
    assert said.newcomers == ("FJ", "IOM")
    assert [word.party for word in said.words] == ["LK", "NZ"]
    assert [(plan.number, [word.party for word in plan.words]) for plan in said.plans] == [(1, ["LK", "NZ"])]
    assert period.participants == ("LK", "NZ"), "to be asked is not to take part"


def test_who_declined_or_left_can_be_asked_again_and_has_said_nothing_then():
    left, *_ = in_force().leave("", a_coordinator("LK"), NOON)
    declined, _ = left.answer(Answer.DECLINED, "", a_coordinator("TH"), NOON)
    asked, said = declined.invite(("LK", "TH"), (), None, a_chair(), NOON)
    assert {"LK", "TH"} <= set(said.audience)
    assert asked.answers.keys() == {"NZ"}
    assert asked.participants == ("NZ",)
    joined, *_ = asked.answer(Answer.JOINED, "", a_coordinator("LK"), NOON, plan_version=1)
    assert joined.participants == ("LK", "NZ")


@pytest.mark.parametrize(
    ("invited", "supporting", "answer_by", "fields"),
    [
        (("LK",), (), None, ["invited"]),
        (("FJ",), ("FJ",), None, ["invited"]),
        ((), (), None, ["invited"]),
        (("NZ", "INTERPOL"), (), NOON, ["invited", "answer_by"]),
    ],
)
def test_who_is_asked_already_or_nobody_or_without_time_to_answer_is_refused_by_name(
    invited: tuple[str, ...], supporting: tuple[str, ...], answer_by: Any, fields: list[str]
):
    with pytest.raises(Invalid) as refused:
        in_force().invite(invited, supporting, answer_by, a_chair(), NOON)
    assert [error.field for error in refused.value.errors] == fields


def test_to_ask_further_parties_nobody_gets_less_time_and_what_is_over_needs_a_new_one():
    period = in_force(answer_by=LATER)
    with pytest.raises(Invalid, match="cannot be accepted"):
        period.invite(("FJ",), (), LATER - timedelta(days=1), a_chair(), NOON)
    with pytest.raises(Invalid, match="cannot be accepted"):
        period.invite(("FJ",), (), None, a_chair(), LATER)
    asked, _ = period.invite(("FJ",), (), LATER + timedelta(days=1), a_chair(), LATER)
    assert asked.answer_by == LATER + timedelta(days=1)


@pytest.mark.parametrize("state", OVER)
def test_to_what_is_over_nobody_is_asked(state: PeriodState):
    with pytest.raises(PeriodNotOpen):
        in_force(state).invite(("FJ",), (), None, a_chair(), NOON)


def test_only_a_co_chair_asks_and_for_a_stranger_there_is_nothing():
    with pytest.raises(Forbidden):
        in_force().invite(("FJ",), (), None, a_chair("LK"), NOON)
    with pytest.raises(NotFound):
        in_force().invite(("FJ",), (), None, a_chair("AU"), NOON)


@pytest.mark.parametrize("state", OVER)
def test_nothing_is_answered_extended_or_left_after_the_close(state: PeriodState):
    period = in_force(state, answer_by=LATER)
    with pytest.raises(PeriodNotOpen):
        period.answer(Answer.DECLINED, "", a_coordinator("TH"), NOON)
    with pytest.raises(PeriodNotOpen):
        period.extend(LATER + timedelta(1), a_chair(), NOON)
    with pytest.raises(PeriodNotOpen):
        period.leave("", a_coordinator("LK"), NOON)


def test_a_deadline_that_is_over_when_the_period_is_proposed_is_refused():
    with pytest.raises(Invalid) as refused:
        Period.propose(a_period(version=0, answer_by=NOON), a_chair(), NOON)
    assert [error.field for error in refused.value.errors] == ["answer_by"]


# late joining


@pytest.mark.parametrize("state", RUNS)
def test_a_newcomer_endorses_the_version_in_force_before_it_takes_part(state: PeriodState):
    period, *said = in_force(state).answer(Answer.JOINED, "", a_coordinator("TH"), NOON, plan_version=1)
    assert [type(one) for one in said] == [PlanAnswered, InvitationAnswered]
    assert (period.participants, period.plans[0].word_of("TH")) == (("LK", "NZ", "TH"), "endorsed")
    assert [one.version for one in said] == [period.version - 1, period.version]


@pytest.mark.parametrize("number", [None, 2, 0])
def test_without_endorsing_the_version_in_force_nobody_joins_late(number: int | None):
    with pytest.raises(EndorsementsMissing, match="Version 1"):
        in_force().answer(Answer.JOINED, "", a_coordinator("TH"), NOON, plan_version=number)


def test_a_newcomer_is_to_say_its_word_on_an_amendment_that_waits():
    period, _ = in_force().publish_plan(PLAN, (), a_chair(), affected=("LK",))
    period, *_ = period.answer(Answer.JOINED, "", a_coordinator("TH"), NOON, plan_version=1)
    period, *_ = period.answer_plan(2, PlanAnswer.ENDORSED, "", a_coordinator("LK"), NOON)
    assert period.adopted == 1
    period, *_ = period.answer_plan(2, PlanAnswer.ENDORSED, "", a_coordinator("TH"), NOON)
    assert period.adopted == 2


def test_a_party_may_still_watch_or_decline_while_the_period_runs():
    period, said = in_force().answer(Answer.OBSERVING, "", a_coordinator("TH"), NOON)
    assert (period.participants, said.answer) == (("LK", "NZ"), Answer.OBSERVING)
    period, _ = period.answer(Answer.DECLINED, "", a_coordinator("TH"), NOON)
    assert "TH" not in period.audience


def test_a_participant_does_not_answer_the_invitation_again_while_the_period_runs():
    for word in Answer:
        with pytest.raises(Conflict, match="leaves"):
            in_force().answer(word, "", a_coordinator("LK"), NOON, plan_version=1 if word is Answer.JOINED else None)


def test_a_version_is_named_only_to_join_while_one_is_in_force():
    for period, word in ((a_period(), Answer.JOINED), (in_force(), Answer.OBSERVING)):
        with pytest.raises(Invalid):
            period.answer(word, "", a_coordinator("TH"), NOON, plan_version=1)


# leaving


@pytest.mark.parametrize("state", [*PLANNED, *RUNS])
def test_a_party_that_leaves_is_out_of_it_at_once_and_hears_only_that_its_word_arrived(state: PeriodState):
    period, said = in_force(state).leave("Elections.", a_coordinator("LK"), NOON)
    assert isinstance(said, ParticipantLeft)
    assert "LK" in said.audience
    assert (period.participants, "LK" in period.audience) == (("NZ",), False)
    with pytest.raises(NotFound):
        period.leave("", a_coordinator("LK"), NOON)


def test_who_watches_leaves_as_well_and_who_never_answered_declines():
    period = in_force(answers={"NZ": a_word("joined"), "LK": a_word("joined"), "TH": a_word("observing")})
    left, _ = period.leave("", a_coordinator("TH"), NOON)
    assert left.gone == {"TH"}
    with pytest.raises(Forbidden):
        in_force().leave("", a_coordinator("TH"), NOON)
    with pytest.raises(Forbidden):
        in_force().leave("", a_coordinator("INTERPOL"), NOON)
    with pytest.raises(NotFound):
        in_force().leave("", a_coordinator("AU"), NOON)


def test_a_co_chair_whose_state_leaves_may_still_end_the_period_and_reads_no_headline():
    period, _ = in_force().leave("", a_coordinator("NZ"), NOON)
    assert period.frame.together == ("LK",)
    cancelled, said = period.cancel("", a_chair())
    assert cancelled.state is PeriodState.CANCELLED
    assert "NZ#co_chair" in said.audience


def test_an_amendment_that_waited_for_a_party_that_leaves_waits_no_more():
    period, _ = in_force(joined=("NZ", "LK", "TH")).publish_plan(PLAN, (), a_chair(), affected=("LK",))
    period, *said = period.leave("", a_coordinator("LK"), NOON)
    assert [type(one) for one in said] == [ParticipantLeft, PlanAmended]
    assert period.adopted == 2
    assert "LK" in said[0].audience
    assert "LK" not in said[1].audience


def test_no_amendment_comes_in_force_because_the_last_participant_left():
    period, _ = in_force(joined=("LK",)).publish_plan(PLAN, (), a_chair(), affected=("LK",))
    period, *_ = period.leave("", a_coordinator("LK"), NOON)
    assert period.adopted == 1


def test_a_period_that_one_state_is_left_of_does_not_start():
    period, _ = in_force(PeriodState.ADOPTED).leave("", a_coordinator("LK"), NOON)
    with pytest.raises(EndorsementsMissing):
        period.activate(a_chair(), NOON)
    assert PeriodState.ACTIVE in NEXT[period.state]


# what it owns, and what a newcomer gets


def test_a_party_that_left_posts_nothing_new_and_may_put_right_what_it_posted():
    period, _ = in_force().leave("", a_coordinator("LK"), NOON)
    operation = an_operation("LK", OperationState.COMPLETED, period_id=period.id)
    with pytest.raises(Forbidden, match="participating"):
        Update.post(an_update(operation), operation, period.frame, an_officer("LK"))
    before = an_update(operation)
    _, headline, _ = Update.post(an_update(operation, supersedes=before.id), operation, period.frame, an_officer("LK"))
    assert headline.audience == ("LK", "NZ")


def test_who_left_hears_nothing_new_of_the_others_operations():
    period, _ = in_force(joined=("NZ", "LK", "TH")).leave("", a_coordinator("LK"), NOON)
    assert an_operation("NZ").headline_readers(period.frame) == ("NZ", "TH")


@pytest.mark.parametrize(
    ("changes", "opened"),
    [
        ({}, [HeadlineReleased]),
        ({"detail_audience": DetailAudience.PARTICIPANTS}, [HeadlineReleased, OperationBriefed]),
        ({"state": OperationState.DRAFTED}, []),
        ({"held": True, "detail_audience": DetailAudience.PARTICIPANTS}, []),
        ({"state": OperationState.CANCELLED}, [HeadlineReleased]),
        ({"state": OperationState.CANCELLED, "unheard": True}, []),
    ],
)
def test_a_newcomer_gets_what_participants_see_and_nothing_that_is_kept_at_home(
    changes: dict[str, Any], opened: list[type]
):
    frame = in_force(joined=("NZ", "LK", "TH")).frame
    operation = an_operation("NZ", **changes)
    said = operation.open_to(["TH"], frame, a_coordinator("TH"))
    assert [type(one) for one in said] == opened
    assert all((one.audience, one.to_newcomers, one.party) == (("TH",), True, "NZ") for one in said)
    update = an_update(operation)
    kinds = [type(one) for one in update.open_to(["TH"], operation, frame)]
    assert kinds == [{HeadlineReleased: UpdateReleased, OperationBriefed: UpdateDetailed}[one] for one in opened]


def test_a_draft_that_is_cancelled_was_never_there_for_anybody_else():
    frame = in_force().frame
    cancelled, said = an_operation("NZ", OperationState.DRAFTED).cancel(frame, NOON, a_coordinator("NZ"))
    assert said.audience == ("NZ",)
    with pytest.raises(NotFound):
        cancelled.require_owner(a_coordinator("LK"), frame)
    announced, said = an_operation("NZ", OperationState.SCHEDULED).cancel(frame, NOON, a_coordinator("NZ"))
    assert said.audience == ("LK", "NZ")
    with pytest.raises(Forbidden):
        announced.require_owner(a_coordinator("LK"), frame)
