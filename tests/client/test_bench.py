"""The bench without servers: how figures are held against aims, what it refuses, and that its made history is valid."""

from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from client.bench import profile, show, system
from client.bench.figures import judged
from client.bench.rebuild import history
from client.bench.settings import Options, asked
from client.bench.stack import own_stack
from deploy.embedded import state
from deploy.embedded.places import Home, Trouble
from shared.events.base import internal_bytes, read


def found(visible: float = 600, p50: float = 10, slow: float = 15, sustained: bool = True) -> dict[str, Any]:
    throughput = {"visible_updates_per_second": visible, "sustained": sustained, "backlog_gone_after_seconds": 1.0}
    return {
        "floor": {"mean": {"visible_updates_per_second": 1000, "p50_ms_at_100_per_second": 6.0}},
        "system": {
            "throughput": throughput,
            "latency": {"rate_per_second": 100.0, "p50_ms": p50, "p99_ms": 40.0, "sustained": True},
            "latency_slow": {"rate_per_second": 2.0, "p50_ms": slow, "p99_ms": 30.0, "sustained": True},
        },
        "rebuild": {"rebuild_events_per_second": 12_000.0, "rebuilt_events": 100_000},
        "pages": {
            "few_updates": 10_000, "many_updates": 1_000_000,
            "worst_p95_ms_few": 20.0, "worst_p95_ms_many": 90.0, "worst_growth": 1.2,
            "worst_places": {"p95_ms_few": "home", "p95_ms_many": "home", "growth": "home"},
        },
    }  # fmt: skip


def missed(figures: dict[str, Any]) -> list[str]:
    return [figure.name for figure in judged(figures) if not figure.met]


def test_every_aim_is_judged_and_none_is_missed_when_all_are_met():
    assert len(judged(found())) == 8
    assert missed(found()) == []


def test_an_aim_is_missed_by_the_ratio_to_the_floor_of_the_same_run():
    assert missed(found(visible=499)) == ["visible updates"]
    assert missed(found(p50=12.1)) == ["to another party, 100 a second, p50"]
    assert missed(found(slow=20.1)) == ["to another party, 2 a second, p50"]


def test_a_rate_that_leaves_a_backlog_does_not_count_as_reached():
    assert missed(found(visible=900, sustained=False)) == ["visible updates", "backlog gone after the last post"]


def test_each_column_of_what_is_shown_says_what_it_is(capsys: pytest.CaptureFixture[str]):
    figures = judged(found(visible=499))
    place = {"p50_ms_few": 1.0, "p95_ms_few": 2.0, "p50_ms_many": 3.0, "p95_ms_many": 4.0, "growth": 1.1}
    pages = {**found()["pages"], "places": {"home": place}}
    machine = {"cores": 2, "load_average_before": 0.0, "load_average_after": 0.0, "seconds": 1.0}
    show.report({"memory": {}, "machine": machine, "pages": pages}, figures)
    lines = capsys.readouterr().out.splitlines()
    assert "\tfigure\tvalue\tunit\taim\tbeside" in lines
    assert "\tp50 at 10,000\tp95 at 10,000\tp50 at 1,000,000\tp95 at 1,000,000\tgrowth of p50" in lines
    assert any(line.startswith("✗\tvisible updates") for line in lines)


def test_in_miniature_no_aim_is_judged_and_that_is_said(capsys: pytest.CaptureFixture[str]):
    assert Options().quick().miniature
    assert not Options().miniature
    machine = {"cores": 2, "load_average_before": 0.0, "load_average_after": 0.0, "seconds": 1.0}
    show.report({"memory": {}, "machine": machine, "miniature": True}, judged(found(visible=1)))
    said = capsys.readouterr().out
    assert "The figures say nothing of how fast it is" in said
    assert "✗" not in said
    assert "✓" not in said


def test_a_part_that_was_not_measured_is_not_judged():
    assert judged({"memory": {}}) == []


class Shown:
    """A scene in which the other party is shown these."""

    def __init__(self, *ids: str) -> None:
        self._ids = list(ids)

    async def visible_ids(self) -> list[str]:
        return self._ids


@pytest.mark.parametrize("ids", [("a",), ("a", "b", "b"), ("a", "b", "c")], ids=["lost", "doubled", "strange"])
async def test_an_update_that_is_not_shown_exactly_once_breaks_the_bench(ids: tuple[str, ...]):
    with pytest.raises(Trouble, match="1"):
        await system.require_each_once(Shown(*ids), ["a", "b"])  # type: ignore[arg-type]


async def test_what_is_shown_once_each_is_counted():
    counted = await system.require_each_once(Shown("b", "a"), ["a", "b"])  # type: ignore[arg-type]
    assert counted == {"accepted_updates": 2, "shown_once_updates": 2}


def test_the_history_for_a_rebuild_is_events_that_consumers_read_in_gapless_order():
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    events = list(history(uuid4(), 2_000))
    for event, sequence in events:
        assert event.time
        raw = internal_bytes(event.public_bytes(event.time), sequence, " ".join(event.audience), "")
        again = read(raw)
        assert (type(again), again.id, again.audience) == (type(event), event.id, event.audience)
        places[again.topic, again.key].append(again.sequence)
    assert 1_500 <= len(events) <= 2_000
    for sequences in places.values():
        assert sequences[0] == 1
        assert all(after == before + 1 for before, after in pairwise(sequences))


async def test_a_second_bench_of_an_installation_is_refused(tmp_path: Path):
    home = Home(tmp_path / "bench")
    home.make()
    with state.sole_supervisor(home):
        with pytest.raises(Trouble, match="Another bench"):
            async with own_stack(Home(tmp_path)):
                pass
    assert home.root.exists(), "the other one's is left alone"


async def test_servers_of_others_are_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@elsewhere/theirs")
    with pytest.raises(Trouble, match="DATABASE_URL"):
        async with own_stack(Home(tmp_path)):
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(Trouble, match="floor, system, rebuild, pages"):
        asked(60, 1_000_000, 100_000, None, ["flor"], None, False)


def test_what_is_asked_for_in_words_is_what_is_done_unless_it_is_to_be_quick():
    assert asked(60, 1_000_000, 100_000, None, None, None, False) == Options()
    assert asked(5, 30_000, 3_000, [8], ["pages"], None, False) == Options(
        seconds=5, updates=30_000, events=3_000, writers=(8,), parts=("pages",)
    )
    assert asked(60, 1_000_000, 100_000, None, None, None, True).updates < 10_000


def test_a_profile_names_what_is_on_top_and_what_calls_it():
    said = profile.top("main (a.py:1);work (b.py:7) 30\nmain (a.py:2);rest (c.py:3) 10\n")
    itself, whole = said.split("with what it calls")
    assert "75.0%  work (b.py)" in itself
    assert "100.0%  main (a.py)" in whole
