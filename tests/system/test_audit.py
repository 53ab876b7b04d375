"""Every command, accepted or refused, is an audit row; the rows are chained, and every party hears of the chain."""

import asyncio
import json
import os
import subprocess
import sys

import asyncpg
import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from deploy.embedded.places import CHECKOUT
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
    keys = KeySet.import_key_set(json.loads(await asyncio.to_thread(published_keys, system)))
    owners = {key.kid: key.get("service") for key in keys}
    for event in checkpoints:
        signed = jws.deserialize_compact(event["data"]["signature"], keys, algorithms=["Ed25519"])
        said = {name: event["data"][name] for name in ("service", "count", "hash")}
        assert json.loads(signed.payload) == said
        assert owners[signed.headers()["kid"]] == said["service"] == event["source"].removeprefix("/")


def published_keys(system: World) -> str:
    """As an operator hands them to a party."""
    environment = {**os.environ, "JPA_HOME": str(system.servers.home.root), "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-m", "client.cli", "keys", "--json"]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert all("d" not in key for key in json.loads(said)["keys"])
    return said
