"""Intel as it runs: commands by HTTP with the portal's token, events on Kafka, and nothing left of what is recalled."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from uuid_utils.compat import uuid7

from deploy.embedded import credentials
from deploy.embedded.services import Service
from deploy.provision.access import Broker
from shared.actor import Actor
from shared.events.base import read
from shared.events.intel import AlertBodyPublished, AlertBodyRecalled
from shared.runtime.identity import Signer
from tests.builders import a_coordinator, an_actor, an_officer
from tests.intel.builders import SECRET
from tests.intel.hearing import everything_on, said_on
from tests.servers import RunningServers, running_servers

pytestmark = pytest.mark.system


@dataclass
class Desk:
    """The portal's place in front of intel."""

    servers: RunningServers
    http: httpx.AsyncClient
    signer: Signer

    async def post(
        self, actor: Actor, path: str, body: dict[str, Any] | None = None, version: int | None = None, key: str = ""
    ) -> httpx.Response:
        token = self.signer.token(actor, "intel")
        headers = {"authorization": f"Bearer {token}", "idempotency-key": key or str(uuid7())}
        if version is not None:
            headers["if-match"] = f'"{version}"'
        return await self.http.post(path, json=body or {}, headers=headers)

    async def publish(self, actor: Actor, **changes: Any) -> dict[str, Any]:
        answer = await self.post(actor, "/alerts", an_order(**changes))
        assert answer.status_code == 201, answer.text
        said: dict[str, Any] = answer.json()
        return said

    async def on(self, topic: str, alert_id: str, count: int, broker: Broker | None = None) -> list[dict[str, Any]]:
        """What was said of an alert on a topic, once there is so much of it."""
        return await said_on(broker or self.servers.broker, topic, count, lambda event: event["subject"] == alert_id)

    async def feed(self, party: str, alert_id: str, count: int) -> list[dict[str, Any]]:
        credential = await asyncio.to_thread(self.servers.integrator, party, "intel-test")
        return await self.on(credential.topic, alert_id, count, credential.broker())

    async def database(self) -> asyncpg.Connection:
        words = self.servers.surroundings
        return await asyncpg.connect(words.database.as_role("intel", words.passwords()["intel"], "intel"))


@pytest.fixture(scope="module")
async def desk() -> AsyncIterator[Desk]:
    async with running_servers((Service("intel", "services.intel.app:app"),)) as servers:
        url = servers.surroundings.url("intel")
        async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as http:
            yield Desk(servers, http, Signer(credentials.signing_key(servers.home, "actor")))


def an_order(**changes: Any) -> dict[str, Any]:
    valid_until = datetime.now(UTC) + timedelta(days=10)
    return {
        "kind": "travel_document_fraud",
        "title": "Counterfeit passports",
        "text": SECRET,
        "language": "en",
        "grading": {"scale": "admiralty", "source": "B", "information": "2"},
        "recipients": ["LK", "TH"],
        "precedence": "PRIORITY",
        "valid_until": valid_until.isoformat(),
        **changes,
    }


async def test_an_alert_reaches_its_topics_and_its_readers_feeds(desk: Desk):
    alert = await desk.publish(an_officer("NZ"))
    assert (alert["status"], alert["version"]) == ("published", 1)
    [headline] = await desk.on("intel.alerts", alert["id"], 1)
    assert (headline["type"], headline["audience"], headline["tlp"]) == (
        "intel.alert.published.v1",
        "LK NZ TH",
        "AMBER+STRICT",
    )
    assert SECRET not in json.dumps(headline)
    for party in ("NZ", "LK", "TH"):
        _, body = await desk.feed(party, alert["id"], 2)
        assert body["data"]["text"] == SECRET
        assert not {"audience", "sequence", "traceparent"} & body.keys()


async def test_a_red_alert_reaches_no_feed(desk: Desk):
    red = await desk.publish(an_officer("NZ"), tlp="RED")
    [body] = await desk.on("intel.bodies", red["id"], 1)
    assert "LK#coordinator" in body["audience"].split()
    after = await desk.publish(an_officer("NZ"))
    # the feed keeps the order of the outbox: what came after is there, so what came before would be
    for party in ("NZ", "LK", "TH"):
        assert await desk.feed(party, after["id"], 2)
        reader = await asyncio.to_thread(desk.servers.integrator, party, "intel-test")
        assert red["id"] not in {event["subject"] for event in await everything_on(reader.broker(), reader.topic)}


async def test_a_recipient_acknowledges_and_a_colleague_who_is_second_learns_by_whom(desk: Desk):
    alert = await desk.publish(an_officer("NZ"))
    path = f"/alerts/{alert['id']}/acknowledge"
    first = await desk.post(an_officer("LK"), path)
    second = await desk.post(an_officer("LK", name="colleague"), path)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.json()["acknowledged_by"] == "lk.officer"
    _, receipt = await desk.on("intel.alerts", alert["id"], 2)
    assert (receipt["type"], receipt["audience"]) == ("intel.alert.receipt_recorded.v1", "LK NZ")


async def test_the_same_key_publishes_once(desk: Desk):
    key, order = str(uuid7()), an_order()
    first = await desk.post(an_officer("NZ"), "/alerts", order, key=key)
    second = await desk.post(an_officer("NZ"), "/alerts", order, key=key)
    assert first.json()["id"] == second.json()["id"]


@pytest.mark.parametrize(
    ("actor", "path", "version", "status"),
    [
        (an_officer("AU"), "acknowledge", None, 404),
        (an_officer("NZ"), "acknowledge", None, 403),
        (an_actor("LK", *an_officer("LK").roles, name="observer"), "recall", 1, 403),
        (an_officer("AU"), "recall", 1, 404),
        (a_coordinator("NZ"), "recall", None, 428),
        (a_coordinator("NZ"), "recall", 7, 409),
    ],
)
async def test_who_may_not_is_told_no_more_than_they_may_know(
    desk: Desk, actor: Actor, path: str, version: int | None, status: int
):
    alert = await desk.publish(an_officer("NZ"))
    body = {"reason": "x"} if path == "recall" else {}
    answer = await desk.post(actor, f"/alerts/{alert['id']}/{path}", body, version)
    assert answer.status_code == status


async def test_a_hidden_alert_and_an_unknown_one_are_the_same_answer(desk: Desk):
    alert = await desk.publish(an_officer("NZ"))
    hidden = await desk.post(an_officer("AU"), f"/alerts/{alert['id']}/acknowledge")
    unknown = await desk.post(an_officer("AU"), f"/alerts/{uuid7()}/acknowledge")
    assert (hidden.status_code, hidden.content) == (unknown.status_code, unknown.content)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"grading": None}, "grading"),
        ({"recipients": ["XX"]}, "recipients.0"),
        ({"kind": "gossip"}, "kind"),
        ({"valid_until": "2020-01-01T00:00:00Z"}, "valid_until"),
        ({"tlp": "WHITE"}, "tlp"),
        ({"titel": "x"}, "titel"),
    ],
)
async def test_bad_input_is_refused_by_its_field(desk: Desk, changes: dict[str, Any], field: str):
    answer = await desk.post(an_officer("NZ"), "/alerts", an_order(**changes))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_nothing_of_a_recalled_text_is_left_and_its_number_replays_as_recalled(desk: Desk):
    phrase = f"A phrase that is nowhere else: {uuid7()}."
    alert = await desk.publish(an_officer("NZ"), text=phrase, title=phrase)
    # it is sent before it is recalled: the outbox is the only place that a replay comes from
    await desk.on("intel.bodies", alert["id"], 1)
    connection = await desk.database()
    try:
        assert await tables_with(connection, phrase) == {"alert", "outbox"}
        answer = await desk.post(
            a_coordinator("NZ"), f"/alerts/{alert['id']}/recall", {"reason": "The source was wrong."}, 1
        )
        assert (answer.status_code, answer.json()["status"]) == (200, "recalled")
        assert await tables_with(connection, phrase) == set()
        rows = await connection.fetch(
            "SELECT sequence, event_id, type, audience, body FROM outbox WHERE topic = 'intel.bodies' AND key = $1 "
            "ORDER BY sequence",
            alert["id"],
        )
    finally:
        await connection.close()
    replayed = [read(row["body"]) for row in rows]
    assert [row["sequence"] for row in rows] == [1, 2]
    assert [type(event) for event in replayed] == [AlertBodyRecalled, AlertBodyRecalled]
    assert [event.id for event in replayed] == [row["event_id"] for row in rows]
    assert {row["audience"] for row in rows} == {"LK NZ TH"}
    sent = await desk.on("intel.bodies", alert["id"], 2)
    assert [event["type"] for event in sent] == [AlertBodyPublished.type, AlertBodyRecalled.type]


async def tables_with(connection: asyncpg.Connection, phrase: str) -> set[str]:
    """The tables of intel in which these words stand, as text or as bytes."""
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = set()
    for table in (row["tablename"] for row in tables):
        rows = await connection.fetch(f'SELECT * FROM "{table}"')
        if any(phrase in str(value) or phrase.encode() in bytes(value if isinstance(value, bytes) else b"")
               for row in rows for value in row.values()):  # fmt: skip
            found.add(table)
    return found
