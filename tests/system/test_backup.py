"""A system backed up under load, destroyed and brought back: what the backup held is there once, and work goes on."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import httpx
import pytest

from deploy.embedded.places import CHECKOUT, Home, kept_ports
from deploy.embedded.servers import Servers
from deploy.provision.access import Broker
from deploy.provision.topics import SERVICES
from tests.servers import RunningServers, free_port, fresh_home
from tests.system.feeding import IN_A_MONTH, Journal, by_the_rule, post, truth, whole_feed
from tests.world import World, until

pytestmark = pytest.mark.system

STATES = ("NZ", "LK")


async def jpa(home: Home, *words: str) -> str:
    """The command, as an operator gives it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "client.cli", *words,
        env={"PATH": "/usr/bin:/bin:/usr/sbin", "JPA_HOME": str(home.root), "PYTHONPATH": str(CHECKOUT), "HOME": "/root"},
        cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode == 0, out.decode()
    return out.decode()


@asynccontextmanager
async def of(home: Home, port: int) -> AsyncIterator[World]:
    """The world of an installation that the command started."""
    servers = Servers.of(home, {**kept_ports(home), "portal": port})
    running = RunningServers(cast(Any, SimpleNamespace(home=home, children={})), servers)
    async with World.of(running) as world:
        yield world


async def debriefed(world: World, journal: Journal) -> list[str]:
    """Which updates of an operation debrief knows."""
    words = world.servers.surroundings
    connection = await asyncpg.connect(words.database.as_role("debrief", words.passwords()["debrief"], "debrief"))
    try:
        rows = await connection.fetch("SELECT id FROM update WHERE operation_id = $1 ORDER BY id", journal.operation_id)
        return [str(row["id"]) for row in rows]
    finally:
        await connection.close()


ALERT = {
    "kind": "smuggling_route", "title": "A route", "text": "By sea", "recipients": ["LK"], "precedence": "ROUTINE",
    "grading": {"scale": "admiralty", "source": "B", "information": "2"}, "valid_until": IN_A_MONTH,
}  # fmt: skip


async def test_what_a_backup_held_is_back_once_and_everyone_goes_on(tmp_path: Path):
    with fresh_home() as home:
        try:
            await _destroyed_and_restored(home, tmp_path / "saved.tar")
        finally:
            await jpa(home, "down")


async def _destroyed_and_restored(home: Home, file: Path) -> None:
    port = free_port()
    await jpa(home, "up", "--detach", "--port", str(port))
    desk = json.loads(await jpa(home, "integrator", "add", "NZ", "desk", "--json"))
    async with of(home, port) as world:
        period = await world.period(*STATES)
        journals = [
            Journal(period.officers[party], (await world.operation(period, party))["id"]) for party in STATES
        ]
        stop = asyncio.Event()

        async def work(journal: Journal) -> None:
            while not stop.is_set():
                await post(journal, 1)

        working = [asyncio.create_task(work(journal)) for journal in journals]
        await until(lambda: _each_has(journals, 40))
        before = [len(journal.accepted) for journal in journals]
        await jpa(home, "backup", str(file))
        after = [len(journal.accepted) for journal in journals]
        assert all(late > early for early, late in zip(before, after, strict=True)), "posts went on meanwhile"
        await until(lambda: _each_has(journals, max(after) + 10))
        stop.set()
        await asyncio.gather(*working)
        lost_alert = (await period.officers["NZ"].do("/alerts", ALERT))["id"]
        await world.settled()
        broker = Broker(world.servers.broker.bootstrap_servers, desk["username"], desk["password"])
        held = {(e["source"], e["id"]): e for e in await whole_feed(broker, desk["topic"])}
        officers = world.officers
    assert file.stat().st_mode & 0o777 == 0o600
    await jpa(home, "down")
    await jpa(home, "reset", "--yes")

    await jpa(home, "restore", str(file), "--port", str(port))
    async with of(home, port) as world:
        ended = await world.http.get("/api/v1/periods", headers={"authorization": f"Bearer {officers['nz.officer'].token}"})
        assert ended.status_code == httpx.codes.UNAUTHORIZED
        for officer in officers.values():
            officer.world = world
            await world.sign_in(officer)
        kept = [await _kept(period.officers["LK"], journal) for journal in journals]
        for journal, count, early, late in zip(journals, kept, before, after, strict=True):
            assert early <= count <= late, "what was accepted before the backup is in it"
            assert journal.accepted[:count] == await debriefed(world, journal)
            del journal.accepted[count:]
        totals = (await period.officers["LK"].see(f"/periods/{period.id}/totals"))["items"]
        assert sum(row["provisional"] for row in totals) == sum(kept)
        assert (await period.officers["LK"].get(f"/alerts/{lost_alert}")).status_code == httpx.codes.NOT_FOUND

        await asyncio.gather(*(post(journal, 5) for journal in journals))
        alert = (await period.officers["NZ"].do("/alerts", ALERT))["id"]
        await world.settled()
        for journal in journals:
            assert await _kept(period.officers["LK"], journal) == len(journal.accepted)
            assert await debriefed(world, journal) == journal.accepted
        ledger = (await period.officers["NZ"].see(f"/alerts/{alert}"))["ledger"]
        assert [(line["recipient"], line["state"]) for line in ledger] == [("LK", "delivered")]

        broker = Broker(world.servers.broker.bootstrap_servers, desk["username"], desk["password"])
        feed = await whole_feed(broker, desk["topic"])
        ends_with = by_the_rule(held, feed)
        assert held.keys() - ends_with.keys(), "it had read past the backup"
        assert ends_with.keys() == await truth(world, "NZ")
        told = [e["source"] for e in feed if e["type"] == "audit.feed.restarted.v1"]
        assert sorted(told) == sorted(f"/{service}" for service in SERVICES)
        assert {e.get("epoch", "1") for e in feed} == {"1", "2"}


async def _each_has(journals: list[Journal], count: int) -> bool:
    return all(len(journal.accepted) >= count for journal in journals)


async def _kept(officer: Any, journal: Journal) -> int:
    """How many of its updates are shown: the first ones, in order, each once."""
    rows = [row["id"] for row in await officer.all("/updates", operation_id=journal.operation_id, limit=200)][::-1]
    assert rows == journal.accepted[: len(rows)]
    return len(rows)
