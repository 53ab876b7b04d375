"""The embedded servers, running: who is let in where, and what comes back when it is killed."""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from client import integrators
from client.feed import subscribe
from deploy.embedded.services import Service
from deploy.provision.access import Broker
from deploy.provision.broker import BrokerAdmin
from deploy.provision.topics import SERVICES, Right, service_rights, topics
from tests.servers import RunningServers, running_servers

pytestmark = pytest.mark.system

STUBS = (Service("planner", "tests.deploy.stub:app"), Service("portal", "tests.deploy.stub:app"))


@pytest.fixture(scope="module")
async def servers() -> AsyncIterator[RunningServers]:
    async with running_servers(services=STUBS) as running:
        yield running


@pytest.fixture
def desk(servers: RunningServers) -> Iterator[integrators.Credential]:
    yield servers.integrator("NZ", "desk")
    integrators.remove(servers.broker, "NZ", "desk")


@asynccontextmanager
async def producing(broker: Broker) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(**broker.for_aiokafka(), enable_idempotence=True)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def write(broker: Broker, topic: str, value: bytes = b"{}", patience: float = 10) -> None:
    async with producing(broker) as producer:
        await asyncio.wait_for(producer.send_and_wait(topic, value, partition=0), patience)


async def read(broker: Broker, topic: str, group: str | None = None) -> bytes:
    """The first message that is kept."""
    consumer = AIOKafkaConsumer(
        topic, **broker.for_aiokafka(), group_id=group, auto_offset_reset="earliest", enable_auto_commit=False
    )
    try:
        await consumer.start()
        message = await asyncio.wait_for(consumer.getone(), 10)
        return bytes(message.value)
    finally:
        await consumer.stop()


def an_event(number: int) -> bytes:
    return json.dumps({"specversion": "1.0", "source": "/planner", "id": str(number)}).encode()


# Who may do what


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_writes_what_it_may_and_nothing_else(servers: RunningServers, service: str):
    broker = servers.as_service(service)
    allowed = {right.name for right in service_rights(service) if right.operation == "WRITE" and not right.prefixed}
    for topic in topics(["NZ"]):
        if topic.name in allowed or topic.name.startswith("feed."):
            await write(broker, topic.name, b"not an event")
        else:
            with pytest.raises(TopicAuthorizationFailedError):
                await write(broker, topic.name)


async def test_tokens_are_read_by_those_who_match_them_only(servers: RunningServers):
    await write(servers.as_service("planner"), "planner.targets", b"token")
    assert await read(servers.as_service("intel"), "planner.targets", "intel.test")
    for service in ("planner", "debrief", "portal"):
        with pytest.raises(TopicAuthorizationFailedError):
            await read(servers.as_service(service), "planner.targets")


async def test_a_service_joins_no_group_of_another(servers: RunningServers):
    with pytest.raises(GroupAuthorizationFailedError):
        await read(servers.as_service("intel"), "planner.targets", "portal.main")


async def test_an_integrator_reads_its_own_feed_only(servers: RunningServers, desk: integrators.Credential):
    await write(servers.as_service("planner"), "feed.nz", an_event(0))
    await write(servers.as_service("planner"), "feed.au", an_event(0))
    assert await read(desk.broker(), "feed.nz", desk.group_prefix + "any")
    for topic in ("feed.au", "planner.operations", "replay.portal.planner", "audit.checkpoints"):
        with pytest.raises(TopicAuthorizationFailedError):
            await read(desk.broker(), topic)
    with pytest.raises(GroupAuthorizationFailedError):
        await read(desk.broker(), "feed.nz", "feed-au-desk.main")
    with pytest.raises((TopicAuthorizationFailedError, ClusterAuthorizationFailedError)):
        await write(desk.broker(), "feed.nz")


async def test_who_was_removed_reads_nothing_even_on_an_open_connection(servers: RunningServers):
    leaver = servers.integrator("VN", "leaver")
    await write(servers.as_service("intel"), "feed.vn", an_event(1))
    options = {"enable_auto_commit": False, "auto_offset_reset": "earliest"}
    consumer = AIOKafkaConsumer("feed.vn", **leaver.broker().for_aiokafka(), **options)
    await consumer.start()
    try:
        await asyncio.wait_for(consumer.getone(), 10)
        integrators.remove(servers.broker, "VN", "leaver")
        await write(servers.as_service("intel"), "feed.vn", an_event(2))
        with pytest.raises(TopicAuthorizationFailedError):
            await asyncio.wait_for(consumer.getone(), 10)
    finally:
        await consumer.stop()
    with pytest.raises(KafkaError):
        await read(leaver.broker(), "feed.vn")
    assert ("VN", "leaver") not in integrators.names(servers.broker)


async def test_a_feed_drops_repeats(servers: RunningServers):
    reader = servers.integrator("FJ", "reader")
    for number in (1, 2, 1, 3, 2):
        await write(servers.as_service("planner"), "feed.fj", an_event(number))
    events = subscribe(reader.broker(), "feed.fj")
    wanted = [await asyncio.wait_for(anext(events), 10) for _ in range(3)]
    await events.aclose()
    # The test of what services may write left something here that is no event.
    assert [found.event["id"] for found in wanted] == ["1", "2", "3"]


async def test_no_topic_comes_into_being_by_being_written(servers: RunningServers):
    with pytest.raises((UnknownTopicOrPartitionError, TimeoutError, KafkaError, AssertionError)):
        await write(servers.broker, "planner.surprise", patience=2)
    assert "planner.surprise" not in BrokerAdmin(servers.broker).topic_names()


async def test_a_right_that_is_too_much_is_taken_away(servers: RunningServers):
    admin = BrokerAdmin(servers.broker)
    too_much = Right("planner", "WRITE", "TOPIC", "intel.alerts")
    before = {right for right in admin.rights() if right.principal == "planner"}
    admin.ensure_rights({"planner": before | {too_much}})
    await write(servers.as_service("planner"), "intel.alerts")
    admin.ensure_rights({"planner": service_rights("planner")})
    with pytest.raises(TopicAuthorizationFailedError):
        await write(servers.as_service("planner"), "intel.alerts")


@pytest.mark.parametrize("role", [*SERVICES, "portal_projector", "portal_reader"])
async def test_a_role_enters_its_own_database_only(servers: RunningServers, role: str):
    password = servers.surroundings.passwords()[role]
    own = "portal" if role.startswith("portal") else role
    for database in (*SERVICES, "postgres", "template1"):
        url = servers.database.as_role(role, password, database)
        if database == own:
            connection = await asyncpg.connect(url)
            assert await connection.fetchval("SELECT current_user") == role
            await connection.close()
        else:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await asyncpg.connect(url)


async def test_nobody_enters_without_a_password(servers: RunningServers):
    with pytest.raises(asyncpg.PostgresError):
        await asyncpg.connect(servers.database.as_role("planner", "wrong", "planner"))


async def test_everything_listens_on_loopback_only(servers: RunningServers):
    heard = set()
    for child in servers.supervisor.children.values():
        assert child.pid
        for connection in psutil.Process(child.pid).net_connections("inet"):
            if connection.status == psutil.CONN_LISTEN:
                heard.add(connection.laddr.ip.removeprefix("::ffff:"))
    assert heard == {"127.0.0.1"}


async def test_secrets_and_data_are_for_their_owner_only(servers: RunningServers):
    home = servers.home
    for folder in (home.secrets, home.postgres, home.kafka, home.logs):
        assert folder.stat().st_mode & 0o077 == 0, folder
    for file in home.secrets.iterdir():
        assert file.stat().st_mode & 0o177 == 0, file


@pytest.mark.skipif(os.geteuid() != 0, reason="nothing runs as root where the tests do not")
async def test_servers_run_as_users_of_their_own(servers: RunningServers):
    users = {name: psutil.Process(servers.pid(name)).uids().effective for name in ("kafka", "postgres")}
    assert 0 not in users.values()
    assert len(set(users.values())) == 2
    assert {file.stat().st_uid for file in (servers.home.kafka / "data").rglob("*")} == {users["kafka"]}


# What is killed comes back


async def test_who_was_removed_takes_nobody_along(servers: RunningServers):
    """Kafka 4.2 forgets every credential at its next start when one was deleted; so none is."""
    for name in ("one", "two", "three", "leaver"):
        servers.integrator("VN", name)
        integrators.remove(servers.broker, "VN", name)
    await kill(servers, "kafka")
    for service in SERVICES:
        await write(servers.as_service(service), "feed.th", an_event(9))
    assert BrokerAdmin(servers.broker).usernames() >= set(SERVICES)


async def kill(servers: RunningServers, name: str) -> None:
    pid = servers.pid(name)
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while servers.supervisor.children[name].pid == pid:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
    await asyncio.wait_for(servers.back(name), 60)


async def test_a_killed_kafka_comes_back_with_what_it_had_and_says_it_was_unclean(servers: RunningServers):
    await write(servers.as_service("debrief"), "debrief.lessons", b"kept")
    began = time.time()
    await kill(servers, "kafka")
    assert json.loads(servers.home.unclean_file.read_text())["at"] >= began
    assert await read(servers.as_service("planner"), "debrief.lessons")
    await write(servers.as_service("debrief"), "debrief.lessons", b"more")


async def test_a_killed_postgres_comes_back_with_what_was_committed(servers: RunningServers):
    url = servers.database.as_role("planner", servers.surroundings.passwords()["planner"], "planner")
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE note (text text)")
    await connection.execute("INSERT INTO note VALUES ('kept')")
    await kill(servers, "postgres")
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT text FROM note") == "kept"
    await connection.close()


async def test_a_killed_service_comes_back_on_its_port(servers: RunningServers):
    port = servers.supervisor.children["planner"].program.port
    await kill(servers, "planner")
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


async def test_all_stops_in_order_and_cleanly():
    order: list[str] = []
    async with running_servers(services=STUBS) as running:
        children = running.supervisor.children

        def look(*_: Any) -> None:
            order.extend(n for n, c in children.items() if c.status == "stopped" and n not in order)

        running.supervisor._changed = look
        pids = [child.pid for child in children.values()]
        await running.supervisor.stop()
        assert order == ["portal", "planner", "kafka", "postgres"]
        assert not any(psutil.pid_exists(pid) for pid in pids if pid)
        assert (running.home.kafka / "data" / ".kafka_cleanshutdown").exists()
