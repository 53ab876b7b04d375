"""Joint operations as they are asked for: hidden, then the role, then the version; and what follows for its period."""

from typing import Any

import pytest

from services.planner.domain.consents import ConsentMissing, OwnProposal
from services.planner.domain.operation import Operation
from services.planner.usecases import joint, operations, participation, updates
from shared.actor import Actor
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from shared.events.planner import HeldCounted, JointWithdrawn, OperationCancelled, UpdatePosted
from shared.vocabulary import Answer, DetailAudience, JointAnswer, OperationKind, OperationState, PeriodState, Role
from tests.builders import (
    NOON,
    a_coordinator,
    a_period,
    a_plan,
    a_word,
    an_actor,
    an_officer,
    an_operation,
    an_update,
)
from tests.planner.in_memory import Memory

S = OperationState
YES = JointAnswer.CONSENTED
NZ, SECOND, LK, TH, VN = (
    a_coordinator("NZ"), a_coordinator("NZ", name="second"), a_coordinator("LK"), a_coordinator("TH"), a_coordinator("VN"),
)  # fmt: skip
JOINED = ("NZ", "LK", "TH", "VN")


def a_memory(state: PeriodState = PeriodState.ACTIVE) -> tuple[Memory, Operation]:
    plan = a_plan(**dict.fromkeys(JOINED, "endorsed"))
    period = a_period(joined=JOINED, invited=JOINED, state=state, plans=(plan,), adopted=1)
    operation = an_operation(state=S.DRAFTED, period_id=period.id)
    return Memory(period, operation), operation


async def put_to(memory: Memory, operation: Operation, *partners: str, by: Actor = NZ, **changes: Any) -> Operation:
    version = memory.operations[operation.id].version
    return await joint.propose(memory.tx, by, operation.id, version, partners, changes, {})


async def that_runs(*partners: str, hold: bool = False) -> tuple[Memory, Operation]:
    memory, operation = a_memory()
    await put_to(memory, operation, *partners)
    for by in (SECOND, *(a_coordinator(party) for party in partners)):
        await joint.answer(memory.tx, by, operation.id, 1, YES, "")
    version = memory.operations[operation.id].version
    scheduled = await operations.schedule(memory.tx, NZ, operation.id, version, None, hold)
    await operations.start(memory.tx, NZ, operation.id, scheduled.version, NOON)
    memory.said.clear()
    return memory, operation


async def test_a_proposal_is_its_owners_coordinators_at_the_version_that_they_looked_at():
    memory, operation = a_memory()
    for by, refusal in ((an_officer("NZ"), Forbidden), (LK, NotFound), (a_coordinator("AU"), NotFound)):
        with pytest.raises(refusal):
            await put_to(memory, operation, "LK", by=by)
    with pytest.raises(Stale):
        await joint.propose(memory.tx, NZ, operation.id, operation.version - 1, ("LK",), {}, {})
    assert memory.said == []
    await put_to(memory, operation, "LK")
    with pytest.raises(Stale):
        await joint.propose(memory.tx, NZ, operation.id, operation.version, ("LK",), {}, {})
    with pytest.raises(Forbidden):
        await put_to(memory, operation, "LK", by=LK)


async def test_a_version_changes_what_it_names_and_leaves_the_rest():
    memory, operation = a_memory()
    changed = await joint.propose(memory.tx, NZ, operation.id, operation.version, ("LK",), {}, {"narrative": "At dawn."})
    assert changed.brief == operation.brief.model_copy(update={"narrative": "At dawn."})
    assert changed.window == operation.window


async def test_a_word_is_a_coordinators_of_one_of_its_states_and_not_the_proposers():
    memory, operation = a_memory()
    await put_to(memory, operation, "LK")
    refusals = (
        (NZ, OwnProposal), (an_officer("LK"), Forbidden), (an_actor("LK", Role.CO_CHAIR), Forbidden), (VN, NotFound),
        (a_coordinator("AU"), NotFound), (an_actor("LK", Role.OPERATOR), NotFound),
    )  # fmt: skip
    for by, refusal in refusals:
        with pytest.raises(refusal):
            await joint.answer(memory.tx, by, operation.id, 1, YES, "")
        if refusal is not OwnProposal:  # taking back needs no second officer
            with pytest.raises(refusal):
                await joint.withdraw(memory.tx, by, operation.id, "")
    await joint.answer(memory.tx, LK, operation.id, 1, YES, "")
    with pytest.raises(Conflict):
        await joint.answer(memory.tx, SECOND, operation.id, 2, YES, "")


async def test_a_withdrawal_from_what_is_held_is_counted_and_stays_at_home():
    memory, operation = await that_runs("LK", hold=True)
    await joint.withdraw(memory.tx, LK, operation.id, "Floods.")
    withdrawn, cancelled, counted = memory.said
    assert isinstance(withdrawn, JointWithdrawn)
    assert isinstance(cancelled, OperationCancelled)
    assert isinstance(counted, HeldCounted)
    assert withdrawn.audience == cancelled.audience == ("LK", "NZ")
    assert counted.held == 0


async def test_a_partner_that_leaves_the_period_stops_what_is_joint_and_nothing_else():
    memory, operation = await that_runs("LK", "TH")
    alone = an_operation("NZ", S.UNDER_WAY, period_id=memory.period.id)
    draft = an_operation("TH", S.DRAFTED, period_id=memory.period.id)
    memory.operations |= {alone.id: alone, draft.id: draft}
    await joint.propose(memory.tx, TH, draft.id, draft.version, ("LK", "NZ"), {}, {})
    memory.said.clear()
    await participation.leave(memory.tx, LK, memory.period.id, "Elections.")
    assert {key: one.state for key, one in memory.operations.items()} == {
        operation.id: S.CANCELLED, alone.id: S.UNDER_WAY, draft.id: S.DRAFTED,
    }  # fmt: skip
    _, *said = memory.said
    assert [(event.party, event.audience) for event in said if isinstance(event, JointWithdrawn)] == [
        ("LK", ("NZ", "TH"))
    ] * 2
    (cancelled,) = [event for event in said if isinstance(event, OperationCancelled)]
    assert (cancelled.withdrawn_by, cancelled.audience) == ("LK", ("NZ", "TH", "VN"))
    with pytest.raises(Conflict):
        await joint.answer(memory.tx, NZ, draft.id, 1, YES, "")


async def test_a_word_taken_back_while_planning_stops_the_version():
    memory, operation = a_memory(PeriodState.PLANNING)
    await put_to(memory, operation, "LK")
    await participation.answer(memory.tx, LK, memory.period.id, Answer.OBSERVING, "", None)
    proposal = memory.operations[operation.id].proposal
    assert proposal
    assert proposal.refused_by == ["LK"]


async def test_a_partner_posts_for_itself_corrects_its_own_and_validates_its_own():
    memory, operation = await that_runs("LK")
    by, chief = an_officer("LK"), a_coordinator("LK")
    first = await updates.post(memory.tx, by, an_update(operation, party="LK", posted_by=by.id))
    own = await updates.post(memory.tx, an_officer("NZ"), an_update(operation))
    assert [(event.party, event.audience) for event in memory.said if isinstance(event, UpdatePosted)] == [
        ("LK", ("LK", "NZ", "TH", "VN")), ("NZ", ("LK", "NZ", "TH", "VN")),
    ]  # fmt: skip
    foreign = an_update(operation, party="LK", posted_by=by.id, supersedes=own.id)
    with pytest.raises(Invalid):
        await updates.post(memory.tx, by, foreign)
    await updates.post(memory.tx, by, an_update(operation, party="LK", posted_by=by.id, supersedes=first.id))
    with pytest.raises(Forbidden):
        await updates.validate(memory.tx, NZ, memory.updates[-1].id, 1)
    with pytest.raises(Forbidden):
        await updates.validate(memory.tx, chief, own.id, 1)
    with pytest.raises(NotFound):
        await updates.validate(memory.tx, a_coordinator("AU"), own.id, 1)
    with pytest.raises(Stale):
        await updates.validate(memory.tx, chief, memory.updates[-1].id, 7)
    await updates.validate(memory.tx, chief, memory.updates[-1].id, 1)
    for stranger in (an_officer("TH"), an_officer("VN")):
        with pytest.raises(Forbidden):
            await updates.post(memory.tx, stranger, an_update(operation, party=stranger.party))


async def with_named(*named: str) -> tuple[Memory, Operation]:
    """A draft of NZ whose detail is for these parties besides."""
    memory, operation = a_memory()
    answers = {**memory.period.answers, "INTERPOL": a_word("observing")}
    memory.period = memory.period.model_copy(update={"answers": answers})
    chosen = {"detail_audience": DetailAudience.INVOLVED, "named": named}
    memory.operations[operation.id] = operation.model_copy(update=chosen)
    return memory, operation


async def test_a_draft_whose_detail_is_for_named_parties_becomes_joint():
    memory, operation = await with_named("INTERPOL")
    proposed = await put_to(memory, operation, "LK")
    assert (proposed.named, proposed.partners) == (("INTERPOL",), ("LK",))
    with pytest.raises(Invalid):
        await put_to(memory, operation, "LK", named=("AU",))
    again = await put_to(memory, operation, "LK", named=("INTERPOL", "TH"))
    assert again.named == ("INTERPOL", "TH")


@pytest.mark.parametrize("scheduled", [True, False])
async def test_a_named_party_that_leaves_is_named_no_longer_and_stops_nothing(scheduled: bool):
    memory, operation = await with_named("INTERPOL", "TH")
    await put_to(memory, operation, "LK")
    await joint.answer(memory.tx, SECOND, operation.id, 1, YES, "")

    async def go_on() -> None:
        await joint.answer(memory.tx, LK, operation.id, 1, YES, "")
        version = memory.operations[operation.id].version
        await operations.schedule(memory.tx, NZ, operation.id, version, None, False)

    if scheduled:
        await go_on()
    await participation.leave(memory.tx, a_coordinator("INTERPOL"), memory.period.id, "")
    assert memory.operations[operation.id].named == ("TH",)
    if not scheduled:
        await go_on()
    version = memory.operations[operation.id].version
    started = await operations.start(memory.tx, NZ, operation.id, version, NOON)
    assert started.state is S.UNDER_WAY


async def test_what_was_changed_past_its_states_is_not_made_good_by_a_party_that_leaves():
    memory, operation = await with_named("INTERPOL", "TH")
    await put_to(memory, operation, "LK")
    changed = memory.operations[operation.id].changed(kind=OperationKind.TRAINING)
    memory.operations[operation.id] = changed
    await participation.leave(memory.tx, a_coordinator("INTERPOL"), memory.period.id, "")
    with pytest.raises(ConsentMissing, match="changed after version 1"):
        await joint.answer(memory.tx, LK, operation.id, 1, YES, "")
