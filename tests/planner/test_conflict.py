"""Conflicts: when two operations are in each other's way, what each owner hears of it, and how they settle it."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from services.planner.domain.conflict import ConflictNotThisState
from services.planner.domain.operation import Operation
from services.planner.usecases import conflicts, operations, participation, periods
from shared.errors import Forbidden, NotFound, Stale
from shared.events.base import Event
from shared.events.planner import (
    ConflictAnswered,
    ConflictFound,
    ConflictLapsed,
    ConflictSettled,
    ContactChanged,
)
from shared.vocabulary import Overlap, Settlement
from tests.builders import a_chair, a_coordinator, an_officer
from tests.planner.deconflicting import World, a_target, an_operation_at, in_place_of_the_database

NZ, LK, TH = (a_coordinator(party) for party in ("NZ", "LK", "TH"))
ADJUSTED, COORDINATED = Settlement.ADJUSTED, Settlement.COORDINATED


@pytest.fixture(autouse=True)
def database() -> Iterator[None]:
    with in_place_of_the_database():
        yield


async def scheduled(*drafts: Operation, hold: bool = False) -> World:
    """Each owner schedules its own, in this order."""
    world = World(*drafts)
    for draft in drafts:
        await schedule(world, draft, hold)
    return world


async def schedule(world: World, draft: Operation, hold: bool = False) -> Operation:
    actor = a_coordinator(draft.owner)
    return await operations.schedule(world.acts(actor).tx, actor, draft.id, draft.version, None, hold)


def found(world: World) -> list[tuple[str, tuple[Overlap, ...]]]:
    return sorted((event.audience[0], event.overlaps) for event in world.said if isinstance(event, ConflictFound))


def side(world: World, party: str) -> tuple[UUID, int]:
    """The last that this party heard of a conflict: its own id of it, and the version."""
    kinds = ConflictFound | ConflictAnswered | ConflictSettled
    last = [event for event in world.heard(party) if isinstance(event, kinds)][-1]
    return last.conflict_id, last.version


async def answer(world: World, party: str, given: Settlement, words: str = "") -> None:
    conflict_id, version = side(world, party)
    await conflicts.answer(world.acts(a_coordinator(party)).tx, a_coordinator(party), conflict_id, version, given, words)


@pytest.mark.parametrize(
    ("ours", "theirs", "meet"),
    [
        (("BKK", 0, 2), ("BKK", 1, 2), True),
        (("BKK", 0, 2), ("Bangkok", 1, 2), True),
        (("BKK", 0, 2), ("Laem Chabang", 1, 2), False),
        (("BKK", 0, 2), ("AKL", 1, 2), False),
        (("BKK", 0, 2), ("BKK", 2, 2), False),
        (("BKK", 0, 3), ("BKK", 1, 1), True),
    ],
)
async def test_operations_meet_near_each_other_at_the_same_time(
    ours: tuple[str, int, int], theirs: tuple[str, int, int], meet: bool
):
    (place, first, days), (another, second, length) = ours, theirs
    world = await scheduled(
        an_operation_at("NZ", place, first=first, days=days), an_operation_at("TH", another, first=second, days=length)
    )
    both = [(party, (Overlap.WINDOW_AND_PLACE,)) for party in ("NZ", "TH")]
    assert found(world) == (both if meet else [])


async def test_two_states_that_hide_from_each_other_meet_all_the_same():
    world = await scheduled(an_operation_at("NZ", "BKK"), an_operation_at("TH", "BKK"), hold=True)
    assert [party for party, _ in found(world)] == ["NZ", "TH"]


async def test_operations_of_one_owner_never_meet():
    world = await scheduled(an_operation_at("NZ", "BKK"), an_operation_at("NZ", "BKK"))
    assert found(world) == []


async def test_a_draft_is_compared_with_nothing_and_nothing_with_it():
    draft, other = an_operation_at("NZ", "BKK"), an_operation_at("TH", "BKK")
    world = World(draft, other)
    await conflicts.name_targets(world.acts(NZ).tx, NZ, draft.id, (a_target(1),))
    await schedule(world, other)
    await conflicts.name_targets(world.acts(TH).tx, TH, other.id, (a_target(1),))
    assert found(world) == []
    assert world.tries == [("TH", 1, 0), ("TH", 0, 1)]


async def test_equal_targets_meet_whatever_their_time_and_place_and_the_draft_s_with_its_schedule():
    ours, theirs = an_operation_at("NZ", "AKL", first=0), an_operation_at("TH", first=9)
    world = World(ours, theirs)
    await conflicts.name_targets(world.acts(NZ).tx, NZ, ours.id, (a_target(1), a_target(2)))
    await schedule(world, ours)
    await schedule(world, theirs)
    assert found(world) == []
    await conflicts.name_targets(world.acts(TH).tx, TH, theirs.id, (a_target(2), a_target(3)))
    assert found(world) == [("NZ", (Overlap.TARGET,)), ("TH", (Overlap.TARGET,))]


async def test_tokens_of_another_version_of_the_key_are_other_tokens():
    ours, theirs = an_operation_at("NZ"), an_operation_at("TH")
    world = await scheduled(ours, theirs)
    await conflicts.name_targets(world.tx, NZ, ours.id, (a_target(1, key=1),))
    await conflicts.name_targets(world.tx, TH, theirs.id, (a_target(1, key=2),))
    assert found(world) == []


async def test_each_owner_hears_of_its_own_operation_and_the_others_contact_and_of_nothing_else():
    ours, theirs = an_operation_at("NZ", "BKK", first=0, days=3), an_operation_at("TH", "Bangkok", first=1, days=3)
    world = World(ours, theirs)
    world.now += timedelta(hours=5)
    await conflicts.give_contact(world.acts(TH).tx, TH, 0, "Desk, +66 2 000")
    await schedule(world, ours)
    await schedule(world, theirs)
    nz, th = [event for event in world.said if isinstance(event, ConflictFound)]
    assert [nz.audience, th.audience] == [("NZ",), ("TH",)]
    assert (nz.operation_id, nz.other_party, nz.contact) == (ours.id, "TH", "Desk, +66 2 000")
    assert (th.operation_id, th.other_party, th.contact) == (theirs.id, "NZ", "")
    assert nz.conflict_id != th.conflict_id
    assert th is world.said[world.said.index(nz) + 1], "one's own event comes last"
    for event, other, hidden in ((nz, theirs, th.conflict_id), (th, ours, nz.conflict_id)):
        names_nothing_of(event, other, hidden)


def names_nothing_of(event: Event, other: Operation, side_id: UUID) -> None:
    text = event.public_bytes(event.at).decode()  # type: ignore[attr-defined]
    for word in (
        str(other.id), str(side_id), other.brief.title, other.places[0].name, str(other.places[0].latitude),
        other.window.starts_at.isoformat()[:13], other.window.ends_at.isoformat()[:13], "officer", "coordinator",
    ):  # fmt: skip
        assert word not in text


async def test_a_conflict_is_settled_when_both_owners_say_the_same():
    world = await scheduled(an_operation_at("NZ", "BKK"), an_operation_at("TH", "BKK"))
    await answer(world, "NZ", ADJUSTED, "We wait a day.")
    await answer(world, "TH", COORDINATED, "Our teams speak.")
    assert [one for one in world.said if isinstance(one, ConflictSettled)] == []
    await answer(world, "NZ", COORDINATED)
    settled = [one for one in world.said if isinstance(one, ConflictSettled)]
    assert [(one.audience, one.settlement) for one in settled] == [(("TH",), COORDINATED), (("NZ",), COORDINATED)]
    with pytest.raises(ConflictNotThisState):
        await answer(world, "TH", ADJUSTED)


async def test_both_read_the_words_and_only_ones_own_people_who_said_them():
    world = await scheduled(an_operation_at("NZ", "BKK"), an_operation_at("TH", "BKK"))
    await answer(world, "NZ", ADJUSTED, "We wait a day.")
    said = {one.audience: one for one in world.said if isinstance(one, ConflictAnswered)}
    assert {one.party for one in said.values()} == {"NZ"}
    assert {one.words for one in said.values()} == {"We wait a day."}
    assert (said["NZ",].by, said["TH",].by) == (NZ.name, "")


async def test_nobody_answers_for_the_other_owner_or_by_its_side_or_an_old_version():
    world = await scheduled(an_operation_at("NZ", "BKK"), an_operation_at("TH", "BKK"))
    (nz, version), (th, _) = side(world, "NZ"), side(world, "TH")
    for by, conflict_id in ((NZ, th), (LK, nz), (LK, th), (NZ, UUID(int=5))):
        with pytest.raises(NotFound):
            await conflicts.answer(world.tx, by, conflict_id, version, ADJUSTED, "")
    with pytest.raises(Forbidden):
        await conflicts.answer(world.tx, an_officer("NZ"), nz, version, ADJUSTED, "")
    await answer(world, "TH", ADJUSTED)
    with pytest.raises(Stale):
        await conflicts.answer(world.tx, NZ, nz, version, ADJUSTED, "")


@pytest.mark.parametrize("end", ["cancel", "complete"])
async def test_the_end_of_either_operation_lets_the_conflict_lapse_and_does_not_say_why(end: str):
    world = await scheduled(an_operation_at("NZ", "BKK"), an_operation_at("TH", "BKK"))
    one = world.of("NZ")
    if end == "complete":
        one = await operations.start(world.acts(NZ).tx, NZ, one.id, one.version, world.now)
        assert len(world.said) == 7, "that it begins changes nothing between the two"
    await getattr(operations, end)(world.acts(NZ).tx, NZ, one.id, one.version, world.now)
    lapsed = [one for one in world.said if isinstance(one, ConflictLapsed)]
    assert [one.audience for one in lapsed] == [("TH",), ("NZ",)]
    assert set(lapsed[0].model_dump()) == {"conflict_id", "version", "at"}
    assert set(world.live) == {world.of("TH").id}, "only live operations are compared"


async def test_who_leaves_the_period_and_who_ends_it_ends_the_conflicts():
    world = await scheduled(an_operation_at("NZ", "BKK"), an_operation_at("TH", "BKK"), an_operation_at("LK", "BKK"))
    await participation.leave(world.acts(LK).tx, LK, world.period.id, "Elections.")
    assert sum(isinstance(one, ConflictLapsed) for one in world.said) == 4
    await periods.cancel(world.acts(a_chair()).tx, a_chair(), world.period.id, world.period.version, "No.")
    assert sum(isinstance(one, ConflictLapsed) for one in world.said) == 6
    assert world.live == {}


async def test_an_amendment_reopens_what_is_settled_only_where_the_overlap_is_new():
    ours, theirs = an_operation_at("NZ", "BKK", first=0, days=4), an_operation_at("TH", "BKK", first=0, days=9)
    world = await scheduled(ours, theirs)
    await answer(world, "NZ", ADJUSTED)
    await answer(world, "TH", ADJUSTED)
    said = len(world.said)
    shorter = world.of("NZ").model_copy(update={"window": an_operation_at("NZ", first=1, days=2).window})
    await world.moves(shorter)
    assert len(world.said) == said, "what overlaps less was settled with the rest"
    longer = shorter.model_copy(update={"window": an_operation_at("NZ", first=1, days=5).window})
    await world.moves(longer)
    assert [(one.audience, one.answers_stand) for one in world.said[said:]] == [(("NZ",), False), (("TH",), False)]  # type: ignore[attr-defined]
    await answer(world, "NZ", COORDINATED)
    await answer(world, "TH", COORDINATED)
    await conflicts.name_targets(world.tx, NZ, longer.id, (a_target(1),))
    await conflicts.name_targets(world.tx, TH, theirs.id, (a_target(1),))
    assert found(world)[-1] == ("TH", (Overlap.WINDOW_AND_PLACE, Overlap.TARGET))


async def test_what_overlaps_no_more_has_lapsed_and_comes_back_open():
    ours, theirs = an_operation_at("NZ", "BKK"), an_operation_at("TH", "BKK")
    world = await scheduled(ours, theirs)
    first = side(world, "NZ")
    here = world.of("NZ")
    await world.moves(here.model_copy(update={"places": an_operation_at("NZ", "AKL").places}))
    assert [type(one) for one in world.said[-2:]] == [ConflictLapsed] * 2
    await world.moves(here)
    again = side(world, "NZ")
    assert again == (first[0], first[1] + 2), "it is the same conflict"


async def test_one_of_two_overlaps_that_goes_is_told_and_takes_no_answer_with_it():
    ours, theirs = an_operation_at("NZ", "BKK"), an_operation_at("TH", "BKK")
    world = await scheduled(ours, theirs)
    for by, one in ((NZ, ours), (TH, theirs)):
        await conflicts.name_targets(world.tx, by, one.id, (a_target(1),))
    await answer(world, "NZ", ADJUSTED)
    await conflicts.unname_targets(world.acts(TH).tx, TH, theirs.id, (a_target(1),))
    told = [one for one in world.said if isinstance(one, ConflictFound)][-2:]
    assert {(one.overlaps, one.answers_stand) for one in told} == {((Overlap.WINDOW_AND_PLACE,), True)}
    await answer(world, "TH", ADJUSTED)
    assert isinstance(world.said[-1], ConflictSettled)


async def test_a_contact_that_changes_is_told_to_whoever_has_a_conflict_with_that_party_and_to_nobody_else():
    world = await scheduled(an_operation_at("NZ", "BKK"), an_operation_at("TH", "BKK"), an_operation_at("LK", "AKL"))
    before = side(world, "NZ")
    await conflicts.give_contact(world.acts(TH).tx, TH, 0, "Night desk")
    told = [one for one in world.said if isinstance(one, ContactChanged)]
    assert [(one.audience, one.contact, one.conflict_id, one.version) for one in told] == [(("NZ",), "Night desk", *before)]
    with pytest.raises(Stale):
        await conflicts.give_contact(world.tx, TH, 0, "Day desk")
    with pytest.raises(Forbidden):
        await conflicts.give_contact(world.tx, an_officer("TH"), 1, "Day desk")
