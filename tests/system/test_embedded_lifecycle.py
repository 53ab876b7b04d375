"""One `up` after another: found by the next, stopped by `down`, and recovered from when its supervisor was killed."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.embedded import control, state
from deploy.embedded.places import CHECKOUT, Home
from tests.servers import free_port, fresh_home

pytestmark = pytest.mark.system


class Installation:
    """A JPA_HOME, its supervisor as a process of its own, and the command."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.port = free_port()
        self.environment = {**os.environ, "JPA_HOME": str(home.root), "PYTHONPATH": str(CHECKOUT)}

    def supervise(self) -> subprocess.Popen[str]:
        words = [sys.executable, str(Path(__file__).with_name("supervise.py")), str(self.home.root), str(self.port)]
        streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(words, env=self.environment, text=True, **streams)

    def up(self) -> subprocess.Popen[str]:
        supervisor = self.supervise()
        deadline = time.monotonic() + 60
        while not ((now := state.running(self.home)) and now["status"] == "ready"):
            assert supervisor.poll() is None, supervisor.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return supervisor

    def jpa(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "client.cli", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=60)

    def pids(self) -> list[int]:
        now = state.read(self.home)
        assert now
        return [process["pid"] for process in now["processes"] if process["pid"]]


@pytest.fixture
def installation() -> Iterator[Installation]:
    with fresh_home() as home:
        made = Installation(home)
        yield made
        made.jpa("down")


def gone(pids: list[int], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while any(map(state.birth, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(state.birth, pids))


def test_up_twice_status_and_down(installation: Installation):
    first = installation.up()
    pids = installation.pids()
    said = json.loads(installation.jpa("status", "--json").stdout)
    assert said["portal"] == f"http://127.0.0.1:{installation.port}"
    assert [p["name"] for p in said["processes"]] == ["postgres", "kafka", "planner", "portal", "supervisor"]
    assert {p["status"] for p in said["processes"]} == {"ready"}
    second = installation.jpa("up")
    assert (second.returncode, second.stdout) == (0, f"It is already up: {said['portal']}\n")
    assert installation.pids() == pids
    assert installation.jpa("down").returncode == 0
    assert first.wait(5) == 0
    assert gone(pids, 1)
    assert installation.jpa("status", "--json").returncode == 1


def test_ctrl_c_stops_all_and_the_next_up_keeps_everything(installation: Installation):
    supervisor = installation.up()
    pids, secrets = installation.pids(), (installation.home.secrets / "kafka-admin.txt").read_text()
    supervisor.send_signal(2)
    assert supervisor.wait(20) == 0
    assert gone(pids, 1)
    began = time.monotonic()
    installation.up()
    assert time.monotonic() - began < 30
    assert (installation.home.secrets / "kafka-admin.txt").read_text() == secrets
    assert not installation.home.unclean_file.exists()


def test_after_a_killed_supervisor_nothing_is_left_and_up_works(installation: Installation):
    supervisor = installation.up()
    pids = installation.pids()
    supervisor.kill()
    supervisor.communicate()
    assert "not up" in installation.jpa("status").stdout
    installation.up()
    assert gone(pids, 1)


def test_what_a_killed_supervisor_left_is_stopped_by_down(installation: Installation):
    supervisor = installation.up()
    stopped = subprocess.Popen(["/bin/sleep", "600"])
    now = state.read(installation.home)
    assert now
    supervisor.kill()
    supervisor.communicate()
    now["processes"][-1] |= {"pid": stopped.pid, "born": state.birth(stopped.pid)}
    state.write(installation.home, now)
    assert "supervisor was gone" in installation.jpa("down").stdout
    assert stopped.wait(5)


def test_a_port_in_use_is_one_sentence(installation: Installation):
    with socket.socket() as other:
        other.bind(("127.0.0.1", installation.port))
        other.listen()
        for words in (["up"], ["up", "--detach"]):
            done = installation.jpa(*words, "--port", str(installation.port))
            assert done.returncode == 1
            assert done.stderr.strip() == (
                f"Port {installation.port} is in use: choose another with ./jpa up --port {installation.port + 1}."
            )
            assert done.stdout == ""


def test_the_portal_can_be_stopped_and_started_alone(installation: Installation):
    installation.up()
    control.ask(installation.home, {"do": "stop", "process": "portal"})
    now = state.running(installation.home)
    assert now
    assert {p["name"]: p["status"] for p in now["processes"]}["portal"] == "stopped"
    control.ask(installation.home, {"do": "start", "process": "portal"})
    socket.create_connection(("127.0.0.1", installation.port)).close()
