"""Folders, ports and secrets of one installation."""

import json
import os
import socket
import stat
from pathlib import Path

import pytest

from deploy.embedded import credentials
from deploy.embedded.kafka import cluster_id
from deploy.embedded.places import LONGEST_SOCKET, Home, default_home, take_ports


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.make()
    return home


def test_the_environment_names_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("JPA_HOME", str(tmp_path))
    assert default_home() == tmp_path


def test_as_root_each_checkout_has_its_own_folder(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("JPA_HOME", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert default_home().parent == Path("/var/lib/jpa")


def test_secrets_lie_where_only_their_owner_reads(home: Home):
    credentials.password(home, "kafka-planner")
    credentials.signing_key(home, "actor")
    credentials.public_keys(home, "actor")
    assert stat.S_IMODE(home.secrets.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in home.secrets.iterdir()} == {0o600}


def test_a_secret_is_made_once(home: Home):
    assert credentials.password(home, "kafka-planner") == credentials.password(home, "kafka-planner")
    assert credentials.password(home, "kafka-planner") != credentials.password(home, "kafka-intel")


def test_a_public_key_set_names_the_key_and_holds_nothing_private(home: Home):
    private = json.loads(credentials.signing_key(home, "actor").read_text())
    (public,) = json.loads(credentials.public_keys(home, "actor").read_text())["keys"]
    assert public["kid"] == private["kid"]
    assert (public["kty"], public["crv"]) == ("OKP", "Ed25519")
    assert "d" in private
    assert "d" not in public


def test_a_long_home_has_its_sockets_elsewhere(tmp_path: Path):
    home = Home(tmp_path / ("long" * 30))
    assert len(os.fsencode(home.control_socket)) <= LONGEST_SOCKET
    assert len(os.fsencode(home.postgres_sockets / ".s.PGSQL.5432")) <= LONGEST_SOCKET


def test_ports_stay_and_a_taken_one_moves(home: Home):
    first = take_ports(home, ["kafka", "planner"])
    assert take_ports(home, ["kafka", "planner"]) == first
    with socket.socket() as other:
        other.bind(("127.0.0.1", first["kafka"]))
        other.listen()
        second = take_ports(home, ["kafka", "planner"])
    assert second["kafka"] not in (first["kafka"], first["planner"])
    assert second["planner"] == first["planner"]


def test_no_home_gets_a_cluster_whose_name_begins_like_an_option(tmp_path: Path):
    homes = [Home(tmp_path / str(number)) for number in range(200)]
    for home in homes:
        home.make()
    names = {cluster_id(home) for home in homes}
    assert len(names) == 200
    assert not [name for name in names if name.startswith("-") or len(name) != 22]
