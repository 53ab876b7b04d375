"""What `doctor` says of an installation that is down, ill or half there; what it needs servers for is in tests/system."""

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from client import status
from client.doctor import lines, machine, processes, records, servers, services
from client.doctor.finding import ADVICE, NOW, SOON, Checks, Finding, Urgency, lasting
from client.doctor.records import broken_at
from client.doctor.servers import Reached
from client.operator import leave_clock
from deploy.embedded import credentials, state
from deploy.embedded.places import Home
from deploy.provision.access import Broker
from deploy.provision.topics import topics
from shared.runtime.audit import chained
from tests.client.test_cli import jpa


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.make()
    return made


def told(checks: Checks) -> dict[str, Urgency]:
    return {finding.what: finding.urgency for finding in checks.ordered()}


def one(checks: Checks) -> Finding:
    assert len(checks.found) == 1, checks.found
    return checks.found[0]


def test_what_is_down_is_said_first_with_what_to_do(tmp_path: Path):
    done = jpa(tmp_path / "nothing", "doctor")
    assert done.returncode == 1
    assert done.stdout.startswith("✗ It is not up.\n    ./jpa up starts it.\n")
    assert done.stderr == ""
    said = json.loads(jpa(tmp_path / "nothing", "doctor", "--json").stdout)
    assert said["ok"] is False
    assert said["findings"][0] == {
        "urgency": "now", "about": "supervisor", "what": "It is not up.", "do": "./jpa up starts it.", "follows": [],
    }  # fmt: skip


def test_a_secret_that_others_may_read_is_named_and_never_shown(home: Home):
    word = credentials.password(home, "kafka-admin")
    (home.secrets / "kafka-admin.txt").chmod(0o644)
    done = jpa(home.root, "doctor")
    assert "secrets/kafka-admin.txt can be read by others (mode 0644)" in done.stdout
    assert word not in done.stdout + done.stderr


def written(home: Home, *children: dict[str, Any], alive: bool = True) -> None:
    me = os.getpid()
    state.write(
        home,
        {
            "pid": me,
            "born": state.birth(me) if alive else "gone",
            "status": "ready",
            "portal": "http://127.0.0.1:1",
            "processes": [
                {"pid": me, "born": state.birth(me), "port": None, "restarts": 0, "since": time.time(), **child}  # type: ignore[typeddict-item]
                for child in children
            ],
        },
    )


def test_a_process_that_ends_again_and_again_is_wrong_and_one_that_did_long_ago_is_not(home: Home):
    written(
        home,
        {"name": "planner", "status": "ready", "restarts": 5},
        {"name": "intel", "status": "ready", "restarts": 5, "since": time.time() - 7200},
        {"name": "kafka", "status": "restarting", "since": time.time() - 30},
    )
    checks = Checks()
    assert processes.look(home, checks)
    assert told(checks) == {
        "planner was started again 5 times, last 0 seconds ago.": NOW,
        "kafka is restarting for 30 seconds.": NOW,
    }


def test_a_process_that_was_killed_is_one_finding_that_says_how_it_ended(home: Home, monkeypatch: pytest.MonkeyPatch):
    written(home, {"name": "planner", "status": "starting", "restarts": 1, "ended": "was ended by SIGKILL"})
    away = {"ready": False, "away": True, "problems": ["[Errno 111] Connection refused"]}
    with saying(monkeypatch, away) as checks:
        processes.look(home, checks)
        services.look(home, checks, BOTH)
        [planner] = checks.ordered()
        assert planner.what == "planner is restarting: it was ended by SIGKILL."
    with saying(monkeypatch, away) as checks:  # nothing else explains it
        services.look(home, checks, BOTH)
        assert one(checks).what == "planner does not answer ([Errno 111] Connection refused)."


def test_a_process_that_was_stopped_by_a_signal_says_how_it_goes_on(home: Home, monkeypatch: pytest.MonkeyPatch):
    stopped = subprocess.Popen(["/bin/sleep", "60"])
    try:
        os.kill(stopped.pid, signal.SIGSTOP)
        os.waitpid(stopped.pid, os.WUNTRACED)
        written(home, {"name": "planner", "status": "ready", "pid": stopped.pid})
        with saying(monkeypatch, {"ready": False, "away": True, "problems": ["timed out"]}) as checks:
            processes.look(home, checks)
            services.look(home, checks, BOTH)
        [planner] = checks.ordered()
        assert planner.what == "planner does not answer: it is stopped by a signal (SIGSTOP)."
        assert planner.do.startswith(f"kill -CONT {stopped.pid} ")
        [shown] = [process for process in status.read(home)["processes"] if process["name"] == "planner"]
        assert shown["status"] == "halted"
    finally:
        stopped.kill()
        stopped.wait()


def test_status_does_not_call_ready_what_does_not_answer(home: Home):
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        port = mute.getsockname()[1]  # nobody accepts there
        written(home, {"name": "intel", "status": "ready", "port": port})
        [shown] = [process for process in status.read(home)["processes"] if process["name"] == "intel"]
    assert shown["status"] == "silent"
    assert "does not answer" in shown["problems"][0]


def test_what_a_killed_supervisor_left_behind_is_named(home: Home):
    written(home, {"name": "kafka", "status": "ready"}, alive=False)
    checks = Checks()
    assert not processes.look(home, checks)
    assert "kafka still run" in one(checks).what
    assert "./jpa down" in one(checks).do


def test_a_portals_port_that_another_program_has_is_seen_before_starting(home: Home):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        written(home, alive=False)
        last = json.loads(home.state_file.read_text())
        home.state_file.write_text(json.dumps({**last, "portal": f"http://127.0.0.1:{port}"}))
        checks = Checks()
        processes.look(home, checks)
    assert f"Port {port}, the portal's, is in use by another program." in told(checks)


@pytest.mark.parametrize(
    ("free", "urgency"), [(400_000_000, NOW), (700_000_000, SOON), (5_000_000_000, None)]
)
def test_room_is_wrong_before_it_is_gone(home: Home, monkeypatch: pytest.MonkeyPatch, free: int, urgency: Urgency | None):
    home.postgres.mkdir()
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    checks = Checks()
    machine.look(home, checks, up=False)
    assert [f.urgency for f in checks.found if f.about == "disk"] == ([] if urgency is None else [urgency])


def test_little_memory_is_said(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=100_000_000))
    checks = Checks()
    machine.look(home, checks, up=False)
    assert [finding.what[:6] for finding in checks.found if finding.about == "memory"] == ["100 MB"]


def test_a_played_clock_that_was_left_on_is_told_with_the_time_that_it_shows(home: Home):
    moment = datetime(2015, 10, 1, 12, tzinfo=UTC).timestamp()
    home.clock_file.write_text(json.dumps({"real": 0, "played": moment, "speed": 0}))
    checks = Checks()
    machine.look(home, checks, up=False)
    assert "dated 01 October 2015 12:00 UTC" in one(checks).what
    assert one(checks).urgency is SOON
    leave_clock(home)  # as a demo does that came to its end
    checks = Checks()
    machine.look(home, checks, up=False)
    assert "dated 01 October 2015 12:00 UTC" in one(checks).what
    assert one(checks).urgency is ADVICE
    home.clock_file.write_text("{")
    checks = Checks()
    machine.look(home, checks, up=False)
    assert one(checks).urgency is NOW


def test_an_unclean_stop_is_told_for_a_day_and_is_no_fault(home: Home):
    for ago, there in ((3600 * 3, ["Kafka stopped without its last word 3 hours ago."]), (90000, [])):
        home.unclean_file.write_text(json.dumps({"at": time.time() - ago}))
        checks = Checks()
        machine.look(home, checks, up=False)
        assert [finding.what for finding in checks.found] == there
        assert all(finding.urgency is ADVICE for finding in checks.found)
        assert all("is sent again by itself as soon as it answers" in finding.do for finding in checks.found)


def test_no_backup_is_advice_and_an_old_one_is_a_fault(home: Home):
    expected: tuple[tuple[float | None, list[Urgency]], ...] = ((None, [ADVICE]), (3600.0, []), (30 * 86400.0, [SOON]))
    for ago, urgencies in expected:
        if ago is not None:
            home.last_backup.write_text(json.dumps({"at": time.time() - ago}))
        checks = Checks()
        machine.look(home, checks, up=True)
        assert [finding.urgency for finding in checks.found if finding.about == "backup"] == urgencies


def test_a_certificate_is_told_of_before_it_ends(home: Home, tmp_path: Path):
    from tests.deploy.test_door import certificate  # good for two days

    (home.root / "tls").mkdir()
    certificate(tmp_path)
    shutil.copy(tmp_path / "tls_certificate", home.root / "tls" / "fullchain.pem")
    shutil.copy(tmp_path / "tls_key", home.root / "tls" / "privkey.pem")
    checks = Checks()
    machine.look(home, checks, up=False)
    assert one(checks).what == "The certificate fullchain.pem expires in 2 days."


def test_packages_that_are_not_the_locks_are_named(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "requirements.lock").write_text("pytest==0.1 \\\n    --hash=sha256:00\nnot-here==1 ; os_name == 'x'\n")
    (tmp_path / "services/portal/static/dist").mkdir(parents=True)
    monkeypatch.setattr(machine, "CHECKOUT", tmp_path)
    checks = Checks()
    machine.look(home, checks, up=False)
    assert one(checks).what.startswith("Packages are not those of the lock: pytest ")


def test_a_kafka_that_is_not_there_is_said_without_waiting_for_it():
    checks = Checks()
    assert not servers._broker(Broker("127.0.0.1:1", "admin", "word"), checks)
    assert one(checks).what == "Kafka does not answer."


def metadata(leader: int = 1, in_sync: int = 1) -> dict[str, Any]:
    """Every topic as Kafka would describe it."""
    part = lambda number: SimpleNamespace(id=number, leader=leader, isrs=[1] * in_sync, replicas=[1])  # noqa: E731
    return {
        topic.name: SimpleNamespace(partitions={n: part(n) for n in range(topic.partitions)}) for topic in topics(["NZ"])
    }


def test_topics_that_are_missing_cut_otherwise_or_without_a_leader_are_named():
    wanted = topics(["NZ"])
    for there, why in (
        ({name: topic for name, topic in metadata().items() if name != "feed.nz"}, "Kafka lacks 1 topic: feed.nz."),
        ({**metadata(), "feed.nz": metadata()["planner.periods"]}, "another number of partitions"),
        (metadata(leader=-1), "Nobody leads"),
        (metadata(in_sync=0), "Fewer copies"),
    ):
        checks = Checks()
        servers._topics(wanted, there, checks)
        assert why in one(checks).what
    checks = Checks()
    servers._topics(wanted, metadata(), checks)
    assert not checks.found


def test_a_topic_that_keeps_longer_or_shorter_than_it_should_is_named():
    [feed] = [topic for topic in topics(["NZ"]) if topic.name == "feed.nz"]
    said = {key: SimpleNamespace(value=value) for key, value in feed.settings.items()}
    checks = Checks()
    servers._settings([feed], {"feed.nz": said}, checks)
    assert not checks.found
    servers._settings([feed], {"feed.nz": {**said, "retention.ms": SimpleNamespace(value="1")}}, checks)
    assert "feed.nz (retention.ms)" in one(checks).what


@contextmanager
def saying(monkeypatch: pytest.MonkeyPatch, said: dict[str, Any], **metrics: float) -> Iterator[Checks]:
    monkeypatch.setattr(services, "urls", lambda home: {"planner": "http://127.0.0.1:1"})
    monkeypatch.setattr(services, "readiness", lambda url: said)
    monkeypatch.setattr(services, "_metrics", lambda url: metrics)
    yield Checks()


BOTH = Reached(broker=True, database=True)
FINE = {"ready": True, "problems": [], "lag": 0, "outbox": 0, "quarantine": 0}


def test_a_service_that_cannot_work_says_why_once(home: Home, monkeypatch: pytest.MonkeyPatch):
    ill = {**FINE, "ready": False, "problems": ["kafka: KafkaError"]}
    with saying(monkeypatch, ill) as checks:
        services.look(home, checks, BOTH)
        assert one(checks).what == "planner cannot work: kafka: KafkaError."
    with saying(monkeypatch, ill) as checks:
        checks.that(False, NOW, "kafka", "Kafka does not answer.", "")
        services.look(home, checks, Reached(broker=False, database=True))
        [kafka] = checks.ordered()
        assert (kafka.about, [one.about for one in kafka.follows]) == ("kafka", ["planner"])


def test_what_follows_from_one_cause_is_one_finding(home: Home, monkeypatch: pytest.MonkeyPatch):
    """A full disk, and a Kafka that is away for a while: each stops everyone."""
    full = {**FINE, "ready": False, "problems": ["too little free space"]}
    with saying(monkeypatch, full) as checks:
        checks.that(False, NOW, "disk", "400 MB are free: nothing is accepted below 500 MB.", "Make room.")
        services.look(home, checks, BOTH)
        [disk] = checks.ordered()
        assert [one.what for one in disk.follows] == ["planner cannot work: too little free space."]
        assert lines(checks.ordered(), 2, 80)[1] == "    Make room. So also: planner."
    waits = {**FINE, "ready": False, "problems": ["kafka: KafkaError", "the oldest unpublished event waits for 257 s"]}
    with saying(monkeypatch, waits, jpa_consumer_lag_seconds=300.0) as checks:
        checks.that(False, NOW, "kafka", "Kafka does not answer.", "")
        services.look(home, checks, Reached(broker=False, database=True))
        assert len(checks.ordered()) == 1
    old = {**FINE, "ready": False, "problems": ["the oldest unpublished event waits for 257 s"]}
    with saying(monkeypatch, old) as checks:
        services.look(home, checks, BOTH)  # the database is asked how many, and that is said
        assert not checks.found
    with saying(monkeypatch, {**FINE, "ready": False, "problems": ["too little free space", "kafka: KafkaError"]}) as checks:
        checks.that(False, NOW, "disk", "400 MB are free.", "")
        services.look(home, checks, BOTH)  # the disk does not explain all of it
        assert len(checks.ordered()) == 2


async def test_events_that_wait_for_a_kafka_that_is_away_are_told_with_it():
    class Connection:
        async def fetchrow(self, statement: str) -> dict[str, Any]:
            return {"n": 934, "age": 240.0}

    checks = Checks()
    checks.that(False, NOW, "kafka", "Kafka does not answer.", "")
    for service in ("planner", "intel"):
        await records._waiting(Connection(), service, checks)
    [kafka] = checks.ordered()
    assert [one.about for one in kafka.follows] == ["planner", "intel"]
    assert "934 unpublished events, the oldest for 4 minutes" in kafka.follows[0].what


def test_a_service_that_shows_what_is_old_says_how_old(home: Home, monkeypatch: pytest.MonkeyPatch):
    with saying(monkeypatch, {**FINE, "lag": 40}, jpa_consumer_lag_seconds=300.0) as checks:
        services.look(home, checks, BOTH)
        assert one(checks).what == "planner shows what was 5 minutes ago; 40 events to go."
    with saying(monkeypatch, FINE, jpa_consumer_lag_seconds=0.0) as checks:
        services.look(home, checks, BOTH)
        assert not checks.found


def test_a_service_that_has_just_begun_is_no_fault(home: Home, monkeypatch: pytest.MonkeyPatch):
    joins = {**FINE, "ready": False, "lag": None, "problems": ["kafka: no partitions assigned yet"]}
    with saying(monkeypatch, joins, process_start_time_seconds=time.time() - 3) as checks:
        services.look(home, checks, BOTH)
        assert one(checks).urgency is ADVICE
        assert one(checks).what == "planner began 3 seconds ago and takes up its share of the topics."
    with saying(monkeypatch, joins, process_start_time_seconds=time.time() - 300) as checks:
        services.look(home, checks, BOTH)
        assert one(checks).urgency is NOW
    ill = {**joins, "problems": [*joins["problems"], "database: OSError"]}
    with saying(monkeypatch, ill, process_start_time_seconds=time.time() - 3) as checks:
        services.look(home, checks, BOTH)
        assert one(checks).urgency is NOW


async def test_what_was_set_aside_is_told_with_commands_as_they_are_given():
    class Connection:
        async def fetchval(self, statement: str, table: str) -> str | None:
            return table if table == "public.quarantine" else None

        async def fetch(self, statement: str) -> list[dict[str, Any]]:
            return [{"state": "failed", "n": 1, "age": 5.0}, {"state": "closed", "n": 3, "age": 5.0}]

    checks = Checks()
    await records._aside(Connection(), "planner", checks)
    assert one(checks).what == "planner could not take in 1 event."
    assert "./jpa quarantine replay REFERENCE" in one(checks).do
    assert "./jpa quarantine close REFERENCE --reason TEXT" in one(checks).do


def chain(length: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    value = b""
    for number in range(1, length + 1):
        row = {
            "id": 7 * number, "actor": "a", "party": "NZ", "action": "POST /updates", "target": "x", "outcome": "done",
            "request": hashlib.sha256(b"x").digest(), "at": datetime(2026, 1, number, tzinfo=UTC), "seal": number,
        }  # fmt: skip
        value = chained(value, row)
        rows.append({**row, "hash": value})
    return rows


def test_a_chain_that_was_changed_is_broken_where_it_was():
    rows = chain(9)
    assert broken_at(rows) is None
    assert broken_at(rows[4:]) is None
    assert broken_at([*rows[:5], {**rows[5], "actor": "b"}, *rows[6:]]) == 6
    assert broken_at([*rows[:5], *rows[6:]]) == 7
    assert broken_at([*rows[:8], {**rows[8], "seal": 11}]) == 11
    assert broken_at([{**rows[0], "outcome": "refused"}, *rows[1:]]) == 1
    assert broken_at([]) is None


def test_it_is_one_screen_the_most_urgent_first_and_no_wider_than_eighty():
    long = "It is so long a text of so many a word that it is no line of a screen as we know it. " * 3
    checks = Checks()
    checks.that(False, ADVICE, "a", "An advice.", "Take it.")
    checks.that(False, SOON, "b", long, long)
    checks.that(False, NOW, "c", "It burns.", "Put it out.")
    shown = lines(checks.ordered(), checks.made, 80)
    assert shown[:2] == ["✗ It burns.", "    Put it out."]
    assert shown[-2:] == ["· An advice.", "    Take it."]
    assert max(map(len, shown)) <= 80
    assert lines(checks.ordered()[-1:], 31, 80)[0] == "Nothing is wrong (31 checks)."


def test_times_are_said_as_people_say_them():
    said = [lasting(seconds) for seconds in (1, 119, 120, 7200, 200_000)]
    assert said == ["1 second", "119 seconds", "2 minutes", "2 hours", "2 days"]
