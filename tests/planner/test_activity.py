"""An activity of the programme: proposed to a party, and that party's own from its word on."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.planner.domain.activity import Activity, ActivityNotThisState
from services.planner.domain.group import Group, GroupUnnamed
from shared.errors import Forbidden, Invalid, NotFound
from shared.events.planner import Document
from shared.vocabulary import ActivityState, Role
from tests.builders import NOON, a_chair, a_coordinator, an_actor
from tests.planner.memory import a_group, an_activity

GROUP = a_group()
S = ActivityState


def test_an_activity_is_for_every_member_of_the_working_group():
    _, event = Activity.propose(an_activity(version=0), GROUP, a_chair(), NOON)
    assert event.audience == ("LK", "NZ", "TH")


def test_its_owner_still_reads_it_after_it_left_the_working_group():
    assert an_activity("VN").readers(GROUP) == ("LK", "NZ", "TH", "VN")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": " ", "owner": "VN"}, {"title", "owner"}),
        ({"due": date(2015, 9, 30)}, {"due"}),
        ({"due": date(2035, 9, 30)}, {"due"}),
        ({"documents": (Document(title=""), Document(title="x", address="http://d.example"))},
         {"documents.0.title", "documents.1.address"}),
    ],
)  # fmt: skip
def test_every_field_that_breaks_a_rule_is_named(changes: dict[str, Any], fields: set[str]):
    with pytest.raises(Invalid) as refused:
        Activity.propose(an_activity(version=0, **changes), GROUP, a_chair(), NOON)
    assert {error.field for error in refused.value.errors} == fields


def test_nothing_is_proposed_before_the_operator_has_named_the_working_group():
    with pytest.raises(GroupUnnamed, match="jpa group add"):
        Activity.propose(an_activity(version=0), Group(), a_chair(), NOON)


def test_whoever_is_not_of_the_working_group_finds_nothing():
    with pytest.raises(NotFound):
        Activity.propose(an_activity(version=0), GROUP, a_chair("AU"), NOON)
    for by in (a_coordinator("AU"), an_actor("LK", Role.OPERATOR)):
        with pytest.raises(NotFound):
            an_activity().agree("", GROUP, by)


@pytest.mark.parametrize("by", [a_chair(), a_coordinator("NZ"), a_coordinator("TH")])
def test_nobody_but_its_owner_takes_it_on_or_says_how_far_it_has_come(by: Any):
    agreed = an_activity(state=S.AGREED)
    for step in (
        lambda: an_activity().agree("", GROUP, by), lambda: an_activity().decline("No.", GROUP, by),
        lambda: agreed.start(GROUP, by), lambda: agreed.complete("", GROUP, by),
        lambda: agreed.revise("T", "", agreed.due, (), GROUP, by, NOON), lambda: agreed.cancel("No.", GROUP, by),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            step()


def test_a_co_chair_takes_a_proposal_back_until_its_owner_has_taken_it_on():
    cancelled, _ = an_activity().cancel("Twice the same.", GROUP, a_chair())
    assert cancelled.state is S.CANCELLED
    with pytest.raises(Forbidden):
        an_activity().cancel("Twice the same.", GROUP, a_coordinator("TH"))


def test_a_refusal_and_an_end_say_why():
    for step in (an_activity().decline, an_activity().cancel):
        with pytest.raises(Invalid):
            step(" ", GROUP, a_coordinator("LK"))


@pytest.mark.parametrize("state", [state for state in S if state is not S.AGREED])
def test_only_what_was_agreed_is_started(state: ActivityState):
    with pytest.raises(ActivityNotThisState):
        an_activity(state=state).start(GROUP, a_coordinator("LK"))


@pytest.mark.parametrize("state", [state for state in S if state is not S.PROPOSED])
def test_only_a_proposal_is_agreed_to_or_declined(state: ActivityState):
    for step in (an_activity(state=state).agree, an_activity(state=state).decline):
        with pytest.raises(ActivityNotThisState):
            step("Words.", GROUP, a_coordinator("LK"))


@pytest.mark.parametrize("state", [S.PROPOSED, S.COMPLETED, S.DECLINED, S.CANCELLED])
def test_only_what_was_taken_on_is_completed(state: ActivityState):
    with pytest.raises(ActivityNotThisState):
        an_activity(state=state).complete("31 officers.", GROUP, a_coordinator("LK"))


@pytest.mark.parametrize("state", [S.PROPOSED, S.COMPLETED, S.DECLINED, S.CANCELLED])
def test_only_what_is_its_owners_to_do_is_revised_and_can_be_late(state: ActivityState):
    activity = an_activity(state=state)
    with pytest.raises(ActivityNotThisState):
        activity.revise("T", "", activity.due, (), GROUP, a_coordinator("LK"), NOON)
    assert activity.tell_overdue(GROUP, NOON + timedelta(days=99)) is None


def test_it_is_overdue_when_its_day_is_over_where_its_owner_is():
    activity = an_activity("NZ", state=S.AGREED, due=date(2015, 10, 31))
    midnight = datetime(2015, 10, 31, 11, tzinfo=UTC)  # in Auckland, in summer time
    assert activity.tell_overdue(GROUP, midnight - timedelta(seconds=1)) is None
    told = activity.tell_overdue(GROUP, midnight)
    assert told
    assert (told[1].owner, told[1].due, told[1].audience) == ("NZ", date(2015, 10, 31), ("LK", "NZ", "TH"))


def test_it_is_told_once_and_once_more_when_a_later_day_passes_too():
    late = NOON + timedelta(days=40)
    told = an_activity(state=S.UNDER_WAY).tell_overdue(GROUP, late)
    assert told
    activity = told[0]
    assert activity.tell_overdue(GROUP, late) is None
    same, _ = activity.revise("Renamed", "", activity.due, (), GROUP, a_coordinator("LK"), late)
    assert same.tell_overdue(GROUP, late) is None
    moved, _ = activity.revise("T", "", late.date(), (), GROUP, a_coordinator("LK"), late)
    assert moved.tell_overdue(GROUP, late) is None
    assert moved.tell_overdue(GROUP, late + timedelta(days=2))


def test_a_day_that_is_over_stays_and_is_not_chosen_anew():
    late = NOON + timedelta(days=40)
    activity = an_activity(state=S.AGREED)
    with pytest.raises(Invalid):
        activity.revise("T", "", late.date() - timedelta(days=1), (), GROUP, a_coordinator("LK"), late)


def test_a_working_group_of_other_members_gets_each_activity_as_it_stands():
    changed, event = an_activity(state=S.UNDER_WAY, note="In Colombo.").share(a_group("AU", "NZ"))
    assert event.audience == ("AU", "LK", "NZ")
    assert (event.status, event.note, event.version) == (S.UNDER_WAY, "In Colombo.", changed.version)


def test_who_leaves_the_working_group_hears_that_it_did():
    named = GROUP.name(frozenset({"NZ", "AU"}))
    assert named
    group, event = named
    assert (group.members, event.audience) == (("AU", "NZ"), ("AU", "LK", "NZ", "TH"))
    assert group.name(frozenset({"NZ", "AU"})) is None


def test_a_working_group_of_one_is_none():
    with pytest.raises(Invalid):
        GROUP.name(frozenset({"NZ"}))
