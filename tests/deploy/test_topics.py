"""Who may do what at the broker, against a table written from DESIGN.md and not from topics.yaml."""

import pytest

from deploy.provision.topics import (
    SERVICES,
    Right,
    integrator_rights,
    party_codes,
    service_rights,
    topics,
)
from shared.parties import PARTIES

PLANNER = "periods operations details targets conflicts consultations programme"
INTEL = "networks alerts bodies tokens requests checks matches returns"
DEBRIEF = "debriefs lessons library"
OWN = {
    "planner": {f"planner.{kind}" for kind in PLANNER.split()},
    "intel": {f"intel.{kind}" for kind in INTEL.split()},
    "debrief": {f"debrief.{kind}" for kind in DEBRIEF.split()},
    "portal": {"portal.receipts"},
}
EVERY = set().union(*OWN.values())
TOKENS = {"planner.targets", "intel.tokens"}
TEXTS = {"planner.details", "intel.bodies"}  # for who shows them
HEARS = {
    "planner": OWN["debrief"] | {"portal.receipts"},
    "intel": (OWN["planner"] | {"portal.receipts"}) - TEXTS,
    "debrief": (OWN["planner"] | OWN["intel"] | {"portal.receipts"}) - TOKENS - TEXTS,
    "portal": (EVERY - TOKENS - OWN["portal"]) | {"audit.checkpoints"},
}


def named(rights: set[Right], operation: str, kind: str = "TOPIC") -> set[str]:
    return {r.name + "*" * r.prefixed for r in rights if (r.operation, r.kind) == (operation, kind)}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_writes_its_own_topics_the_feeds_checkpoints_and_its_own_part_of_replays(service: str):
    wanted = OWN[service] | {"feed.*", "audit.checkpoints"} | {f"replay.{each}.{service}" for each in SERVICES}
    assert named(service_rights(service), "WRITE") == wanted


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_what_it_hears_and_its_own_replay(service: str):
    heard = named(service_rights(service), "READ")
    again = {f"replay.{service}.{owner}" for owner in SERVICES}
    assert heard - {"portal.receipts"} == (HEARS[service] | again) - {"portal.receipts"}
    assert "portal.receipts" in heard


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_joins_only_groups_of_its_name(service: str):
    assert named(service_rights(service), "READ", "GROUP") == {f"{service}.*"}


def test_an_integrator_reads_its_partys_feed_and_nothing_else():
    assert integrator_rights("feed-nz-desk", "NZ") == {
        Right("feed-nz-desk", "READ", "TOPIC", "feed.nz"),
        Right("feed-nz-desk", "READ", "GROUP", "feed-nz-desk.", prefixed=True),
    }


def test_every_party_has_a_feed_of_one_partition():
    feeds = {topic.name: topic for topic in topics(party_codes()) if topic.name.startswith("feed.")}
    assert set(feeds) == {f"feed.{code.lower()}" for code in PARTIES}
    assert {topic.partitions for topic in feeds.values()} == {1}


def test_bodies_and_feeds_are_kept_seven_days_and_the_rest_thirty_five_at_most():
    days = {topic.name: topic.days for topic in topics(["NZ"])}
    assert days["intel.bodies"] == days["feed.nz"] == days["planner.details"] == 7
    assert max(days.values()) == 35


def test_no_topic_is_named_twice_and_all_that_services_own_are_there():
    names = [topic.name for topic in topics(["NZ"])]
    assert len(names) == len(set(names))
    assert set(names) >= EVERY
