"""`./jpa ledger` on a running system: what states really said proves that nothing ran unasked, until a word is taken out."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from deploy.embedded.places import CHECKOUT
from tests.world import World, until

pytestmark = pytest.mark.system


async def jpa(system: World, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "JPA_HOME": str(system.servers.home.root), "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-m", "client.cli", "ledger", *words]
    return await asyncio.to_thread(subprocess.run, command, env=environment, capture_output=True, text=True, check=False)


async def gaps(system: World, *things: str, file: str = "") -> list[dict[str, Any]]:
    """What is found about these things: other tests leave their own traces in the same ledger."""
    done = await jpa(system, "verify", *([file] if file else []), "--json")
    said = json.loads(done.stdout)
    assert done.returncode == (0 if said["holds"] else 1), done
    return [gap for gap in said["gaps"] if gap["subject"] in things]


async def test_what_was_really_said_holds_and_with_a_consent_deleted_it_names_the_place(system: World, tmp_path: Path):
    period = await system.period("NZ", "LK")
    operation = await system.operation(period, "NZ", detail_audience="participants")
    path = f"/operations/{operation['id']}"
    update = await period.officers["NZ"].do(f"{path}/updates", {"kind": "result", "text": "x", "counts": {"arrests": 1}})
    things = (period.id, operation["id"], update["id"])
    words = system.servers.surroundings
    planner = await asyncpg.connect(words.database.as_role("planner", words.passwords()["planner"], "planner"))
    try:

        async def sealed() -> bool:
            return not await planner.fetchval("SELECT count(*) FROM consent_ledger WHERE seal IS NULL")

        await until(sealed)
        assert await gaps(system, *things) == []
        file = tmp_path / "ledger.jsonl"
        exported = await jpa(system, "export", str(file))
        assert exported.returncode == 0, exported
        assert await gaps(system, *things, file=str(file)) == []
        assert (await jpa(system, "export", str(file))).returncode == 1, "nothing is written over"
        row = await planner.fetchrow(
            "DELETE FROM consent_ledger WHERE operation_id::text = $1 AND kind = 'scheduled' RETURNING *", operation["id"]
        )
        try:
            found = await gaps(system, *things)
        finally:
            names = ", ".join(row.keys())
            places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
            await planner.execute(f"INSERT INTO consent_ledger ({names}) VALUES ({places})", *row.values())
    finally:
        await planner.close()
    assert any("nothing tells that it was scheduled" in gap["why"] and gap["subject"] == operation["id"] for gap in found)
    assert any(gap["subject"] == update["id"] for gap in found)
    assert any("sealed lines are missing" in gap["why"] for gap in found)
    assert await gaps(system, *things) == []


async def test_the_ledger_of_a_party_is_one_question_to_the_api(system: World):
    period = await system.period("ID", "LK")
    coordinator = period.coordinators["LK"]

    async def shown() -> bool:
        said = await coordinator.see("/consent-ledger", period_id=period.id)
        return "activated" in {line["kind"] for line in said["items"]}

    await until(shown)
    lines = (await coordinator.see("/consent-ledger", period_id=period.id))["items"]
    own = [(line["kind"], line["officer"]) for line in lines if line["party"] == "LK"]
    assert own == [("yes", coordinator.username)] * 2
    outsider = await system.officer("AU", "coordinator")
    assert (await outsider.see("/consent-ledger", period_id=period.id))["items"] == []
