"""A serious incident after it was reported: taken up, closed, escalated once, by and to rights officers of others only."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from uuid_utils.compat import uuid7

from services.planner.domain.incident import NEXT, Incident, IncidentElsewhere
from services.planner.domain.operation import Operation
from services.planner.domain.period import Period
from services.planner.usecases import incidents
from shared.actor import Actor
from shared.errors import Forbidden, Invalid, NotFound, Refusal
from shared.events.planner import IncidentClosed, IncidentEvent, IncidentReported, IncidentTold
from shared.vocabulary import TLP, IncidentFinding, IncidentState, Role
from tests.builders import NOON, a_word, an_actor, an_officer, an_operation
from tests.planner.memory import Kept, MemoryWorld
from tests.planner.test_incident import INCIDENT, a_planned

S = IncidentState
FOUND = IncidentFinding.SUBSTANTIATED
LATE = NOON + timedelta(days=1)


def rights(party: str) -> Actor:
    return an_actor(party, Role.RIGHTS_OFFICER, name="rights")


def reported(*named: str, **changes: Any) -> tuple[Incident, Period]:
    period = a_planned(*(named or ("LK", "UNHCR")), **changes)
    return Incident.report(INCIDENT, an_operation(), period, an_officer("NZ"))[0], period


@pytest.mark.parametrize("role", Role)
def test_it_is_taken_up_and_closed_by_rights_officers_to_whom_it_went_and_exists_for_nobody_else(role: Role):
    incident, period = reported("NZ", "LK", "UNHCR")
    taken, said = incident.take_up(period, rights("LK"), NOON)
    assert (said.party, said.by, said.at, said.tlp) == ("LK", "lk.rights", NOON, TLP.RED)
    for party in ("NZ", "AU", "LK"):
        by = an_actor(party, role)
        if by.reads(("LK#rights_officer",)):
            continue
        with pytest.raises(NotFound):
            incident.take_up(period, by, NOON)
        with pytest.raises(NotFound):
            taken.close(FOUND, "So it was.", period, by, NOON)
    assert taken.close(FOUND, "So it was.", period, rights("UNHCR"), NOON)[0].state is S.CLOSED


def test_it_is_closed_with_a_finding_and_words_after_somebody_took_it_up_and_nobody_takes_up_what_another_has():
    incident, period = reported()
    with pytest.raises(IncidentElsewhere):
        incident.close(FOUND, "So it was.", period, rights("LK"), NOON)
    taken, _ = incident.take_up(period, rights("LK"), NOON)
    with pytest.raises(IncidentElsewhere):
        taken.take_up(period, rights("UNHCR"), NOON)
    with pytest.raises(Invalid) as refused:
        taken.close(FOUND, " ", period, rights("LK"), NOON)
    assert [error.field for error in refused.value.errors] == ["note"]
    closed, said = taken.close(FOUND, "So it was.", period, rights("LK"), NOON)
    assert (said.finding, said.note, said.by) == (FOUND, "So it was.", "lk.rights")
    with pytest.raises(IncidentElsewhere):
        closed.close(FOUND, "Again.", period, rights("LK"), NOON)


def test_what_nobody_takes_up_in_time_is_escalated_once_and_to_whom_the_plan_names_by_then():
    incident, period = reported("LK")
    assert incident.escalate(period, LATE - timedelta(seconds=1)) is None
    amended = a_planned("NZ", "AU", "UNHCR")
    told = incident.escalate(amended, LATE)
    assert told
    escalated, said = told
    assert said.audience == ("AU#rights_officer", "LK#rights_officer", "UNHCR#rights_officer")
    assert (said.text, said.take_up_by, said.tlp) == (incident.text, LATE, TLP.RED)
    assert escalated.escalate(amended, LATE + timedelta(days=9)) is None
    assert escalated.take_up(amended, rights("AU"), LATE)[0].state is S.TAKEN_UP
    assert incident.take_up(period, rights("LK"), NOON)[0].escalate(period, LATE) is None


def test_whose_party_left_takes_up_nothing_and_hears_nothing_new():
    incident, period = reported("LK", "UNHCR")
    gone = period.model_copy(update={"answers": {"NZ": a_word("joined"), "LK": a_word("left")}})
    with pytest.raises(NotFound):
        incident.take_up(gone, rights("LK"), NOON)
    assert incident.take_up(gone, rights("UNHCR"), NOON)[1].audience == ("UNHCR#rights_officer",)
    told = incident.escalate(gone, LATE)
    assert told
    assert told[1].audience == ("UNHCR#rights_officer",)


class Incidents(Kept[Incident]):
    """And when the clock has to look."""

    again: tuple[Any, ...] = ()

    async def period_of(self, incident_id: Any) -> Any:
        return (await self.get(incident_id)).period_id

    async def look_again(self, *when: Any) -> None:
        self.again = when


class Operations(Kept[Operation]):
    async def period_of(self, operation_id: Any) -> Any:
        return (await self.get(operation_id)).period_id


@pytest.fixture
def kept() -> Iterator[tuple[Incident, Kept[Period], Incidents]]:
    """What was given to the use cases: a period whose plan names LK and UNHCR, and an operation of NZ in it."""
    periods, operations, shelf = Kept(Period), Operations(Operation), Incidents(Incident)
    period = a_planned("LK", "UNHCR")
    operation = an_operation(held=True, period_id=period.id, id=uuid7())
    periods._rows[period.id], operations._rows[operation.id] = period.model_dump_json(), operation.model_dump_json()
    with (
        mock.patch.object(incidents, "Periods", periods),
        mock.patch.object(incidents, "Operations", operations),
        mock.patch.object(incidents, "Incidents", shelf),
    ):
        yield INCIDENT.model_copy(update={"operation_id": operation.id}), periods, shelf


def test_by_command_it_is_an_officers_on_an_own_operation_and_a_stranger_finds_nothing(kept: Any):
    world, incident = MemoryWorld(), kept[0]
    said = world.do(incidents.report, an_officer("NZ"), incident)
    assert isinstance(said, list)
    assert [event.type for event in said] == ["planner.incident.reported.v1"]
    assert isinstance(world.do(incidents.report, an_actor("NZ", Role.OBSERVER), incident), Forbidden)
    for stranger in (an_officer("LK"), an_officer("AU")):
        assert isinstance(world.do(incidents.report, stranger, incident), NotFound)
    for stranger in (an_officer("NZ"), rights("NZ"), rights("AU"), an_officer("LK")):
        assert isinstance(world.do(incidents.take_up, stranger, incident.id, 1), NotFound)
        assert isinstance(world.do(incidents.take_up, stranger, incident.id, 9), NotFound), "not even its version"


def test_of_two_rights_officers_who_take_it_up_one_does_and_the_other_is_told_that_it_changed(kept: Any):
    world, incident = MemoryWorld(), kept[0]
    world.do(incidents.report, an_officer("NZ"), incident)
    assert isinstance(world.do(incidents.take_up, rights("LK"), incident.id, 1), list)
    refused = world.do(incidents.take_up, rights("UNHCR"), incident.id, 1)
    assert isinstance(refused, Refusal)
    assert refused.code == "stale"
    stale = world.do(incidents.close, rights("UNHCR"), incident.id, 1, FOUND, "So it was.")
    assert isinstance(stale, Refusal)
    assert isinstance(world.do(incidents.close, rights("UNHCR"), incident.id, 2, FOUND, "So it was."), list)


def test_where_nobody_is_left_to_hear_of_it_the_clock_looks_again_and_tells_once_somebody_is_named(kept: Any):
    incident, periods, shelf = kept
    world = MemoryWorld()
    world.do(incidents.report, an_officer("NZ"), incident)
    named = next(iter(periods._rows.values()))
    period = Period.model_validate_json(named)
    out = {party: a_word("left") for party in ("LK", "UNHCR")}
    periods._rows[period.id] = period.model_copy(update={"answers": out}).model_dump_json()
    world.pass_time(days=2)
    assert world.do(incidents.escalate, None, incident.id) == []
    assert shelf.again == (incident.id, world.now + incidents.take_up_within)
    periods._rows[period.id] = named
    told = world.do(incidents.escalate, None, incident.id)
    assert isinstance(told, list)
    assert [event.type for event in told] == ["planner.incident.escalated.v1"]
    shelf.again = ()
    assert world.do(incidents.escalate, None, incident.id) == []
    assert shelf.again == (), "it was told: the clock need not look again"


parties = st.sampled_from(("NZ", "LK", "LK", "UNHCR", "AU"))
roles = st.sampled_from((Role.RIGHTS_OFFICER, Role.RIGHTS_OFFICER, Role.COORDINATOR, Role.CO_CHAIR))
anybody = st.builds(an_actor, parties, roles)
BECAME = {f"planner.incident.{state.value}.v1": state for state in S}


class IncidentMachine(RuleBasedStateMachine):
    """Of NZ, to LK and UNHCR; the plan is amended and parties leave meanwhile."""

    @initialize()
    def begun(self) -> None:
        self.now = NOON
        self.period = a_planned("NZ", "LK", "UNHCR")
        self.incident, said = Incident.report(INCIDENT, an_operation(), self.period, an_officer("NZ"))
        self.said: list[IncidentEvent] = [said]

    def _do(self, by: Actor | None, command: Callable[[], Any]) -> None:
        before = self.incident
        try:
            done = command()
        except Refusal as why:
            hidden = isinstance(why, NotFound)
        else:
            hidden = None
        if hidden is not None:
            assert by is None or hidden is not by.reads(before.readers(self.period))
        elif done:
            self.incident, said = done
            assert self.incident.state in NEXT[before.state]
            assert by is None or (by.party != "NZ" and Role.RIGHTS_OFFICER in by.roles)
            self.said.append(said)

    @rule(by=anybody)
    def takes_up(self, by: Actor) -> None:
        self._do(by, lambda: self.incident.take_up(self.period, by, self.now))

    @rule(by=anybody, note=st.sampled_from(("", "So it was.")), finding=st.sampled_from(IncidentFinding))
    def closes(self, by: Actor, note: str, finding: IncidentFinding) -> None:
        self._do(by, lambda: self.incident.close(finding, note, self.period, by, self.now))

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self._do(None, lambda: self.incident.escalate(self.period, self.now))

    @rule(gone=st.sets(st.sampled_from(("LK", "UNHCR", "AU"))), named=st.sets(parties))
    def the_period_changes(self, gone: set[str], named: set[str]) -> None:
        answers = {"NZ": a_word("joined"), **{party: a_word("left") for party in gone}}
        self.period = a_planned(*sorted(named), answers=answers)

    @invariant()
    def rights_officers_of_others_hear_of_it_and_nobody_else(self) -> None:
        for event in self.said:
            assert event.audience
            assert event.tlp is TLP.RED
            for entry in event.audience:
                party, _, role = entry.partition("#")
                assert role == "rights_officer"
                assert party != "NZ"

    @invariant()
    def each_step_is_told_once_and_it_is_closed_after_it_was_taken_up_only(self) -> None:
        kinds = [event.type for event in self.said]
        assert len(kinds) == len(set(kinds))
        assert self.incident.version == len(kinds)
        closed = any(isinstance(event, IncidentClosed) for event in self.said)
        assert not closed or "planner.incident.taken_up.v1" in kinds
        assert self.now >= LATE or "planner.incident.escalated.v1" not in kinds

    @invariant()
    def the_events_tell_all_of_it(self) -> None:
        first, last = self.said[0], self.said[-1]
        assert isinstance(first, IncidentReported)
        told = [event for event in self.said if isinstance(event, IncidentTold)][-1]
        sent_to = tuple(entry.partition("#")[0] for entry in told.audience)
        known = first.model_dump(exclude={"incident_id", "version"})
        replayed = Incident(
            id=first.incident_id, party=first.party, version=last.version, state=BECAME[last.type], sent_to=sent_to, **known
        )
        assert replayed == self.incident


IncidentMachine.TestCase.settings = settings(max_examples=80, stateful_step_count=12, deadline=None)
test_whatever_is_asked_of_an_incident = IncidentMachine.TestCase
