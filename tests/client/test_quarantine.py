"""What the command shows of quarantine."""

from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from client import quarantine
from deploy.embedded.places import Home
from deploy.embedded.servers import Servers
from deploy.provision.topics import SERVICES


class Connection:
    """A database with one record that nobody could read."""

    def __init__(self, row: dict[str, Any]) -> None:
        self._row = row

    async def fetchval(self, _statement: str, table: str) -> str | None:
        return table if table == "public.quarantine" else None

    async def fetch(self, _statement: str) -> list[dict[str, Any]]:
        return [dict(self._row)]

    async def close(self) -> None: ...


def test_what_cannot_be_read_is_listed_with_the_topic_on_which_it_was_heard(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any
):
    row: dict[str, Any] = dict.fromkeys((*quarantine.SHORT, "heard_on"))
    row |= {"id": 7, "topic": "", "heard_on": "planner.periods", "state": "failed", "reason": "not JSON", "at": 1}
    del row["reference"]

    async def connect(_url: str) -> Connection:
        return Connection(row)

    database = SimpleNamespace(as_role=lambda *words: "url")
    surroundings = SimpleNamespace(database=database, passwords=lambda: dict.fromkeys(SERVICES))
    monkeypatch.setattr(Servers, "installed", lambda home: SimpleNamespace(surroundings=surroundings))
    monkeypatch.setattr(asyncpg, "connect", connect)
    quarantine.show_all(Home(tmp_path), as_json=False)
    first = capsys.readouterr().out.splitlines()[0]
    assert first.split("\t")[:2] == ["planner/7", "planner.periods"]
