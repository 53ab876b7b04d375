"""A backup is brought back only when it is whole, of a version that is known, and where nothing is overwritten."""

import json
import shutil
import socket
import tarfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from client import integrators
from client.backup import FORMAT, MANIFEST, backup, digest, run_tool
from client.backup_file import opened
from client.doctor import processes
from client.doctor.finding import Checks
from client.restore import restore, size_of
from deploy.embedded import places
from deploy.embedded.places import Home, Trouble
from deploy.embedded.services import Surroundings
from deploy.provision.access import Broker, Database
from deploy.provision.topics import SERVICES


def a_backup(folder: Path, **changes: Any) -> Path:
    """A whole one, with these things in its manifest changed, or None of them in it."""
    parts = {f"databases/{service}.dump": b"rows" for service in SERVICES} | {"secrets/actor.jwk": b"a key"}
    inside = folder / "inside"
    for name, content in parts.items():
        (inside / name).parent.mkdir(parents=True, exist_ok=True)
        (inside / name).write_bytes(content)
    manifest = {
        "format": FORMAT,
        "at": "2026-01-01T00:00:00+00:00",
        "epoch": 1,
        "events": 4,
        "brokers": 1,
        "replicas": 1,
        "databases": {service: {"head": "0001", "epoch": 1, "events": 1} for service in SERVICES},
        "sha256": {name: digest(inside / name) for name in parts},
    }
    said = {name: value for name, value in (manifest | changes).items() if value is not None}
    (inside / MANIFEST).write_text(json.dumps(said))
    return packed(folder)


def packed(folder: Path) -> Path:
    file = folder / "saved.tar"
    with tarfile.open(file, "w") as tar:
        for path in sorted((folder / "inside").rglob("*")):
            if path.is_file():
                tar.add(path, str(path.relative_to(folder / "inside")))
    return file


def test_a_whole_backup_gives_its_parts(tmp_path: Path):
    with opened(a_backup(tmp_path)) as found:
        assert found.dump("planner").read_bytes() == b"rows"
        assert [name for name, _ in found.secrets()] == ["actor.jwk"]
        folder = found.folder
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists(), "secrets do not stay where they were unpacked"


def test_a_part_that_was_changed_is_refused(tmp_path: Path):
    a_backup(tmp_path)
    (tmp_path / "inside" / "secrets" / "actor.jwk").write_bytes(b"another key")
    with pytest.raises(Trouble, match=r"secrets/actor\.jwk.*SHA-256"), opened(packed(tmp_path)):
        pass


def test_a_part_that_is_missing_or_not_named_is_refused(tmp_path: Path):
    a_backup(tmp_path)
    dump = tmp_path / "inside" / "databases" / "intel.dump"
    dump.rename(dump.with_name("other.dump"))
    with pytest.raises(Trouble, match="lacks a part"), opened(packed(tmp_path)):
        pass


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"format": 99}, "format 99"),
        ({"databases": {service: {"head": "9999", "epoch": 1, "events": 1} for service in SERVICES}}, "newer version"),
        ({"databases": {}}, "lacks 'planner'"),
        ({"sha256": None}, "lacks 'sha256'"),
        ({"brokers": None}, "lacks 'brokers'"),
    ],
)
def test_a_backup_of_another_version_is_refused(tmp_path: Path, changes: dict[str, Any], why: str):
    with pytest.raises(Trouble, match=why), opened(a_backup(tmp_path, **changes)):
        pass


def test_what_is_no_backup_is_refused_in_a_sentence(tmp_path: Path):
    (tmp_path / "random").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "letters").mkdir()
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(tmp_path / "letters", "letters")
    a_backup(tmp_path)
    whole = (tmp_path / "saved.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: len(whole) // 3])
    for name, why in (
        ("random", "this is none, or not all of one"), ("empty", "this is none, or not all of one"),
        ("cut.tar", "is no backup"), ("other.tar", "manifest.json is not in it"), ("missing", "There is no file"),
        ("letters", "cannot be read: Is a directory"),
    ):  # fmt: skip
        with pytest.raises(Trouble, match=why) as refused, opened(tmp_path / name):
            pass
        assert "\n" not in str(refused.value)
        assert str(tmp_path / name) in str(refused.value)


def test_a_backup_of_what_is_not_up_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home = Home(tmp_path / "home")
    home.make()
    monkeypatch.setattr("client.backup.Servers.installed", lambda home: None)
    with pytest.raises(Trouble, match=r"not up.*\./jpa up"):
        backup(home, tmp_path / "new.tar", as_json=True)
    assert not (tmp_path / "new.tar").exists()


def test_data_that_is_there_is_not_overwritten(tmp_path: Path):
    home = Home(tmp_path / "home")
    home.make()
    (home.secrets / "actor.jwk").write_text("mine")
    with pytest.raises(Trouble, match="--replace"):
        restore(home, a_backup(tmp_path), replace=False, yes=False, port=0, as_json=True)
    assert (home.secrets / "actor.jwk").read_text() == "mine"


@pytest.mark.parametrize("why", ["port", "room"])
def test_a_restore_that_cannot_be_done_leaves_an_empty_place_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
):
    home, file = Home(tmp_path / "home"), a_backup(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1] if why == "port" else 0
        if why == "room":
            monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=2**29))
        sentence = rf"--port {port + 1}\.$" if why == "port" else "Less than 1 GiB is free"
        with pytest.raises(Trouble, match=sentence):
            restore(home, file, replace=False, yes=False, port=port, as_json=True)
    assert not home.root.exists()


def test_room_counts_what_a_restore_deletes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=2**29))
    places.require_room(tmp_path / "not" / "there", freed=2**29)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"x" * 7)
    assert size_of(tmp_path) == 7


def test_a_restore_that_was_broken_off_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    home = Home(tmp_path / "home")

    def ctrl_c(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("client.restore._bring_back", ctrl_c)
    with pytest.raises(KeyboardInterrupt):
        restore(home, a_backup(tmp_path), replace=False, yes=False, port=0, as_json=True)
    assert "./jpa restore FILE --replace" in capsys.readouterr().err
    checks = Checks()
    processes.look(home, checks)
    assert "a restore was broken off" in checks.ordered()[0].what
    assert "./jpa restore FILE --replace" in checks.ordered()[0].do


def test_a_tools_complaint_is_told_without_the_rows_that_it_quotes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tool = tmp_path / "pg_restore"
    complaint = 'pg_restore: error: COPY failed for table "alert"\nDETAIL: Key (text)=(By sea) is there.\nCONTEXT: "By sea"'
    tool.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{complaint}\nEND\nexit 1\n")
    tool.chmod(0o755)
    monkeypatch.setattr("client.backup.programs", lambda: tmp_path)
    home = Home(tmp_path / "home")
    here = Surroundings(home, Broker("x", "x", "x"), Database("postgresql://x@/x?host=/nowhere"), {}, embedded=False)
    with pytest.raises(Trouble, match=r'COPY failed for table "alert"$'):
        run_tool(here, "pg_restore", "intel", [])


def test_where_nothing_can_be_kept_an_integrator_is_made_and_removed_all_the_same(tmp_path: Path):
    home = Home(tmp_path / "home")
    home.root.mkdir()
    home.secrets.write_text("as read-only as a container's")
    made = integrators.Credential("b", "p", "m", "feed-nz-desk", "a password", "feed.nz", "feed-nz-desk.")
    assert not integrators.keep(home, made)
    integrators.forget(home, made.username)


def test_an_integrators_password_is_kept_for_a_restore_until_it_is_removed(tmp_path: Path):
    home = Home(tmp_path / "home")
    home.make()
    made = integrators.Credential("b", "p", "m", "feed-nz-front-desk", "a password", "feed.nz", "feed-nz-front-desk.")
    assert integrators.keep(home, made)
    assert integrators.kept(home) == [("NZ", "front-desk", "a password")]
    assert next(home.secrets.iterdir()).stat().st_mode & 0o777 == 0o600
    integrators.forget(home, made.username)
    assert integrators.kept(home) == []
