"""An amendment of a joint operation as it is asked for: hidden, then the role, then the version; and what follows."""

from typing import Any
from unittest import mock

import pytest

from services.planner.domain.consents import OwnProposal
from services.planner.domain.joint_amendment import Changes
from services.planner.domain.operation import Operation
from services.planner.domain.targets import Allowance, TooManyTries
from services.planner.usecases import joint, joint_amending, operations
from shared.actor import Actor
from shared.errors import Conflict, Forbidden, NotFound, Stale
from shared.events.planner import JointAnswered, OperationAmended
from shared.vocabulary import JointAnswer, OperationKind, OperationState, Role
from tests.builders import NOON, a_coordinator, an_actor, an_officer
from tests.planner.in_memory import Memory
from tests.planner.test_amending import a_place
from tests.planner.test_joint_usecases import LK, NZ, SECOND, TH, VN, a_memory, put_to

YES, NO = JointAnswer.CONSENTED, JointAnswer.REFUSED


async def that_is_scheduled(*partners: str) -> tuple[Memory, Operation]:
    memory, operation = a_memory()
    await put_to(memory, operation, *partners)
    for by in (SECOND, *(a_coordinator(party) for party in partners)):
        await joint.answer(memory.tx, by, operation.id, 1, YES, "")
    now = memory.operations[operation.id]
    await operations.schedule(memory.tx, NZ, operation.id, now.version, None, False)
    memory.said.clear()
    return memory, memory.operations[operation.id]


def to(operation: Operation, **changes: Any) -> Changes:
    return Changes(kind=OperationKind.TRAINING, window=operation.window, brief=operation.brief, **changes)


async def asked(
    memory: Memory, operation: Operation, by: Actor = NZ, back: int = 0, **changes: Any
) -> Operation:
    version = memory.operations[operation.id].version - back
    return await joint_amending.propose(memory.tx, by, operation.id, version, to(operation, **changes))


async def word(memory: Memory, operation: Operation, by: Actor, given: JointAnswer = YES, back: int = 0) -> Operation:
    now = memory.operations[operation.id]
    assert now.amendment
    said = (now.amendment.proposal.number, now.amendment.version - back, given, "Why.")
    return await joint_amending.answer(memory.tx, by, operation.id, *said)


async def test_it_is_proposed_by_its_owners_coordinator_at_the_version_that_was_looked_at():
    memory, operation = await that_is_scheduled("LK")
    refusals = (
        (an_officer("NZ"), Forbidden), (LK, Forbidden), (VN, Forbidden), (a_coordinator("AU"), NotFound),
        (an_actor("NZ", Role.PARTY_ADMIN), NotFound),
    )  # fmt: skip
    for by, refusal in refusals:
        with pytest.raises(refusal):
            await asked(memory, operation, by)
    with pytest.raises(Stale):
        await asked(memory, operation, back=1)
    assert memory.said == []
    assert memory.operations[operation.id] == operation
    await asked(memory, operation)
    with pytest.raises(Stale):
        await asked(memory, operation, back=1)


async def test_of_two_states_that_answer_at_one_time_the_second_looks_again():
    memory, operation = await that_is_scheduled("LK", "TH")
    await asked(memory, operation)
    await word(memory, operation, LK)
    with pytest.raises(Stale):
        await word(memory, operation, TH, back=1)
    await word(memory, operation, TH)
    after = await word(memory, operation, SECOND)
    assert (after.kind, after.amendment) == (OperationKind.TRAINING, None)


async def test_a_word_is_a_coordinators_of_one_of_its_states_and_not_the_proposers():
    memory, operation = await that_is_scheduled("LK")
    with pytest.raises(Conflict):
        await joint_amending.answer(memory.tx, LK, operation.id, 2, 1, YES, "")
    await asked(memory, operation)
    refusals = (
        (NZ, OwnProposal), (an_officer("LK"), Forbidden), (an_actor("LK", Role.CO_CHAIR), Forbidden), (VN, Forbidden),
        (a_coordinator("AU"), NotFound), (an_actor("LK", Role.OPERATOR), NotFound),
    )  # fmt: skip
    for by, refusal in refusals:
        with pytest.raises(refusal):
            await word(memory, operation, by)
        with pytest.raises(refusal):
            await word(memory, operation, by, NO)
    await word(memory, operation, LK)


async def test_what_came_in_force_is_compared_with_others_and_what_is_only_asked_is_not():
    memory, operation = await that_is_scheduled("LK")
    compared: list[Operation] = []

    async def noted(_: Any, one: Operation, __: Any) -> None:
        compared.append(one)

    with mock.patch.object(joint_amending, "deconflict", noted):
        await asked(memory, operation, places=(a_place("Pacific/Auckland"),))
        await word(memory, operation, LK)
        assert compared == []
        after = await word(memory, operation, SECOND)
    assert compared == [after]
    assert after.places == (a_place("Pacific/Auckland"),)
    assert [type(event) for event in memory.said[-3:-1]] == [JointAnswered, OperationAmended]


async def test_where_the_owner_may_compare_no_more_its_partner_is_not_told_how_much_that_was():
    memory, operation = await that_is_scheduled("LK")
    await asked(memory, operation)

    async def no_more(*_: Any) -> None:
        Allowance(places=1).require((41, 1), (0, 0))

    await word(memory, operation, SECOND)
    with mock.patch.object(joint_amending, "deconflict", no_more):
        with pytest.raises(TooManyTries) as refused:
            await word(memory, operation, LK)
        assert "41" not in refused.value.detail
    memory, operation = await that_is_scheduled("LK")
    await asked(memory, operation)
    await word(memory, operation, LK)
    with mock.patch.object(joint_amending, "deconflict", no_more), pytest.raises(TooManyTries, match="41"):
        await word(memory, operation, SECOND)


async def test_it_starts_as_it_is_in_force_and_what_was_asked_lapses():
    memory, operation = await that_is_scheduled("LK")
    await asked(memory, operation)
    await word(memory, operation, SECOND)
    now = memory.operations[operation.id]
    started = await operations.start(memory.tx, NZ, operation.id, now.version, NOON)
    assert (started.state, started.kind) == (OperationState.UNDER_WAY, operation.kind)
    with pytest.raises(Conflict):
        await word(memory, operation, LK)
