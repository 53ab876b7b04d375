"""A consultation: affected parties speak for themselves, in time, and only who was there reads the record."""

from datetime import timedelta
from typing import Any

import pytest

from services.planner.domain.consultation import (
    Consultation,
    ConsultationNotOpen,
    NotAttending,
    Record,
    RecordMissing,
    Spoken,
)
from shared.errors import Forbidden, Invalid, NotFound
from shared.vocabulary import Attendance, ConsultationState, Role
from tests.builders import NOON, a_chair, a_coordinator, an_actor
from tests.planner.memory import a_consultation

LATER = NOON + timedelta(hours=6)
READERS = ("AU#co_chair", "ID", "NZ#co_chair", "TH")


def said(**answers: Attendance) -> dict[str, Spoken]:
    return {party: Spoken(answer=answer, by="somebody", at=NOON) for party, answer in answers.items()}


def held(**changes: Any) -> Consultation:
    return a_consultation(state=ConsultationState.HELD, attendees=("ID", "NZ"), **changes)


def test_the_call_is_for_those_invited_and_for_co_chairs_by_their_role():
    called, event = Consultation.call(a_consultation(version=0), a_chair(), NOON)
    assert event.audience == called.readers == READERS


def test_a_party_that_is_named_twice_is_invited_once():
    called, _ = Consultation.call(a_consultation(version=0, invited=("TH", "ID", "TH")), a_chair(), NOON)
    assert called.invited == ("TH", "ID")


def test_a_co_chair_whose_state_is_affected_reads_with_its_whole_party():
    assert a_consultation(invited=("ID", "NZ")).readers == ("AU#co_chair", "ID", "NZ")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"trigger": ""}, "trigger"),
        ({"co_chairs": ("AU",)}, "co_chairs"),
        ({"invited": ("NZ",)}, "invited"),
        ({"answer_by": NOON}, "answer_by"),
        ({"meets_at": NOON + timedelta(hours=3)}, "meets_at"),
    ],
)
def test_a_call_that_breaks_a_rule_names_the_field(changes: dict[str, Any], field: str):
    with pytest.raises(Invalid) as refused:
        Consultation.call(a_consultation(version=0, **changes), a_chair(), NOON)
    assert [error.field for error in refused.value.errors] == [field]


def test_an_answer_says_when_it_was_given_and_whether_that_was_late():
    _, event = a_consultation().answer(Attendance.ATTENDING, "", a_coordinator("TH"), NOON)
    assert (event.at, event.late, event.party) == (NOON, False, "TH")
    _, event = a_consultation().answer(Attendance.ATTENDING, "", a_coordinator("TH"), LATER)
    assert event.late


def test_a_party_changes_its_mind_until_it_is_held_and_not_after():
    once, _ = a_consultation().answer(Attendance.ATTENDING, "", a_coordinator("TH"), NOON)
    twice, _ = once.answer(Attendance.NOT_ATTENDING, "Not now.", a_coordinator("TH"), NOON)
    assert twice.answers["TH"].answer is Attendance.NOT_ATTENDING
    with pytest.raises(ConsultationNotOpen):
        held().answer(Attendance.ATTENDING, "", a_coordinator("TH"), NOON)


@pytest.mark.parametrize("by", [a_coordinator("VN"), a_coordinator("NZ"), an_actor("ID", Role.PARTY_ADMIN)])
def test_it_does_not_exist_for_whoever_is_neither_invited_nor_a_co_chair_of_it(by: Any):
    with pytest.raises(NotFound):
        a_consultation().answer(Attendance.ATTENDING, "", by, NOON)


def test_silence_is_told_once_when_the_time_is_over_and_names_who_is_silent():
    consultation = a_consultation(answers=said(ID=Attendance.NOT_ATTENDING))
    assert consultation.tell_silence(consultation.answer_by - timedelta(seconds=1)) is None
    told = consultation.tell_silence(consultation.answer_by)
    assert told
    changed, event = told
    assert event
    assert (event.silent, event.party, event.audience) == (("TH",), "", READERS)
    assert changed.due_at is None
    assert changed.tell_silence(LATER) is None


def test_where_all_have_answered_nothing_is_told_and_no_version_grows():
    answered = a_consultation(answers=said(ID=Attendance.ATTENDING, TH=Attendance.NOT_ATTENDING))
    told = answered.tell_silence(LATER)
    assert told
    changed, event = told
    assert event is None
    assert (changed.version, changed.due_at) == (answered.version, None)


@pytest.mark.parametrize("state", [state for state in ConsultationState if state is not ConsultationState.CALLED])
def test_nobody_is_called_silent_once_it_was_held_or_withdrawn(state: ConsultationState):
    assert a_consultation(state=state).tell_silence(LATER) is None


def test_nobody_is_put_at_the_table_without_its_own_word():
    for answers in ({}, said(TH=Attendance.NOT_ATTENDING)):
        with pytest.raises(NotAttending, match="TH"):
            a_consultation(answers=answers).hold(("TH",), NOON, a_chair(), NOON)
    with pytest.raises(NotAttending, match="AU"):  # the other co-chair neither
        a_consultation().hold(("AU",), NOON, a_chair(), NOON)
    changed, event = a_consultation(answers=said(TH=Attendance.ATTENDING)).hold(("TH",), NOON, a_chair(), LATER)
    assert changed.state is ConsultationState.HELD
    assert event.attendees == ("NZ", "TH")


def test_a_consultation_of_one_is_none_and_none_was_held_in_the_future():
    with pytest.raises(Invalid, match="one party beside"):
        a_consultation().hold((), NOON, a_chair(), NOON)
    with pytest.raises(Invalid, match="future"):
        a_consultation(answers=said(TH=Attendance.ATTENDING)).hold(("TH",), LATER, a_chair(), NOON)


def test_the_record_is_for_those_that_attended():
    changed, event = held().write_record("Two vessels go.", a_chair(), LATER)
    assert event.audience == ("ID", "NZ#co_chair")
    assert event.number == 1
    _, again = changed.write_record("Three vessels go.", a_chair(), LATER)
    assert again.number == 2


def test_who_was_not_there_does_not_write_the_record_and_an_empty_one_is_none():
    with pytest.raises(Forbidden):
        held().write_record("I heard that", a_chair("AU"), LATER)
    with pytest.raises(Invalid):
        held().write_record(" ", a_chair(), LATER)
    with pytest.raises(ConsultationNotOpen):
        a_consultation(attendees=("NZ",)).write_record("Too soon", a_chair(), LATER)


def test_it_is_closed_with_its_record():
    with pytest.raises(RecordMissing):
        held().close(a_chair())
    closed, _ = held(record=Record(number=1, text="Two vessels go.")).close(a_chair())
    assert closed.state is ConsultationState.CLOSED


def test_a_call_that_is_withdrawn_says_why():
    with pytest.raises(Invalid):
        a_consultation().withdraw(" ", a_chair())
    withdrawn, event = a_consultation().withdraw("A false report.", a_chair())
    assert (withdrawn.state, event.audience) == (ConsultationState.WITHDRAWN, READERS)


@pytest.mark.parametrize("state", [state for state in ConsultationState if state is not ConsultationState.CALLED])
def test_only_what_was_called_is_held_or_withdrawn(state: ConsultationState):
    consultation = a_consultation(state=state, answers=said(TH=Attendance.ATTENDING))
    with pytest.raises(ConsultationNotOpen):
        consultation.withdraw("No.", a_chair())
    with pytest.raises(ConsultationNotOpen):
        consultation.hold(("TH",), NOON, a_chair(), NOON)


@pytest.mark.parametrize("state", [state for state in ConsultationState if state is not ConsultationState.HELD])
def test_only_what_was_held_is_closed(state: ConsultationState):
    with pytest.raises(ConsultationNotOpen):
        a_consultation(state=state, record=Record(number=1, text="Early.")).close(a_chair())


@pytest.mark.parametrize("by", [a_chair("ID"), a_coordinator("ID"), an_actor("TH", Role.RSO_OFFICER)])
def test_only_a_co_chair_of_it_steers_it(by: Any):
    for step in (
        lambda one: one.hold(("TH",), NOON, by, NOON), lambda one: one.close(by), lambda one: one.withdraw("No.", by),
        lambda one: one.write_record("Text", by, NOON),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            step(a_consultation())
