"""What protects people on a joint operation: each state that consented reports and refers for itself, and no other does."""

from collections.abc import Callable
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from services.planner.domain.incident import Incident
from services.planner.domain.joint import answer, has_consented, propose, withdraw
from services.planner.domain.operation import Operation
from services.planner.domain.period import Period
from services.planner.domain.referral import Referral
from services.planner.usecases import incidents, referrals
from shared.actor import Actor
from shared.errors import Forbidden, NotFound
from shared.events.planner import ReferralMade, ReferralsCounted
from shared.vocabulary import JointAnswer, OperationState, PeriodState, Role
from tests.builders import NOON, a_coordinator, a_period, a_plan, an_actor, an_officer, an_operation
from tests.planner.in_memory import Memory
from tests.planner.test_incident import INCIDENT
from tests.planner.test_referral import a_referral

YES, NO = JointAnswer.CONSENTED, JointAnswer.REFUSED
JOINED = ("NZ", "LK", "TH", "VN")
SECOND = a_coordinator("NZ", name="second")


def a_planned() -> Period:
    plan = a_plan(**dict.fromkeys(JOINED, "endorsed")).model_copy(update={"rights_officers": ("NZ", "LK", "UNHCR")})
    return a_period(joined=JOINED, invited=JOINED, state=PeriodState.ACTIVE, plans=(plan,), adopted=1)


PERIOD = a_planned()
FRAME = PERIOD.frame


def proposed() -> Operation:
    return propose(an_operation(state=OperationState.DRAFTED), FRAME, ("LK", "TH"), {}, a_coordinator("NZ"))[0]


def with_words(operation: Operation, *states: str, given: JointAnswer = YES) -> Operation:
    for state in states:
        by = SECOND if state == "NZ" else a_coordinator(state)
        operation, _ = answer(operation, FRAME, 1, given, "Why.", by, NOON)
    return operation


def scheduled() -> Operation:
    return with_words(proposed(), "NZ", "LK", "TH").schedule(FRAME, None, False, a_coordinator("NZ"), NOON)[0]


def under_way() -> Operation:
    return scheduled().start(FRAME, NOON, a_coordinator("NZ"))[0]


def taken_back(operation: Operation, state: str) -> Operation:
    return withdraw(operation, FRAME, "", a_coordinator(state), NOON)[0]


def cancelled(operation: Operation) -> Operation:
    return operation.cancel(FRAME, NOON, a_coordinator("NZ"))[0]


COMMANDS: tuple[Callable[[Operation, Actor], Any], ...] = (
    lambda operation, by: Incident.report(INCIDENT, operation, PERIOD, by),
    lambda operation, by: Referral.make(a_referral(party=by.party), operation, FRAME, by),
)
OF_WHOM = [
    (proposed(), set()),
    (with_words(proposed(), "LK"), {"LK"}),
    (with_words(proposed(), "LK", given=NO), set()),
    (taken_back(with_words(proposed(), "LK"), "LK"), set()),
    (cancelled(with_words(proposed(), "LK")), {"LK"}),
    (scheduled(), {"LK", "TH"}),
    (under_way(), {"LK", "TH"}),
    (under_way().complete(FRAME, NOON, a_coordinator("NZ"))[0], {"LK", "TH"}),
    (cancelled(scheduled()), {"LK", "TH"}),
    (taken_back(under_way(), "TH"), {"LK", "TH"}),
]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("operation", "consented"), OF_WHOM)
def test_they_are_its_owners_and_of_each_partner_that_consented(
    operation: Operation, consented: set[str], command: Callable[[Operation, Actor], Any]
):
    assert {party for party in (*JOINED, "AU") if has_consented(operation, party)} == consented
    for party in ("NZ", *consented):
        assert command(operation, an_officer(party))
        with pytest.raises(NotFound):
            command(operation, an_actor(party, Role.PARTY_ADMIN))
    for party in {"LK", "TH"} - consented:
        with pytest.raises(Forbidden):
            command(operation, an_officer(party))
    at_home = operation.state is OperationState.DRAFTED or operation.unheard
    for party, refusal in (("VN", NotFound if at_home else Forbidden), ("AU", NotFound)):
        with pytest.raises(refusal):
            command(operation, an_officer(party))


@pytest.mark.parametrize(
    ("party", "readers"), [("NZ", ("LK", "UNHCR")), ("LK", ("NZ", "UNHCR")), ("TH", ("LK", "NZ", "UNHCR"))]
)
def test_a_serious_one_goes_past_the_reporters_own_chain_whoever_owns_the_operation(party: str, readers: tuple[str, ...]):
    reported = INCIDENT.model_copy(update={"party": party})
    _, said = Incident.report(reported, under_way(), PERIOD, an_officer(party))
    assert said.party == party
    assert said.audience == tuple(f"{one}#rights_officer" for one in readers)
    assert not any(an_actor(party, role).reads(said.audience) for role in Role)


def a_memory(operation: Operation) -> Memory:
    kept = operation.model_copy(update={"period_id": PERIOD.id})
    return Memory(PERIOD, kept)


async def test_by_command_the_state_comes_first_and_then_the_role():
    memory = a_memory(with_words(proposed(), "LK"))
    (key,) = memory.operations
    of_lk = INCIDENT.model_copy(update={"operation_id": key, "party": "LK"})
    assert (await incidents.report(memory.tx, an_officer("LK"), of_lk)).sent_to == ("NZ", "UNHCR")
    observer = an_actor("LK", Role.OBSERVER)
    referral = a_referral(id=uuid7(), operation_id=key, party="LK")
    others = ((an_officer("TH"), Forbidden), (an_officer("VN"), NotFound), (an_officer("AU"), NotFound))
    for by, refusal in ((observer, Forbidden), *others):
        with pytest.raises(refusal):
            await incidents.report(memory.tx, by, of_lk.model_copy(update={"party": by.party}))
        with pytest.raises(refusal):
            await referrals.make(memory.tx, by, referral)


async def test_a_partners_referral_is_its_own_officers_and_all_others_see_a_number():
    memory = a_memory(under_way())
    (key,) = memory.operations
    memory.referrals[key] = {"made": 1}
    made = await referrals.make(memory.tx, an_officer("LK"), a_referral(id=uuid7(), operation_id=key, party="LK"))
    told, counted = memory.said
    assert isinstance(told, ReferralMade)
    assert isinstance(counted, ReferralsCounted)
    assert (made.party, told.party) == ("LK", "LK")
    assert told.audience == ("IOM#protection_service", "LK#coordinator", "LK#liaison_officer")
    assert not an_officer("NZ").reads(told.audience), "not even the owner's"
    assert counted.audience == ("LK", "NZ", "TH", "VN")
