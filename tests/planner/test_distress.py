"""Distress at sea: nothing delays it, everybody of the period learns of it, and only its reporter closes it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pydantic import ValidationError

from services.planner.domain.convened import LEFT
from services.planner.domain.distress import Distress, DistressOver, Known
from services.planner.domain.frame import PeriodNotOpen
from services.planner.domain.period import Period
from services.planner.schemas import PostUpdate
from services.planner.schemas_protection import ReportDistress
from shared.actor import Actor
from shared.errors import Forbidden, Invalid, NotFound, Refusal
from shared.events.planner import DistressClosed, DistressReported, DistressRevised
from shared.vocabulary import DistressOutcome, DistressState, PeriodState, Precedence, Role
from tests.builders import NOON, a_period, a_word, an_actor, an_officer

S = PeriodState
KNOWN = Known(happened_at=NOON, latitude=-6.2, longitude=105.5, persons_on_board=40, vessel="Harapan", contact="VHF 16")
RESCUED = DistressOutcome.RESCUED


def a_distress(period: Period, party: str = "LK", **changes: Any) -> Distress:
    made = Distress(id=UUID(int=5), period_id=period.id, party=party, known=KNOWN, reported_at=NOON)
    return made.model_copy(update=changes)


def test_everybody_of_the_period_is_told_at_once_with_all_that_helps_to_find_it():
    period = a_period(answers={"NZ": a_word("joined"), "LK": a_word("observing")})
    _, said = Distress.report(a_distress(period), period, an_officer("LK"))
    assert said.audience == ("INTERPOL", "LK", "NZ", "TH")  # TH has not answered; INTERPOL supports
    assert said.precedence is Precedence.FLASH
    told = said.latitude, said.longitude, said.persons_on_board, said.vessel, said.contact
    assert told == (-6.2, 105.5, 40, "Harapan", "VHF 16")
    assert "operation_id" not in said.model_dump(), "a held operation does not show by its distress"


@pytest.mark.parametrize("party", ["NZ", "TH", "INTERPOL"])
@pytest.mark.parametrize("state", [state for state in S if state not in {S.CANCELLED, S.ARCHIVED}])
def test_any_party_of_the_period_reports_one_whatever_becomes_of_the_period(party: str, state: PeriodState):
    period = a_period(state=state)
    Distress.report(a_distress(period, party), period, an_officer(party))


@pytest.mark.parametrize("state", [S.CANCELLED, S.ARCHIVED])
def test_where_nobody_looks_any_more_the_reporter_is_told_whom_to_call(state: PeriodState):
    period = a_period(state=state)
    with pytest.raises(PeriodNotOpen, match="rescue"):
        Distress.report(a_distress(period), period, an_officer("LK"))


def test_who_is_not_of_the_period_or_out_of_it_learns_nothing():
    period = a_period(answers={"NZ": a_word("joined"), "LK": a_word("declined"), "TH": a_word(LEFT)})
    distress, said = Distress.report(a_distress(period, "NZ"), period, an_officer("NZ"))
    assert said.audience == ("INTERPOL", "NZ")
    for party in ("LK", "TH", "AU"):
        with pytest.raises(NotFound):
            distress.close(RESCUED, "", period, an_officer(party), NOON)


@pytest.mark.parametrize("known", [{"place": "Off Beruwala"}, {"text": "Engine room flooded"}, {"vessel": "Harapan"}])
def test_one_field_is_enough(known: dict[str, str]):
    period = a_period()
    Distress.report(a_distress(period, known=Known(happened_at=NOON, **known)), period, an_officer("LK"))


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({}, "place"),
        ({"contact": "VHF 16"}, "place"),
        ({"latitude": 1.0}, "longitude"),
    ],
)
def test_by_what_nothing_can_be_found_is_refused_by_name(known: dict[str, Any], field: str):
    period = a_period()
    with pytest.raises(Invalid) as refused:
        Distress.report(a_distress(period, known=Known(**{"happened_at": NOON, **known})), period, an_officer("LK"))
    assert [error.field for error in refused.value.errors] == [field]


@pytest.mark.parametrize("persons", [-1, 100_001])
def test_a_clock_that_is_fast_and_a_number_that_is_none_stop_no_report(persons: int):
    period, wrong = a_period(), {"happened_at": NOON + timedelta(days=400), "persons_on_board": persons}
    distress, said = Distress.report(a_distress(period, known=KNOWN.model_copy(update=wrong)), period, an_officer("LK"))
    assert (said.happened_at, said.persons_on_board) == (NOON, None)
    later = NOON + timedelta(hours=1)
    _, revised = distress.revise(KNOWN.model_copy(update=wrong), period, an_officer("LK"), later)
    assert (revised.happened_at, revised.persons_on_board) == (later, None)


@pytest.mark.parametrize("given", ["2026-13-45", "2015-10-01T12:00", "1970-01-01T00:00:00Z", 12.5, ["x"]])
def test_what_is_no_moment_or_no_number_is_left_out_at_the_door(given: object):
    body = ReportDistress.model_validate({"text": "Sinking", "happened_at": given, "persons_on_board": given})
    assert (body.happened_at, body.persons_on_board) == (None, None)
    update = PostUpdate.model_validate({"kind": "distress", "text": "Sinking", "happened_at": given})
    assert update.happened_at is None
    with pytest.raises(ValidationError):
        PostUpdate.model_validate({"kind": "progress", "text": "Sinking", "happened_at": given})


def test_only_the_state_that_reported_it_revises_and_closes_it():
    period = a_period()
    distress, _ = Distress.report(a_distress(period), period, an_officer("LK"))
    for step in (
        lambda: distress.revise(KNOWN, period, an_officer("NZ"), NOON),
        lambda: distress.close(RESCUED, "", period, an_officer("NZ"), NOON),
    ):
        with pytest.raises(Forbidden, match="LK"):
            step()


def test_a_state_that_has_left_still_closes_what_it_reported():
    period = a_period()
    distress, _ = Distress.report(a_distress(period), period, an_officer("LK"))
    without = a_period(answers={"NZ": a_word("joined"), "LK": a_word(LEFT)})
    _, said = distress.close(RESCUED, "", without, an_officer("LK"), NOON)
    assert "LK" in said.audience


def test_what_is_over_is_neither_revised_nor_shared():
    period = a_period()
    distress, _ = Distress.report(a_distress(period), period, an_officer("LK"))
    closed, _ = distress.close(RESCUED, "All 40.", period, an_officer("LK"), NOON)
    with pytest.raises(DistressOver):
        closed.revise(KNOWN, period, an_officer("LK"), NOON)
    assert closed.share(period) is None


def test_who_revises_it_is_not_in_the_way_of_an_invitation_that_shares_it():
    period = a_period()
    distress, _ = Distress.report(a_distress(period), period, an_officer("LK"))
    shared = distress.share(period)
    assert shared
    assert (shared[0], shared[1].version) == (distress, distress.version)


Told = DistressReported | DistressRevised | DistressClosed
who = st.builds(an_actor, st.sampled_from(("NZ", "LK", "TH", "INTERPOL", "AU")), st.just(Role.LIAISON_OFFICER))
places = st.sampled_from(("", "Off Beruwala", "Drifting north"))


class DistressMachine(RuleBasedStateMachine):
    """Reported by LK, in a period that parties leave and come back to."""

    @initialize()
    def reported(self) -> None:
        self.period = a_period()
        self.distress, said = Distress.report(a_distress(self.period), self.period, an_officer("LK"))
        self.said: list[Told] = [said]

    def _do(self, by: Actor, command: Any) -> None:
        try:
            after, said = command(by)
        except Refusal as why:
            hidden = isinstance(why, NotFound)
        else:
            hidden = None
        if hidden is not None:
            assert hidden is not by.reads(self.distress.readers(self.period))
            return
        assert by.party == "LK"
        assert said.version == self.distress.version + 1
        self.distress = after
        self.said.append(said)

    @rule(by=who, place=places)
    def revises(self, by: Actor, place: str) -> None:
        known = Known(happened_at=NOON, place=place)
        self._do(by, lambda by: self.distress.revise(known, self.period, by, NOON))

    @rule(by=who, outcome=st.sampled_from(DistressOutcome))
    def closes(self, by: Actor, outcome: DistressOutcome) -> None:
        self._do(by, lambda by: self.distress.close(outcome, "", self.period, by, NOON))

    @rule(party=st.sampled_from(("NZ", "LK", "TH")), word=st.sampled_from(("joined", "observing", "declined", LEFT)))
    def speaks(self, party: str, word: str) -> None:
        before = self.period
        self.period = before.model_copy(update={"answers": {**before.answers, party: a_word(word)}})
        if before.gone - self.period.gone and (shared := self.distress.share(self.period)):
            self.distress, said = shared
            self.said.append(said)

    @invariant()
    def nothing_is_said_after_its_end_and_its_reporter_always_hears_it(self) -> None:
        ends = [isinstance(event, DistressClosed) for event in self.said]
        assert ends.count(True) == (self.distress.state is DistressState.CLOSED)
        assert True not in ends[:-1]
        assert all({"LK", "INTERPOL"} <= set(event.audience) and "AU" not in event.audience for event in self.said)

    @invariant()
    def the_events_tell_all_of_it(self) -> None:
        last = next(event for event in reversed(self.said) if not isinstance(event, DistressClosed))
        end = self.said[-1] if isinstance(self.said[-1], DistressClosed) else None
        told = Distress(
            id=last.distress_id, period_id=last.period_id, party=last.party, version=self.said[-1].version,
            state=DistressState.CLOSED if end else DistressState.OPEN,
            known=Known(**last.model_dump(include=set(Known.model_fields))), reported_at=last.reported_at, by=last.by,
            outcome=end.outcome if end else None, note=end.note if end else "",
        )  # fmt: skip
        assert told == self.distress


DistressMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
test_whatever_is_asked_of_a_distress = DistressMachine.TestCase
