"""The relay on an outbox in memory: nothing is marked that Kafka did not acknowledge, or that it may have lost."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiokafka.errors import KafkaTimeoutError

from shared.runtime import relay
from shared.runtime.lead import Lost
from shared.runtime.relay import Relay
from shared.runtime.settings import ServiceSettings


@dataclass
class Row:
    id: int
    key: str = "a"
    topic: str = "planner.operations"
    type: str = "planner.operation.started.v1"
    audience: str = "NZ VN NZ#rights_officer"
    traceparent: str = ""
    body: bytes = b'{"data":{}}'
    age: float = 0.0

    @property
    def sequence(self) -> int:
        return self.id


@dataclass
class Outbox:
    """Answers the relay's statements as the database would."""

    rows: dict[int, Row]
    unsent: set[int]

    async def execute(self, statement: str, *_asked: Any) -> None:
        assert statement == relay._RESEND
        self.unsent |= set(self.rows)

    async def fetch(self, _statement: str, *asked: Any) -> list[Row]:
        stopped, marked = asked
        self.due = [self.rows[i] for i in sorted(self.unsent - set(marked)) if self.rows[i].key not in stopped]
        self.unsent -= set(marked)
        return self.due


@dataclass
class Kafka:
    """Takes every part, except those of topics that are away."""

    away: set[str] = field(default_factory=set)
    sent: list[tuple[str, bytes]] = field(default_factory=list)

    async def partitions_for(self, topic: str) -> set[int]:
        return {0}

    def create_batch(self) -> Any:
        return Batch([])

    async def send_batch(self, batch: "Batch", topic: str, partition: int) -> Any:
        async def acknowledged() -> None:
            if topic in self.away:
                raise KafkaTimeoutError
            self.sent += [(topic, key) for key in batch.keys]

        return acknowledged()

    async def stop(self) -> None: ...


@dataclass
class Batch:
    keys: list[bytes]

    def append(self, key: bytes, **_: Any) -> bool:
        self.keys.append(key)
        return True


@pytest.fixture
def kafka() -> Kafka:
    return Kafka()


@pytest.fixture
def settings(tmp_path: Path) -> ServiceSettings:
    file = tmp_path / "unclean.json"
    return ServiceSettings(
        database_url="postgresql://", kafka_bootstrap_servers="", actor_public_keys_file=file,
        seal_private_key_file=file, unclean_file=file,
    )  # fmt: skip


@pytest.fixture
def carrier(kafka: Kafka, settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch) -> Relay:
    carrier = Relay("planner", None, settings)  # type: ignore[arg-type]
    carrier._producer = kafka  # type: ignore[assignment]
    monkeypatch.setattr(carrier._lead, "require", lambda: None)

    async def anew() -> None: ...

    monkeypatch.setattr(carrier, "_producer_anew", anew)
    monkeypatch.setattr(carrier._lead, "require", lambda: None)
    return carrier


def an_outbox(*rows: Row) -> Outbox:
    return Outbox({row.id: row for row in rows}, {row.id for row in rows})


async def test_every_part_is_sent_and_then_marked(carrier: Relay, kafka: Kafka):
    outbox = an_outbox(Row(1))
    assert await carrier._round(outbox) == 1
    assert outbox.unsent == {1}, "acknowledged, and not marked before the next look"
    assert await carrier._round(outbox) == 0
    assert outbox.unsent == set()
    assert sorted(kafka.sent) == [("feed.nz", b"a"), ("feed.vn", b"a"), ("planner.operations", b"a")]


async def test_an_event_with_a_part_that_was_not_acknowledged_is_not_marked(carrier: Relay, kafka: Kafka):
    outbox = an_outbox(Row(1, "a"), Row(2, "b", audience="LK"), Row(3, "a"))
    kafka.away = {"feed.vn"}
    assert await carrier._round(outbox) == 1
    await carrier._round(outbox)
    assert outbox.unsent == {1, 3}, "the other aggregate went on"


async def test_who_may_have_lost_the_lead_sends_nothing(carrier: Relay, kafka: Kafka, monkeypatch: pytest.MonkeyPatch):
    """A process that was stopped between its look at the outbox and its sends: another one relays by now."""
    outbox = an_outbox(Row(1))
    monkeypatch.undo()
    with pytest.raises(Lost):
        await carrier._round(outbox)
    assert kafka.sent == []
    assert outbox.unsent == {1}


async def test_what_a_broker_that_stopped_uncleanly_acknowledged_last_is_sent_again(
    carrier: Relay, kafka: Kafka, settings: ServiceSettings
):
    outbox = an_outbox(Row(1))
    await carrier._round(outbox)
    assert settings.unclean_file
    settings.unclean_file.write_text(json.dumps({"at": 1_000_000_000}))
    await carrier._resend_after_unclean_stop(outbox)
    await carrier._round(outbox)
    await carrier._round(outbox)
    assert kafka.sent.count(("planner.operations", b"a")) == 2
    assert outbox.unsent == set()
