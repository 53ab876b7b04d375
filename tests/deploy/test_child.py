"""A child is kept running, told to stop, and never outlives its supervisor; shown with programs of one line."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.embedded import child as module
from deploy.embedded import leash, state
from deploy.embedded.child import Child, Program
from deploy.embedded.places import CHECKOUT, Trouble


def a_child(tmp_path: Path, code: str, said: list[str], name: str = "thing") -> Child:
    async def answers() -> bool:
        return (tmp_path / "up").exists()

    program = Program(name, lambda: [sys.executable, "-c", code], lambda: dict(os.environ), answers, folder=tmp_path)
    return Child(program, tmp_path / f"{name}.log", lambda: None, said.append)


async def until(true: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to pass"
        await asyncio.sleep(0.02)


SLEEPS = "import time, pathlib; pathlib.Path('up').touch(); time.sleep(60)"


async def test_a_killed_child_is_started_again_and_said_so(tmp_path: Path):
    said: list[str] = []
    child = a_child(tmp_path, SLEEPS, said)
    child.start()
    await child.ready()
    first = child.pid
    assert first
    os.kill(first, signal.SIGKILL)
    await until(lambda: child.pid not in (None, first))
    await child.ready()
    assert child.restarts == 1
    assert child.state()["ended"] == "was ended by SIGKILL"
    assert said == ["thing was ended by SIGKILL; starting it again in 0.3 s", "thing is back"]
    await child.stop()
    assert state.birth(first) is None


async def test_pauses_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.1)
    said: list[str] = []
    child = a_child(tmp_path, "import time, pathlib; pathlib.Path('up').touch(); time.sleep(.3)", said)
    child.start()
    await until(lambda: sum("starting it again" in text for text in said) == 3)
    await child.stop()
    assert [text.split()[-2] for text in said if "starting it again" in text] == ["0.1", "0.2", "0.4"]


async def test_what_never_starts_is_given_up_with_its_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    child = a_child(tmp_path, "raise SystemExit('the paper is out')", [])
    child.start()
    with pytest.raises(Trouble, match=r"thing does not start: the paper is out \(more: ./jpa logs thing\)"):
        await child.ready()
    await child.stop()


async def test_a_child_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(state.PATIENCE, "thing", 0.3)
    said: list[str] = []
    child = a_child(tmp_path, f"import signal; signal.signal(15, signal.SIG_IGN); {SLEEPS}", said)
    child.start()
    await child.ready()
    pid = child.pid
    await child.stop()
    assert pid
    assert state.birth(pid) is None
    assert said == ["thing did not stop when asked and was killed"]


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's leash is Linux's")
def test_a_child_dies_with_a_supervisor_that_is_killed(tmp_path: Path):
    code = (
        "import os, subprocess, sys, time;"
        f"words = [sys.executable, '-I', '-S', {leash.__file__!r}, 'SIGTERM', '-', '-', str(os.getpid())];"
        "words += ['/bin/sleep', '60'];"
        "child = subprocess.Popen(words); time.sleep(.3); print(child.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT)
    assert parent.stdout
    pid = int(parent.stdout.readline())
    assert state.birth(pid)
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 5
    while state.birth(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert state.birth(pid) is None
