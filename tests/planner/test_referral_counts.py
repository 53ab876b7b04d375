"""How many referrals an operation has is known to whoever reads its headline, from the moment on at which they read it."""

from services.planner.domain.disclosing import Choice
from services.planner.domain.operation import Operation
from services.planner.usecases import disclosure, joint, operations
from shared.events.planner import HeadlineReleased, JointProposed, OperationScheduled, ReferralsCounted
from shared.vocabulary import DetailAudience, OperationState, PeriodState
from tests.builders import a_coordinator, a_period, a_plan, a_word, an_operation
from tests.planner.in_memory import Memory

NZ = a_coordinator("NZ")
JOINED = ("LK", "NZ", "TH")


def referred(state: OperationState = OperationState.DRAFTED) -> tuple[Memory, Operation]:
    """An operation of which two possible victims were referred."""
    plan = a_plan(**dict.fromkeys(JOINED, "endorsed"))
    period = a_period(joined=JOINED, state=PeriodState.ACTIVE, plans=(plan,), adopted=1)
    period = period.model_copy(update={"answers": {**period.answers, "INTERPOL": a_word("observing")}})
    operation = an_operation(state=state, period_id=period.id)
    memory = Memory(period, operation)
    memory.referrals[operation.id] = {"made": 2}
    return memory, operation


def counts(memory: Memory) -> list[tuple[int, tuple[str, ...]]]:
    return [(one.made, one.audience) for one in memory.said if isinstance(one, ReferralsCounted)]


async def test_who_reads_it_once_it_is_scheduled_is_told():
    memory, operation = referred()
    await operations.schedule(memory.tx, NZ, operation.id, operation.version, None, False)
    assert counts(memory) == [(2, JOINED)]
    assert [type(one) for one in memory.said].index(OperationScheduled) < len(memory.said) - 1, "behind the headline"


async def test_while_it_is_held_the_counts_stay_at_home():
    memory, operation = referred()
    await operations.schedule(memory.tx, NZ, operation.id, operation.version, None, True)
    assert counts(memory) == [(2, ("NZ",))]


async def test_the_states_to_which_it_is_put_are_told():
    memory, operation = referred()
    await joint.propose(memory.tx, NZ, operation.id, operation.version, ("LK",), {}, {})
    assert counts(memory) == [(2, ("LK", "NZ"))]
    assert isinstance(memory.said[0], JointProposed)


async def test_a_party_that_is_named_later_is_told_and_where_nobody_new_reads_the_headline_nothing_is_said():
    memory, operation = referred(OperationState.SCHEDULED)
    choice = Choice(DetailAudience.INVOLVED, ("INTERPOL",))
    released = await disclosure.release(memory.tx, NZ, operation.id, operation.version, choice)
    assert counts(memory) == [(2, ("INTERPOL", *JOINED))]
    assert any(isinstance(one, HeadlineReleased) for one in memory.said)
    memory.said.clear()
    everybody = Choice(DetailAudience.PARTICIPANTS, ("INTERPOL",))
    await disclosure.release(memory.tx, NZ, operation.id, released.version, everybody)
    assert counts(memory) == []


async def test_of_an_operation_without_referrals_nothing_is_counted():
    memory, operation = referred()
    memory.referrals.clear()
    await operations.schedule(memory.tx, NZ, operation.id, operation.version, None, False)
    assert counts(memory) == []
