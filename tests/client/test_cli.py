"""The command as a person or a program meets it when nothing runs: one sentence, an exit code, never a traceback."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.embedded.places import CHECKOUT


def jpa(home: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "JPA_HOME": str(home), "PYTHONPATH": str(CHECKOUT)}
    for name in ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS"):
        environment.pop(name, None)
    return subprocess.run(
        [sys.executable, "-m", "client.cli", *words],
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        timeout=30,
    )


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What it refused with: one line on standard error."""
    assert done.returncode == 1, done
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_status_of_what_is_down(home: Path):
    done = jpa(home, "status", "--json")
    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert (said["portal"], said["processes"], said["lag"]) == (None, [], None)
    assert "./jpa up" in jpa(home, "status").stdout


def test_what_needs_a_running_system_says_so(home: Path):
    for words in (["integrator", "list"], ["quarantine", "list"], ["tail", "NZ"], ["account", "list"], ["keys"]):
        assert "./jpa up" in sentence(jpa(home, *words))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--party", "XX", "--role", "coordinator"], "'XX' is not a party"),
        (["--party", "NZ", "--role", "admiral"], "'admiral' is not a role"),
    ],
)
def test_an_account_of_no_party_or_role_is_refused(home: Path, words: list[str], why: str):
    assert why in sentence(jpa(home, "account", "add", "aroha", *words))


def test_a_short_password_is_refused(home: Path):
    words = ["account", "add", "aroha", "--party", "NZ", "--role", "coordinator", "--password-stdin"]
    assert "12 characters" in sentence(jpa(home, *words, given="short\n"))


def test_logs_of_nobody_name_those_that_are(home: Path):
    (home / "logs").mkdir(parents=True)
    (home / "logs" / "planner.log").write_text("one\ntwo\nthree\n")
    assert "planner" in sentence(jpa(home, "logs", "../secrets"))
    assert jpa(home, "logs", "planner", "-n", "2").stdout == "two\nthree\n"


def test_down_of_what_is_down_is_fine(home: Path):
    done = jpa(home, "down")
    assert (done.returncode, done.stdout) == (0, "It is not up.\n")


def test_reset_asks_and_deletes_only_what_is_ours(home: Path):
    (home / "secrets").mkdir(parents=True)
    (home / "letters").mkdir()
    assert jpa(home, "reset", given="n\n").returncode == 1
    assert (home / "secrets").exists()
    assert jpa(home, "reset", "--yes").returncode == 0
    assert [path.name for path in home.iterdir()] == ["letters"]


def test_help_is_quick_and_names_every_command(home: Path):
    began = time.monotonic()
    said = jpa(home, "--help").stdout
    assert time.monotonic() - began < 3
    for command in [
        "up",
        "down",
        "status",
        "logs",
        "reset",
        "demo",
        "test",
        "account",
        "integrator",
        "tail",
        "quarantine",
        "keys",
    ]:
        assert f"  {command} " in said
