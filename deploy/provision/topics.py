"""What `topics.yaml` says: the topics, and from them the rights of each principal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

FILE = Path(__file__).parents[1] / "topics.yaml"
SERVICES = ("planner", "intel", "debrief", "portal")
DAY = 24 * 3600 * 1000


@dataclass(frozen=True)
class Topic:
    """One topic, with its placeholders filled in."""

    name: str
    owners: tuple[str, ...]
    readers: tuple[str, ...]
    partitions: int
    days: int

    @property
    def settings(self) -> dict[str, str]:
        """What is set on the topic itself; a segment a day, so that what has aged does go."""
        return {
            "retention.ms": str(self.days * DAY),
            "segment.ms": str(DAY),
            "cleanup.policy": "delete",
            "compression.type": "uncompressed",
            "max.message.bytes": str(2**20),
            "message.timestamp.type": "LogAppendTime",
        }


@dataclass(frozen=True)
class Right:
    """One ACL: the principal may do this with what is so named."""

    principal: str
    operation: Literal["READ", "WRITE", "DESCRIBE", "IDEMPOTENT_WRITE"]
    kind: Literal["TOPIC", "GROUP", "CLUSTER"]
    name: str
    prefixed: bool = False


def party_codes() -> list[str]:
    """Every party that has a feed."""
    from shared.parties import PARTIES

    return sorted(PARTIES)


@cache
def _entries() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(FILE.read_text())["topics"]
    return entries


def topics(parties: Iterable[str]) -> list[Topic]:
    """All topics of an installation with these parties."""
    return [topic for entry in _entries() for topic in _expand(entry, sorted(parties))]


def _expand(entry: dict[str, Any], parties: list[str]) -> Iterator[Topic]:
    fills: list[dict[str, str]] = [{}]
    if "{service}" in entry["name"]:
        fills = [{"service": service, "owner": owner} for service in SERVICES for owner in SERVICES]
    elif "{party}" in entry["name"]:
        fills = [{"party": code.lower()} for code in parties]
    for fill in fills:
        owners = SERVICES if entry["owner"] == "services" else (entry["owner"].format(**fill),)
        readers = tuple(reader.format(**fill) for reader in entry["readers"])
        yield Topic(entry["name"].format(**fill), owners, readers, entry["partitions"], entry["days"])


def service_rights(service: str) -> set[Right]:
    """Write its own topics, its own part of replays, the feeds and checkpoints; read what it hears; nothing else."""
    rights = {
        Right(service, "IDEMPOTENT_WRITE", "CLUSTER", "kafka-cluster"),
        Right(service, "READ", "GROUP", f"{service}.", prefixed=True),
        Right(service, "WRITE", "TOPIC", "feed.", prefixed=True),
        Right(service, "DESCRIBE", "TOPIC", "feed.", prefixed=True),
    }
    for topic in topics(parties=()):
        if service in topic.owners:
            rights |= {Right(service, verb, "TOPIC", topic.name) for verb in ("WRITE", "DESCRIBE")}
        if service in topic.readers:
            rights |= {Right(service, verb, "TOPIC", topic.name) for verb in ("READ", "DESCRIBE")}
    return rights


def integrator_rights(username: str, party: str) -> set[Right]:
    """Its party's feed and its own consumer groups."""
    from shared.parties import feed_topic

    return {
        Right(username, "READ", "TOPIC", feed_topic(party)),
        Right(username, "READ", "GROUP", f"{username}.", prefixed=True),
    }
