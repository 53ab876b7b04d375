"""A clock that is set a day ahead, and then a day behind, moves nothing out of its order."""

from datetime import UTC, datetime, timedelta

import pytest

from client.operator import set_clock
from tests.system.journals import open_journals
from tests.world import World

pytestmark = pytest.mark.system

DAY = timedelta(days=1)


async def test_updates_are_shown_in_the_order_in_which_they_were_posted_whatever_the_clock_said(system: World):
    period = await system.period("NZ", "LK")
    (journal,) = await open_journals(system, period, ("NZ",))
    path, posted = f"/operations/{journal.operation_id}/updates", []
    try:
        for step in (None, DAY, -DAY, None):
            set_clock(system.servers.home, datetime.now(UTC) + step if step else None, speed=1.0)
            body = {"kind": "result", "text": f"after a step of {step}", "counts": {"arrests": 1}}
            posted.append((await journal.officer.do(path, body))["id"])
    finally:
        set_clock(system.servers.home, None)
    await system.settled()

    reader = period.officers["LK"]
    dates = {row["id"]: row["posted_at"] for row in await reader.all("/updates", operation_id=journal.operation_id)}
    assert sorted(posted, key=lambda new: dates[new]) != posted, "the clock did step"
    assert list(dates) == posted[::-1]
    told = await reader.all(f"/periods/{period.id}/timeline")
    assert [row["subject_id"] for row in told if row["subject_id"] in dates] == posted[::-1]
    feed = [event["data"]["update_id"] for event in await system.feed("LK") if event["data"].get("update_id") in dates]
    assert feed == posted
