"""A joint operation among others': stopped it is in nobody's way any more, and amended it is where it goes now."""

from collections.abc import Iterator

import pytest

from services.planner.domain.joint_amendment import Changes
from services.planner.domain.operation import Operation
from services.planner.usecases import joint, joint_amending, operations
from shared.events.planner import ConflictFound, ConflictLapsed, OperationAmended
from shared.vocabulary import JointAnswer, OperationState
from tests.builders import a_coordinator
from tests.planner.deconflicting import World, a_place, an_operation_at, in_place_of_the_database

YES = JointAnswer.CONSENTED
NZ, SECOND, LK, TH = (
    a_coordinator("NZ"), a_coordinator("NZ", name="second"), a_coordinator("LK"), a_coordinator("TH"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def database() -> Iterator[None]:
    with in_place_of_the_database():
        yield


async def that_meet(where: str = "BKK") -> World:
    """One of NZ jointly with LK, scheduled, and there or elsewhere one of TH."""
    ours, theirs = an_operation_at("NZ", "BKK"), an_operation_at("TH", where)
    world = World(ours, theirs)
    await joint.propose(world.acts(NZ).tx, NZ, ours.id, ours.version, ("LK",), {}, {})
    for by in (SECOND, LK):
        await joint.answer(world.acts(by).tx, by, ours.id, 1, YES, "")
    await operations.schedule(world.acts(NZ).tx, NZ, ours.id, world.of("NZ").version, None, False)
    await operations.schedule(world.acts(TH).tx, TH, theirs.id, theirs.version, None, False)
    return world


def told(world: World, kind: type[ConflictFound] | type[ConflictLapsed]) -> list[tuple[str, ...]]:
    return [event.audience for event in world.said if isinstance(event, kind)]


@pytest.mark.parametrize("began", [False, True])
async def test_what_a_state_stops_is_in_nobodys_way_any_more(began: bool):
    world = await that_meet()
    assert sorted(told(world, ConflictFound)) == [("NZ",), ("TH",)]
    if began:
        await operations.start(world.acts(NZ).tx, NZ, world.of("NZ").id, world.of("NZ").version, world.now)
    await joint.withdraw(world.acts(LK).tx, LK, world.of("NZ").id, "Floods.")
    assert world.of("NZ").state is OperationState.CANCELLED
    assert sorted(told(world, ConflictLapsed)) == [("NZ",), ("TH",)], "both owners hear that there is no conflict any more"
    assert [one.state for one in world.conflicts.values()] == ["lapsed"]
    assert set(world.live) == {world.of("TH").id}, "no later operation is compared with it"
    said = len(world.said)
    another = an_operation_at("LK", "BKK", period_id=world.period.id)
    world.operations[another.id] = another
    await operations.schedule(world.acts(LK).tx, LK, another.id, another.version, None, False)
    assert {event.audience for event in world.said[said:] if isinstance(event, ConflictFound)} == {("LK",), ("TH",)}


async def moved(world: World, to: str) -> Operation:
    """NZ proposes to go there instead; all but LK have consented."""
    now = world.of("NZ")
    changes = Changes(kind=now.kind, window=now.window, brief=now.brief, places=(a_place(to),))
    await joint_amending.propose(world.acts(NZ).tx, NZ, now.id, now.version, changes)
    return await word(world, SECOND)


async def word(world: World, by: object) -> Operation:
    now = world.of("NZ")
    assert now.amendment
    said = (now.amendment.proposal.number, now.amendment.version, YES, "")
    return await joint_amending.answer(world.acts(by).tx, by, now.id, *said)  # type: ignore[arg-type]


async def test_amended_it_meets_whom_it_meets_there_and_only_once_it_is_in_force():
    world = await that_meet("Laem Chabang")
    assert told(world, ConflictFound) == []
    await moved(world, "Laem Chabang")
    assert told(world, ConflictFound) == []
    assert len(world.tries) == 2, "what is only asked is no look at others' operations"
    await word(world, LK)
    assert sorted(told(world, ConflictFound)) == [("NZ",), ("TH",)]
    assert len(world.tries) == 3


async def test_amended_it_is_out_of_the_way_where_it_was():
    world = await that_meet()
    await moved(world, "AKL")
    assert told(world, ConflictLapsed) == []
    await word(world, LK)
    assert sorted(told(world, ConflictLapsed)) == [("NZ",), ("TH",)]
    assert [event.type for event in world.said][-2] == OperationAmended.type, "one's own is said last"
