"""The bench runs to its end on real servers, says every figure, and leaves nothing behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded.places import CHECKOUT
from tests.servers import fresh_home

pytestmark = pytest.mark.system


def bench(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "JPA_HOME": str(home), "PYTHONPATH": str(CHECKOUT)}
    for name in ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS"):
        environment.pop(name, None)
    return subprocess.run(
        [sys.executable, "-m", "client.cli", "bench", *words],
        env=environment, capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip


def test_a_small_bench_says_every_figure_and_leaves_nothing():
    with fresh_home() as home:
        done = bench(home.root, "--quick", "--json")
        assert done.returncode == 0, done.stderr[-2000:]
        assert not (home.root / "bench").exists()
    found = json.loads(done.stdout)
    assert {"aims", "floor", "system", "rebuild", "pages", "memory", "machine", "miniature"} == set(found)
    assert len(found["aims"]) == 8
    for when in ("before", "after", "mean"):
        floor = found["floor"][when]
        assert floor["visible_updates_per_second"] > 1
        assert 0 < floor["p50_ms_at_100_per_second"] <= floor["p99_ms_at_100_per_second"]
        assert floor["cpu_ms_per_update"] > 0
    load = found["system"]["throughput"]
    assert load["posted_updates"] > 1
    assert 0 < load["visible_updates_per_second"] <= load["accepted_updates_per_second"] * 1.01
    assert {"portal", "planner", "kafka", "postgres for planner", "the load"} <= set(load["cpu_seconds_by_process"])
    for kind in ("latency", "latency_slow"):
        assert 0 < found["system"][kind]["p50_ms"] <= found["system"][kind]["p99_ms"]
    counted = found["system"]["counted"]
    assert counted["accepted_updates"] == counted["shown_once_updates"] > load["posted_updates"]
    rebuild = found["rebuild"]
    assert rebuild["rebuilt_events"] >= rebuild["seeded_events"] + 2 * counted["accepted_updates"]
    assert rebuild["relay_events_per_second"] > 1
    assert rebuild["rebuild_events_per_second"] > 1
    assert len(found["pages"]["places"]) == 22
    assert all(0 < place["p50_ms_few"] <= place["p95_ms_few"] for place in found["pages"]["places"].values())
    assert {"portal", "planner", "intel", "debrief", "kafka", "postgres"} == set(found["memory"])
    assert all(0 < sizes["end_resident_mib"] <= sizes["peak_resident_mib"] for sizes in found["memory"].values())
