"""A command over HTTP to the planner on a real PostgreSQL: what is refused, in which words, and what is kept of it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from uuid_utils.compat import uuid7

from deploy.embedded import credentials
from services.planner.api import router
from services.planner.consumers import listener
from services.planner.domain.operation import Operation
from services.planner.repository import Operations, Periods
from services.planner.settings import Settings
from shared.actor import Actor
from shared.errors import Unavailable
from shared.runtime.identity import Signer
from shared.runtime.migrate import migrate
from shared.runtime.service import Service, build, serve
from shared.vocabulary import PeriodState
from tests.builders import a_coordinator, a_period, an_officer, an_operation
from tests.servers import RunningServers, lowered

pytestmark = pytest.mark.system

RESULT = {"kind": "result", "happened_at": "2015-10-05T10:00:00Z", "text": "Two arrests.", "counts": {"arrests": 2}}


@dataclass
class Planner:
    """The planner's door without relay and Kafka, and an operation of NZ that is under way."""

    service: Service
    http: httpx.AsyncClient
    signer: Signer
    operation: Operation

    async def post(
        self, body: Any = RESULT, actor: Actor | None = None, path: str | None = None, key: str | None = None, **more: Any
    ) -> httpx.Response:
        actor = actor or an_officer("NZ")
        headers = {"authorization": f"Bearer {self.signer.token(actor, 'planner')}", **more.pop("headers", {})}
        if key != "":
            headers["idempotency-key"] = key or str(uuid7())
        given = {"content": body} if isinstance(body, bytes) else {"json": body}
        return await self.http.post(path or f"/operations/{self.operation.id}/updates", **given, headers=headers, **more)

    async def kept(self) -> int:
        rows = await self.service.database.ask(
            "SELECT count(*) AS n FROM update WHERE operation_id = $1", self.operation.id
        )
        return int(rows[0]["n"])

    async def audited(self) -> list[str]:
        rows = await self.service.database.ask(
            "SELECT outcome FROM audit WHERE target = $1 ORDER BY id", str(self.operation.id)
        )
        return [row["outcome"] for row in rows]


@pytest.fixture
async def planner(servers: RunningServers) -> AsyncIterator[Planner]:
    service = build("planner", Settings(**lowered(servers.settings("planner"))), listener)
    await migrate(service.database, "services.planner")
    period = a_period(state=PeriodState.ACTIVE)
    operation = an_operation(period_id=period.id)
    async with service.database.begin() as tx:
        await Periods(tx).put(period)
        await Operations(tx).put(operation)
    transport = httpx.ASGITransport(serve(service, router))
    async with httpx.AsyncClient(transport=transport, base_url="http://planner") as http:
        yield Planner(service, http, Signer(credentials.signing_key(servers.home, "actor")), operation)
    await service.database.close()


async def test_the_same_command_twice_at_once_is_kept_once_and_answered_alike(planner: Planner):
    key = str(uuid7())
    answers = await asyncio.gather(*(planner.post(key=key) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["last-event"] for answer in answers}) == 1
    assert sorted(answer.headers.get("idempotent-replay", "false") for answer in answers) == ["false"] + ["true"] * 4
    assert await planner.kept() == 1
    assert sorted(await planner.audited()) == ["done"] + ["repeated"] * 4


async def test_a_key_does_not_serve_another_command(planner: Planner):
    key = str(uuid7())
    assert (await planner.post(key=key)).status_code == 201
    another = {**RESULT, "text": "Three arrests."}
    assert (await planner.post(another, key=key)).status_code == 409
    assert (await planner.post(key=key, actor=an_officer("NZ", name="colleague"))).status_code == 409
    assert await planner.kept() == 1


@pytest.mark.parametrize("key", ["", " ", "ключ", "x" * 101])
async def test_a_command_without_a_good_key_is_refused(planner: Planner, key: str):
    answer = await planner.post(key="", headers={"idempotency-key": key.encode()} if key else {})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert await planner.kept() == 0


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"", {"body"}),
        (b"{", {"body"}),
        (b"[]", {"body"}),
        (b'{"kind":"result","text":"\xff"}', {"body"}),
        (b'{"kind":"result","text":"\\ud800"}', {"body"}),
        ({**RESULT, "kind": "gossip", "text": "x" * 20_001}, {"kind", "text"}),
        ({**RESULT, "colour": "red"}, {"colour"}),
        ({**RESULT, "happened_at": "1999-01-01T00:00:00Z"}, {"happened_at"}),
        ({**RESULT, "text": "a\0b"}, {"text"}),
        ({**RESULT, "counts": {"arrests": -1}}, {"counts.arrests"}),
    ],
)
async def test_every_field_that_cannot_be_accepted_is_named_and_nothing_is_kept(
    planner: Planner, body: Any, fields: set[str]
):
    answer = await planner.post(body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == fields
    assert await planner.kept() == 0
    assert await planner.audited() == ["refused: invalid"]


async def test_what_is_not_said_to_be_json_is_refused(planner: Planner):
    answer = await planner.post(b'{"kind":"result","text":"x"}', headers={"content-type": "text/plain"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body")
    answer = await planner.post(b'{"kind":"result","text":"x","happened_at":"2015-10-05T10:00:00Z"}',
                                headers={"content-type": "application/json; charset=utf-8"})  # fmt: skip
    assert answer.status_code == 201


async def test_an_address_that_is_no_id_is_refused(planner: Planner):
    answer = await planner.post(path="/operations/one/updates")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "operation_id")


async def test_who_shows_no_token_is_not_let_in(planner: Planner):
    answer = await planner.http.post(f"/operations/{planner.operation.id}/updates", json=RESULT)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_a_refusal_undoes_all_and_is_audited(planner: Planner):
    key = str(uuid7())
    assert (await planner.post(actor=an_officer("AU"), key=key)).status_code == 404
    assert (await planner.post(actor=an_officer("LK"), key=key)).status_code == 403
    assert await planner.kept() == 0
    assert await planner.audited() == ["refused: not-found", "refused: forbidden"]
    assert (await planner.post(key=key)).status_code == 201  # the key was not used up


async def test_a_command_on_what_exists_says_which_version_it_means(planner: Planner):
    path, chief = f"/updates/{(await planner.post()).json()['id']}/validate", a_coordinator("NZ")
    assert (await planner.post({}, chief, path)).status_code == 428
    assert (await planner.post({}, chief, path, headers={"if-match": '"x"'})).status_code == 422
    assert (await planner.post({}, chief, path, headers={"if-match": '"7"'})).status_code == 409
    answer = await planner.post({}, chief, path, headers={"if-match": '"1"'})
    assert (answer.status_code, answer.headers["etag"], answer.json()["status"]) == (200, '"2"', "validated")


async def test_the_document_says_what_a_command_takes(planner: Planner):
    operation = (await planner.http.get("/openapi.json")).json()["paths"]["/operations/{operation_id}/updates"]["post"]
    assert {one["name"] for one in operation["parameters"]} >= {"operation_id", "idempotency-key"}
    assert operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/PostUpdate")


async def test_a_period_is_locked_before_its_operation_and_stays_as_it_is_until_the_end(planner: Planner):
    database, operation = planner.service.database, planner.operation
    begun: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def decide() -> None:
        async with database.begin() as tx:
            begun.set_result((await tx.sql("SELECT pg_backend_pid() AS pid"))[0]["pid"])
            await Operations(tx).with_frame(operation.id)

    async with database.begin() as tx:
        await Operations(tx).get(operation.id)
        task = asyncio.create_task(decide())
        pid = await begun
        async with asyncio.timeout(10):
            while not (await tx.sql("SELECT cardinality(pg_blocking_pids($1)) AS n", pid))[0]["n"]:
                pass
        # it waits for the operation, with the period in hand
        with pytest.raises(Unavailable):
            await _take(database, operation.period_id)
    await task
    await _take(database, operation.period_id)


async def _take(database: Any, period_id: UUID) -> None:
    async with database.begin() as tx:
        await tx.sql("SELECT id FROM period WHERE id = $1 FOR UPDATE NOWAIT", period_id)
