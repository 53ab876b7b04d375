"""A debrief: says what the material gives, to those who take part, and says it only when it is new."""

from datetime import date
from typing import Any

from uuid_utils.compat import uuid7

from services.debrief.domain.debrief import Debrief
from services.debrief.domain.material import Material, Posted, Sum
from services.debrief.domain.period import Period
from shared.events.debrief import DebriefCompiled, DebriefEvent, PartyFiguresCompiled
from shared.vocabulary import Answer, Indicator, OperationState
from tests.builders import NOON
from tests.debrief.story import ARRESTS, TRAINED

S = OperationState


def a_known_period(**changes: Any) -> Period:
    """LK and NZ take part; AU chairs too and does not; TH observes, FJ declined."""
    answers = {"NZ": Answer.JOINED, "LK": Answer.JOINED, "TH": Answer.OBSERVING, "FJ": Answer.DECLINED}
    period = Period(
        id=uuid7(),
        title="1st Joint Period of Action",
        first_day=date(2015, 9, 28),
        last_day=date(2015, 10, 28),
        objectives=(ARRESTS, TRAINED),
        co_chairs=("AU", "NZ"),
        answers=answers,
    )
    return period.model_copy(update=changes)


def some_material(**changes: Any) -> Material:
    """Nothing is missing in it."""
    said: dict[str, Any] = {
        "sums": (
            Sum("LK", Indicator.ARRESTS, 3, 0, 1),
            Sum("NZ", Indicator.ARRESTS, 4, 0, 2),
            Sum("NZ", Indicator.SEIZURES, 1, 0, 1),
        ),
        "posted": (Posted("LK", 1, 0), Posted("NZ", 3, 0)),
        "operations": {("LK", S.COMPLETED): 1, ("NZ", S.COMPLETED): 1, ("NZ", S.CANCELLED): 1},
    }
    return Material(**{**said, **changes})


def compiled(material: Material, period: Period | None = None) -> tuple[Debrief, list[DebriefEvent]]:
    period = period or a_known_period()
    debrief, _ = Debrief.open(uuid7(), period, NOON)
    return debrief.compile(period, material)


def lacks(**changes: Any) -> tuple[str, ...]:
    debrief, _ = compiled(some_material(**changes))
    assert debrief.content
    return debrief.content.lacks


def test_participants_read_it_and_a_co_chair_who_does_not_take_part_by_role():
    period = a_known_period()
    debrief, opened = Debrief.open(uuid7(), period, NOON)
    _, said = debrief.compile(period, some_material())
    assert {event.audience for event in (opened, *said)} == {("AU#co_chair", "LK", "NZ")}


def test_planned_stands_against_done_for_each_objective():
    _, said = compiled(some_material())
    [whole] = [event for event in said if isinstance(event, DebriefCompiled)]
    assert [(o.title, o.target, o.validated, o.provisional) for o in whole.objectives] == [
        ("Arrest facilitators", 20, 7, 0),
        ("Train officers", 50, 0, 0),
    ]
    assert (whole.operations_planned, whole.operations_completed, whole.operations_cancelled) == (3, 2, 1)
    assert (whole.updates, whole.lacks) == (4, ())


def test_each_participants_figures_are_a_fact_of_their_own_also_when_there_are_none():
    _, said = compiled(some_material(sums=(Sum("NZ", Indicator.ARRESTS, 4, 1, 2),)))
    figures = {event.reporting: event.figures for event in said if isinstance(event, PartyFiguresCompiled)}
    assert figures["LK"] == ()
    assert [(f.indicator, f.validated, f.provisional, f.updates) for f in figures["NZ"]] == [("arrests", 4, 1, 2)]


def test_the_same_again_says_nothing():
    period = a_known_period()
    debrief, _ = compiled(some_material(), period)
    again, nothing = debrief.compile(period, some_material())
    assert (nothing, again.version) == ([], debrief.version)


def test_a_changed_figure_is_said_with_the_whole_and_without_the_other_parties_figures():
    period = a_known_period()
    debrief, _ = compiled(some_material(), period)
    changed = (Sum("LK", Indicator.ARRESTS, 3, 0, 1), Sum("NZ", Indicator.ARRESTS, 5, 0, 2))
    later, said = debrief.compile(period, some_material(sums=changed))
    assert [getattr(event, "reporting", "all") for event in said] == ["NZ", "all"]
    assert {event.version for event in said} == {later.version} == {debrief.version + 1}


def test_nothing_is_missing_when_all_is_there():
    assert lacks() == ()


def test_what_is_missing_is_named():
    assert lacks(heard_to_the_end=False) == ("Some of what was said until the close is still on its way.",)
    assert lacks(posted=(Posted("LK", 1, 1), Posted("NZ", 3, 2))) == (
        "LK: 1 update is not validated yet.",
        "NZ: 2 updates are not validated yet.",
    )
    assert lacks(posted=(Posted("NZ", 3, 0),)) == ("LK: no update is included.",)
    assert lacks(operations={("LK", S.UNDER_WAY): 1, ("NZ", S.SCHEDULED): 1, ("NZ", S.UNDER_WAY): 1}) == (
        "LK: 1 operation was not completed.",
        "NZ: 2 operations were not completed.",
    )


def test_a_party_that_held_everything_back_reads_as_one_that_posted_nothing():
    held = (Posted("LK", 0, 0), Posted("NZ", 3, 0))
    assert lacks(posted=held) == ("LK: no update is included.",)


def test_what_a_party_that_left_had_done_counts_and_it_reads_nothing():
    period = a_known_period(answers={"NZ": Answer.JOINED, "TH": Answer.JOINED, "LK": "left", "FJ": "left", "AU": "left"})
    debrief, said = compiled(some_material(), period)
    assert {party: len(lines) for party, lines in debrief.figures.items()} == {"LK": 1, "NZ": 2, "TH": 0}
    assert {event.audience for event in said} == {("NZ", "TH")}
    assert debrief.content
    assert debrief.content.objectives[0].validated == 7
