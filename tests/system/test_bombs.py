"""A message that is small on its way and huge once it is unpacked."""

import pytest
from confluent_kafka import KafkaError, Message, Producer

from tests.servers import RunningServers

pytestmark = pytest.mark.system


def test_what_is_too_large_once_unpacked_is_taken_by_no_topic_however_small_it_comes(servers: RunningServers):
    limits = {"message.max.bytes": 100_000_000, "queue.buffering.max.kbytes": 200_000, "message.timeout.ms": 20_000}
    settings = {**servers.as_service("planner").for_librdkafka(), "compression.type": "gzip", "log_level": 2, **limits}
    producer, outcomes = Producer(settings), dict[str, bool]()

    def told(error: KafkaError | None, message: Message) -> None:
        outcomes[message.topic()] = error is None

    for topic, size in (("planner.operations", 50_000_000), ("feed.nz", 50_000_000), ("planner.periods", 50_000)):
        producer.produce(topic, bytes(size), b"bomb", partition=0, on_delivery=told)
    assert producer.flush(60) == 0
    assert outcomes == {"planner.operations": False, "feed.nz": False, "planner.periods": True}
