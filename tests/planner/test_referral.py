"""Referrals of possible victims: without names, answered by the service alone, overdue once, and counts for all others."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.planner.domain.operation import Operation
from services.planner.domain.referral import NEXT, Referral, ReferralAnswered, counted
from services.planner.usecases import participation, referrals
from shared.actor import Actor
from shared.errors import Forbidden, Invalid, NotFound, Refusal
from shared.events.base import Event
from shared.events.planner import ReferralEvent, ReferralMade, ReferralsCounted
from shared.vocabulary import Answer, Exploitation, PeriodState, ReferralState, Role, VictimIndicator
from tests.builders import NOON, a_coordinator, a_frame, a_period, a_plan, an_actor, an_officer, an_operation
from tests.planner.in_memory import Memory
from tests.planner.memory import Kept, MemoryWorld

S = ReferralState
OPERATION = an_operation()
FRAME = a_frame(joined=("NZ", "LK", "TH"))
SERVICE = an_actor("IOM", Role.PROTECTION_SERVICE, name="service")
ROLES = ("NZ#coordinator", "NZ#liaison_officer", "IOM#protection_service")


def a_referral(**changes: Any) -> Referral:
    referral = Referral(
        id=UUID(int=6), operation_id=OPERATION.id, period_id=OPERATION.period_id, party="NZ", service="IOM",
        reference="NZ-2015-114", indicators=(VictimIndicator.DEBT_BONDAGE,), exploitation=(Exploitation.FORCED_LABOUR,),
        made_at=NOON, answer_by=NOON + timedelta(days=3),
    )  # fmt: skip
    return referral.model_copy(update=changes)


def made(**changes: Any) -> Referral:
    return Referral.make(a_referral(**changes), OPERATION, FRAME, an_officer("NZ"))[0]


def test_it_is_read_by_officers_who_refer_and_the_service_and_in_no_feed():
    _, said = Referral.make(a_referral(), OPERATION, FRAME, an_officer("NZ"))
    assert said.audience == tuple(sorted(ROLES))
    for stranger in (
        an_officer("LK"), an_officer("IOM"), an_actor("NZ", Role.OBSERVER), an_actor("NZ", Role.CO_CHAIR),
        an_actor("LK", Role.PROTECTION_SERVICE), an_actor("NZ", Role.PROTECTION_SERVICE),
    ):  # fmt: skip
        assert not stranger.reads(said.audience)


@pytest.mark.parametrize("reference", ["Maria Santos", "M. S., born 1999", "", "Maria", "1" * 60, "NZ-2015-114 Maria"])
def test_there_is_no_room_for_a_name(reference: str):
    with pytest.raises(Invalid) as refused:
        made(reference=reference)
    assert [error.field for error in refused.value.errors] == ["reference"]


def test_every_field_that_breaks_a_rule_is_named():
    with pytest.raises(Invalid) as refused:
        made(reference="?", indicators=(), answer_by=NOON)
    assert {error.field for error in refused.value.errors} == {"reference", "indicators", "answer_by"}


def test_only_the_service_answers_and_gives_a_reason_when_it_refuses():
    referral = made()
    assert referral.accept("", SERVICE, NOON)[0].state is S.ACCEPTED
    with pytest.raises(Invalid):
        referral.refuse(" ", SERVICE, NOON)
    for by in (an_officer("NZ"), a_coordinator("NZ")):
        with pytest.raises(Forbidden):
            referral.accept("", by, NOON)
    for by in (an_officer("LK"), an_officer("IOM"), an_actor("LK", Role.PROTECTION_SERVICE)):
        with pytest.raises(NotFound):
            referral.accept("", by, NOON)
    with pytest.raises(Forbidden):
        referral.withdraw("Mine.", SERVICE, NOON)


def test_a_service_of_the_same_state_cannot_withdraw_what_officers_referred():
    own = an_actor("NZ", Role.PROTECTION_SERVICE)
    with pytest.raises(Forbidden):
        made(service="NZ").withdraw("Too many.", own, NOON)
    assert made(service="NZ").accept("", own, NOON)


def test_what_was_not_answered_in_time_is_told_once_and_answered_after_all():
    referral = made()
    assert referral.tell_overdue(NOON + timedelta(days=2)) is None
    told = referral.tell_overdue(NOON + timedelta(days=3))
    assert told
    overdue, said = told
    assert said.audience == tuple(sorted(ROLES))
    assert overdue.due_at is None
    assert overdue.tell_overdue(NOON + timedelta(days=9)) is None
    accepted, _ = overdue.accept("", SERVICE, NOON)
    assert accepted.tell_overdue(NOON + timedelta(days=9)) is None
    with pytest.raises(ReferralAnswered):
        accepted.refuse("No room.", SERVICE, NOON)


def test_all_others_see_how_many_there_are_and_nothing_else():
    said = counted({"made": 1, "accepted": 2}, OPERATION, FRAME)
    assert said
    assert said.audience == ("LK", "NZ", "TH")
    assert said.model_dump(exclude={"operation_id", "period_id", "version"}) == {
        "made": 1, "overdue": 0, "accepted": 2, "refused": 0, "withdrawn": 0,
    }  # fmt: skip
    assert counted({}, OPERATION, FRAME) is None
    held = an_operation(held=True)
    at_home = counted({"made": 1}, held, FRAME)
    assert at_home
    assert at_home.audience == ("NZ",)


async def test_who_joins_late_is_told_how_many_referrals_there_are():
    plan = a_plan(NZ="endorsed", LK="endorsed")
    with_some, without = an_operation("NZ"), an_operation("NZ")
    memory = Memory(a_period(state=PeriodState.ACTIVE, plans=(plan,), adopted=1), with_some, without)
    memory.referrals[with_some.id] = {"made": 2}
    await participation.answer(memory.tx, a_coordinator("TH"), memory.period.id, Answer.JOINED, "", 1)
    (said,) = [event for event in memory.said if isinstance(event, ReferralsCounted)]
    assert (said.operation_id, said.made, "TH" in said.audience) == (with_some.id, 2, True)


class Operations(Kept[Operation]):
    async def with_frame(self, operation_id: Any) -> Any:
        return await self.get(operation_id), FRAME


class Referrals(Kept[Referral]):
    async def operation_of(self, referral_id: Any) -> Any:
        return (await self.get(referral_id)).operation_id

    async def counts(self, _: Any) -> dict[str, int]:
        states = [one.state.value for one in await self.all()]
        return {state: states.count(state) for state in states}


@pytest.fixture
def world() -> Iterator[MemoryWorld]:
    operations, kept = Operations(Operation), Referrals(Referral)
    operations._rows[OPERATION.id] = OPERATION.model_dump_json()
    with mock.patch.object(referrals, "Operations", operations), mock.patch.object(referrals, "Referrals", kept):
        yield MemoryWorld()


def types(said: Any) -> list[str]:
    assert isinstance(said, list), said
    return [event.type for event in said]


def test_a_command_says_it_to_the_two_and_the_count_to_all(world: MemoryWorld):
    said = world.do(referrals.make, an_officer("NZ"), a_referral())
    assert types(said) == ["planner.referral.made.v1", "planner.referrals.counted.v1"]
    assert world.do(referrals.tell_overdue, None, a_referral().id) == []
    world.pass_time(days=4)
    assert types(world.do(referrals.tell_overdue, None, a_referral().id))[0] == "planner.referral.overdue.v1"
    assert world.do(referrals.tell_overdue, None, a_referral().id) == [], "once"
    stale = world.do(referrals.accept, SERVICE, a_referral().id, 1, "")
    assert isinstance(stale, Refusal)
    assert stale.code == "stale"
    said = world.do(referrals.accept, SERVICE, a_referral().id, 2, "Tonight.")
    assert types(said) == ["planner.referral.accepted.v1", "planner.referrals.counted.v1"]


def test_who_may_not_refer_or_read_is_told_so_or_nothing(world: MemoryWorld):
    assert isinstance(world.do(referrals.make, an_actor("NZ", Role.INTEGRATOR), a_referral()), Forbidden)
    assert isinstance(world.do(referrals.make, an_officer("LK"), a_referral(party="LK")), Forbidden)
    assert isinstance(world.do(referrals.make, an_officer("AU"), a_referral(party="AU")), NotFound)
    world.do(referrals.make, an_officer("NZ"), a_referral())
    for step, given in ((referrals.accept, ""), (referrals.refuse, "No."), (referrals.withdraw, "No.")):
        for stranger in (an_officer("LK"), an_officer("IOM"), an_actor("NZ", Role.CO_CHAIR)):
            assert isinstance(world.do(step, stranger, a_referral().id, 1, given), NotFound)
            assert isinstance(world.do(step, stranger, a_referral().id, 9, given), NotFound), "not even its version"


parties = st.sampled_from(("NZ", "NZ", "IOM", "IOM", "LK"))
roles = st.sampled_from((Role.LIAISON_OFFICER, Role.COORDINATOR, Role.PROTECTION_SERVICE, Role.OBSERVER))
anybody = st.builds(an_actor, parties, roles)
BECAME = {f"planner.referral.{state.value}.v1": state for state in S}


class ReferralMachine(RuleBasedStateMachine):
    """Of NZ to IOM."""

    @initialize()
    def begun(self) -> None:
        self.now = NOON
        self.referral, said = Referral.make(a_referral(), OPERATION, FRAME, an_officer("NZ"))
        self.said: list[ReferralEvent] = [said]

    def _do(self, by: Actor | None, command: Callable[[], Any]) -> None:
        before = self.referral
        try:
            done = command()
        except Refusal as why:
            hidden = isinstance(why, NotFound)
        else:
            hidden = None
        if hidden is not None:
            assert by is None or hidden is not by.reads(before.readers)
        elif done:
            after, said = done
            assert after.state in NEXT[before.state]
            self.referral = after
            self.said.append(said)

    @rule(by=anybody)
    def accepts(self, by: Actor) -> None:
        self._do(by, lambda: self.referral.accept("", by, self.now))

    @rule(by=anybody, reason=st.sampled_from(("", "No room.")))
    def refuses(self, by: Actor, reason: str) -> None:
        self._do(by, lambda: self.referral.refuse(reason, by, self.now))

    @rule(by=anybody, reason=st.sampled_from(("", "An error.")))
    def withdraws(self, by: Actor, reason: str) -> None:
        self._do(by, lambda: self.referral.withdraw(reason, by, self.now))

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self._do(None, lambda: self.referral.tell_overdue(self.now))

    @invariant()
    def it_is_told_to_the_two_only_and_overdue_once(self) -> None:
        assert {event.audience for event in self.said} == {tuple(sorted(ROLES))}
        kinds = [event.type for event in self.said]
        assert len(kinds) == len(set(kinds)), "each step once at most"
        late = self.now >= self.referral.answer_by
        assert late or "planner.referral.overdue.v1" not in kinds
        assert not (late and self.referral.state is S.MADE), "the clock has looked"

    @invariant()
    def the_events_tell_all_of_it(self) -> None:
        first, last = self.said[0], self.said[-1]
        assert isinstance(first, ReferralMade)
        told = first.model_dump(exclude={"referral_id", "version", "by"})
        replayed = Referral(
            id=first.referral_id, party=first.party, version=last.version, state=BECAME[last.type], **told
        )
        assert replayed == self.referral

    @invariant()
    def an_answer_is_the_services_own(self) -> None:
        by: dict[str, str] = {event.type: event.party for event in self.said if isinstance(event, Event)}
        assert {by.get("planner.referral.accepted.v1", "IOM"), by.get("planner.referral.refused.v1", "IOM")} == {"IOM"}
        assert by.get("planner.referral.withdrawn.v1", "NZ") == "NZ"


ReferralMachine.TestCase.settings = settings(max_examples=80, stateful_step_count=12, deadline=None)
test_whatever_is_asked_of_a_referral = ReferralMachine.TestCase
