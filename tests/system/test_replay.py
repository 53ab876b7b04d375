"""Replay: what the owners ever said builds the portal's tables anew beside those that are shown, and fills what was missed.

Kafka's own records are deleted first: all of it comes from the owners' databases.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from confluent_kafka import TopicPartition as Place
from confluent_kafka.admin import AdminClient, OffsetSpec

from client import operator
from client.replay import run
from deploy.embedded.services import SERVICES
from deploy.provision.topics import SERVICES as SERVICE_NAMES
from tests.servers import running_servers
from tests.system.feeding import IN_A_MONTH, Journal, post, truth, whole_feed
from tests.world import Json, Officer, Period, World, until

pytestmark = pytest.mark.system

STATES = ("NZ", "LK")
SAID_BEFORE = 80  # by each


@pytest.fixture(scope="module")
async def world() -> AsyncIterator[World]:
    """A system of our own: what Kafka held of it is deleted."""
    os.environ["BATCH_MAX_EVENTS"] = "50"  # more to break off between
    try:
        async with running_servers(SERVICES) as running:
            async with World.of(running) as world:
                yield world
    finally:
        del os.environ["BATCH_MAX_EVENTS"]


async def forget_in_kafka(world: World, *prefixes: str) -> None:
    """As when retention has passed: nothing that was said on these topics is kept any more."""

    def work() -> None:
        admin = AdminClient(world.servers.broker.for_librdkafka())
        topics = {n: t for n, t in admin.list_topics(timeout=10).topics.items() if n.startswith(prefixes)}
        places = [Place(name, part) for name, topic in topics.items() for part in topic.partitions]
        asked = admin.list_offsets({place: OffsetSpec.latest() for place in places})
        ends = [Place(place.topic, place.partition, future.result().offset) for place, future in asked.items()]
        for future in admin.delete_records(ends).values():
            future.result()

    await asyncio.to_thread(work)


async def ask_portal(world: World, method: str = "GET") -> Json:
    return await asyncio.to_thread(operator.ask, world.servers.home, "portal", "/operator/rebuild", method)


async def old_tables_are_gone(world: World) -> bool:
    connection = await world.portal_database()
    try:
        rows = await connection.fetch("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'read%'")
        return [row["nspname"] for row in rows] == ["read"]
    finally:
        await connection.close()


async def an_alert(originator: Officer, recipient: str, text: str) -> Json:
    return await originator.do(
        "/alerts",
        {
            "kind": "smuggling_route",
            "recipients": [recipient],
            "title": "A route",
            "text": text,
            "language": "en",
            "grading": {"scale": "admiralty", "source": "B", "information": "2"},
            "handling": "H0",
            "precedence": "ROUTINE",
            "tlp": "AMBER",
            "valid_until": IN_A_MONTH,
        },
    )


async def shown(officer: Officer, period: Period, journals: list[Journal]) -> dict[str, Any]:
    """All that one officer sees of a period; the timeline without its numbers, which are a generation's own."""
    operations = [await officer.all("/updates", operation_id=journal.operation_id, limit=200) for journal in journals]
    timeline = await officer.all(f"/periods/{period.id}/timeline", limit=200)
    return {
        "updates": operations,
        "operations": sorted(await officer.all("/operations", limit=200), key=lambda row: row["id"]),
        "totals": (await officer.see(f"/periods/{period.id}/totals"))["items"],
        "timeline": sorted((row["type"], row["subject_id"]) for row in timeline),
        "alerts": sorted(await officer.all("/alerts", limit=200), key=lambda row: row["id"]),
        "period": await officer.see(f"/periods/{period.id}"),
    }


async def receipts(world: World) -> int:
    connection = await world.portal_database()
    try:
        return int(await connection.fetchval("SELECT count(*) FROM outbox WHERE topic = 'portal.receipts'"))
    finally:
        await connection.close()


async def begun(world: World) -> tuple[Period, list[Journal]]:
    period = await world.period(*STATES)
    journals = []
    for party in STATES:
        operation = await world.operation(period, party, detail_audience="participants")
        journals.append(Journal(period.officers[party], operation["id"]))
    await asyncio.gather(*(post(journal, SAID_BEFORE) for journal in journals))
    return period, journals


async def test_a_replay_builds_what_was_shown_while_pages_answer_and_posts_go_on(world: World):
    period, journals = await begun(world)
    reader = period.officers["LK"]
    coordinator = period.coordinators["NZ"]
    first = (await reader.all("/updates", operation_id=journals[0].operation_id, limit=200))[0]
    await coordinator.do(f"/updates/{first['id']}/validate", version=first["version"])
    kept = await an_alert(period.officers["NZ"], "LK", "what stays")
    recalled = await an_alert(period.officers["NZ"], "LK", "what is taken back")
    await period.officers["NZ"].do(f"/alerts/{recalled['id']}/recall", {"reason": "wrong"}, version=recalled["version"])
    await world.settled()
    before, given = await shown(reader, period, journals), await receipts(world)
    assert {row["id"] for row in before["alerts"]} >= {kept["id"], recalled["id"]}
    await forget_in_kafka(world, "planner.", "intel.", "debrief.", "audit.")

    again = await asyncio.to_thread(run, world.servers.home, "portal")
    await world.settled()
    assert await shown(reader, period, journals) == before
    assert "what is taken back" not in str(before["alerts"])
    assert await receipts(world) == given, "a rebuild gives no receipt again"
    assert again["events"] > 2 * SAID_BEFORE
    await until(lambda: old_tables_are_gone(world))

    looks = 0
    replay = asyncio.create_task(asyncio.to_thread(run, world.servers.home, "portal"))

    async def go_on(journal: Journal) -> None:
        while not replay.done():
            await post(journal, 1)

    async def look() -> None:
        nonlocal looks
        while not replay.done():
            seen = await reader.all("/updates", operation_id=journals[0].operation_id, limit=200)
            assert len(seen) >= SAID_BEFORE, "pages show the old tables until the new ones are complete"
            looks += 1

    await asyncio.gather(look(), *map(go_on, journals))
    await replay
    await world.settled()
    assert looks
    for journal in journals:
        rows = await reader.all("/updates", operation_id=journal.operation_id, limit=200)
        assert [row["id"] for row in rows][::-1] == journal.accepted
        assert all(row["detail"] for row in rows)
    totals = await reader.see(f"/periods/{period.id}/totals")
    assert sum(row["provisional"] + row["validated"] for row in totals["items"]) == sum(len(j.accepted) for j in journals)
    await until(lambda: old_tables_are_gone(world))


async def test_a_portal_that_is_killed_amid_a_replay_goes_on_with_it(world: World):
    period, journals = await begun(world)
    reader = period.officers["NZ"]
    await world.settled()
    before = await shown(reader, period, journals)
    last = await last_said(world, journals[0])
    await forget_in_kafka(world, "planner.", "intel.", "debrief.", "audit.")
    building = (await ask_portal(world, "POST"))["building"]

    async def has_begun() -> bool:
        return bool(await watch.fetchval("SELECT count(*) > 0 FROM read_next.position"))

    watch, hold = await world.portal_database(), await world.portal_database()
    try:
        held = hold.transaction()
        await held.start()  # whoever takes in this event waits for us: so the end is not reached before the kill
        await hold.execute("INSERT INTO read_next.inbox (source, event_id, sha256) VALUES ('/planner', $1, '')", last)
        await until(has_begun)
        taken = await watch.fetchval("SELECT count(*) FROM read_next.inbox")
        killed = world.servers.pid("portal")
        os.kill(killed, signal.SIGKILL)
        await until(lambda: is_another(world, killed))
        await world.servers.back("portal")
        assert (await ask_portal(world))["building"] == building, "it is the same one"
        assert await watch.fetchval("SELECT count(*) FROM read_next.inbox") >= taken
        assert await shown(reader, period, journals) == before, "pages show the old tables meanwhile"
        await held.rollback()

        async def is_shown() -> bool:
            return bool((await ask_portal(world))["shown"] == building)

        await until(is_shown, 60)
    finally:
        await watch.close()
        await hold.close()
    await world.settled()
    assert await shown(reader, period, journals) == before


async def is_another(world: World, killed: int) -> bool:
    """Whether the supervisor has started the portal again."""
    return world.servers.supervisor.children["portal"].pid not in (None, killed)


async def last_said(world: World, journal: Journal) -> UUID:
    """The event of its newest update."""
    words = world.servers.surroundings
    connection = await asyncpg.connect(words.database.as_role("planner", words.passwords()["planner"], "planner"))
    try:
        query = "SELECT event_id FROM outbox WHERE key = $1 AND topic = 'planner.operations' ORDER BY id DESC LIMIT 1"
        found: UUID = await connection.fetchval(query, journal.operation_id)
        return found
    finally:
        await connection.close()


async def test_a_portal_without_tables_builds_them_from_what_the_owners_say(world: World):
    period, journals = await begun(world)
    reader = period.officers["NZ"]
    await world.settled()
    before = await shown(reader, period, journals)
    await forget_in_kafka(world, "planner.", "intel.", "debrief.", "audit.")
    await world.servers.stop("portal")
    connection = await world.portal_database()
    try:
        await connection.execute("DROP SCHEMA read CASCADE")
    finally:
        await connection.close()
    await world.servers.start("portal")

    async def is_whole() -> bool:
        answer = await reader.get(f"/periods/{period.id}")
        state = await ask_portal(world)
        return answer.is_success and not state["building"]

    await until(is_whole, 60)
    await world.settled()
    assert await shown(reader, period, journals) == before


async def test_what_debrief_missed_while_kafka_forgot_it_is_filled(world: World):
    _, journals = await begun(world)
    await world.settled()
    await world.servers.stop("debrief")
    await asyncio.gather(*(post(journal, 20) for journal in journals))
    await forget_in_kafka(world, "planner.operations")
    await world.servers.start("debrief")
    await asyncio.gather(*(post(journal, 1) for journal in journals))  # numbers that it cannot place

    words = world.servers.surroundings
    url = words.database.as_role("debrief", words.passwords()["debrief"], "debrief")
    connection = await asyncpg.connect(url)
    try:

        async def waits() -> bool:
            return bool(await connection.fetchval("SELECT count(*) = 2 FROM quarantine WHERE state = 'waiting'"))

        await until(waits)
        await asyncio.to_thread(run, world.servers.home, "debrief")
        await world.settled()
        mine = [journal.operation_id for journal in journals]
        rows = await connection.fetch("SELECT id FROM update WHERE operation_id = ANY ($1)", mine)
        assert {str(row["id"]) for row in rows} == {each for journal in journals for each in journal.accepted}
        assert not await connection.fetchval("SELECT count(*) FROM quarantine")
    finally:
        await connection.close()


async def test_a_feed_that_went_back_too_little_holds_all_of_its_party_again(world: World):
    period, journals = await begun(world)
    await world.settled()
    credential = await asyncio.to_thread(world.servers.integrator, "LK")
    await forget_in_kafka(world, "feed.lk")
    assert await whole_feed(credential.broker(), "feed.lk") == []
    known = await truth(world, "LK")
    again = await asyncio.to_thread(run, world.servers.home, "feed.lk")
    await world.settled()
    feed = await whole_feed(credential.broker(), "feed.lk")
    assert {(event["source"], event["id"]) for event in feed} == await truth(world, "LK")
    assert not {name for event in feed for name in event} & {"sequence", "audience", "traceparent"}
    told = {e["source"]: e["data"]["count"] for e in feed if e["type"] == "audit.feed.restarted.v1"}
    assert told.keys() == {f"/{service}" for service in SERVICE_NAMES}
    # a service may say something by itself meanwhile, such as a checkpoint
    assert len(known) <= sum(told.values()) == again["events"] <= len(await truth(world, "LK"))
    posted = [e for e in feed if e["type"] == "planner.update.posted.v1"]
    mine = [e["data"]["update_id"] for e in posted if e["subject"] == journals[0].operation_id]
    assert mine == journals[0].accepted
    assert period.id in {event["subject"] for event in feed}
