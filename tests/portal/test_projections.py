"""Whatever happened to updates and however it came in, what is shown is what a plain count gives, for every reader."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.portal.lists import UpdateFilter
from services.portal.projections.audiences import Audiences
from services.portal.projections.rows import Rows
from shared.vocabulary import Indicator
from tests.builders import an_officer
from tests.portal.conftest import Shown
from tests.portal.stories import EVERYONE, OWNERS, Story

pytestmark = pytest.mark.system

INDICATORS = (Indicator.ARRESTS, Indicator.PERSONS_CHECKED, Indicator.CONVICTIONS)
counts = st.dictionaries(st.sampled_from(INDICATORS), st.integers(0, 9), max_size=3)
which = st.integers(0, 30)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.integers(0, 2), counts),
        st.tuples(st.just("correct"), which, counts),
        st.tuples(st.sampled_from(["validate", "return"]), which),
        st.tuples(st.just("release"), st.integers(1, 2)),
    ),
    min_size=5,
    max_size=25,
)
PERIOD = UUID(int=1)
cuts = st.lists(st.integers(1, 12), min_size=1, max_size=6)


def told(taken: list[Any]) -> Story:
    """The story that these steps make; a step that the planner would refuse is left out."""
    story = Story()
    for step, *what in taken:
        standing = [update for update in story.updates if update.status != "superseded"]
        if step == "post":
            story.post(*what)
        elif step == "release" and not story.open[what[0]]:
            story.release(what[0])
        elif step != "release" and standing:
            update = standing[what[0] % len(standing)]
            if step == "correct":
                story.post(update.operation, what[1], corrects=update)
            else:
                story.judge(update, step == "validate")
    return story


# without shrinking: each example is some dozens of transactions, and a failing one is short enough to be read
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(taken=steps, cut=cuts)
async def test_in_batches_of_any_size_and_one_by_one_the_tables_are_the_same_and_right(
    shown: Shown, taken: list[Any], cut: list[int]
):
    together, alone = told(taken), told(taken)
    rest, batches = list(together.records), shown.consumer(transaction_max_events=7)
    while rest:
        for size in cut:
            batch, rest = rest[:size], rest[size:]
            await batches.batch(batch)
    one_by_one = shown.consumer(transaction_max_events=1)
    await one_by_one.batch(alone.records)
    assert await _tables(shown, together) == await _tables(shown, alone)
    for party in EVERYONE:
        await _shows_what_a_plain_count_gives(shown, together, party)


async def _shows_what_a_plain_count_gives(shown: Shown, story: Story, party: str) -> None:
    async with shown.read_model.reader(an_officer(party)) as reads:
        totals = await reads.totals(story.period_id)
        sums = {(row["indicator"], row["party"]): (row["validated"], row["provisional"], row["updates"]) for row in totals}
        assert sums == story.totals(party)
        midway = date(2026, 3, 4)
        before = await reads.counts_before(story.period_id, OWNERS, midway)
        assert before == story.counts(party, before=midway)
        seen = story.seen_by(party)
        listed, _ = await reads.updates(UpdateFilter(story.period_id), limit=200)
        assert {(row["id"], row["status"]) for row in listed} == {(update.id, update.status) for update in seen}
        reports = await reads.reports(story.period_id, date(2026, 2, 20))
        for owner in set(OWNERS):
            own = [update for update in seen if OWNERS[update.operation] == owner]
            assert (reports[owner]["updates"] if owner in reports else 0) == len(own)
            provisional = sum(update.status == "provisional" for update in own)
            assert (reports[owner]["provisional"] if owner in reports else 0) == provisional
        for operation, operation_id in enumerate(story.operation_ids):
            assert await reads.operation_counts(operation_id) == story.counts(party, operation)
            here = [update for update in seen if update.operation == operation]
            if party in story.readers(operation):
                row = await reads.operation(operation_id)
                assert row["updates"] == len(here)
                assert row["last_update_at"] == max((update.at for update in here), default=None)


async def _tables(shown: Shown, story: Story) -> dict[str, list[Any]]:
    """All that was written of a story, with names in the place of its ids."""
    names = {str(story.period_id): "period"}
    names |= {str(thing): f"operation {n}" for n, thing in enumerate(story.operation_ids)}
    names |= {str(update.id): f"update {n}" for n, update in enumerate(story.updates)}

    def named(value: Any) -> str:
        """Also where an id stands within JSON."""
        return "'".join([names.get(part, part) for part in str(value).split("'")])

    found: dict[str, list[Any]] = {}
    by_period = ("operation", "update", "update_count", "total", "total_by_day", "posted", "timeline")
    by_operation = ("operation_total", "operation_posted", "operation_detail", "update_detail")
    for table, column in [*((name, "period_id") for name in by_period), *((name, "operation_id") for name in by_operation)]:
        asked = [story.period_id] if column == "period_id" else story.operation_ids
        rows = await shown.sql(f'SELECT * FROM "{table}" WHERE {column} = ANY ($1)', asked)
        lines = [[named(value) for name, value in dict(row).items() if (table, name) != ("timeline", "id")] for row in rows]
        found[table] = sorted(lines) if table != "timeline" else sorted(lines, key=lambda line: line[2])
    return found


async def test_one_that_can_never_be_written_is_set_aside_alone_and_the_others_of_its_batch_are_shown(shown: Shown):
    story = Story()
    for n in range(40):
        story.post(n % 3, {Indicator.ARRESTS: 2**40 if n == 17 else 1})
    await shown.consumer().batch(story.records)
    aside = await shown.sql("SELECT type, state FROM quarantine WHERE key = ANY ($1) ORDER BY id", _keys(story))
    # behind the one that failed those of its operation wait, and nothing else does
    poisoned = 17 % 3
    behind = sum(1 for n in range(18, 40) if n % 3 == poisoned)
    assert [row["state"] for row in aside] == ["failed"] + ["waiting"] * behind
    async with shown.read_model.reader(an_officer("NZ")) as reads:
        rows, _ = await reads.updates(UpdateFilter(story.period_id), limit=200)
    shown_of = [sum(row["operation_id"] == operation for row in rows) for operation in story.operation_ids]
    assert shown_of[0] == 14


def _keys(story: Story) -> list[str]:
    return [str(key) for key in story.operation_ids]


class Sent:
    """A transaction that only keeps what it is told to do."""

    def __init__(self) -> None:
        self.statements: list[tuple[Any, ...]] = []

    async def sql(self, statement: str, *parameters: Any) -> list[Any]:
        self.statements.append((statement, *parameters))
        return []


async def test_sums_that_two_projectors_share_are_written_in_one_order_so_that_they_cannot_lock_each_other_out():
    told = [(party, indicator) for party in EVERYONE for indicator in INDICATORS]
    ways = []
    for order in (told, told[::-1]):
        tx = Sent()
        rows = Rows(tx, Audiences(None), {})  # type: ignore[arg-type]
        for party, indicator in order:
            rows.add("total", (PERIOD, party, indicator.value, 1), 1, 0, 1)
            rows.add("operation_total", (PERIOD, indicator.value, 1), 1)
        await rows.flush()
        ways.append(tx.statements)
    assert ways[0] == ways[1]
    assert len(ways[0]) == 1
