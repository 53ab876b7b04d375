"""Conflicts out of their events: in one batch, one by one, heard twice; each owner reads its own side and no other."""

from datetime import timedelta
from typing import Any

import pytest

from services.planner.usecases import conflicts, operations
from shared.actor import Actor
from shared.errors import NotFound
from shared.events.base import internal_bytes
from shared.events.planner import ConflictFound
from shared.vocabulary import Role, Settlement
from tests.builders import NOON, a_coordinator, an_actor, an_officer
from tests.intel.hearing import Record
from tests.planner.deconflicting import World, a_target, an_operation_at, in_place_of_the_database
from tests.portal.conftest import Shown

pytestmark = pytest.mark.system

NZ, TH = a_coordinator("NZ"), a_coordinator("TH")


async def told() -> World:
    """NZ and TH meet in a place and in a target, of which one goes; NZ answers, TH says where it is reached."""
    ours, theirs = an_operation_at("NZ", "BKK"), an_operation_at("TH", "Bangkok")
    world = World(ours, theirs)
    with in_place_of_the_database():
        for by, one in ((NZ, ours), (TH, theirs)):
            await operations.schedule(world.acts(by).tx, by, one.id, one.version, None, False)
            await conflicts.name_targets(world.tx, by, one.id, (a_target(1),))
        sides = {event.audience[0]: event.conflict_id for event in world.said if isinstance(event, ConflictFound)}
        await conflicts.answer(world.acts(NZ).tx, NZ, sides["NZ"], 2, Settlement.ADJUSTED, "We wait.")
        await conflicts.unname_targets(world.acts(TH).tx, TH, theirs.id, (a_target(1),))
        await conflicts.give_contact(world.tx, TH, 0, "Night desk")
    return world


def records(world: World) -> list[Record]:
    numbers: dict[tuple[str, str], int] = {}
    found = []
    for offset, event in enumerate(world.said):
        place = event.topic, event.key
        numbers[place] = numbers.get(place, 0) + 1
        at = NOON + timedelta(minutes=offset)
        body = internal_bytes(event.public_bytes(at), numbers[place], " ".join(event.audience), "")
        found.append(Record(event.topic, offset, event.key.encode(), body))
    return found


async def side_of(shown: Shown, by: Actor) -> dict[str, Any]:
    async with shown.read_model.reader(by) as reads:
        (found,) = await reads.conflicts()
        assert dict(await reads.conflict(found["id"])) == dict(found)
        assert [row["id"] for row in await reads.conflicts_of(found["operation_id"])] == [found["id"]]
        return dict(found)


@pytest.mark.parametrize("events", [1000, 1])
async def test_each_owner_is_shown_its_side_as_it_stands(shown: Shown, events: int):
    await shown.renew()
    world = await told()
    consumer = shown.consumer(transaction_max_events=events, write_events=events)
    heard = [one for one in records(world) if one.topic == "planner.conflicts"]
    for _ in range(2):
        await consumer.batch(heard)
    nz, th = await side_of(shown, an_officer("NZ")), await side_of(shown, an_officer("TH"))
    assert (nz["operation_id"], th["operation_id"]) == (world.of("NZ").id, world.of("TH").id)
    assert (nz["other_party"], nz["contact"], th["contact"]) == ("TH", "Night desk", "")
    assert {(one["status"], one["version"], *one["overlaps"]) for one in (nz, th)} == {("open", 4, "window_and_place")}
    assert (nz["own_answer"], nz["own_words"], nz["own_by"]) == ("adjusted", "We wait.", NZ.name)
    assert (th["other_answer"], th["other_words"], th["own_answer"], th["own_by"]) == ("adjusted", "We wait.", None, None)
    async with shown.read_model.reader(an_officer("NZ")) as reads:
        assert (await reads.targets(nz["operation_id"]))["counts"] == {"passport": 1}
        assert (await reads.contact())["contact"] == ""
        assert [row["id"] for row in await reads.conflicts_open()] == [nz["id"]]
        with pytest.raises(NotFound):
            await reads.conflict(th["id"])
        assert await reads.conflicts_of(th["operation_id"]) == []
        assert (await reads.targets(th["operation_id"]))["version"] == 0
    for stranger in (an_officer("LK"), an_actor("NZ", Role.PARTY_ADMIN)):
        async with shown.read_model.reader(stranger) as reads:
            assert await reads.conflicts() == []


async def test_what_lapsed_or_is_settled_is_shown_so(shown: Shown):
    await shown.renew()
    world = await told()
    with in_place_of_the_database():
        (conflict,) = world.conflicts.values()
        await conflicts.answer(world.acts(TH).tx, TH, conflict.side_of(TH).id, 4, Settlement.ADJUSTED, "")
        await shown.consumer().batch([one for one in records(world) if one.topic == "planner.conflicts"])
        settled = await side_of(shown, an_officer("TH"))
        assert (settled["status"], settled["settlement"]) == ("settled", "adjusted")
        one = world.of("NZ")
        await operations.cancel(world.acts(NZ).tx, NZ, one.id, one.version, world.now)
        await shown.consumer().batch([one for one in records(world) if one.topic == "planner.conflicts"])
    assert (await side_of(shown, an_officer("TH")))["status"] == "lapsed"
