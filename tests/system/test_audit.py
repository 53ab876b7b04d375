"""Every command, accepted or refused, is an audit row; the rows are chained, and every party hears of the chain."""

import asyncpg
import pytest

from shared.runtime.audit import chained
from tests.world import World, until

pytestmark = pytest.mark.system


async def test_what_was_asked_is_chained_within_moments_and_a_changed_row_breaks_the_chain(system: World):
    period = await system.period("NZ", "LK")
    await period.officers["NZ"].post("/periods/00000000-0000-7000-8000-000000000000/close", version=1)
    words = system.servers.surroundings
    planner = await asyncpg.connect(words.database.as_role("planner", words.passwords()["planner"], "planner"))
    try:

        async def sealed() -> bool:
            return not await planner.fetchval("SELECT count(*) FROM audit WHERE seal IS NULL")

        await until(sealed)
        rows = [dict(row) for row in await planner.fetch("SELECT * FROM audit ORDER BY seal")]
    finally:
        await planner.close()
    outcomes = {(row["action"], row["outcome"]) for row in rows}
    assert ("POST /periods", "done") in outcomes
    assert ("POST /periods/{period_id}/close", "refused: not-found") in outcomes
    assert [row["seal"] for row in rows] == list(range(1, len(rows) + 1))
    assert broken_at(rows) is None
    rows[3]["party"] = "AU"
    assert broken_at(rows) == 4


def broken_at(rows: list[dict[str, object]]) -> int | None:
    """The place in the chain from which it does not hold; None when it holds."""
    value = b""
    for row in rows:
        value = chained(value, row)
        if value != row["hash"]:
            return int(str(row["seal"]))
    return None


async def test_every_party_gets_signed_checkpoints_of_every_service(system: World):
    await system.settled()
    checkpoints = [event for event in await system.feed("AU") if event["type"] == "audit.checkpointed.v1"]
    assert {event["source"] for event in checkpoints} <= {"/planner", "/intel", "/debrief", "/portal"}
    assert {event["data"]["service"] for event in checkpoints} >= {"planner", "portal"}
    assert all(event["data"]["signature"].count(".") == 2 for event in checkpoints)
