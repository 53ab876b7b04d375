"""An operation is amended by its owner before it starts, and said again to those that read it, and to nobody else."""

from datetime import UTC, datetime

import pytest

from services.planner.domain.amending import Amendment, ReadersUnchanged, amend
from services.planner.domain.detail import Brief
from services.planner.domain.frame import PeriodNotOpen
from services.planner.domain.operation import NotThisState, Operation
from shared.errors import Forbidden, Invalid, NotFound
from shared.events.planner import DetailAudienceChosen, OperationAmended, OperationBriefed, Place, Window
from shared.vocabulary import DetailAudience, OperationKind, OperationState, PeriodState, PlaceKind
from tests.builders import NOON, a_coordinator, a_frame, an_operation

S = OperationState


def a_window(first: datetime, last: datetime) -> Window:
    return Window(starts_at=first, ends_at=last)


def a_place(zone: str, code: str = "") -> Place:
    return Place(kind=PlaceKind.LOCODE, code=code or "NZAKL", name="There", latitude=1.0, longitude=1.0, time_zone=zone)


def an_amendment(**changes: object) -> Amendment:
    ordinary = Amendment(
        kind=OperationKind.MARITIME_PATROL,
        window=a_window(datetime(2015, 10, 5, tzinfo=UTC), datetime(2015, 10, 9, tzinfo=UTC)),
        brief=Brief(title="Patrol", agency="Coast guard"),
        places=(a_place("Pacific/Auckland"),),
    )
    return ordinary.model_copy(update=changes)


def test_an_amendment_says_headline_and_detail_again_to_their_readers_in_a_new_version():
    changed, headline, detail = amend(an_operation(state=S.SCHEDULED), an_amendment(), a_frame(), a_coordinator("NZ"))
    assert (type(headline), headline.audience) == (OperationAmended, ("LK", "NZ"))
    assert (type(detail), detail.audience) == (OperationBriefed, ("NZ",))
    assert changed.version == headline.version == 4
    assert (headline.kind, headline.status) == (OperationKind.MARITIME_PATROL, S.SCHEDULED)
    assert (detail.title, detail.agency, detail.places) == ("Patrol", "Coast guard", (a_place("Pacific/Auckland"),))


def test_a_headline_never_carries_a_place_or_an_agency():
    _, headline, _ = amend(an_operation(state=S.SCHEDULED), an_amendment(), a_frame(), a_coordinator("NZ"))
    assert not {"place", "places", "agency", "named", "title", "means", "tasks"} & headline.model_dump().keys()


@pytest.mark.parametrize("operation", [an_operation(state=S.DRAFTED), an_operation(state=S.SCHEDULED, held=True)])
def test_what_is_drafted_or_held_stays_at_home_when_it_is_amended(operation: Operation):
    _, *said = amend(operation, an_amendment(), a_frame(), a_coordinator("NZ"))
    assert {event.audience for event in said} == {("NZ",)}


def test_the_choice_of_readers_is_part_of_a_draft():
    to = an_amendment(detail_audience=DetailAudience.INVOLVED, named=("INTERPOL",))
    changed, _, _, chosen = amend(an_operation(state=S.DRAFTED), to, a_frame(), a_coordinator("NZ"))
    assert changed.named == ("INTERPOL",)
    assert isinstance(chosen, DetailAudienceChosen)
    assert chosen.audience == ("NZ",)


def test_an_amendment_of_what_is_scheduled_gives_the_detail_to_nobody_else():
    to = an_amendment(detail_audience=DetailAudience.PARTICIPANTS)
    with pytest.raises(ReadersUnchanged):
        amend(an_operation(state=S.SCHEDULED), to, a_frame(), a_coordinator("NZ"))


@pytest.mark.parametrize("state", [S.UNDER_WAY, S.COMPLETED, S.CANCELLED])
def test_what_has_started_or_is_over_is_not_amended(state: OperationState):
    with pytest.raises(NotThisState):
        amend(an_operation(state=state), an_amendment(), a_frame(), a_coordinator("NZ"))


def test_another_state_amends_nothing_and_does_not_learn_of_a_draft():
    with pytest.raises(Forbidden):
        amend(an_operation(state=S.SCHEDULED), an_amendment(), a_frame(), a_coordinator("LK"))
    with pytest.raises(NotFound):
        amend(an_operation(state=S.DRAFTED), an_amendment(), a_frame(), a_coordinator("LK"))


@pytest.mark.parametrize("state", [PeriodState.CLOSED, PeriodState.ARCHIVED, PeriodState.CANCELLED])
def test_nothing_is_amended_once_the_period_is_over(state: PeriodState):
    with pytest.raises(PeriodNotOpen):
        amend(an_operation(state=S.SCHEDULED), an_amendment(), a_frame(state), a_coordinator("NZ"))


def test_a_window_is_inside_the_period_by_the_clock_of_the_place_and_not_of_the_party():
    # 28 October, 20:00 UTC: the 29th in Auckland, still the 28th in Honolulu, with which the period ends
    late = a_window(datetime(2015, 10, 28, 2, tzinfo=UTC), datetime(2015, 10, 28, 20, tzinfo=UTC))
    with pytest.raises(Invalid, match="not inside the period") as refused:
        amend(an_operation(state=S.DRAFTED), an_amendment(window=late), a_frame(), a_coordinator("NZ"))
    assert refused.value.errors[0].field == "window"
    there = an_amendment(window=late, places=(a_place("Pacific/Honolulu"),))
    changed, *_ = amend(an_operation(state=S.DRAFTED), there, a_frame(), a_coordinator("NZ"))
    assert changed.window == late
    both = an_amendment(window=late, places=(a_place("Pacific/Honolulu"), a_place("Pacific/Auckland")))
    with pytest.raises(Invalid, match="Pacific/Auckland"):
        amend(an_operation(state=S.DRAFTED), both, a_frame(), a_coordinator("NZ"))


@pytest.mark.parametrize(
    ("audience", "named", "why"),
    [
        (DetailAudience.OWN, ("LK",), "no other is named"),
        (DetailAudience.INVOLVED, ("NZ",), "Your own party"),
        (DetailAudience.INVOLVED, ("VN",), "VN: not a party of this period"),
    ],
)
def test_only_parties_that_belong_to_the_period_are_named(audience: DetailAudience, named: tuple[str, ...], why: str):
    to = an_amendment(detail_audience=audience, named=named)
    with pytest.raises(Invalid, match=why) as refused:
        amend(an_operation(state=S.DRAFTED), to, a_frame(), a_coordinator("NZ"))
    assert refused.value.errors[0].field == "named"


def test_a_named_party_reads_headline_and_detail_once_it_is_scheduled_and_not_before():
    drafted = an_operation(state=S.DRAFTED, detail_audience=DetailAudience.INVOLVED, named=("INTERPOL",))
    _, headline, detail = drafted.schedule(a_frame(), None, False, a_coordinator("NZ"), NOON)
    assert headline.audience == ("INTERPOL", "LK", "NZ")
    assert detail.audience == ("INTERPOL", "NZ")
    _, headline, detail = drafted.schedule(a_frame(), None, True, a_coordinator("NZ"), NOON)
    assert headline.audience == detail.audience == ("NZ",)
