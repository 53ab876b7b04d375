"""An investigation plan: agreed by each of its states in this version, seen by them alone, late milestones told once."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.planner.domain.consents import OwnProposal
from services.planner.domain.frame import PeriodNotOpen
from services.planner.domain.investigation import NEXT, Investigation, InvestigationNotThisState
from services.planner.usecases import investigations, participation
from shared.actor import Actor
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from shared.events.planner import (
    InvestigationAgreed,
    InvestigationEvent,
    InvestigationsCounted,
    InvestigationWithdrawn,
    Milestone,
    MilestoneReached,
    MilestonesOverdue,
)
from shared.vocabulary import InvestigationState, JointAnswer, PeriodState, Role
from tests.builders import NOON, a_coordinator, a_frame, a_period, a_plan, an_actor, an_officer
from tests.planner.in_memory import Memory

S = InvestigationState
YES, NO = JointAnswer.CONSENTED, JointAnswer.REFUSED
JOINED = ("NZ", "LK", "TH", "VN")
FRAME = a_frame(joined=JOINED)
NZ, SECOND, LK, TH = a_coordinator("NZ"), a_coordinator("NZ", name="second"), a_coordinator("LK"), a_coordinator("TH")
SOON = date(2015, 10, 10)


def a_milestone(number: int = 1, owner: str = "LK", due: date = SOON, title: str = "Records exchanged") -> Milestone:
    return Milestone(id=UUID(int=number), title=title, owner=owner, due=due)


def an_investigation(**changes: Any) -> Investigation:
    plan = Investigation(
        id=UUID(int=7), period_id=UUID(int=9), owner="NZ", title="Recruiters", members=("TH", "LK"),
        milestones=(a_milestone(), a_milestone(2, "NZ", SOON + timedelta(days=5))),
    )  # fmt: skip
    return plan.model_copy(update=changes)


def proposed(**changes: Any) -> Investigation:
    return Investigation.propose(an_investigation(**changes), FRAME, NZ)[0]


def agreed(**changes: Any) -> Investigation:
    plan = proposed(**changes)
    for by in (SECOND, LK, TH):
        plan, *_ = plan.answer(1, YES, "", FRAME, by, NOON)
    assert plan.state is S.AGREED
    return plan


def test_a_plan_is_for_its_states_and_for_nobody_else():
    plan, said = Investigation.propose(an_investigation(), FRAME, NZ)
    assert (said.members, said.audience) == (("LK", "TH"), ("LK", "NZ", "TH"))
    for stranger in (a_coordinator("VN"), a_coordinator("AU"), an_actor("NZ", Role.CO_CHAIR, name="chair")):
        if stranger.party != "NZ":
            with pytest.raises(NotFound):
                plan.require_state(FRAME, stranger)
    for nobody in (an_actor("LK", Role.PARTY_ADMIN), an_actor("NZ", Role.OPERATOR)):
        with pytest.raises(NotFound):
            plan.require_state(FRAME, nobody)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": " "}, {"title"}),
        ({"members": ()}, {"members", "milestones.0.owner"}),
        ({"members": ("NZ", "LK", "TH")}, {"members"}),
        ({"members": ("LK", "AU")}, {"members"}),
        ({"milestones": (a_milestone(), a_milestone())}, {"milestones"}),
        ({"milestones": (a_milestone(owner="VN"),)}, {"milestones.0.owner"}),
        ({"milestones": (a_milestone(due=date(2016, 1, 1)),)}, {"milestones.0.due"}),
        ({"milestones": (a_milestone(title=""),)}, {"milestones.0.title"}),
    ],
)
def test_every_field_that_breaks_a_rule_is_named(changes: dict[str, Any], fields: set[str]):
    with pytest.raises(Invalid) as refused:
        proposed(**changes)
    assert {error.field for error in refused.value.errors} == fields


@pytest.mark.parametrize("state", sorted(set(PeriodState) - {PeriodState.PLANNING, PeriodState.ADOPTED, PeriodState.ACTIVE}))
def test_a_plan_is_proposed_while_its_period_is_open(state: PeriodState):
    with pytest.raises(PeriodNotOpen):
        Investigation.propose(an_investigation(), a_frame(state, joined=JOINED), NZ)


def test_it_is_agreed_with_the_last_consent_and_not_before():
    plan, said = proposed(), []
    for by in (LK, SECOND, TH):
        assert plan.state is S.PROPOSED
        plan, *said = plan.answer(1, YES, "", FRAME, by, NOON)
    assert plan.state is S.AGREED
    assert [type(event) for event in said][1:] == [InvestigationAgreed]
    with pytest.raises(InvestigationNotThisState):
        plan.answer(1, NO, "Late.", FRAME, LK, NOON)


def test_who_proposed_it_does_not_consent_and_a_refusal_stops_the_version():
    with pytest.raises(OwnProposal):
        proposed().answer(1, YES, "", FRAME, NZ, NOON)
    refused, _ = proposed().answer(1, NO, "Not now.", FRAME, LK, NOON)
    with pytest.raises(Conflict, match="LK refused"):
        refused.answer(1, YES, "", FRAME, TH, NOON)


def test_another_version_needs_every_consent_anew_and_keeps_what_was_done():
    plan, _ = agreed().reach(UUID(int=1), FRAME, an_officer("LK"), NOON)
    changed, said = plan.revise("Recruiters", "Wider.", ("LK", "TH"), (a_milestone(title="Other"),), FRAME, NZ)
    assert (changed.state, said.number) == (S.PROPOSED, 2)
    assert [one.done_at for one in changed.milestones] == [NOON]
    with pytest.raises(Conflict):
        changed.answer(1, YES, "", FRAME, LK, NOON)
    with pytest.raises(InvestigationNotThisState):
        changed.reach(UUID(int=1), FRAME, an_officer("LK"), NOON)
    with pytest.raises(Forbidden):
        plan.revise("x", "", ("NZ",), (), FRAME, LK)


def test_any_state_stops_it_at_once_for_good():
    for by in (NZ, LK, TH):
        stopped, said = agreed().withdraw("Floods.", FRAME, by, NOON)
        assert (stopped.state, said.stopped, said.party) == (S.STOPPED, True, by.party)
        assert stopped.due_at is None
        for command in (
            lambda one=stopped: one.withdraw("", FRAME, LK, NOON),
            lambda one=stopped: one.reach(UUID(int=1), FRAME, LK, NOON),
            lambda one=stopped: one.revise("x", "", ("LK",), (), FRAME, NZ),
        ):
            with pytest.raises(InvestigationNotThisState):
                command()
    waiting, said = proposed().withdraw("", FRAME, NZ, NOON)
    assert (waiting.state, said.stopped) == (S.PROPOSED, False)


def test_a_milestone_is_reached_once_by_the_state_whose_it_is():
    plan, said = agreed().reach(UUID(int=1), FRAME, an_officer("LK"), NOON)
    assert isinstance(said, MilestoneReached)
    with pytest.raises(InvestigationNotThisState):
        plan.reach(UUID(int=1), FRAME, an_officer("LK"), NOON)
    with pytest.raises(Forbidden):
        agreed().reach(UUID(int=1), FRAME, an_officer("TH"), NOON)
    with pytest.raises(NotFound):
        agreed().reach(UUID(int=99), FRAME, an_officer("LK"), NOON)


def test_an_overdue_milestone_is_told_once_at_the_end_of_its_day_where_its_owner_is():
    plan = agreed()
    midnight = datetime(2015, 10, 11, tzinfo=ZoneInfo("Asia/Colombo"))
    assert plan.due_at == midnight
    assert plan.tell_overdue(FRAME, midnight - timedelta(seconds=1)) is None
    told = plan.tell_overdue(FRAME, midnight)
    assert told
    after, said = told
    assert (said.milestones, said.audience, said.party) == ((UUID(int=1),), ("LK", "NZ", "TH"), "")
    assert after.tell_overdue(FRAME, midnight) is None
    for state in (PeriodState.ARCHIVED, PeriodState.CANCELLED):
        assert plan.tell_overdue(a_frame(state, joined=JOINED), midnight) is None, "nothing of it is awaited any more"
    assert after.due_at == datetime(2015, 10, 16, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert proposed().due_at is None
    moved = after.revise("x", "", ("LK", "TH"), (a_milestone(due=SOON + timedelta(days=1)),), FRAME, NZ)[0]
    assert moved.told == (), "a day that is moved may pass, and be told, once more"
    kept = after.revise("x", "", ("LK", "TH"), (a_milestone(),), FRAME, NZ)[0]
    assert kept.told == (UUID(int=1),)


def test_states_follow_the_table():
    assert NEXT[S.STOPPED] == set()
    assert S.STOPPED not in NEXT[S.PROPOSED]


def a_memory(*joined: str) -> Memory:
    joined = joined or JOINED
    plan = a_plan(**dict.fromkeys(joined, "endorsed"))
    return Memory(a_period(joined=joined, invited=JOINED, state=PeriodState.ACTIVE, plans=(plan,), adopted=1))


async def put_to_states(memory: Memory, by: Actor = NZ) -> Investigation:
    return await investigations.propose(memory.tx, by, an_investigation(period_id=memory.period.id, owner=by.party))


async def that_is_agreed(memory: Memory) -> Investigation:
    plan = await put_to_states(memory)
    for by in (SECOND, LK, TH):
        await investigations.answer(memory.tx, by, plan.id, 1, YES, "")
    return memory.investigations[plan.id]


async def test_the_co_chairs_are_told_a_number_and_nothing_else():
    memory = a_memory()
    plan = await that_is_agreed(memory)
    await investigations.withdraw(memory.tx, LK, plan.id, "")
    counted = [event for event in memory.said if isinstance(event, InvestigationsCounted)]
    assert [(one.investigations, one.audience) for one in counted] == [(1, ("NZ#co_chair",)), (0, ("NZ#co_chair",))]
    others = [event for event in memory.said if isinstance(event, InvestigationEvent)]
    assert {event.audience for event in others} == {("LK", "NZ", "TH")}


async def test_it_is_hidden_first_then_for_whose_role_it_is_then_at_the_version_that_is_meant():
    memory = a_memory()
    plan = await put_to_states(memory)
    said = list(memory.said)
    commands: list[Any] = [
        lambda by: investigations.answer(memory.tx, by, plan.id, 1, YES, ""),
        lambda by: investigations.withdraw(memory.tx, by, plan.id, ""),
        lambda by: investigations.reach(memory.tx, by, plan.id, UUID(int=1)),
        lambda by: investigations.revise(memory.tx, by, plan.id, plan.version, "x", "", ("LK",), ()),
    ]
    for command in commands:
        for stranger in (a_coordinator("VN"), a_coordinator("AU"), an_actor("NZ", Role.OPERATOR)):
            with pytest.raises(NotFound):
                await command(stranger)
        with pytest.raises(Forbidden):
            await command(an_actor("LK", Role.OBSERVER))
    with pytest.raises(Stale):
        await investigations.revise(memory.tx, NZ, plan.id, 7, "x", "", ("LK",), ())
    for by, refusal in ((an_officer("NZ"), Forbidden), (a_coordinator("AU"), NotFound)):
        with pytest.raises(refusal):
            await put_to_states(memory, by)
    assert memory.said == said


async def test_leaving_the_period_is_a_withdrawal():
    memory = a_memory()
    plan = await that_is_agreed(memory)
    memory.said.clear()
    await participation.leave(memory.tx, LK, memory.period.id, "Elections.")
    assert memory.investigations[plan.id].state is S.STOPPED
    _, withdrawn, counted = memory.said
    assert isinstance(withdrawn, InvestigationWithdrawn)
    assert (withdrawn.party, withdrawn.audience) == ("LK", ("NZ", "TH"))
    assert isinstance(counted, InvestigationsCounted)


async def test_the_clock_tells_it_once_whoever_looks_and_however_often():
    memory = a_memory()
    plan = await that_is_agreed(memory)
    memory.said.clear()
    memory.now = datetime(2015, 10, 12, tzinfo=NOON.tzinfo)
    for _ in range(3):
        await investigations.tell_overdue(memory.tx, plan.id)
    assert [type(event) for event in memory.said] == [MilestonesOverdue]
