"""What of the broker's secrets can be seen from outside while it is made."""

import threading
import time
from pathlib import Path

import psutil
import pytest

from deploy.embedded import credentials
from deploy.embedded.kafka import Kafka, Node
from deploy.embedded.places import Home


@pytest.mark.system
def test_no_password_is_among_the_words_that_format_the_log(tmp_path: Path):
    home = Home(tmp_path / 'a "folder"')
    home.make()
    kafka = Kafka(home, Node(1, "kafka", home.kafka, 19999, 19998))
    seen: set[str] = set()
    formatting = threading.Thread(target=kafka.prepare)
    formatting.start()
    while formatting.is_alive():
        for child in psutil.Process().children(recursive=True):
            try:
                seen.add(" ".join(child.cmdline()))
            except psutil.Error:
                continue
        time.sleep(0.005)
    assert any("/java " in words for words in seen)
    assert not any(credentials.password(home, "kafka-admin") in words for words in seen)
    assert sorted(path.name for path in home.kafka.iterdir()) == ["data", "server.properties"]
    assert (home.kafka / "data" / "meta.properties").exists()


def a_stop(kafka: Kafka, clean: bool) -> None:
    data = kafka.node.folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    (data / "recovery-point-offset-checkpoint").touch()
    (data / ".kafka_cleanshutdown").touch() if clean else (data / ".kafka_cleanshutdown").unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("clean", "tells"),
    [
        ([False], True),
        ([True], False),
        ([False, True, True], False),  # the others have all that was acknowledged
        ([False, True, False], True),
        ([False, False, False], True),
    ],
)
def test_relays_are_told_when_what_was_acknowledged_may_be_lost(tmp_path: Path, clean: list[bool], tells: bool):
    home = Home(tmp_path)
    home.make()
    nodes = [Node(n, f"kafka.{n}", home.kafka / str(n), 1, 2) for n in range(1, len(clean) + 1)]
    for node, was_clean in zip(nodes, clean, strict=True):
        kafka = Kafka(home, node, nodes)
        a_stop(kafka, was_clean)
        kafka._tell_if_unclean()
    assert home.unclean_file.exists() == tells


def test_two_brokers_that_stopped_long_apart_lost_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home = Home(tmp_path)
    home.make()
    nodes = [Node(n, f"kafka.{n}", home.kafka / str(n), 1, 2) for n in (1, 2, 3)]
    for node, at in zip(nodes, (1000.0, 2000.0), strict=False):
        kafka = Kafka(home, node, nodes)
        a_stop(kafka, clean=False)
        monkeypatch.setattr(time, "time", lambda at=at: at)
        kafka._tell_if_unclean()
    assert not home.unclean_file.exists()
