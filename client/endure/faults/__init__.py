"""What is done to the system, by name; each fault returns when the system has come to itself again."""

from client.endure.faults.attack import Attack, Fault
from client.endure.faults.cluster import BROKERS, REPLICAS
from client.endure.faults.groups import STORMS
from client.endure.faults.messages import MESSAGES
from client.endure.faults.points import POINTS
from client.endure.faults.processes import KILLS, OUTAGES, STOPS
from client.endure.faults.room import ROOM

ALWAYS: dict[str, Fault] = {**KILLS, **POINTS, **STOPS, **OUTAGES, **MESSAGES, **STORMS, **ROOM}
FAULTS: dict[str, Fault] = {**ALWAYS, **BROKERS, **REPLICAS}

__all__ = ["ALWAYS", "BROKERS", "FAULTS", "KILLS", "POINTS", "REPLICAS", "Attack", "Fault"]
