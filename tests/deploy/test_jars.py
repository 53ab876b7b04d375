"""Only the jars that the lock names, bit by bit."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
import requests

from deploy.embedded import jars
from deploy.embedded.places import Trouble

GOOD = b"a jar"


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """One locked jar, and a registry that gives what the test says."""
    lock = tmp_path / "kafka.lock"
    lock.write_text(f"# a lock\norg.example:thing:1.0 sha256:{hashlib.sha256(GOOD).hexdigest()}\n")
    monkeypatch.setattr(jars, "LOCK", lock)
    monkeypatch.setattr(jars, "software_folder", lambda: tmp_path / "software")
    given: dict[str, Any] = {"bytes": GOOD, "asked": 0}

    def resolve(self: Any) -> Path:
        given["asked"] += 1
        if isinstance(given["bytes"], Exception):
            raise given["bytes"]
        path = tmp_path / f"fetched-{given['asked']}.jar"
        path.write_bytes(given["bytes"])
        return path

    monkeypatch.setattr("jgo.maven.Artifact.resolve", resolve)
    return given


def test_a_jar_is_fetched_once(registry: dict[str, Any]):
    (path,) = jars.ensure()
    assert path.read_bytes() == GOOD
    jars.ensure()
    assert registry["asked"] == 1


def test_a_jar_that_is_not_the_locked_one_is_refused(registry: dict[str, Any]):
    registry["bytes"] = b"another jar"
    with pytest.raises(Trouble, match="not the file that"):
        jars.ensure()
    assert not list(jars.folder().glob("*.jar"))


def test_a_jar_that_was_changed_on_disk_is_fetched_again(registry: dict[str, Any]):
    (path,) = jars.ensure()
    path.write_bytes(b"changed")
    jars.ensure()
    assert path.read_bytes() == GOOD


def test_no_way_to_the_registry_is_one_sentence(registry: dict[str, Any]):
    registry["bytes"] = requests.ConnectionError("no route to host\nTraceback")
    with pytest.raises(Trouble, match="could not be fetched") as caught:
        jars.ensure()
    assert "\n" not in str(caught.value)


def test_the_lock_names_kafka_by_version_and_hash():
    found = {jar.artifact: jar for jar in jars.locked()}
    assert found["kafka_2.13"].version == "4.2.0"
    assert all(len(jar.sha256) == 64 for jar in found.values())
