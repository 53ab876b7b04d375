"""A detail is released to more or taken back from some, by its owner's word alone, and never both at once."""

import pytest

from services.planner.domain.disclosing import (
    Choice,
    OneAtATime,
    choose,
    confirm_purge,
    recall,
    release,
    said_again,
    without,
)
from services.planner.domain.frame import PeriodNotOpen
from services.planner.domain.operation import NotThisState, Operation
from shared.errors import Forbidden, Invalid
from shared.events.base import Event
from shared.vocabulary import DetailAudience, OperationState, PeriodState, UpdateKind
from tests.builders import NOON, a_coordinator, a_frame, an_operation, an_update

S = OperationState
A = DetailAudience
OWN, ALL = Choice(A.OWN), Choice(A.PARTICIPANTS)
NZ = a_coordinator("NZ")


def a_scheduled(audience: DetailAudience = A.OWN, *named: str, **more: object) -> Operation:
    return an_operation(state=S.SCHEDULED, detail_audience=audience, named=named, **more)


def told(said: list[Event]) -> list[tuple[str, tuple[str, ...]]]:
    return [(event.type.removeprefix("planner.").removesuffix(".v1"), event.audience) for event in said]


def test_a_release_gives_the_present_state_to_the_newcomers_alone():
    operation = a_scheduled()
    changed, *said = release(operation, [an_update(operation)], ALL, a_frame(), NZ)
    assert told(said) == [
        ("detail.audience_chosen", ("NZ",)),
        ("operation.briefed", ("LK",)),
        ("update.detailed", ("LK",)),
    ]
    assert all(event.to_newcomers for event in said[1:])
    assert changed.detail_readers(a_frame()) == ("LK", "NZ")


def test_who_does_not_take_part_gets_headline_and_updates_too_when_it_is_named():
    operation = a_scheduled()
    _, *said = release(operation, [an_update(operation)], Choice(A.INVOLVED, ("INTERPOL",)), a_frame(), NZ)
    assert told(said) == [
        ("detail.audience_chosen", ("NZ",)),
        ("headline.released", ("INTERPOL",)),
        ("operation.briefed", ("INTERPOL",)),
        ("update.released", ("INTERPOL",)),
        ("update.detailed", ("INTERPOL",)),
    ]


def test_a_recall_tells_each_that_loses_it_by_itself_and_who_keeps_it_hears_nothing_of_that():
    shared = a_scheduled(A.INVOLVED, "INTERPOL", "LK", "TH")
    changed, *said = recall(shared, Choice(A.INVOLVED, ("TH",)), a_frame(), NZ, NOON)
    assert told(said) == [
        ("detail.audience_chosen", ("NZ",)),
        ("detail.recalled", ("INTERPOL", "NZ")),
        ("detail.recalled", ("LK", "NZ")),
    ]
    assert changed.detail_readers(a_frame()) == ("NZ", "TH")
    assert [(one.recipient, one.purged_at) for one in changed.recalls] == [("INTERPOL", None), ("LK", None)]
    again = said_again(changed, [an_update(changed)], a_frame(), NZ)
    assert {event.audience for event in again} == {("NZ", "TH")}


def test_with_a_recall_an_incident_is_said_again_whole_because_its_headline_is_for_the_readers_of_the_detail():
    shared = a_scheduled(A.PARTICIPANTS)
    incident = an_update(shared, kind=UpdateKind.INCIDENT, counts={})
    assert incident.release(shared, a_frame())[0].audience == ("LK", "NZ")
    changed, *_ = recall(shared, OWN, a_frame(), NZ, NOON)
    again = told(said_again(changed, [incident, an_update(changed)], a_frame(), NZ))
    assert again == [
        ("operation.briefed", ("NZ",)),
        ("update.released", ("NZ",)),
        ("update.detailed", ("NZ",)),
        ("update.detailed", ("NZ",)),
    ]


def test_a_purge_is_confirmed_once_by_whom_it_was_taken_back_from():
    recalled, *_ = recall(a_scheduled(A.INVOLVED, "INTERPOL"), OWN, a_frame(), NZ, NOON)
    one = recalled.recalls[0]
    purged, said = confirm_purge(recalled, one.id, "INTERPOL", NOON) or pytest.fail("nothing was said")
    assert said.audience == ("NZ",)
    assert purged.recalls[0].purged_at == NOON
    assert purged.version == recalled.version
    assert confirm_purge(purged, one.id, "INTERPOL", NOON) is None
    assert confirm_purge(recalled, one.id, "LK", NOON) is None


def test_what_is_released_anew_is_no_longer_taken_back():
    recalled, *_ = recall(a_scheduled(A.INVOLVED, "INTERPOL"), OWN, a_frame(), NZ, NOON)
    again, *_ = release(recalled, [], Choice(A.INVOLVED, ("INTERPOL",)), a_frame(), NZ)
    assert again.recalls == ()
    assert confirm_purge(again, recalled.recalls[0].id, "INTERPOL", NOON) is None


def test_one_act_gives_or_takes_and_never_both():
    for act in (
        lambda: choose(a_scheduled(A.INVOLVED, "TH"), Choice(A.INVOLVED, ("INTERPOL",)), a_frame(), NZ),
        lambda: release(a_scheduled(A.INVOLVED, "TH"), [], Choice(A.INVOLVED, ("INTERPOL",)), a_frame(), NZ),
        lambda: recall(a_scheduled(A.INVOLVED, "TH"), Choice(A.INVOLVED, ("INTERPOL",)), a_frame(), NZ, NOON),
        lambda: release(a_scheduled(A.PARTICIPANTS), [], OWN, a_frame(), NZ),
        lambda: recall(a_scheduled(), ALL, a_frame(), NZ, NOON),
        lambda: release(a_scheduled(), [], OWN, a_frame(), NZ),
        lambda: recall(a_scheduled(), OWN, a_frame(), NZ, NOON),
    ):
        with pytest.raises(OneAtATime):
            act()


def test_while_it_is_held_a_release_changes_only_for_whom_it_will_be():
    changed, *said = release(a_scheduled(held=True), [], ALL, a_frame(), NZ)
    assert told(said) == [("detail.audience_chosen", ("NZ",))]
    _, headline, detail = changed.release_headline(a_frame(), NZ)
    assert headline.audience == detail.audience == ("LK", "NZ")


def test_while_it_is_held_nobody_has_anything_to_purge():
    changed, *said = recall(a_scheduled(A.PARTICIPANTS, held=True), OWN, a_frame(), NZ, NOON)
    assert told(said) == [("detail.audience_chosen", ("NZ",))]
    assert changed.recalls == ()


def test_a_draft_says_itself_for_whom_it_is():
    with pytest.raises(NotThisState):
        release(an_operation(state=S.DRAFTED), [], ALL, a_frame(), NZ)


def test_another_state_releases_and_recalls_nothing():
    for act in (
        lambda: release(a_scheduled(), [], ALL, a_frame(), a_coordinator("LK")),
        lambda: recall(a_scheduled(A.PARTICIPANTS), OWN, a_frame(), a_coordinator("LK"), NOON),
    ):
        with pytest.raises(Forbidden):
            act()


def test_who_is_no_party_of_the_period_gets_no_detail():
    with pytest.raises(Invalid, match="VN: not a party"):
        release(a_scheduled(), [], Choice(A.INVOLVED, ("VN",)), a_frame(), NZ)


def test_of_a_period_that_is_over_a_detail_is_still_taken_back_and_not_released_any_more():
    over = a_frame(PeriodState.ARCHIVED)
    with pytest.raises(PeriodNotOpen):
        release(a_scheduled(), [], ALL, over, NZ)
    changed, *_ = recall(a_scheduled(A.PARTICIPANTS), OWN, over, NZ, NOON)
    assert changed.detail_readers(over) == ("NZ",)


def test_who_is_out_of_the_period_is_named_no_longer():
    shared = a_scheduled(A.INVOLVED, "INTERPOL", "TH")
    dropped, said = without(shared, "TH", a_coordinator("TH")) or pytest.fail("nothing was said")
    assert dropped.named == said.named == ("INTERPOL",)
    assert said.audience == ("NZ",)
    assert without(a_scheduled(), "TH", a_coordinator("TH")) is None
