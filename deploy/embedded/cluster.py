"""How many brokers and replicas an installation runs, and where its brokers listen.

One broker listens on loopback. Three have a network of their own where root allows, so that faults between them are
real; elsewhere each has its own ports on loopback. Data written by so many brokers is for so many.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from deploy.embedded import network as networks
from deploy.embedded.kafka import Node
from deploy.embedded.network import Network
from deploy.embedded.places import Home, Trouble

BROKERS = (1, 3)
PORT, CONTROLLER = 9092, 9093  # in a network of its own each broker has all ports


@dataclass(frozen=True)
class Shape:
    """What was asked for, and the network that was found for it."""

    brokers: int = 1
    replicas: int = 1
    network: Network | None = None
    loopback_because: str = ""

    @classmethod
    def plan(cls, home: Home, brokers: int = 0, replicas: int = 0, others_brokers: bool = False) -> "Shape":
        """For a start now; 0 is as many as last time. A network is chosen, and not made yet.

        Raises:
            Trouble: the data that is there is of another number of brokers.
        """
        kept = cls.kept(home)
        brokers, replicas = brokers or kept.brokers, replicas or kept.replicas
        if brokers not in BROKERS:
            raise Trouble("There can be one broker or three.")
        if others_brokers:
            return cls(1, replicas)
        data = (home.kafka / "data").exists() or (home.kafka / "1" / "data").exists()
        if data and kept.brokers != brokers:
            raise Trouble(
                f"The data here is that of {kept.brokers} broker(s): ./jpa reset deletes it, another JPA_HOME keeps it."
            )
        if brokers == 1:
            return cls(brokers, replicas)
        try:
            reason = networks.why_not()
            return cls(brokers, replicas, None if reason else Network.of(home), reason)
        except Trouble as trouble:
            return cls(brokers, replicas, None, str(trouble))

    @classmethod
    def kept(cls, home: Home) -> "Shape":
        """As it was last up."""
        try:
            said: dict[str, Any] = json.loads((home.kafka / "shape.json").read_text())
        except FileNotFoundError:
            return cls()
        subnet = said["subnet"]
        network = Network(networks.mark(home), IPv4Network(subnet)) if subnet else None
        return cls(said["brokers"], said["replicas"], network)

    def keep(self, home: Home) -> None:
        """For commands that speak with the installation later."""
        home.kafka.mkdir(mode=0o700, parents=True, exist_ok=True)
        said = {
            "brokers": self.brokers,
            "replicas": self.replicas,
            "subnet": str(self.network.subnet) if self.network else None,
        }
        (home.kafka / "shape.json").write_text(json.dumps(said))

    def open(self) -> "Shape":
        """Make the network; where that fails the brokers share loopback, and it says why."""
        if not self.network:
            return self
        try:
            self.network.make(self.brokers)
        except Trouble as trouble:
            return Shape(self.brokers, self.replicas, None, str(trouble))
        return self

    def close(self) -> None:
        """Remove what `open` made."""
        if self.network:
            self.network.remove()

    def names(self, kind: str) -> list[str]:
        """What the processes of one service, or the brokers, are called."""
        return names(kind, self.brokers if kind == "kafka" else self.replicas)

    def ports(self, services: list[str]) -> list[str]:
        """Names of the ports on loopback that are needed."""
        brokers = [] if self.network else self.names("kafka")
        servers = [port for name in brokers for port in (name, f"{name}-controller")]
        return [*servers, *(name for service in services for name in self.names(service))]

    def nodes(self, home: Home, ports: Mapping[str, int]) -> list[Node]:
        """The brokers. Raises KeyError where a port was never taken."""
        if self.brokers == 1:
            return [Node(1, "kafka", home.kafka, ports["kafka"], ports["kafka-controller"])]
        nodes = []
        for number, name in enumerate(self.names("kafka"), 1):
            folder = home.kafka / str(number)
            if self.network:
                where = (self.network.address(number), self.network.namespace(number))
                nodes.append(Node(number, name, folder, PORT, CONTROLLER, *where))
            else:
                nodes.append(Node(number, name, folder, ports[name], ports[f"{name}-controller"]))
        return nodes


def names(kind: str, count: int) -> list[str]:
    """One is called by its kind; of several each has its number."""
    return [kind] if count == 1 else [f"{kind}.{number}" for number in range(1, count + 1)]
