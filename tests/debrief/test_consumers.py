"""What debrief makes of a period's events: events in, state out, delivered twice and in any order."""

import asyncio
import random
from typing import Any
from uuid import UUID

import pytest

from services.debrief import clockwork
from services.debrief.domain.debrief import Debrief
from services.debrief.repository import Debriefs, Updates
from shared.events.base import Event
from shared.events.debrief import DebriefCompiled, DebriefOpened, PartyFiguresCompiled
from shared.events.planner import HeadlineReleased
from shared.vocabulary import UpdateStatus
from tests.debrief.story import ARRESTS, Story
from tests.intel.hearing import Ear

pytestmark = pytest.mark.system


async def compiled(debrief: Ear, period_id: UUID) -> Debrief:
    await clockwork.compile_changed(debrief.service)
    async with debrief.service.database.begin() as tx:
        return await Debriefs(tx).get(period_id)


def figures(of: Debrief) -> dict[str, dict[str, tuple[int, int, int]]]:
    """By party and indicator: validated, provisional, updates."""
    return {
        party: {line.indicator.value: (line.validated, line.provisional, line.updates) for line in lines}
        for party, lines in of.figures.items()
    }


async def test_a_closed_period_opens_one_debrief(debrief: Ear):
    story = Story()
    story.close()
    for event in story.events:
        await debrief.hear(event)
        await debrief.hear(event)
    rows = await debrief.sql("SELECT id FROM debrief WHERE period_id = $1", story.id)
    assert len(rows) == 1
    [said] = await debrief.said(DebriefOpened, rows[0]["id"])
    assert (said["title"], said["version"], said["audience"]) == (
        "1st Joint Period of Action",
        1,
        "AU#co_chair LK NZ",
    )


async def test_a_period_that_runs_has_no_debrief_however_much_is_posted(debrief: Ear):
    story = Story()
    story.update(story.operation("NZ"), arrests=1)
    await debrief.hear(*story.events)
    await clockwork.compile_changed(debrief.service)
    assert await debrief.sql("SELECT 1 FROM debrief WHERE period_id = $1", story.id) == []


async def test_a_closed_period_is_compiled_once_it_is_known_where_its_operations_ended(debrief: Ear):
    story = Story()
    story.update(story.operation("NZ"), arrests=1)
    story.close()
    *until_closed, sealed = story.period
    await debrief.hear(*until_closed, *story.events[len(story.period) :])
    assert (await compiled(debrief, story.id)).content is None
    await debrief.hear(sealed)
    assert (await compiled(debrief, story.id)).content is not None


async def test_validated_and_provisional_count_apart_and_returned_and_superseded_nowhere(debrief: Ear):
    story = Story()
    operation = story.operation("NZ")
    story.validate(story.update(operation, arrests=1, seizures=7))
    story.update(operation, arrests=10)
    story.send_back(story.update(operation, arrests=100))
    story.update(operation, supersedes=story.update(operation, arrests=1000), arrests=2000)
    story.complete(operation)
    story.close()
    await debrief.hear(*story.events)
    found = await compiled(debrief, story.id)
    assert figures(found) == {"LK": {}, "NZ": {"arrests": (1, 2010, 3), "seizures": (7, 0, 1)}}
    assert found.content
    assert found.content.updates == 3
    assert found.content.lacks == ("LK: no update is included.", "NZ: 2 updates are not validated yet.")


async def test_what_is_held_back_is_counted_and_not_summed_until_it_is_released(debrief: Ear):
    story = Story()
    held = story.operation("NZ", hold=True)
    update, returned = story.update(held, arrests=5), story.update(held, arrests=50)
    story.validate(update)
    story.send_back(returned)
    story.close()
    await debrief.hear(*story.events)
    before = await compiled(debrief, story.id)
    assert figures(before)["NZ"] == {}
    assert before.content
    assert (before.content.updates, before.content.operations_planned) == (0, 0)
    story.release(held, **{str(update): "validated", str(returned): "returned"})
    await debrief.hear(*story.operations[held])
    after = await compiled(debrief, story.id)
    assert figures(after)["NZ"] == {"arrests": (5, 0, 1)}
    assert after.content
    assert (after.content.updates, after.content.operations_planned) == (1, 1)


async def test_what_a_batch_says_of_the_same_updates_is_taken_in_in_one_transaction(
    debrief: Ear, monkeypatch: pytest.MonkeyPatch
):
    story = Story()
    held, shown = story.operation("NZ", hold=True), story.operation("LK")
    story.update(held, arrests=5)
    wrong = story.update(shown, arrests=90)
    story.validate(story.update(shown, supersedes=wrong, arrests=9))
    story.release(held)
    story.close()
    begun: list[None] = []
    begin = debrief.service.database.begin

    def counted(*of: Any) -> Any:
        begun.append(None)
        return begin(*of)

    with monkeypatch.context() as watching:
        watching.setattr(debrief.service.database, "begin", counted)
        # so that nothing stands between an update and its release
        await debrief.hear(*(event for event in story.events if not isinstance(event, HeadlineReleased)))
    assert len(begun) == 1
    assert figures(await compiled(debrief, story.id)) == {"LK": {"arrests": (9, 0, 1)}, "NZ": {"arrests": (0, 5, 1)}}


async def test_what_only_some_may_read_is_in_no_figure_for_all(debrief: Ear):
    story = Story()
    operation = story.operation("NZ")
    story.update(operation, arrests=5)
    narrow = story.operations[operation][-1]
    story.operations[operation][-1] = narrow.model_copy(update={"audience": ("LK#rights_officer", "NZ")})
    story.close()
    await debrief.hear(*story.events)
    found = await compiled(debrief, story.id)
    assert figures(found)["NZ"] == {}
    assert found.content


@pytest.mark.parametrize("origin", ["LK", "AU"])
async def test_what_is_kept_from_a_state_of_origin_cannot_be_inferred_from_a_figure_that_it_reads(debrief: Ear, origin: str):
    """LK takes part, AU presides without taking part: either may read all that the figures sum, by itself."""
    story = Story()
    operation = story.operation("NZ")
    story.update(operation, arrests=5)
    story.update(operation, arrests=2)
    everybody = story.operations[operation][-1].audience
    kept = tuple(entry for entry in everybody if entry.partition("#")[0] != origin)
    story.operations[operation][-1] = story.operations[operation][-1].model_copy(update={"audience": kept})
    story.close()
    await debrief.hear(*story.events)
    found = await compiled(debrief, story.id)
    assert figures(found)["NZ"] == {"arrests": (0, 5, 1)}
    assert found.content
    assert (found.content.updates, found.content.objectives[0].provisional) == (1, 5)
    assert "2 updates" not in str(found.content.lacks)
    [said] = await debrief.said(DebriefCompiled, found.id)
    assert said["audience"] == "AU#co_chair LK NZ"


async def test_a_late_validation_compiles_again_and_the_same_again_says_nothing(debrief: Ear):
    story = Story()
    update = story.update(story.operation("NZ"), arrests=4)
    story.update(story.operation("LK"), arrests=1)
    story.close()
    await debrief.hear(*story.events)
    first = await compiled(debrief, story.id)
    story.validate(update)
    await debrief.hear(*story.events)
    await debrief.hear(*story.events)
    second = await compiled(debrief, story.id)
    assert (first.version, second.version) == (2, 3)
    assert (await compiled(debrief, story.id)).version == 3
    whole = await debrief.said(DebriefCompiled, first.id)
    assert [(said["version"], said["objectives"][0]["validated"]) for said in whole] == [(2, 0), (3, 4)]
    parts = await debrief.said(PartyFiguresCompiled, first.id)
    assert [(said["version"], said["reporting"]) for said in parts] == [(2, "LK"), (2, "NZ"), (3, "NZ")]
    assert {said["audience"] for said in whole + parts} == {"AU#co_chair LK NZ"}


async def test_it_says_so_while_an_operation_was_not_heard_to_its_end(debrief: Ear):
    story = Story()
    operation = story.operation("NZ")
    story.update(operation, arrests=4)
    story.close()
    *early, last = story.operations[operation]
    missing = "Some of what was said until the close is still on its way."
    await debrief.hear(*story.period)
    assert missing in (await _content(debrief, story)).lacks
    await debrief.hear(*early)
    assert missing in (await _content(debrief, story)).lacks
    await debrief.hear(last)
    assert missing not in (await _content(debrief, story)).lacks


async def _content(debrief: Ear, story: Story) -> Any:
    return (await compiled(debrief, story.id)).content


def a_full_story() -> Story:
    story = Story()
    first, second, third = story.operation("NZ"), story.operation("LK"), story.operation("LK", hold=True)
    story.operation("NZ", started=False)
    story.cancel(story.operation("LK", started=False))
    story.validate(story.update(first, arrests=1, officers_trained=30))
    wrong = story.update(first, arrests=500)
    story.validate(story.update(second, arrests=3, seizures=2))
    story.update(third, arrests=7)
    story.send_back(story.update(second, arrests=90))
    story.complete(first)
    story.release(third)
    story.update(story.operation("NZ", hold=True), arrests=11)
    story.close()
    story.update(first, supersedes=wrong, arrests=5)
    story.complete(second)
    return story


def in_any_order(story: Story, chance: random.Random) -> list[Event]:
    """Across aggregates as chance has it, within each in order; and some of it comes again later."""
    waiting = [list(story.period), *(list(events) for events in story.operations.values())]
    said: list[Event] = []
    while waiting:
        queue = chance.choice(waiting)
        said.append(queue.pop(0))
        if chance.random() < 0.2:
            said.append(chance.choice(said))
        waiting = [queue for queue in waiting if queue]
    return said


@pytest.mark.parametrize("seed", range(6))
async def test_the_result_depends_neither_on_the_order_across_topics_nor_on_repetition(debrief: Ear, seed: int):
    chance, story = random.Random(seed), a_full_story()
    events = in_any_order(story, chance)
    while events:
        batch = events[: chance.randint(1, 9)]
        del events[: len(batch)]
        await debrief.hear(*batch)
        if chance.random() < 0.3:
            await clockwork.compile_changed(debrief.service)
    found = await compiled(debrief, story.id)
    assert figures(found) == {
        "LK": {"arrests": (3, 7, 2), "seizures": (2, 0, 1)},
        "NZ": {"arrests": (1, 5, 2), "officers_trained": (30, 0, 1)},
    }
    assert found.content
    assert [(o.validated, o.provisional) for o in found.content.objectives] == [(4, 12), (30, 0)]
    assert found.content.model_dump(exclude={"objectives"}) == {
        "operations_planned": 5,
        "operations_completed": 2,
        "operations_cancelled": 1,
        "updates": 4,
        "lacks": (
            "LK: 1 update is not validated yet.",
            "NZ: 1 update is not validated yet.",
            "LK: 1 operation was not completed.",
            "NZ: 1 operation was not completed.",
        ),
    }
    assert await debrief.quarantined(story.id) == []


async def test_a_change_that_is_not_committed_yet_is_never_lost_to_a_compilation(debrief: Ear):
    story = Story()
    update = story.update(story.operation("NZ"), arrests=4)
    story.close()
    await debrief.hear(*story.events)
    async with debrief.service.database.begin() as tx:
        await Updates(tx).become(story.id, update, UpdateStatus.VALIDATED)
        compiling = asyncio.create_task(clockwork.compile_changed(debrief.service))
        await asyncio.sleep(0.3)
    await compiling
    assert figures(await compiled(debrief, story.id))["NZ"] == {"arrests": (4, 0, 1)}


@pytest.mark.parametrize("together", [True, False])
async def test_what_was_opened_to_a_newcomer_is_shared_by_all_and_stays_so(debrief: Ear, together: bool):
    story = Story()
    shared, held = story.operation("NZ"), story.operation("LK", hold=True)
    story.update(shared, arrests=3)
    story.update(held, arrests=5)
    story.join_late("TH")
    story.update(shared, arrests=4)
    story.close()
    if together:
        await debrief.hear(*story.events)
    else:
        for event in story.events:
            await debrief.hear(event)
            await debrief.hear(event)
    found = await compiled(debrief, story.id)
    assert figures(found) == {"NZ": {"arrests": (0, 7, 2)}, "LK": {}, "TH": {}}
    assert found.content
    assert found.content.updates == 2
    [said] = await debrief.said(DebriefCompiled, found.id)
    assert said["audience"] == "AU#co_chair LK NZ TH"


async def test_what_a_party_that_left_had_done_stays_in_the_debrief_and_the_party_does_not_read_it(debrief: Ear):
    story = Story(participants=("LK", "NZ", "VN"))
    story.update(story.operation("VN"), arrests=3)
    story.leave("VN")
    story.update(story.operation("NZ"), arrests=1)
    story.close()
    await debrief.hear(*story.events)
    found = await compiled(debrief, story.id)
    assert figures(found) == {"NZ": {"arrests": (0, 1, 1)}, "VN": {"arrests": (0, 3, 1)}, "LK": {}}
    [said] = await debrief.said(DebriefCompiled, found.id)
    assert said["audience"] == "AU#co_chair LK NZ"


async def test_what_was_done_is_held_against_the_objectives_in_force_at_the_end(debrief: Ear):
    story = Story()
    story.amend(ARRESTS.model_copy(update={"target": 99}))
    story.close()
    await debrief.hear(*story.events)
    found = await compiled(debrief, story.id)
    assert found.content
    assert [(one.title, one.target) for one in found.content.objectives] == [("Arrest facilitators", 99)]
