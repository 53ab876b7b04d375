"""Commands on consultations and the programme: what may not be seen is not there, and then the role decides."""

from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from uuid_utils.compat import uuid7

from services.planner.domain.activity import Activity
from services.planner.domain.consultation import Consultation
from services.planner.domain.group import Group, GroupUnnamed
from services.planner.domain.period import Period
from services.planner.usecases import consultations, programme
from shared.errors import Forbidden, Invalid, NotFound
from shared.events.planner import ConsultationCalled
from shared.vocabulary import Attendance, Role
from tests.builders import NOON, a_chair, a_coordinator, a_period, an_actor, an_officer
from tests.planner.memory import Kept, MemoryWorld, a_consultation, a_group, an_activity

COMMANDS: dict[str, tuple[Any, ...]] = {
    "hold": (1, ("TH",), NOON), "write_record": (1, "Text"), "close": (1,), "withdraw": (1, "No."),
    "agree": (1, ""), "decline": (1, "No."), "start": (1,), "complete": (1, ""), "cancel": (1, "No."),
    "revise": (1, "T", "", an_activity().due, ()), "answer": (Attendance.ATTENDING, ""),
}  # fmt: skip


@pytest.fixture
def world() -> Iterator[MemoryWorld]:
    """A consultation of NZ and AU with ID and TH, and an activity of LK in a Working Group of LK, NZ and TH."""
    kept = {Consultation: Kept(Consultation), Activity: Kept(Activity), Group: Kept(Group), Period: Kept(Period)}
    for thing in (a_consultation(), an_activity(), a_group(), a_period(id=PERIOD)):
        kept[type(thing)]._rows[thing.id] = thing.model_dump_json()
    with (
        mock.patch.object(consultations, "Consultations", kept[Consultation]),
        mock.patch.object(consultations, "Periods", kept[Period]),
        mock.patch.object(programme, "Activities", kept[Activity]),
        mock.patch.object(programme, "Groups", kept[Group]),
    ):
        made = MemoryWorld()
        made.groups = kept[Group]  # type: ignore[attr-defined]
        yield made


PERIOD = uuid7()


def of(name: str) -> tuple[Any, Any]:
    """The use case, and the id of what it is about."""
    if hasattr(consultations, name) and name not in {"cancel"}:
        return getattr(consultations, name), a_consultation().id
    return getattr(programme, name), an_activity().id


@pytest.mark.parametrize("name", COMMANDS)
def test_a_stranger_learns_nothing_whatever_its_role_and_the_version_it_names(world: MemoryWorld, name: str):
    use_case, thing = of(name)
    for by in (an_officer("VN"), a_chair("VN"), an_actor("VN", Role.OBSERVER)):
        assert isinstance(world.do(use_case, by, thing, *COMMANDS[name]), NotFound)
        assert isinstance(world.do(use_case, by, uuid7(), *COMMANDS[name]), NotFound)


@pytest.mark.parametrize("name", COMMANDS)
def test_who_sees_it_and_has_not_the_role_is_told_so(world: MemoryWorld, name: str):
    use_case, thing = of(name)
    assert isinstance(world.do(use_case, an_actor("TH", Role.OBSERVER), thing, *COMMANDS[name]), Forbidden)


def test_a_state_s_word_is_not_given_by_its_co_chair_and_a_co_chair_from_elsewhere_gives_its_own(world: MemoryWorld):
    given = (a_consultation().id, Attendance.ATTENDING, "")
    assert isinstance(world.do(consultations.answer, a_chair("TH"), *given), Forbidden)
    assert isinstance(world.do(consultations.answer, a_chair("AU"), *given), list)
    assert isinstance(world.do(consultations.answer, an_actor("TH", Role.RSO_OFFICER), *given), list)


def test_a_consultation_is_called_by_co_chairs_only(world: MemoryWorld):
    assert isinstance(world.do(consultations.call, a_coordinator("NZ"), a_consultation(version=0)), Forbidden)
    assert isinstance(world.do(consultations.call, a_chair(), a_consultation(version=0)), list)


def test_a_consultation_is_about_a_period_that_its_caller_chairs_and_any_other_is_none(world: MemoryWorld):
    said = world.do(consultations.call, a_chair(), a_consultation(version=0, period_id=PERIOD))
    assert isinstance(said, list)
    assert isinstance(said[0], ConsultationCalled)
    assert said[0].period_id == PERIOD
    refused = [
        world.do(consultations.call, a_chair(party), a_consultation(version=0, co_chairs=(party,), period_id=period))
        for party, period in (("LK", PERIOD), ("NZ", uuid7()))
    ]
    assert all(isinstance(one, Invalid) for one in refused)
    assert len({str(one) for one in refused}) == 1


def test_an_activity_is_proposed_by_a_co_chair_of_a_working_group_that_is_named(world: MemoryWorld):
    asked = an_activity(version=0)
    assert isinstance(world.do(programme.propose, a_chair(), asked), list)
    assert isinstance(world.do(programme.propose, a_coordinator("NZ"), asked), Forbidden)
    for stranger in (a_chair("AU"), an_officer("AU")):
        assert isinstance(world.do(programme.propose, stranger, asked), NotFound)
    nobody = Group()
    world.groups._rows[nobody.id] = nobody.model_dump_json()  # type: ignore[attr-defined]
    assert isinstance(world.do(programme.propose, a_chair(), asked), GroupUnnamed)


def test_naming_the_same_members_again_says_nothing(world: MemoryWorld):
    assert world.do(programme.name_members, None, frozenset({"LK"}), frozenset({"AU"})) == []
    said = world.do(programme.name_members, None, frozenset({"AU"}), frozenset())
    assert isinstance(said, list)
    assert [event.type for event in said] == ["planner.group.named.v1", "planner.activity.shared.v1"]
