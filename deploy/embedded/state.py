"""What the supervisor writes down of itself, and how a later `up` finds out what became of it."""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict

from deploy.embedded import network
from deploy.embedded.places import Home

STOPPING_SIGNALS = {"postgres": signal.SIGINT}  # its "fast" shutdown; all others know SIGTERM
PATIENCE = {"portal": 6.0, "kafka": 20.0, "postgres": 20.0}  # seconds until SIGKILL
ORDER = ("portal", "debrief", "intel", "planner", "kafka", "postgres")  # who leaves first


class ProcessState(TypedDict):
    """One child, as `run/state.json` and `./jpa status --json` show it."""

    name: str
    pid: int | None
    born: str | None
    port: int | None
    status: str
    restarts: int
    since: float
    ended: NotRequired[str]  # how it ended last by itself


class State(TypedDict):
    """All of `run/state.json`."""

    pid: int
    born: str | None
    status: str
    portal: str
    processes: list[ProcessState]


def kind(name: str) -> str:
    """What it is: of several of one kind each is called `planner.1`, `planner.2`."""
    return name.partition(".")[0]


def stopping_signal(name: str) -> signal.Signals:
    """What asks it to end in order."""
    return STOPPING_SIGNALS.get(kind(name), signal.SIGTERM)


def patience(name: str) -> float:
    """How many seconds it has to end."""
    return PATIENCE.get(kind(name), 10.0)


def birth(pid: int) -> str | None:
    """Tells one process from another that got the same number later; None where there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if fields[0] == "Z" else f"{_boot()}:{fields[19]}"
    except FileNotFoundError:
        pass
    if Path("/proc/self/stat").exists():
        return None
    import psutil  # a system without /proc

    try:
        return f"{psutil.Process(pid).create_time():.2f}"
    except psutil.NoSuchProcess:
        return None


@cache
def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]


def halted(pid: int | None) -> bool:
    """Whether it is there and stands still, stopped by a signal (SIGSTOP): it keeps its port and answers nobody."""
    import psutil

    try:
        return pid is not None and psutil.Process(pid).status() == psutil.STATUS_STOPPED
    except psutil.Error:
        return False


def is_same(pid: int | None, born: str | None) -> bool:
    """Whether that very process still runs."""
    return pid is not None and born is not None and birth(pid) == born


def read(home: Home) -> State | None:
    """What was last written, by a supervisor that may be gone."""
    try:
        state: State = json.loads(home.state_file.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return state


def write(home: Home, state: State) -> None:
    """All of it or nothing."""
    draft = home.state_file.with_suffix(".new")
    draft.write_text(json.dumps(state, indent=1))
    draft.replace(home.state_file)


def running(home: Home) -> State | None:
    """The state of a supervisor that lives."""
    state = read(home)
    return state if state and is_same(state["pid"], state["born"]) else None


@contextmanager
def sole_supervisor(home: Home) -> Iterator[bool]:
    """Whether we are the one; the kernel gives the place back however the holder ends."""
    with (home.run / "supervisor.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def stop_left_behind(home: Home) -> list[str]:
    """Stop the children of a supervisor that was killed, each only if it is still the one written down, and take away
    the network that it made for them."""
    state = read(home)
    children = [p for p in state["processes"] if is_same(p["pid"], p["born"])] if state else []
    for child in sorted(children, key=lambda child: _place(child["name"])):
        _stop(child)
    network.remove(network.mark(home))
    return [child["name"] for child in children]


def _place(name: str) -> int:
    return ORDER.index(kind(name)) if kind(name) in ORDER else 0


def _stop(child: ProcessState) -> None:
    pid, born = child["pid"], child["born"]
    assert pid is not None
    _signal(pid, stopping_signal(child["name"]))
    deadline = time.monotonic() + patience(child["name"])
    while is_same(pid, born):
        if time.monotonic() > deadline:
            _signal(pid, signal.SIGKILL)
        time.sleep(0.05)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
