"""The command as a person or a program meets it when nothing runs: one sentence, an exit code, never a traceback."""

import json
import os
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from client.screen import rows
from deploy.embedded import state
from deploy.embedded.places import CHECKOUT, Home


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
    for words in (
        ["integrator", "list"], ["quarantine", "list"], ["tail", "NZ"], ["account", "list"], ["keys"], ["group", "list"],
        ["group", "add", "NZ"], ["ledger", "verify"], ["ledger", "export", str(home.with_name("new.jsonl"))],
    ):  # fmt: skip
        assert "./jpa up" in sentence(jpa(home, *words))


def test_keys_that_sign_nothing_are_not_shown_as_those_that_do(home: Path):
    (home / "run").mkdir(parents=True)
    Home(home).ports_file.write_text(json.dumps({"kafka": 1, "kafka-controller": 1}))
    assert "are not below" in sentence(jpa(home, "keys"))


def test_what_needs_kafka_says_at_once_that_nobody_listens_there(home: Path):
    (home / "run").mkdir(parents=True)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets it
        Home(home).ports_file.write_text(json.dumps({"kafka": closed.getsockname()[1], "kafka-controller": 1}))
        for words in (["list"], ["add", "NZ", "desk"], ["password", "NZ", "desk"], ["remove", "NZ", "desk"]):
            assert sentence(jpa(home, "integrator", *words)) == "The system is not up: start it with ./jpa up."
        assert sentence(jpa(home, "tail", "NZ")) == "The system is not up: start it with ./jpa up."


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


def test_a_process_that_has_written_nothing_yet_is_no_error(home: Path):
    (home / "logs").mkdir(parents=True)
    done = jpa(home, "logs", "supervisor")
    assert (done.returncode, done.stdout) == (0, "supervisor has written nothing yet.\n")


def test_the_help_of_an_account_names_the_roles(home: Path):
    said = jpa(home, "account", "add", "--help").stdout
    assert all(role in said for role in ("liaison_officer", "co_chair", "integrator"))


def test_what_is_shown_to_a_person_is_no_python(capsys: pytest.CaptureFixture[str]):
    at = datetime(2026, 3, 1, 10, 4, 59, 123456, UTC)
    rows(["name", "roles", "disabled", "at", "id"], [["a", ["x", "y"], False, at, None]], "")
    assert capsys.readouterr().out == "a\tx y\tno\t2026-03-01 10:04 UTC\t\n"


def test_down_of_what_is_down_is_fine(home: Path):
    done = jpa(home, "down")
    assert (done.returncode, done.stdout) == (0, "It is not up.\n")


def test_reset_asks_and_deletes_only_what_is_ours(home: Path):
    (home / "secrets").mkdir(parents=True)
    (home / "letters").mkdir()
    (home / "endure-1" / "kafka").mkdir(parents=True)
    assert jpa(home, "reset", given="n\n").returncode == 1
    under_way = Home(home / "endure-2")
    under_way.make()
    with state.sole_supervisor(under_way):
        assert "./jpa endure runs in" in sentence(jpa(home, "reset", "--yes"))
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
