"""A command through both doors, the portal's and the planner's, over real sockets and on a real PostgreSQL."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from services.planner.api import router as planner_router
from services.planner.consumers import listener
from services.planner.domain.operation import Operation
from services.planner.repository import Operations, Periods
from services.planner.settings import Settings as PlannerSettings
from services.portal import api
from services.portal.accounts import Accounts, _hash
from services.portal.doors import Portal
from services.portal.file_store import FileStore
from services.portal.gateway import Gateway
from services.portal.headers import ALWAYS, Headers
from services.portal.progress import Progress
from services.portal.repository import ReadModel
from services.portal.settings import Settings
from shared.runtime.listener import Listener
from shared.runtime.migrate import migrate
from shared.runtime.service import Service, build, serve
from shared.vocabulary import PeriodState
from tests.builders import a_period, an_operation
from tests.servers import RunningServers, lowered

pytestmark = pytest.mark.system

RESULT = {"kind": "result", "happened_at": "2015-10-05T10:00:00Z", "text": "Two arrests.", "counts": {"arrests": 2}}


class Server(uvicorn.Server):
    """A door that is open for as long as the block lasts."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # they are the test runner's

    @classmethod
    @contextlib.asynccontextmanager
    async def of(cls, app: FastAPI) -> AsyncIterator[tuple["Server", str]]:
        server = cls(uvicorn.Config(app, port=0, lifespan="off", log_level="warning", timeout_graceful_shutdown=1))
        task = asyncio.create_task(server.serve())
        async with asyncio.timeout(10):
            while not server.started:
                await asyncio.sleep(0.01)
        try:
            yield server, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


@dataclass
class Doors:
    """An officer of NZ who is signed in, and an operation of hers that is under way."""

    portal: Service
    planner: Server
    http: httpx.AsyncClient
    operation: Operation
    account: UUID
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    async def post(self, path: str = "", key: str = "", **more: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", "idempotency-key": key or str(uuid7()), **more}
        path = path or f"/operations/{self.operation.id}/updates"
        return await self.http.post(f"/api/v1{path}", json=RESULT, headers=headers)


@pytest.fixture
async def doors(servers: RunningServers) -> AsyncIterator[Doors]:
    async with contextlib.AsyncExitStack() as stack:
        planner = build("planner", PlannerSettings(**lowered(servers.settings("planner"))), listener)
        stack.push_async_callback(planner.database.close)
        await migrate(planner.database, "services.planner")
        period = a_period(state=PeriodState.ACTIVE)
        operation = an_operation(period_id=period.id)
        async with planner.database.begin() as tx:
            await Periods(tx).put(period)
            await Operations(tx).put(operation)
        server, planner_url = await stack.enter_async_context(Server.of(serve(planner, planner_router)))

        settings = Settings(**{**lowered(servers.settings("portal")), "planner_url": planner_url})
        service = build("portal", settings, Listener())
        stack.push_async_callback(service.database.close)
        await migrate(service.database, "services.portal")
        account, token = uuid7(), f"token-{uuid7()}"
        await service.database.ask(
            "INSERT INTO account (id, username, party, roles, password_hash, display_name) "
            "VALUES ($1, $2, 'NZ', '{liaison_officer}', '', '')",
            account,
            str(account),
        )
        await service.database.ask(
            "INSERT INTO session (token_hash, account_id, csrf, expires_at) VALUES ($1, $2, '', $3)",
            _hash(token), account, datetime.now(UTC) + timedelta(hours=1),
        )  # fmt: skip
        database, gateway = service.database, Gateway(settings)
        await gateway.open()
        stack.push_async_callback(gateway.close)
        app = serve(service, api.router)
        parts = (Accounts(database, settings), ReadModel(database), gateway, Progress(database))
        app.state.portal = Portal(service, settings, *parts, FileStore(database, settings))
        app.add_middleware(Headers)
        _, url = await stack.enter_async_context(Server.of(app))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False))
        yield Doors(service, server, http, operation, account, token)


async def test_the_planners_answer_comes_back_as_it_is_and_the_same_again_for_the_same_key(doors: Doors):
    key = str(uuid7())
    first, second = await doors.post(key=key), await doors.post(key=key)
    assert (first.status_code, first.headers["etag"]) == (201, '"1"')
    assert first.json()["counts"] == {"arrests": 2}
    assert len(first.headers["last-event"].split(", ")) == 2
    assert (second.status_code, second.content, second.headers["idempotent-replay"]) == (201, first.content, "true")
    assert second.headers["last-event"] == first.headers["last-event"]


async def test_every_answer_says_what_a_browser_may_do_with_it_and_that_nobody_keeps_it(doors: Doors):
    for answer in (await doors.post(), await doors.post("/nowhere"), await doors.http.get("/api/v1/me")):
        assert {**ALWAYS, "cache-control": "no-store"}.items() <= dict(answer.headers).items()
        assert len(answer.headers.get_list("cache-control")) == 1


async def test_a_refusal_comes_back_in_the_planners_words(doors: Doors):
    answer = await doors.post(f"/operations/{uuid7()}/updates")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    answer = await doors.post(f"/operations/{doors.operation.id}/cancel", **{"if-match": '"9"'})
    assert answer.status_code == 422  # its body is none that this command takes
    assert {error["field"] for error in answer.json()["errors"]} >= {"kind", "text"}


async def test_who_signed_out_or_was_shut_out_elsewhere_posts_nothing_more_from_that_moment(doors: Doors):
    assert (await doors.post()).status_code == 201
    await doors.portal.database.ask("UPDATE account SET disabled = true WHERE id = $1", doors.account)
    assert (await doors.post()).status_code == 401
    await doors.portal.database.ask("UPDATE account SET disabled = false WHERE id = $1", doors.account)
    assert (await doors.post()).status_code == 201
    await doors.portal.database.ask("DELETE FROM session WHERE account_id = $1", doors.account)
    assert (await doors.post()).status_code == 401


async def test_what_no_service_takes_is_not_there(doors: Doors):
    for path in ("/nowhere", "/operations/../../metrics", "/operations/a b"):
        answer = await doors.post(path)
        assert answer.status_code in {404, 405, 422}, path
        assert json.loads(answer.content)["status"] == answer.status_code


async def test_while_the_planner_is_away_the_answer_is_that_nothing_was_kept(doors: Doors):
    doors.planner.should_exit = True
    async with asyncio.timeout(10):
        while doors.planner.servers[0].is_serving():
            await asyncio.sleep(0.01)
    answer = await doors.post()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
