"""Targets of operations, as tokens; and how much of others' operations a party may try to find out."""

from collections.abc import Iterator

import pytest

from services.planner.domain.operation import Operation
from services.planner.domain.targets import Allowance, OperationOver, TooManyTries
from services.planner.usecases import conflicts, deconfliction, operations
from shared.errors import Forbidden, Invalid, NotFound
from shared.events.planner import TargetsCounted, TargetsNamed
from tests.builders import a_chair, a_coordinator, an_officer
from tests.planner.deconflicting import World, a_target, an_operation_at, in_place_of_the_database

NZ, TH = (a_coordinator(party) for party in ("NZ", "TH"))


@pytest.fixture(autouse=True)
def database() -> Iterator[None]:
    with in_place_of_the_database():
        yield


async def schedule(world: World, draft: Operation) -> Operation:
    actor = a_coordinator(draft.owner)
    return await operations.schedule(world.acts(actor).tx, actor, draft.id, draft.version, None, False)


async def scheduled(*drafts: Operation) -> World:
    world = World(*drafts)
    for draft in drafts:
        await schedule(world, draft)
    return world


async def test_tokens_go_to_services_only_and_their_owner_hears_how_many():
    ours = an_operation_at("NZ")
    world = World(ours)
    await conflicts.name_targets(world.tx, NZ, ours.id, (a_target(1), a_target(2), a_target(1)))
    await conflicts.name_targets(world.tx, an_officer("NZ"), ours.id, (a_target(2),))
    named, counted = world.said[-2:]
    assert isinstance(named, TargetsNamed)
    assert isinstance(counted, TargetsCounted)
    assert (named.audience, len(named.targets), named.topic) == ((), 2, "planner.targets")
    assert (counted.audience, counted.counts) == (("NZ",), {"passport": 2})
    assert "0" * 60 not in counted.public_bytes(world.now).decode()


async def test_targets_are_named_by_the_owner_while_its_operation_is_not_over():
    ours = an_operation_at("NZ", "BKK")
    world = await scheduled(ours)
    for by, refusal in ((TH, Forbidden), (a_coordinator("VN"), NotFound), (a_chair(), Forbidden)):
        with pytest.raises(refusal):
            await conflicts.name_targets(world.tx, by, ours.id, (a_target(1),))
    one = world.of("NZ")
    await operations.cancel(world.tx, NZ, one.id, one.version, world.now)
    with pytest.raises(OperationOver):
        await conflicts.name_targets(world.tx, NZ, ours.id, (a_target(1),))


@pytest.fixture
def a_small_allowance() -> Iterator[None]:
    before = deconfliction.allowance
    deconfliction.allow(Allowance(places=2, targets=3, hours=24))
    yield
    deconfliction.allow(before)


@pytest.mark.usefixtures("a_small_allowance")
async def test_probing_is_limited_by_party_and_every_try_is_recorded():
    drafts = [an_operation_at("NZ", "BKK", first=day) for day in range(3)]
    theirs = an_operation_at("TH", "AKL", "BKK")
    world = World(*drafts, theirs)
    for draft in drafts[:2]:
        await schedule(world, draft)
    with pytest.raises(TooManyTries, match="2 places"):
        await schedule(world, drafts[2])
    await schedule(world, theirs)
    await conflicts.name_targets(world.tx, NZ, drafts[0].id, (a_target(1), a_target(2)))
    await conflicts.name_targets(world.tx, NZ, drafts[0].id, (a_target(1), a_target(3)))
    with pytest.raises(TooManyTries):
        await conflicts.name_targets(world.tx, NZ, drafts[0].id, (a_target(4),))
    tries = [(entry[0], entry[2]) for entry in world.audited]
    assert tries == [
        ("deconflict", "1 places, 0 targets compared"), ("deconflict", "1 places, 0 targets compared"),
        ("deconflict", "2 places, 0 targets compared"), ("deconflict", "0 places, 2 targets compared"),
        ("deconflict", "0 places, 1 targets compared"),
    ]  # fmt: skip


@pytest.mark.usefixtures("a_small_allowance")
async def test_what_changes_nothing_that_is_compared_is_no_try():
    world = await scheduled(an_operation_at("NZ", "BKK"), an_operation_at("TH", "BKK"))
    tries, said = list(world.tries), len(world.said)
    await world.moves(world.of("NZ").model_copy(update={"held": True}))
    assert (world.tries, len(world.said)) == (tries, said)


async def test_an_operation_names_no_more_targets_than_can_be_compared():
    ours = an_operation_at("NZ")
    world = World(ours)
    with pytest.raises(Invalid, match="200"):
        await conflicts.name_targets(world.tx, NZ, ours.id, tuple(map(a_target, range(201))))
