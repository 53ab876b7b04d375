"""What of the broker's secrets can be seen from outside while it is made."""

import threading
import time
from pathlib import Path

import psutil
import pytest

from deploy.embedded import credentials
from deploy.embedded.kafka import Kafka, Node
from deploy.embedded.places import Home

pytestmark = pytest.mark.system


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
