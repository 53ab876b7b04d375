"""An armed failpoint strikes one process once, and only where it was named; elsewhere it is not looked for."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded.places import CHECKOUT
from shared.runtime import failpoints
from shared.runtime.failpoints import Point, Struck
from shared.runtime.settings import ServiceSettings

REACHES = """
import sys
from pathlib import Path
from shared.runtime import failpoints
failpoints._armed = Path(sys.argv[1]), "planner"
sys.stdin.readline()
for _ in range(3):
    failpoints.reach(failpoints.Point.BEFORE_MARK)
"""


@pytest.fixture
def armed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(failpoints, "_armed", None)
    return tmp_path / f"planner.{Point.BEFORE_MARK}"


def settings(folder: Path, playback: bool) -> ServiceSettings:
    known = {"database_url": "x", "kafka_bootstrap_servers": "x", "actor_public_keys_file": "x"}
    return ServiceSettings(**known, seal_private_key_file="x", playback=playback, failpoints_path=folder)


def processes(folder: Path, count: int) -> list[int]:
    """How many processes ended that came by at the same time."""
    words = [sys.executable, "-c", REACHES, str(folder)]
    started = [subprocess.Popen(words, stdin=subprocess.PIPE, cwd=CHECKOUT) for _ in range(count)]
    for one in started:
        assert one.stdin
        one.stdin.write(b"\n")
        one.stdin.flush()
    for one in started:
        one.communicate(timeout=30)
    return [one.returncode for one in started]


def test_of_several_processes_exactly_one_is_killed_and_once(armed: Path):
    armed.write_text("kill")
    assert sorted(processes(armed.parent, 3)) == [-signal.SIGKILL, 0, 0]
    assert not armed.exists()


def test_it_disturbs_once_where_it_was_told_to(armed: Path):
    failpoints.use(settings(armed.parent, playback=True), "planner")
    armed.write_text("error")
    failpoints.reach(Point.BEFORE_PUBLISH)
    with pytest.raises(Struck):
        failpoints.reach(Point.BEFORE_MARK)
    failpoints.reach(Point.BEFORE_MARK)


@pytest.mark.parametrize(("service", "playback"), [("portal", True), ("planner", False)])
def test_another_service_and_another_surrounding_pass_by(armed: Path, service: str, playback: bool):
    failpoints.use(settings(armed.parent, playback), service)
    armed.write_text("error")
    failpoints.reach(Point.BEFORE_MARK)
    assert armed.exists()
