"""A party that is out of a period is shown nothing of others' operations any more, on the read model's real database."""

from collections import Counter
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from services.planner.domain.disclosing import Choice, release
from services.planner.domain.leaving import taken_from
from services.planner.domain.operation import Operation
from services.planner.domain.referral import counted
from services.planner.domain.update import Update
from services.portal.repository import UpdateFilter
from shared.actor import Actor
from shared.events.planner import FileRef
from shared.vocabulary import DetailAudience, Indicator, UpdateKind
from tests.builders import NOON, a_coordinator, a_frame, an_officer, an_operation, an_update
from tests.portal.conftest import Shown
from tests.portal.test_file_store import hear

pytestmark = pytest.mark.system

JOINED, STAYED = a_frame(joined=("NZ", "LK", "TH")), a_frame(joined=("NZ", "LK"))
NZ, LK, TH = an_officer("NZ"), an_officer("LK"), an_officer("TH")
FILE = FileRef(sha256="a" * 64, name="boat.png", media_type="image/png", size=9)


async def seen(shown: Shown, by: Actor, operation: Operation) -> dict[str, Any]:
    """What there is of an operation for a reader, wherever it stands."""
    async with shown.read_model.reader(by) as reads:
        updates, _ = await reads.updates(UpdateFilter(operation_id=operation.id), None)
        headline, totals = await reads.headline(operation.id), await reads.totals(operation.period_id)
        return {
            "headline": headline is not None,
            "detail": headline is not None and headline["title"] is not None,
            "updates": [(row["id"], row["status"], row["text"]) for row in updates],
            "told": sorted(row["type"] for row in await reads.timeline(operation.period_id)),
            "file": await reads.named_file(FILE.sha256) is not None,
            "totals": [(row["party"], row["provisional"], row["updates"]) for row in totals],
            "referred": await reads.referred(operation.period_id, operation.id),
            "late": [(row["party"], row["updates"]) for row in await reads.lateness(operation.period_id)],
            "by day": [(row["indicator"], row["value"]) for row in await reads.counts_by_day(operation.period_id)],
        }


NOTHING: dict[str, Any] = {
    "headline": False, "detail": False, "updates": [], "told": [], "file": False, "totals": [], "referred": {}, "late": [],
    "by day": [],
}  # fmt: skip


async def a_history(shown: Shown, numbers: Counter[str]) -> tuple[Operation, list[Update]]:
    """Of NZ, for all that take part: two results, one with a file, and an incident; referrals as well."""
    await shown.renew()
    drafted = an_operation(detail_audience=DetailAudience.OWN).model_copy(update={"id": uuid7()})
    choice = Choice(DetailAudience.PARTICIPANTS)
    operation, *opened = release(drafted, (), choice, JOINED, a_coordinator("NZ"))
    headline = operation.open_to(["NZ", "LK", "TH"], JOINED, NZ)
    said: list[Any] = [*headline, *opened]
    updates = []
    kinds: tuple[dict[str, Any], ...] = ({"files": (FILE,)}, {}, {"kind": UpdateKind.INCIDENT, "counts": {}})
    for changes in kinds:
        given = an_update(operation, **{"id": uuid7(), "counts": {Indicator.ARRESTS: 2}, **changes})
        update, *told = Update.post(given, operation, JOINED, NZ)
        updates.append(update)
        said += told
    counts = counted({"made": 1}, operation, JOINED)
    await hear(shown, [*said, counts], numbers)  # type: ignore[list-item]
    return operation, updates


async def test_who_left_finds_nothing_of_it_and_those_that_stay_all_of_it(shown: Shown):
    numbers: Counter[str] = Counter()
    operation, _ = await a_history(shown, numbers)
    before = await seen(shown, LK, operation)
    assert await seen(shown, TH, operation) == before
    assert before["totals"] == [("NZ", 4, 2)]
    assert all(before.values()), "there is something of each"
    await hear(shown, taken_from("TH", operation, JOINED, NOON), numbers)
    assert await seen(shown, TH, operation) == NOTHING
    for stays in (LK, NZ):
        assert await seen(shown, stays, operation) == before


async def test_what_comes_after_is_counted_once_and_who_comes_back_finds_all_of_it_again(shown: Shown):
    numbers: Counter[str] = Counter()
    operation, updates = await a_history(shown, numbers)
    before = await seen(shown, LK, operation)
    await hear(shown, taken_from("TH", operation, JOINED, NOON), numbers)
    validated, said = updates[0].validate_counts(operation, STAYED, a_coordinator("NZ"))
    await hear(shown, [said], numbers)
    assert (await seen(shown, LK, operation))["totals"] == [("NZ", 2, 2)]
    assert (await seen(shown, TH, operation))["totals"] == []
    again: list[Any] = [*operation.open_to(["TH"], JOINED, NZ)]
    for update in (validated, *updates[1:]):
        again += update.open_to(["TH"], operation, JOINED)
    await hear(shown, [*again, counted({"made": 1}, operation, JOINED)], numbers)  # type: ignore[list-item]
    back = await seen(shown, TH, operation)
    assert {name: back[name] for name in ("totals", "updates", "file", "referred", "late", "by day", "detail")} == {
        **{name: (await seen(shown, LK, operation))[name] for name in ("totals", "updates", "file", "referred", "late")},
        "by day": before["by day"], "detail": True,
    }  # fmt: skip
