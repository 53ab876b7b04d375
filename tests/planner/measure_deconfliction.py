"""How long a check takes with 100,000 scheduled operations, and whether those that are over slow it down.

    python -m tests.planner.measure_deconfliction

starts servers of its own, fills the planner's database, schedules as officers would, and prints milliseconds.
"""

import asyncio
import random
import time
from datetime import datetime, timedelta
from typing import Any

import airportsdata
from uuid_utils.compat import uuid4

from services.planner.consumers import listener
from services.planner.domain.operation import Operation
from services.planner.domain.presence import cell_of
from services.planner.domain.targets import Allowance
from services.planner.repository_conflicts import Live
from services.planner.settings import Settings
from services.planner.usecases import deconfliction
from shared.events.planner import Place, Window
from shared.parties import PARTIES
from shared.runtime.migrate import migrate
from shared.runtime.outbox import flush
from shared.runtime.service import Service, build
from shared.vocabulary import OperationState, PeriodState, PlaceKind
from tests.builders import NOON, a_coordinator, a_frame, an_operation
from tests.servers import lowered, running_servers

LIVE, OVER, CHECKS = 100_000, 300_000, 1_000
REGION = {code for code, party in PARTIES.items() if party.kind == "member"}
OWNERS = ("AU", "ID", "TH", "MY", "NZ", "LK", "IN", "PH", "VN", "BD")
HOURS = (6, 24, 72, 240, 720)


class Officers:
    """Operations as they might be: a few airports have most, and windows last from hours to a month of one year."""

    def __init__(self) -> None:
        self._chance = random.Random(5)
        airports = [one for one in airportsdata.load("IATA").values() if one["country"] in REGION]
        self._chance.shuffle(airports)
        self._airports = airports
        self._busy = [1 / (rank + 1) ** 0.7 for rank in range(len(airports))]

    def where(self) -> tuple[float, float]:
        (found,) = self._chance.choices(self._airports, weights=self._busy)
        return found["lat"], found["lon"]

    def when(self) -> tuple[datetime, datetime]:
        starts = NOON + timedelta(hours=self._chance.uniform(0, 365 * 24))
        return starts, starts + timedelta(hours=self._chance.choice(HOURS))

    def owner(self) -> str:
        return self._chance.choice(OWNERS)

    def token(self) -> str:
        return f"1:{self._chance.randrange(LIVE):064x}"

    def operation(self) -> Operation:
        (latitude, longitude), (starts, ends) = self.where(), self.when()
        place = Place(kind=PlaceKind.POINT, latitude=latitude, longitude=longitude, time_zone="UTC")
        window = Window(starts_at=starts, ends_at=ends)
        return an_operation(self.owner(), OperationState.SCHEDULED, window=window, places=(place,))


async def fill(planner: Service, officers: Officers) -> None:
    cells: list[tuple[Any, ...]] = []
    tokens: list[tuple[Any, ...]] = []
    for _ in range(LIVE):
        own = (uuid4(), officers.owner(), *officers.when())
        cells.append((*own, cell_of(*officers.where())))
        tokens.append((*own, officers.token()))
    async with planner.database.begin() as tx:
        for table, column, rows in (("live_cell", "cell", cells), ("live_token", "token", tokens)):
            names = ("operation_id", "owner", "starts_at", "ends_at", column)
            kinds = ("uuid", "text", "timestamptz", "timestamptz", "bigint" if column == "cell" else "text")
            arrays = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(kinds, 1))
            await tx.sql(
                f"INSERT INTO {table} ({', '.join(names)}, period_id) SELECT *, gen_random_uuid() FROM unnest({arrays})",
                *(list(column) for column in zip(*rows, strict=True)),
            )
            await tx.sql(f"ANALYZE {table}")


async def end_many(planner: Service) -> None:
    """Operations that are over have no rows; what is left of them is conflicts that have lapsed."""
    async with planner.database.begin() as tx:
        await tx.sql(
            "INSERT INTO conflict SELECT gen_random_uuid(), 2, 'lapsed', gen_random_uuid(), gen_random_uuid(), "
            "gen_random_uuid(), gen_random_uuid(), 'TH', 'NZ', '{}' FROM generate_series(1, $1::int)",
            OVER,
        )
        await tx.sql("ANALYZE conflict")


async def measure(planner: Service, officers: Officers, what: str) -> None:
    looks, checks, whole, used, found = [], [], [], [], []
    frame = a_frame(PeriodState.ACTIVE)
    for _ in range(CHECKS):
        operation = officers.operation()
        async with planner.database.begin(a_coordinator(operation.owner)) as tx:
            now = deconfliction._compared(operation, frame, [officers.token()])
            assert now
            began = time.perf_counter()
            await Live(tx).near(now)
            looked, cpu = time.perf_counter(), time.process_time()
            await deconfliction.deconflict(tx, operation, frame)
            compared = time.perf_counter()
            found.append(len(tx.announced) // 2)
            await flush(tx)
            whole.append((time.perf_counter() - looked) * 1000)
            used.append((time.process_time() - cpu) * 1000)
            checks.append((compared - looked) * 1000)
            looks.append((looked - began) * 1000)
            tx.announced.clear(), tx.audited.clear(), tx.added.clear()  # it is written
    for least, most in ((0, 10), (11, 50), (51, 100), (101, max(found))):
        of_these = sorted(time for time, conflicts in zip(whole, found, strict=True) if least <= conflicts <= most)
        if of_these:
            p50, p99 = (of_these[int(len(of_these) * share)] for share in (0.5, 0.99))
            print(f"{what}: {len(of_these)} that open {least} to {most} conflicts: p50 {p50:.2f} ms, p99 {p99:.2f} ms")
    for name, times in (
        ("look", looks), ("check with its locks and the rows that it writes", checks), ("the same and the events", whole),
        ("CPU of the planner in that", used),
    ):  # fmt: skip
        times.sort()
        p50, p99 = (times[int(len(times) * share)] for share in (0.5, 0.99))
        print(f"{what}: {name}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, at most {times[-1]:.2f} ms")
    found.sort()
    print(f"{what}: {sum(found) / CHECKS:.1f} conflicts a check, {found[int(CHECKS * 0.99)]} at p99, at most {found[-1]}")


async def main() -> None:
    deconfliction.allow(Allowance(10**9, 10**9))
    async with running_servers() as servers:
        planner = build("planner", Settings(**lowered(servers.settings("planner"))), listener)
        await migrate(planner.database, "services.planner")
        officers = Officers()
        await fill(planner, officers)
        await measure(planner, officers, f"{LIVE:,} live")
        await end_many(planner)
        await measure(planner, officers, f"{LIVE:,} live, {OVER:,} lapsed conflicts")
        await planner.database.close()


if __name__ == "__main__":
    asyncio.run(main())
