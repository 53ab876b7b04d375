"""What an alert stands on goes on rising while what it watches stands still, and is 0 again when nothing waits."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import REGISTRY

from shared.runtime import gauges
from shared.runtime.gauges import Age, Behind, Gauges


class Hands:
    """Both clocks, moved by hand."""

    def __init__(self) -> None:
        self.real, self.steady = 1_700_000_000.0, 1_000.0

    def pass_(self, seconds: float) -> None:
        self.real += seconds
        self.steady += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Hands:
    hands = Hands()
    monkeypatch.setattr(gauges, "time", SimpleNamespace(time=lambda: hands.real, monotonic=lambda: hands.steady))
    return hands


def test_an_age_rises_by_itself_until_it_is_told_that_nothing_waits(clock: Hands):
    age = Age()
    age.told(5)
    clock.pass_(60)
    assert age.seconds == 65
    age.told(0)
    clock.pass_(60)
    assert age.seconds == 0


def test_a_stuck_handler_is_seen_in_seconds_and_idle_time_before_it_does_not_count(clock: Hands):
    behind = Behind()
    assert behind.seconds(0, handled_at=0) == 0
    handled = clock.real
    clock.pass_(3600)  # nothing came
    assert behind.seconds(0, handled) == 0
    clock.pass_(15)
    assert behind.seconds(1, handled) == 15
    clock.pass_(300)
    assert behind.seconds(1, handled) == 315


def test_who_was_away_is_as_far_behind_as_the_events_that_it_takes_in(clock: Hands):
    behind = Behind()
    clock.pass_(2)
    assert behind.seconds(5000, handled_at=clock.real - 7200) == 7200
    assert behind.seconds(4000, handled_at=clock.real - 600) == 600


def test_a_kafka_that_cannot_be_asked_counts_as_behind(clock: Hands):
    behind = Behind()
    behind.seconds(0, 0)
    clock.pass_(90)
    assert behind.seconds(None, 0) == 90


def test_a_clock_that_is_set_a_day_back_or_ahead_makes_nobody_late(clock: Hands):
    behind = Behind()
    handled = clock.real
    behind.seconds(0, handled)
    clock.pass_(10)
    clock.real += 86400
    assert behind.seconds(3, handled) == 10
    clock.real -= 2 * 86400
    assert behind.seconds(3, handled) == 0


class Parts(SimpleNamespace):
    """As much of a service as the gauges look at."""


def a_service(rows: dict[str, Any], broken: asyncio.Event) -> Any:
    @contextlib.asynccontextmanager
    async def begin() -> AsyncIterator[Any]:
        if broken.is_set():
            raise ConnectionRefusedError

        async def sql(statement: str) -> list[dict[str, Any]]:
            return [rows]

        yield SimpleNamespace(sql=sql)

    async def by_state(tx: Any) -> dict[str, int]:
        return {"failed": 2}

    database = SimpleNamespace(begin=begin)
    return Parts(
        database=database,
        consumer=SimpleNamespace(database=database, inbox=SimpleNamespace(by_state=by_state, consumer="planner")),
        listener=SimpleNamespace(topics=("planner.periods",)),
        bus=SimpleNamespace(handled_at=0.0),
        settings=SimpleNamespace(min_free_bytes=500),
        space=SimpleNamespace(free=lambda: 700),
    )


async def ready(lag: int | None) -> dict[str, Any]:
    return {"ready": True, "lag": lag}


async def test_the_oldest_event_goes_on_ageing_while_the_database_is_away(clock: Hands):
    broken = asyncio.Event()
    parts = a_service({"unsent": 4, "oldest": 12.0, "unsealed": 3.0}, broken)
    own = Gauges()
    await own.read(parts, ready(0))
    assert REGISTRY.get_sample_value("jpa_outbox_oldest_seconds") == 12
    assert REGISTRY.get_sample_value("jpa_quarantine_events", {"state": "failed"}) == 2
    assert REGISTRY.get_sample_value("jpa_quarantine_events", {"state": "waiting"}) == 0
    assert REGISTRY.get_sample_value("jpa_disk_free_bytes") == 700
    broken.set()
    clock.pass_(30)
    await own.read(parts, ready(None))
    assert REGISTRY.get_sample_value("jpa_outbox_oldest_seconds") == 42
    assert REGISTRY.get_sample_value("jpa_audit_unsealed_seconds") == 33
    assert REGISTRY.get_sample_value("jpa_outbox_unsent") == 4
    assert REGISTRY.get_sample_value("jpa_consumer_lag_seconds", {"consumer": "planner"}) == 30


async def test_a_scrape_is_answered_when_nobody_answers_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gauges, "PATIENCE", 0.01)
    parts = a_service({"unsent": 0, "oldest": 0.0, "unsealed": 0.0}, asyncio.Event())

    async def never() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async with asyncio.timeout(20):
        await Gauges().read(parts, never())
    assert REGISTRY.get_sample_value("jpa_ready") == 0
