"""Nothing that must be said is too large to be said: what has no end comes in parts, and what is written has one."""

import asyncio
from unittest import mock
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.planner.domain import disclosing, work
from services.planner.domain.detail import Brief
from services.planner.domain.disclosing import Choice
from services.planner.domain.period import Period
from services.planner.repository import Periods
from services.planner.schemas import AnswerInvitation, AnswerPlan, Leave
from services.planner.usecases import periods
from shared.errors import Invalid
from shared.events.base import MAX_EVENT_BYTES, Event
from shared.events.planner import PeriodSealed, Reached, Resource, Section
from shared.vocabulary import Answer, DetailAudience, OperationState, PeriodState, PlanAnswer, ResourceKind
from tests.builders import NOON, a_chair, a_coordinator, a_frame, a_period, an_officer, an_operation
from tests.planner.in_memory import Memory

LETTER = "ก"
"""Three bytes, as in most scripts that are not Latin."""
STATES = tuple(f"{first}{second}" for first in "ABCDEF" for second in "ABCDEFGHIJ")
LARGEST = (Section(title="Aim", text="x" * 149_000),)


def size(event: Event) -> int:
    return len(event.public_bytes(NOON)) + sum(map(len, event.audience)) + 1024


def a_large_period() -> Period:
    """Sixty states, each with all that it may say; and six versions of the plan, two of which all have answered."""
    period = a_period(co_chairs=("AA",), invited=STATES, joined=(), supporting=())
    reservation = AnswerInvitation(answer=Answer.JOINED, reservation=LETTER * 1_500).reservation
    for state in STATES:
        period, *_ = period.answer(Answer.JOINED, reservation, a_coordinator(state), NOON)
    reason = AnswerPlan(answer=PlanAnswer.RESERVED, reason=LETTER * 1_500).reason
    for number in range(1, 7):
        period, _ = period.publish_plan(LARGEST, (), a_chair("AA"))
        for state in STATES if number in {1, 6} else ():
            period, *_ = period.answer_plan(number, PlanAnswer.RESERVED, reason, a_coordinator(state), NOON)
    return period


def test_a_period_with_much_that_was_said_can_still_be_joined_and_who_is_asked_gets_all_of_it():
    period = a_large_period()
    asked, *said = period.invite(("VN",), (), None, a_chair("AA"), NOON)
    assert max(map(size, said)) <= MAX_EVENT_BYTES
    assert [event.part for event in said] == list(range(1, len(said) + 1))
    assert [event.version for event in said] == list(range(period.version + 1, asked.version + 1))
    assert [plan for event in said for plan in event.plans] == [plan.standing for plan in asked.plans]
    assert [len(event.words) for event in said if event.words] == [len(STATES)]


def test_a_short_plan_is_told_in_one_event():
    period, _ = a_period().publish_plan((Section(title="Aim", text="x"),), (), a_chair())
    _, *said = period.invite(("VN",), (), None, a_chair(), NOON)
    assert len(said) == 1


def test_a_version_that_is_too_long_is_refused_by_name_when_it_is_published():
    with pytest.raises(Invalid, match="cannot be accepted") as refused:
        a_period().publish_plan((*LARGEST, *LARGEST), (), a_chair())
    assert [(error.field, "150 kB" in error.reason) for error in refused.value.errors] == [("sections", True)]


@pytest.mark.parametrize("body", [
    lambda text: AnswerInvitation(answer=Answer.JOINED, reservation=text),
    lambda text: AnswerPlan(answer=PlanAnswer.DECLINED, reason=text), lambda text: Leave(reason=text),
])  # fmt: skip
def test_what_is_written_beside_a_word_has_an_end(body: object):
    assert callable(body)
    body("x" * 1_500)
    with pytest.raises(ValueError, match="1500"):
        body("x" * 1_501)


def test_a_period_of_very_many_operations_is_sealed_in_parts():
    memory = Memory(a_period(state=PeriodState.ACTIVE))
    topics = {"planner.operations": 99, "planner.details": 99}
    reached = tuple(Reached(operation_id=uuid7(), sequences=topics, epochs=topics) for _ in range(4_500))

    async def all_of(_self: Periods, _period_id: UUID) -> tuple[Reached, ...]:
        return reached

    with mock.patch.object(Periods, "reached", all_of):
        asyncio.run(periods.close(memory.tx, a_chair(), memory.period.id, memory.period.version, NOON))
    seals = [event for event in memory.said if isinstance(event, PeriodSealed)]
    assert max(map(size, seals)) <= MAX_EVENT_BYTES
    assert [seal.part for seal in seals] == [1, 2, 3]
    assert sum((seal.operations for seal in seals), ()) == reached


def test_a_period_without_operations_is_sealed_all_the_same():
    memory = Memory(a_period(state=PeriodState.ACTIVE))

    async def none(_self: Periods, _period_id: UUID) -> tuple[Reached, ...]:
        return ()

    with mock.patch.object(Periods, "reached", none):
        asyncio.run(periods.close(memory.tx, a_chair(), memory.period.id, memory.period.version, NOON))
    assert [seal.operations for seal in memory.said if isinstance(seal, PeriodSealed)] == [()]


def test_what_others_bring_to_an_operation_leaves_room_for_its_owner_who_can_still_recall():
    text = LETTER * 20_000
    brief = Brief(title="x", narrative=text, tactics=text, resources=text, contacts=text)
    states = ("NZ", *STATES)
    frame = a_frame(joined=states, invited=states)
    operation = an_operation(state=OperationState.SCHEDULED, detail_audience=DetailAudience.PARTICIPANTS, brief=brief)
    refused = 0
    for number in range(200):
        by = an_officer(STATES[number % len(STATES)])
        wide = Resource(
            id=uuid7(), party=by.party, kind=ResourceKind.OFFICERS, unit=LETTER * 200, planned=1, note=LETTER * 200
        )
        try:
            operation, _ = work.pledge(operation, wide, frame, by)
        except Invalid:
            refused += 1
    assert refused
    own = Resource(id=uuid7(), party="NZ", kind=ResourceKind.OFFICERS, planned=1)
    operation, _ = work.pledge(operation, own, frame, an_officer("NZ"))
    changed, *said = disclosing.recall(operation, Choice(DetailAudience.OWN), frame, a_coordinator("NZ"), NOON)
    again = disclosing.said_again(changed, [], frame, a_coordinator("NZ"))
    assert max(map(size, (*said, *again))) <= MAX_EVENT_BYTES
