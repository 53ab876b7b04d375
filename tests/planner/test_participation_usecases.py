"""What joining late and leaving do to operations: who gets their history, and what becomes of what was begun."""

import pytest

from services.planner.domain.operation import Operation
from services.planner.usecases import participation
from shared.errors import Forbidden, NotFound
from shared.events.planner import (
    DetailAudienceChosen,
    DetailReaderLeft,
    HeldCounted,
    InvitationAnswered,
    OperationBriefed,
    OperationCancelled,
    ParticipantLeft,
    ReaderLeft,
    UpdateDetailed,
)
from shared.vocabulary import Answer, DetailAudience, OperationState, PeriodState, Role
from tests.builders import a_coordinator, a_period, a_plan, a_word, an_actor, an_officer, an_operation, an_update
from tests.planner.in_memory import Memory
from tests.planner.test_distress import a_distress

S = OperationState
RELEASED, BRIEFED = "planner.headline.released.v1", "planner.operation.briefed.v1"
UPDATED, DETAILED = "planner.update.released.v1", "planner.update.detailed.v1"


def a_memory(*operations: Operation, joined: tuple[str, ...] = ("NZ", "LK")) -> Memory:
    plan = a_plan(**dict.fromkeys(joined, "endorsed"))
    return Memory(a_period(joined=joined, state=PeriodState.ACTIVE, plans=(plan,), adopted=1), *operations)


async def join(memory: Memory, party: str = "TH") -> None:
    actor = a_coordinator(party)
    await participation.answer(memory.tx, actor, memory.period.id, Answer.JOINED, "", 1)


async def test_who_joins_late_gets_headlines_and_updates_as_they_stand_and_nothing_that_is_kept_at_home():
    open_one, shared = an_operation("NZ"), an_operation("LK", detail_audience=DetailAudience.PARTICIPANTS)
    held, drafted, dropped = an_operation("NZ", held=True), an_operation("LK", S.DRAFTED), an_operation("NZ", S.CANCELLED)
    ended_draft, own = an_operation("NZ", S.CANCELLED, unheard=True), an_operation("TH", S.DRAFTED)
    memory = a_memory(open_one, shared, held, drafted, dropped, ended_draft, own)
    memory.updates = [an_update(one) for one in (open_one, shared, held, dropped)]
    await join(memory)
    assert memory.period.participants == ("LK", "NZ", "TH")
    assert memory.told(open_one.id) == [RELEASED, UPDATED]
    assert memory.told(shared.id) == [RELEASED, BRIEFED, UPDATED, DETAILED]
    assert memory.told(dropped.id) == [RELEASED, UPDATED]
    for one in (held, drafted, ended_draft, own):
        assert memory.told(one.id) == []
    history = [event for event in memory.said if event.key != str(memory.period.id)]
    assert {event.audience for event in history} == {("TH",)}
    assert [one.version for one in memory.operations.values()] == [3] * 7, "what is opened does not change"


async def test_who_answers_before_a_plan_is_in_force_gets_no_operations_and_neither_does_who_watches():
    memory = a_memory(an_operation("NZ"))
    await participation.answer(memory.tx, a_coordinator("TH"), memory.period.id, Answer.OBSERVING, "", None)
    assert [type(event) for event in memory.said] == [InvitationAnswered]
    memory.period = a_period(state=PeriodState.PLANNING)
    await participation.answer(memory.tx, a_coordinator("TH"), memory.period.id, Answer.JOINED, "", None)
    assert [type(event) for event in memory.said] == [InvitationAnswered] * 2


async def test_what_a_party_that_leaves_had_not_completed_is_cancelled_and_the_rest_is_history():
    begun = [an_operation("LK", state) for state in (S.DRAFTED, S.SCHEDULED, S.UNDER_WAY)]
    done, cancelled, foreign = an_operation("LK", S.COMPLETED), an_operation("LK", S.CANCELLED), an_operation("NZ")
    memory = a_memory(*begun, done, cancelled, foreign, joined=("NZ", "LK", "TH"))
    await participation.leave(memory.tx, a_coordinator("LK"), memory.period.id, "Elections.")
    left, *said, last = memory.said
    assert isinstance(left, ParticipantLeft)
    assert [event.key for event in said] == [str(one.id) for one in begun]
    assert {type(event) for event in said} == {OperationCancelled}
    assert isinstance(last, ReaderLeft)
    assert [event.audience for event in said] == [("LK",), ("LK", "NZ", "TH"), ("LK", "NZ", "TH")]
    assert [one.state for one in memory.operations.values()] == [S.CANCELLED] * 3 + [S.COMPLETED, S.CANCELLED, S.UNDER_WAY]


async def test_who_leaves_is_shown_no_more_of_others_operations_and_only_services_are_told():
    open_one, shared = an_operation("NZ"), an_operation("NZ", detail_audience=DetailAudience.PARTICIPANTS)
    named = an_operation("NZ", detail_audience=DetailAudience.INVOLVED, named=("LK",))
    held, drafted = an_operation("NZ", held=True), an_operation("NZ", S.DRAFTED)
    done, jointly = an_operation("LK", S.COMPLETED), an_operation("NZ", S.COMPLETED, partners=("LK",))
    memory = a_memory(open_one, shared, named, held, drafted, done, jointly, joined=("NZ", "LK", "TH"))
    await participation.leave(memory.tx, a_coordinator("LK"), memory.period.id, "Elections.")
    closed = [event for event in memory.said if isinstance(event, ReaderLeft | DetailReaderLeft)]
    assert [(event.operation_id, type(event)) for event in closed] == [
        (open_one.id, ReaderLeft), (shared.id, ReaderLeft), (shared.id, DetailReaderLeft),
        (named.id, ReaderLeft), (named.id, DetailReaderLeft),
    ]  # fmt: skip
    assert {(event.reader, event.audience) for event in closed} == {("LK", ())}
    assert memory.said.index(closed[3]) > max(
        place for place, event in enumerate(memory.said) if isinstance(event, OperationBriefed)
    ), "behind what is said anew to those that stay"


async def test_who_was_named_and_declines_is_shown_no_more_either_and_who_joins_loses_nothing():
    operation = an_operation("NZ", detail_audience=DetailAudience.INVOLVED, named=("TH",))
    memory = a_memory(operation, an_operation("NZ"))
    await join(memory, "TH")
    assert not [event for event in memory.said if isinstance(event, ReaderLeft | DetailReaderLeft)]
    memory = a_memory(operation, an_operation("NZ"))
    await participation.answer(memory.tx, a_coordinator("TH"), memory.period.id, Answer.DECLINED, "", None)
    assert memory.told(operation.id)[-2:] == [ReaderLeft.type, DetailReaderLeft.type]


async def test_a_headline_that_was_held_stays_at_home_when_its_owner_leaves_and_is_counted_no_more():
    memory = a_memory(an_operation("LK", S.SCHEDULED, held=True))
    await participation.leave(memory.tx, a_coordinator("LK"), memory.period.id, "")
    _, cancelled, counted = memory.said
    assert cancelled.audience == ("LK",)
    assert isinstance(counted, HeldCounted)
    assert (counted.held, counted.audience) == (0, ("NZ#co_chair",))


@pytest.mark.parametrize("answer", [Answer.OBSERVING, Answer.DECLINED])
async def test_a_party_that_takes_its_word_back_while_planning_loses_its_drafts(answer: Answer):
    draft = an_operation("LK", S.DRAFTED)
    memory = a_memory(draft)
    memory.period = a_period(state=PeriodState.PLANNING)
    await participation.answer(memory.tx, a_coordinator("LK"), memory.period.id, answer, "", None)
    assert memory.operations[draft.id].unheard


@pytest.mark.parametrize("out", ["leaves", "declines"])
async def test_who_is_out_of_the_period_is_named_by_nobody_and_the_detail_is_said_anew_to_those_that_stay(out: str):
    operation = an_operation("NZ", detail_audience=DetailAudience.INVOLVED, named=("INTERPOL", "TH"))
    memory = a_memory(operation, joined=("NZ", "LK"))
    memory.updates.append(an_update(operation))
    if out == "leaves":
        memory.period = a_period(state=PeriodState.ACTIVE, joined=("NZ", "LK", "TH"))
        await participation.leave(memory.tx, a_coordinator("TH"), memory.period.id, "")
    else:
        await participation.answer(memory.tx, a_coordinator("TH"), memory.period.id, Answer.DECLINED, "", None)
    _, *said = memory.said
    assert [(type(event), event.audience) for event in said] == [
        (DetailAudienceChosen, ("NZ",)),
        (OperationBriefed, ("INTERPOL", "NZ")),
        (UpdateDetailed, ("INTERPOL", "NZ")),
        (ReaderLeft, ()),
        (DetailReaderLeft, ()),
    ]
    assert memory.operations[operation.id].named == ("INTERPOL",)


async def test_only_a_coordinator_speaks_for_its_party_and_who_was_not_asked_finds_no_period():
    memory = a_memory()
    for command in (
        lambda by: participation.leave(memory.tx, by, memory.period.id, ""),
        lambda by: participation.answer(memory.tx, by, memory.period.id, Answer.DECLINED, "", None),
    ):
        with pytest.raises(Forbidden):
            await command(an_officer("LK"))
        with pytest.raises(NotFound):
            await command(a_coordinator("AU"))
    assert memory.said == []


async def test_who_comes_back_to_a_period_learns_of_a_distress_that_is_not_over():
    memory = a_memory()
    words = {**memory.period.answers, "NZ": a_word("declined")}
    memory.period = memory.period.model_copy(update={"answers": words})
    distress = a_distress(memory.period, version=1)
    memory.distresses[distress.id] = distress
    # of those that are out of it only the co-chair still finds the way back
    both = an_actor("NZ", Role.COORDINATOR, Role.CO_CHAIR)
    await participation.answer(memory.tx, both, memory.period.id, Answer.OBSERVING, "", None)
    (said,) = [event for event in memory.said if event.key == str(distress.id)]
    assert "NZ" in said.audience
    await participation.answer(memory.tx, both, memory.period.id, Answer.OBSERVING, "Again.", None)
    assert memory.told(distress.id) == [said.type], "who had it is not told again"


@pytest.mark.parametrize("how", ["answers", "is asked again"])
async def test_a_co_chair_that_was_out_of_it_and_presides_again_reads_the_headlines_from_meanwhile_by_its_role(how: str):
    operation = an_operation("LK", detail_audience=DetailAudience.PARTICIPANTS)
    memory = a_memory(operation, joined=("LK", "TH"))
    out = {**memory.period.answers, "NZ": a_word("declined")}
    memory.period = memory.period.model_copy(update={"answers": out, "co_chairs": ("LK", "NZ")})
    memory.updates = [an_update(operation), an_update(operation, protection_concern="witness", origins=("NZ",))]
    if how == "answers":
        both = an_actor("NZ", Role.COORDINATOR, Role.CO_CHAIR)
        await participation.answer(memory.tx, both, memory.period.id, Answer.OBSERVING, "", None)
    else:
        chair, period = an_actor("LK", Role.CO_CHAIR), memory.period
        await participation.invite(memory.tx, chair, period.id, period.version, ("NZ",), (), None)
    opened = [event for event in memory.said if event.key == str(operation.id)]
    assert [(event.type, event.audience) for event in opened] == [
        (RELEASED, ("NZ#co_chair",)), (UPDATED, ("NZ#co_chair",)),
    ], "the headline of what may be known to it, and no detail"  # fmt: skip


async def test_who_is_asked_later_learns_of_a_distress_that_is_not_over():
    memory = a_memory()
    distress = a_distress(memory.period, version=1)
    memory.distresses[distress.id] = distress
    chair = an_actor("NZ", Role.CO_CHAIR)
    await participation.invite(memory.tx, chair, memory.period.id, memory.period.version, ("FJ",), (), None)
    (said,) = [event for event in memory.said if event.key == str(distress.id)]
    assert "FJ" in said.audience
