"""What the core pages ask of the read model reads as much of it at a hundred thousand updates as on the first day."""

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.portal.lists import UpdateFilter
from services.portal.repository import Reads
from shared.errors import NotFound
from shared.runtime.db import Tx
from tests.builders import an_officer
from tests.portal import seed
from tests.portal.conftest import Shown

pytestmark = pytest.mark.system

UPDATES = 100_000
PERIOD, OPERATION = UUID(seed.PERIOD), UUID("00000000-0000-7000-8002-000000000008")
UPDATE = UUID(f"00000000-0000-7000-8003-{UPDATES // 2:012x}")
GROWING = {"update", "update_count", "update_detail", "timeline"}
BOUND = 3000
"""Rows of these tables, far below what any party has: a page shows at most two hundred, each with a few others."""

QUESTIONS: dict[str, Callable[[Reads], Awaitable[Any]]] = {
    "periods": lambda reads: reads.periods(),
    "totals": lambda reads: reads.totals(PERIOD),
    "what stood at the checkpoint": lambda reads: reads.counts_before(PERIOD, seed.PARTIES, date(2026, 6, 1)),
    "who is silent": lambda reads: reads.last_posts(PERIOD),
    "who reports late": lambda reads: reads.lateness(PERIOD),
    "distress that is not over": lambda reads: reads.distress_open(),
    "referrals of a period": lambda reads: reads.referred(PERIOD),
    "files of an update": lambda reads: reads.files_of(UPDATE),
    "reports": lambda reads: reads.reports(PERIOD, date(2026, 1, 1)),
    "the last entries": lambda reads: reads.latest(PERIOD),
    "the last entry": lambda reads: reads.last_entry(PERIOD),
    "timeline": lambda reads: reads.timeline(PERIOD, limit=200),
    "timeline, further down": lambda reads: reads.timeline(PERIOD, before=UPDATES // 2, limit=200),
    "timeline, what is new": lambda reads: reads.timeline(PERIOD, after=UPDATES - 300, limit=50),
    "numbers of what is new": lambda reads: reads.timeline_ids(PERIOD, UPDATES - 500),
    "joint operations": lambda reads: reads.joint_operations(PERIOD),
    "headlines": lambda reads: reads.headlines(PERIOD),
    "whose operations there are": lambda reads: reads.owners(PERIOD),
    "operations": lambda reads: reads.operations(PERIOD),
    "operations of the reader's party": lambda reads: reads.own_operations(PERIOD),
    "operation": lambda reads: reads.operation(OPERATION),
    "counts of an operation": lambda reads: reads.operation_counts(OPERATION),
    "the reader's party's updates": lambda reads: reads.newest_of_party(PERIOD),
    "how many updates a figure sums": lambda reads: reads.updates_counted(PERIOD, "arrests", None),
    "updates": lambda reads: reads.updates(UpdateFilter(PERIOD), limit=200),
    "updates of everywhere": lambda reads: reads.updates(UpdateFilter()),
    "updates of an operation": lambda reads: reads.updates(UpdateFilter(PERIOD, OPERATION)),
    "updates of a party": lambda reads: reads.updates(UpdateFilter(PERIOD, party="VN")),
    "updates that count arrests": lambda reads: reads.updates(UpdateFilter(PERIOD, indicator="arrests")),
    "updates that were returned": lambda reads: reads.updates(UpdateFilter(PERIOD, status="returned")),
    "updates of a party that were returned, and none was": lambda reads: reads.updates(
        UpdateFilter(PERIOD, party="NZ", status="returned")
    ),
    "updates that count arrests and were corrected since, and none was": lambda reads: reads.updates(
        UpdateFilter(PERIOD, indicator="arrests", status="superseded")
    ),
    "a party's provisional updates that count arrests": lambda reads: reads.updates(
        UpdateFilter(PERIOD, party="VN", indicator="arrests", status="provisional")
    ),
    "an update": lambda reads: reads.history(PERIOD, UPDATE),
}


class Asking(Tx):
    """A reader's transaction that explains each statement before it runs it."""

    def __init__(self, *of: Any) -> None:
        super().__init__(*of)
        self.plans: list[dict[str, Any]] = []

    @classmethod
    def of(cls, tx: Tx) -> "Asking":
        return cls(tx.connection, tx.now, tx.actor)

    async def sql(self, statement: str, *parameters: Any) -> Sequence[Any]:
        rows = await super().sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *parameters)
        said = rows[0]["QUERY PLAN"]
        self.plans.append((json.loads(said) if isinstance(said, str) else said)[0]["Plan"])
        return await super().sql(statement, *parameters)


@pytest.fixture(scope="module")
async def large(shown: Shown) -> AsyncIterator[Shown]:
    """The generation that is shown, with very many updates; gone afterwards."""
    await shown.renew()
    administrator = await asyncpg.connect(shown.administrator, server_settings={"search_path": "read"})
    await seed.seed(administrator, UPDATES)
    yield shown
    await administrator.close()
    await shown.renew()


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("party", ["NZ", "VN", "JP"])
async def test_what_a_page_asks_reads_a_bounded_part_of_what_grows(large: Shown, question: str, party: str):
    async with large.read_model.reader(an_officer(party)) as reads:
        asking = reads._tx = Asking.of(reads._tx)
        with contextlib.suppress(NotFound):  # to whom it does not show, that may cost no more
            await QUESTIONS[question](reads)
    nodes = [node for plan in asking.plans for node in _nodes(plan) if node.get("Relation Name") in GROWING]
    assert "Seq Scan" not in {node["Node Type"] for node in nodes}
    read = sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0))
        * node["Actual Loops"]
        for node in nodes
    )
    assert read <= BOUND
