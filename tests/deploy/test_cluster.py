"""How many brokers and replicas there are, where they listen, and what a cut is where no packet can be dropped."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import psutil
import pytest

from deploy.embedded import network as networks
from deploy.embedded.cluster import Shape
from deploy.embedded.faults import Faults
from deploy.embedded.kafka import Kafka, Node, properties
from deploy.embedded.places import Home, Trouble
from deploy.embedded.supervisor import Supervisor


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.make()
    return home


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "why_not", lambda: "that needs root on Linux")


def ports_of(shape: Shape) -> dict[str, int]:
    return {name: number for number, name in enumerate(shape.ports(["planner", "portal"]), 20_000)}


@pytest.mark.usefixtures("loopback")
def test_without_a_network_each_broker_has_ports_of_its_own_and_it_is_said_why(home: Home):
    shape = Shape.plan(home, brokers=3, replicas=2).open()
    assert shape.network is None
    assert shape.loopback_because == "that needs root on Linux"
    nodes = shape.nodes(home, ports_of(shape))
    assert [node.name for node in nodes] == ["kafka.1", "kafka.2", "kafka.3"]
    assert {node.address for node in nodes} == {"127.0.0.1"}
    assert len({port for node in nodes for port in (node.port, node.controller)}) == 6


def test_a_network_that_cannot_be_made_leaves_the_brokers_on_loopback(home: Home, monkeypatch: pytest.MonkeyPatch):
    def fail(self: networks.Network, places: int) -> None:
        raise Trouble("No network of our own: not permitted")

    monkeypatch.setattr(networks, "why_not", lambda: "")
    planned = networks.Network("abcdef", networks.IPv4Network("198.18.0.0/28"))
    monkeypatch.setattr(networks.Network, "of", lambda home: planned)
    monkeypatch.setattr(networks.Network, "make", fail)
    shape = Shape.plan(home, brokers=3).open()
    assert shape.network is None
    assert "not permitted" in shape.loopback_because


@pytest.mark.usefixtures("loopback")
def test_an_installation_keeps_its_shape_and_its_data_is_for_so_many_brokers(home: Home):
    Shape.plan(home, brokers=3, replicas=2).keep(home)
    (home.kafka / "1" / "data").mkdir(parents=True)
    again = Shape.plan(home)
    assert (again.brokers, again.replicas) == (3, 2)
    assert Shape.kept(home).names("planner") == ["planner.1", "planner.2"]
    with pytest.raises(Trouble, match=r"3 broker\(s\)"):
        Shape.plan(home, brokers=1)
    with pytest.raises(Trouble, match="one broker or three"):
        Shape.plan(home, brokers=2)


def test_of_three_brokers_two_write_before_anything_is_acknowledged_and_of_one_that_one(home: Home):
    three = [Node(n, f"kafka.{n}", home.kafka / str(n), 100 + n, 200 + n) for n in (1, 2, 3)]
    said = properties(home, three[1], three)
    assert (said["default.replication.factor"], said["min.insync.replicas"]) == ("3", "2")
    assert said["offsets.topic.replication.factor"] == said["transaction.state.log.replication.factor"] == "3"
    assert said["unclean.leader.election.enable"] == "false"
    assert said["controller.quorum.voters"] == "1@127.0.0.1:201,2@127.0.0.1:202,3@127.0.0.1:203"
    assert said["node.id"] == "2"
    alone = Kafka(home, Node(1, "kafka", home.kafka, 1, 2))
    assert properties(home, alone.node, alone.nodes)["min.insync.replicas"] == "1"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["/bin/sleep", "60"])
    yield process
    process.kill()
    process.wait()


async def test_on_loopback_a_broker_is_stopped_instead_of_cut_off_and_heals_by_itself(
    home: Home, sleeper: subprocess.Popen[bytes]
):
    nodes = [Node(n, f"kafka.{n}", home.kafka / str(n), 1, 2) for n in (1, 2, 3)]
    servers = SimpleNamespace(kafkas=[Kafka(home, node, nodes) for node in nodes], surroundings=SimpleNamespace(broker=None))
    children = {"kafka.2": SimpleNamespace(pid=sleeper.pid)}
    supervisor: Any = SimpleNamespace(servers=servers, shape=Shape(3, 1, None, "no root"), children=children)
    faults = Faults(cast(Supervisor, supervisor))
    broker = psutil.Process(sleeper.pid)
    assert not faults.real
    assert faults.why == "no root"
    async with faults.cut_off(2):
        await becomes(broker, psutil.STATUS_STOPPED)
    await becomes(broker, psutil.STATUS_SLEEPING)
    faults.cut(2, 1, seconds=0.1)
    async with asyncio.timeout(10):
        while faults.cuts:
            await asyncio.sleep(0)
    await becomes(broker, psutil.STATUS_SLEEPING)


async def becomes(process: psutil.Process, status: str) -> None:
    """A signal takes its time."""
    async with asyncio.timeout(10):
        while process.status() != status:
            await asyncio.sleep(0)


def test_a_machine_whose_ip_is_a_smaller_one_keeps_nobody_from_starting(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(networks, "why_not", lambda: "")
    monkeypatch.setattr(networks, "_run", lambda *words, **how: "BusyBox: usage")
    assert networks.remove("abcdef") == []
    assert "JSON" in Shape.plan(home, brokers=3).loopback_because
