"""An endurance run does what it promises, and its oracle notices every kind of difference."""

import asyncio
import io
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from client.cli import app
from client.endure import run
from client.endure.cast import Cast, Watcher
from client.endure.faults import ALWAYS, BROKERS, REPLICAS, Attack
from client.endure.journal import DETAILED, HEADLINES, POSTED, RELEASED, Journal, Lane, Post
from client.endure.load import Pace
from client.endure.oracle import Oracle
from client.endure.plan import LEAST, Shape, plan
from client.endure.show import progress
from client.endure.views import Fed, View
from deploy.embedded.places import Trouble
from shared.runtime.failpoints import Point

EVERYONE = frozenset({"NZ", "AU"})
PERIOD = "the-period"


def test_the_default_run_has_thirty_kills_three_at_each_failpoint_and_every_other_fault():
    planned = Counter(Shape(seed=1).planned)
    assert sum(times for name, times in planned.items() if name.startswith("kill ")) == 30
    assert all(planned[f"kill {point}"] >= 3 for point in Point)
    assert planned.keys() == ALWAYS.keys()


def test_with_three_brokers_and_two_replicas_it_also_does_what_only_these_can_suffer():
    assert set(Shape(seed=1, brokers=3, replicas=2).planned) == {*ALWAYS, *BROKERS, *REPLICAS}


def test_the_help_names_the_least_that_is_taken():
    least = LEAST * (len(plan(0, seed=1)) + 2)
    said = " ".join(CliRunner().invoke(app, ["endure", "--help"], env={"COLUMNS": "300"}).output.split())
    assert f"so {least} at least" in said
    assert f"once at least: {len(plan(0, seed=1))} with 0" in said
    assert ">=100" not in said
    Shape(updates=least, kills=0, seed=1).require_enough()
    with pytest.raises(Trouble, match=f"--updates {least}"):
        Shape(updates=least - 1, kills=0, seed=1).require_enough()


@pytest.mark.parametrize("width", [80, 120])
def test_the_counts_of_a_run_are_shown_whole_on_a_narrow_screen(width: int):
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=True, color_system=None)
    bar = progress(console)
    bar.add_task("", total=10_000, completed=9_980, rate=123.4, done="12/79", last="kill postgres " * 10)
    console.print(bar.get_renderable())
    line = out.getvalue().rstrip("\n")
    assert "\n" not in line
    assert all(text in line for text in ("9980/10000 updates", "123.4/s", "12/79 faults", "kill postgres"))


def test_a_run_that_is_broken_off_says_what_became_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def ctrl_c(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("client.endure.run._interruptible", ctrl_c)
    monkeypatch.setattr("client.endure.run.endured", lambda *words: None)
    with pytest.raises(KeyboardInterrupt):
        run.main(Shape(seed=1), tmp_path)
    assert "Broken off: nothing of it is left running, and its home is deleted." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_same_seed_is_the_same_plan():
    assert Shape(seed=4).planned == Shape(seed=4).planned != Shape(seed=5).planned


def test_more_faults_than_there_are_updates_for_are_refused():
    Shape(updates=1000, kills=8, seed=1).require_enough()
    with pytest.raises(Trouble, match="38 faults need 800 updates or more"):
        Shape(updates=799, kills=8, seed=1).require_enough()


async def test_updates_are_kept_in_hand_for_the_faults_still_to_come():
    pace = Pace(10, a_second=1e6)
    pace.allow(0.5)
    assert [await pace.turn() for _ in range(5)] == [True] * 5
    pace.allow(0.3)
    assert pace.allowed == 5
    pace.allow(1)
    assert [await pace.turn() for _ in range(6)] == [True] * 5 + [False]


async def test_a_fault_that_used_up_its_updates_before_it_waits_for_some_gets_others():
    pace = Pace(10, a_second=1e6)
    pace.allow(0.2)
    assert [await pace.turn() for _ in range(2)] == [True] * 2
    waiting = asyncio.create_task(pace.turn())
    pace.spare(5)
    assert await waiting
    assert pace.allowed == 7
    pace.spare(50)
    assert pace.allowed == 10


@pytest.fixture
def oracle(tmp_path: Path) -> Oracle:
    """Of three updates on an operation of NZ that all see, and one on an operation that it holds."""
    journal = Journal(tmp_path / "journal.jsonl")
    shown = Lane("open", "NZ", EVERYONE, shares_detail=False, held=False, version=1)
    held = Lane("held", "NZ", EVERYONE, shares_detail=True, held=True, version=1)
    journal.lanes += [shown, held]
    for lane, names in ((shown, "abc"), (held, "h")):
        for name in names:
            lane.posts.append(Post(f"word-{name}", {"arrests": 2}, id=name))
            lane.note(POSTED, name, lane.readers)
            lane.note(DETAILED, name, lane.detail_readers)
    anything: Any = None
    return Oracle(Attack(anything, anything, journal, Cast(period_id=PERIOD), random.Random(1), 0, anything))


def row(name: str, operation: str = "open", text: str | None = None, **other: Any) -> dict[str, Any]:
    fields = {"operation_id": operation, "party": "NZ", "status": "provisional", "counts": {"arrests": 2}}
    return {"id": name, **fields, "supersedes": None, "detail": text and {"text": text}, **other}


def view_of_au() -> View:
    total = {"party": "NZ", "indicator": "arrests", "validated": 0, "provisional": 6, "updates": 3}
    told = [(POSTED, name) for name in "abc"]
    return View([row(name) for name in "abc"], [{"id": "open", "status": "under_way"}], [total], told, [PERIOD])


AU = Watcher("au.observer", "AU", reads=True)


def test_a_right_view_has_no_difference(oracle: Oracle):
    assert list(oracle._of_account(AU, view_of_au())) == []


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (lambda view: view.updates.pop(), "misses update c of operation open"),
        (lambda view: view.updates.append(row("c")), "sees update c 2 times"),
        (lambda view: view.updates.append(row("h", "held")), "SEES update h"),
        (lambda view: view.updates.append(row("z")), "SEES update z"),
        (lambda view: view.updates.reverse(), "sees the updates of operation open in another order"),
        (lambda view: view.updates.__setitem__(0, row("a", text="word-a")), "SEES the text of update a"),
        (lambda view: view.updates.__setitem__(0, row("a", status="returned")), "sees another state of update a"),
        (lambda view: view.totals[0].update(provisional=8), "total of NZ arrests is (0, 8, 3), by the journal (0, 6, 3)"),
        (lambda view: view.operations.pop(), "misses operation open"),
        (lambda view: view.operations.append({"id": "held", "status": "under_way", "owner": "NZ"}), "SEES operation held"),
        (lambda view: view.timeline.pop(), f"misses {POSTED} of update c in the timeline"),
        (lambda view: view.timeline.append((POSTED, "c")), f"HAS {POSTED} of update c too often in the timeline"),
        (lambda view: view.timeline.reverse(), "has operation open in another order in the timeline"),
        (lambda view: view.timeline.append((POSTED, "z")), "the timeline tells of update z, which nobody posted"),
        (lambda view: view.periods.pop(), "sees or misses the period wrongly"),
    ],
)
def test_every_difference_of_a_view_is_named(oracle: Oracle, change: Any, difference: str):
    view = view_of_au()
    change(view)
    assert any(found.startswith(difference) for found in oracle._of_account(AU, view))


def test_who_reads_nothing_must_be_shown_nothing(oracle: Oracle):
    watcher = Watcher("nz.party_admin", "NZ", reads=False)
    assert list(oracle._of_account(watcher, View())) == []
    assert list(oracle._of_account(watcher, view_of_au()))


def fed_to_au() -> Fed:
    fed = Fed(messages=3)
    fed.subjects.add("open")
    fed.headlines["open"] += [(POSTED, name) for name in "abc"]
    return fed


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (lambda fed: None, ""),
        (lambda fed: fed.headlines["open"].pop(1), f"misses {POSTED} of update b in the feed"),
        (lambda fed: fed.headlines["held"].append((POSTED, "h")), f"HAS {POSTED} of update h too often in the feed"),
        (lambda fed: fed.details["open"].append((DETAILED, "a")), f"HAS {DETAILED} of update a too often in the feed"),
        (lambda fed: fed.headlines["open"].reverse(), "has operation open in another order in the feed"),
        (lambda fed: fed.texts.update(a="word-b"), "HOLDS another text of update a"),
        (lambda fed: setattr(fed, "gaps", 1), "1 numbers are missing"),
    ],
)
def test_every_difference_of_a_feed_is_named(oracle: Oracle, change: Any, difference: str):
    fed = fed_to_au()
    change(fed)
    found = list(oracle._of_feed("AU", fed))
    assert any(one.startswith(difference) for one in found) if difference else not found


def test_after_a_release_newcomers_must_have_all_of_it_and_others_hear_of_it_again(oracle: Oracle):
    held = oracle._lanes["held"]
    held.release()
    of_au = [(said.type, said.update_id) for said in held.said if "AU" in said.readers and said.type in HEADLINES]
    of_nz = [(said.type, said.update_id) for said in held.said if "NZ" in said.readers and said.type in HEADLINES]
    assert (of_au, of_nz) == ([(RELEASED, "h")], [(POSTED, "h"), (RELEASED, "h")])
