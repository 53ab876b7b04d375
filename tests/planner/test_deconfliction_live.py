"""Deconfliction on a real PostgreSQL: nobody is missed at the same moment, and a look reads what is near and no more."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest

from services.planner.consumers import listener
from services.planner.domain.operation import Operation
from services.planner.domain.presence import Presence, cell_of
from services.planner.domain.targets import Allowance
from services.planner.repository import Operations, Periods
from services.planner.repository_conflicts import _NEAR, Live
from services.planner.settings import Settings
from services.planner.usecases import conflicts, deconfliction, operations
from shared.runtime.db import Tx
from shared.runtime.migrate import migrate
from shared.runtime.service import Service, build
from shared.vocabulary import PeriodState
from tests.builders import NOON, a_coordinator, a_period
from tests.planner.deconflicting import PLACES, STATES, a_target, an_operation_at
from tests.planner.test_conflict_machine import overlaps
from tests.servers import RunningServers, lowered

pytestmark = pytest.mark.system


@pytest.fixture
async def planner(servers: RunningServers) -> AsyncIterator[Service]:
    service = build("planner", Settings(**lowered(servers.settings("planner"))), listener)
    service.clock.now = lambda: NOON  # type: ignore[method-assign]
    await migrate(service.database, "services.planner")
    async with service.database.begin() as tx:
        await tx.sql("TRUNCATE live_cell, live_token, conflict, try")
    yield service
    await service.database.close()


@pytest.fixture(autouse=True)
def allowed() -> Iterator[None]:
    before = deconfliction.allowance
    deconfliction.allow(Allowance(10**6, 10**6))
    yield
    deconfliction.allow(before)


async def drafted(planner: Service, *drafts: Operation) -> list[Operation]:
    """Each in a period of its own, so that no two wait for one period."""
    kept = []
    async with planner.database.begin() as tx:
        for draft in drafts:
            period = a_period(joined=STATES, state=PeriodState.ACTIVE)
            await Periods(tx).put(period)
            kept.append(draft.model_copy(update={"period_id": period.id}))
            await Operations(tx).put(kept[-1])
    return kept


async def schedule(tx: Tx, one: Operation) -> Operation:
    return await operations.schedule(tx, a_coordinator(one.owner), one.id, one.version, None, True)


async def schedules(planner: Service, one: Operation) -> Operation:
    async with planner.database.begin(a_coordinator(one.owner)) as tx:
        return await schedule(tx, one)


async def pairs(planner: Service) -> set[frozenset[UUID]]:
    query = "SELECT first_operation AS a, second_operation AS b FROM conflict WHERE state <> 'lapsed'"
    rows = await planner.database.ask(query)
    return {frozenset((row["a"], row["b"])) for row in rows}


@pytest.mark.parametrize("by", ["place", "target"])
async def test_two_that_are_scheduled_at_the_same_moment_do_not_miss_each_other(planner: Service, by: str):
    where = (("BKK",), ("Bangkok",)) if by == "place" else ((), ())
    one, other = await drafted(planner, an_operation_at("NZ", *where[0]), an_operation_at("TH", *where[1]))
    if by == "target":
        for draft in (one, other):
            async with planner.database.begin() as tx:
                await conflicts.name_targets(tx, a_coordinator(draft.owner), draft.id, (a_target(7),))
    begun: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def second() -> None:
        async with planner.database.begin() as tx:
            begun.set_result((await tx.sql("SELECT pg_backend_pid() AS pid"))[0]["pid"])
            await schedule(tx, other)

    async with planner.database.begin() as tx:
        await schedule(tx, one)
        task = asyncio.create_task(second())
        pid = await begun
        async with asyncio.timeout(10):  # it waits for the first, or has overlooked it
            while not task.done() and not (await tx.sql("SELECT cardinality(pg_blocking_pids($1)) AS n", pid))[0]["n"]:
                await asyncio.sleep(0)
    await task
    assert await pairs(planner) == {frozenset((one.id, other.id))}


async def test_one_that_ends_while_another_is_scheduled_leaves_no_conflict_behind(planner: Service):
    one, other = await drafted(planner, an_operation_at("NZ", "BKK"), an_operation_at("TH", "BKK"))
    await schedules(planner, one)
    async with planner.database.begin() as tx:
        await operations.cancel(tx, a_coordinator("NZ"), one.id, one.version + 1, NOON)
        task = asyncio.create_task(schedules(planner, other))
        async with asyncio.timeout(10):
            while not task.done() and not (await tx.sql("SELECT count(*) AS n FROM pg_locks WHERE NOT granted"))[0]["n"]:
                await asyncio.sleep(0)
    await task
    assert await pairs(planner) == set()


async def test_what_many_do_at_once_ends_as_looking_at_every_pair_does(planner: Service):
    chance = random.Random(11)
    drafts = await drafted(
        planner,
        *(
            an_operation_at(
                chance.choice(STATES), *chance.sample(list(PLACES), chance.randint(0, 3)), first=chance.randint(0, 8),
                days=chance.randint(1, 4),
            )
            for _ in range(40)
        ),
    )  # fmt: skip
    tokens = {one.id: frozenset({a_target(chance.randint(0, 9)).token}) for one in drafts[::2]}

    async def goes(one: Operation) -> Operation:
        scheduled = await schedules(planner, one)
        for token in tokens.get(one.id, ()):
            async with planner.database.begin() as tx:
                target = a_target(0).model_copy(update={"token": token})
                await conflicts.name_targets(tx, a_coordinator(one.owner), one.id, (target,))
        return scheduled

    scheduled = await asyncio.gather(*(goes(one) for one in drafts))
    found = {
        frozenset((a.id, b.id)) for a, b in combinations(drafts, 2) if a.owner != b.owner and overlaps(a, b, tokens)
    }
    assert len(found) > 10
    assert await pairs(planner) == found
    ended = scheduled[:20]

    async def ends(one: Operation) -> None:
        async with planner.database.begin() as tx:
            await operations.cancel(tx, a_coordinator(one.owner), one.id, one.version, NOON)

    await asyncio.gather(*(ends(one) for one in ended))
    gone = {one.id for one in ended}
    assert await pairs(planner) == {pair for pair in found if not pair & gone}
    rows = await planner.database.ask("SELECT operation_id FROM live_cell UNION SELECT operation_id FROM live_token")
    assert not {row["operation_id"] for row in rows} & gone, "what is over is compared no more and costs nothing"


def walked(plan: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """Each scan, and how many rows it read."""
    if "Relation Name" in plan:
        read = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        yield plan["Node Type"], plan["Actual Loops"] * read
    for below in plan.get("Plans", ()):
        yield from walked(below)


async def test_a_look_reads_only_what_is_near_and_not_over_by_then(planner: Service):
    async with planner.database.begin() as tx:
        await tx.sql(
            "INSERT INTO live_cell (operation_id, cell, period_id, owner, starts_at, ends_at) "
            "SELECT gen_random_uuid(), $1::bigint + n % 2000, gen_random_uuid(), 'LK', m, m + interval '1 day' "
            "FROM generate_series(1, 20000) n, LATERAL (SELECT $2::timestamptz + n * interval '1 minute' AS m) s",
            cell_of(*PLACES["AKL"]),
            NOON,
        )
        await tx.sql(
            "INSERT INTO live_token (operation_id, token, period_id, owner, starts_at, ends_at) "
            "SELECT gen_random_uuid(), '1:' || n, gen_random_uuid(), 'LK', $1, $1 FROM generate_series(1, 20000) n",
            NOON,
        )
        await tx.sql("ANALYZE live_cell")
        await tx.sql("ANALYZE live_token")
        near = [cell_of(*PLACES["AKL"]) + n for n in range(3)]
        late = NOON + timedelta(minutes=16_000)
        rows = await tx.sql(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {_NEAR}", near, late, late + timedelta(hours=1), ["1:7"], "NZ"
        )
        (plan,) = json.loads(rows[0]["QUERY PLAN"])
    scans = list(walked(plan["Plan"]))
    assert {kind for kind, _ in scans} <= {"Index Scan", "Bitmap Heap Scan", "Index Only Scan"}
    # of ten operations in each of three cells those that end after 16,000 minutes, and one token
    assert sum(read for _, read in scans) <= 3 * 3 + 1


async def test_what_needs_very_many_locks_takes_one_and_stands_in_the_way_of_those_who_take_few(planner: Service):
    wide = an_operation_at("NZ", "BKK")
    tokens = frozenset(f"token {number}" for number in range(20_000))
    window = wide.window
    many = Presence(operation_id=wide.id, period_id=wide.period_id, owner="NZ", window=window, tokens=tokens)
    few = replace(many, tokens=frozenset(("token 7",)))
    held = "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    async with planner.database.begin() as tx:
        await Live(tx).lock([many])
        assert (await tx.sql(held))[0]["n"] == 1

        async def takes_few() -> None:
            async with planner.database.begin() as other:
                await Live(other).lock([few])

        waiting = asyncio.create_task(takes_few())
        async with asyncio.timeout(10):
            while not (await tx.sql("SELECT count(*) AS n FROM pg_locks WHERE NOT granted"))[0]["n"]:
                await asyncio.sleep(0)
        assert not waiting.done()
    await waiting
    async with planner.database.begin() as tx, planner.database.begin() as other:
        await Live(tx).lock([few])
        await Live(other).lock([replace(few, tokens=frozenset(("token 8",)))])  # nobody waits
