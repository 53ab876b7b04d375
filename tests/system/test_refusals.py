"""What is not accepted: one clear answer each, and nothing lost or kept by halves."""

import asyncio
import os
import signal
from uuid import uuid4

import httpx
import pytest
from uuid_utils.compat import uuid7

from deploy.embedded.credentials import signing_key
from deploy.embedded.services import Service
from shared.actor import Actor
from shared.runtime.identity import Signer
from shared.vocabulary import Role
from tests.portal.pages_client import Desk, forms
from tests.servers import running_servers
from tests.world import Period, World, until

pytestmark = pytest.mark.system

RESULT = {"kind": "result", "text": "Two arrests.", "counts": {"arrests": 2}}


@pytest.fixture(scope="module")
async def period(system: World) -> Period:
    return await system.period("NZ", "LK")


async def updates_of(world: World, period: Period, operation_id: str) -> list[str]:
    await world.settled()
    return [row["id"] for row in await period.officers["LK"].all("/updates", operation_id=operation_id)]


async def test_while_the_planner_is_down_an_update_is_not_accepted_and_nothing_is_kept(system: World, period: Period):
    operation = await system.operation(period, "NZ")
    await system.servers.stop("planner")
    answer = await period.officers["NZ"].post(f"/operations/{operation['id']}/updates", RESULT)
    await system.servers.start("planner")
    assert (answer.status_code, answer.json()["title"]) == (503, "Not accepted, nothing was kept")
    assert await updates_of(system, period, operation["id"]) == []


async def test_a_planner_that_does_not_answer_leaves_it_open_and_the_same_key_keeps_it_once(
    system: World, period: Period
):
    operation = await system.operation(period, "NZ")
    path, key = f"/operations/{operation['id']}/updates", str(uuid4())
    planner = system.servers.pid("planner")
    os.kill(planner, signal.SIGSTOP)
    try:
        answer = await period.officers["NZ"].post(path, RESULT, key=key)
    finally:
        os.kill(planner, signal.SIGCONT)
    assert (answer.status_code, answer.json()["title"]) == (504, "Not known yet: post again, it is kept once")
    again = await period.officers["NZ"].post(path, RESULT, key=key)
    assert again.status_code == 201
    assert await updates_of(system, period, operation["id"]) == [again.json()["id"]]


async def test_while_the_broker_is_down_an_update_is_accepted_and_arrives_afterwards(system: World, period: Period):
    operation = await system.operation(period, "NZ")
    await system.settled()
    await system.servers.stop("kafka")
    posted = await period.officers["NZ"].do(f"/operations/{operation['id']}/updates", RESULT)
    await system.servers.start("kafka")
    assert await updates_of(system, period, operation["id"]) == [posted["id"]]


async def test_while_the_database_is_down_nothing_is_accepted(system: World, period: Period):
    operation = await system.operation(period, "NZ")
    await system.settled()
    await system.servers.stop("postgres")
    answer = await period.officers["NZ"].post(f"/operations/{operation['id']}/updates", RESULT)
    await system.servers.start("postgres")
    assert (answer.status_code, answer.json()["title"]) == (503, "Not accepted, nothing was kept")

    async def accepted() -> bool:
        return (await period.officers["NZ"].post(f"/operations/{operation['id']}/updates", RESULT)).status_code == 201

    await until(accepted)


async def test_ten_posts_with_one_key_at_the_same_time_are_one_update(system: World, period: Period):
    operation, key = await system.operation(period, "NZ"), str(uuid4())
    path = f"/operations/{operation['id']}/updates"
    answers = await asyncio.gather(*(period.officers["NZ"].post(path, RESULT, key=key) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await updates_of(system, period, operation["id"]) == [answers[0].json()["id"]]


async def test_a_key_that_was_used_for_something_else_is_refused(system: World, period: Period):
    operation, key = await system.operation(period, "NZ"), str(uuid4())
    path = f"/operations/{operation['id']}/updates"
    await period.officers["NZ"].post(path, RESULT, key=key)
    answer = await period.officers["NZ"].post(path, {**RESULT, "text": "Three."}, key=key)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:jpa:problem:key-reused")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({**RESULT, "counts": {"arrests": -1}}, {"counts.arrests"}),
        ({**RESULT, "counts": {"rumours": 1}}, {"counts.rumours"}),
        ({**RESULT, "kind": "rumour"}, {"kind"}),
        ({**RESULT, "kind": "incident"}, {"severity"}),
        ({**RESULT, "severity": "minor"}, {"severity"}),
        ({**RESULT, "happened_at": "2999-01-01T00:00:00Z"}, {"happened_at"}),
        ({**RESULT, "happened_at": "2020-01-01T00:00:00"}, {"happened_at"}),
        ({"kind": "result", "txet": "misspelt"}, {"txet"}),
        ({"kind": "result", "text": " "}, {"text"}),
        ({**RESULT, "text": "x" * 20_001}, {"text"}),
        ({**RESULT, "text": "a\0b"}, {"text"}),
        ({**RESULT, "happened_at": "0001-01-01T00:00:00+07:00"}, {"happened_at"}),
        ({**RESULT, "happened_at": "9999-12-31T23:59:59-12:00"}, {"happened_at"}),
    ],
)
async def test_bad_input_is_refused_with_the_field_and_the_reason(
    system: World, period: Period, body: dict[str, object], fields: set[str]
):
    operation = await system.operation(period, "NZ")
    answer = await period.officers["NZ"].post(f"/operations/{operation['id']}/updates", body)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == fields
    assert all(error["reason"] for error in answer.json()["errors"])


async def test_a_form_that_is_cut_off_on_the_way_is_not_posted(system: World, period: Period):
    operation = await system.operation(period, "NZ")
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(period.officers["NZ"])
        page = await desk.http.get(f"/updates/new?operation={operation['id']}")
        fields = forms(page)["/updates"].filled(kind="result", text="Two arrests, and much more to say")
        body = str(httpx.QueryParams(fields)).encode()
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in desk.http.cookies.jar)
        url = desk.http.base_url
    head = (
        f"POST /updates HTTP/1.1\r\nHost: {url.host}:{url.port}\r\nCookie: {cookies}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
    _, line = await asyncio.open_connection(url.host, url.port)
    line.write(head.encode() + body[: body.index(b"and+much")])
    await line.drain()
    line.close()
    await line.wait_closed()
    assert await updates_of(system, period, operation["id"]) == []


@pytest.mark.parametrize(
    "path",
    [
        "/updates?cursor=MTIz", "/operations?cursor=MTIz", "/alerts?cursor=MTIz", "/updates?cursor=nonsense!",
        "/updates?party=%00", "/updates?limit=0", "/updates?period_id=x",
    ],
)  # fmt: skip
async def test_a_question_that_makes_no_sense_is_refused(system: World, period: Period, path: str):
    assert (await period.officers["NZ"].get(path)).status_code == 422


async def test_a_version_beyond_all_numbers_and_a_key_beyond_ascii_are_refused(system: World, period: Period):
    operation = await system.operation(period, "NZ")
    path = f"/operations/{operation['id']}/complete"
    assert (await period.officers["NZ"].post(path, version=10**12)).status_code in {409, 422}
    answer = await system.http.post(
        f"/api/v1{path}",
        content=b"{}",
        headers=[
            (b"authorization", f"Bearer {period.officers['NZ'].token}".encode()),
            (b"idempotency-key", "clé".encode("latin-1")),
            (b"if-match", b'"3"'),
        ],
    )
    assert answer.status_code == 422


async def test_what_is_not_json_is_refused_as_a_problem(system: World, period: Period):
    headers = {"authorization": f"Bearer {period.officers['NZ'].token}", "idempotency-key": "x"}
    for content in (b"{", b"[" * 5000, b"\xff"):
        answer = await system.http.post("/api/v1/periods", content=content, headers=headers)
        assert answer.status_code in {400, 422}
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_beyond_the_limit_is_refused(system: World, period: Period):
    answer = await period.officers["NZ"].post(f"/operations/{uuid7()}/updates", {"text": "x" * 300_000})
    assert answer.status_code == 413


async def test_what_one_may_not_see_answers_exactly_as_what_does_not_exist(system: World, period: Period):
    operation = await system.operation(period, "NZ", hold=True)
    await system.settled()
    other = period.coordinators["LK"]
    for path in ("", "/disclosure"):
        hidden = await other.get(f"/operations/{operation['id']}{path}")
        unknown = await other.get(f"/operations/{uuid7()}{path}")
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.content == unknown.content
    hidden = await other.post(f"/operations/{operation['id']}/complete", version=3)
    unknown = await other.post(f"/operations/{uuid7()}/complete", version=3)
    assert (hidden.status_code, hidden.content) == (unknown.status_code, unknown.content) == (404, unknown.content)


async def test_a_command_on_what_exists_names_its_version_and_a_stale_one_learns_what_changed(
    system: World, period: Period
):
    operation = await system.operation(period, "NZ")
    path = f"/operations/{operation['id']}/complete"
    assert (await period.coordinators["NZ"].post(path)).status_code == 428
    stale = await period.coordinators["NZ"].post(path, version=operation["version"] - 1)
    assert stale.status_code == 409
    assert [change["type"] for change in stale.json()["changed"]] == ["planner.operation.started.v1"]


async def test_of_two_officers_who_change_one_thing_at_once_one_wins_and_the_other_learns_of_it(
    system: World, period: Period
):
    operation = await system.operation(period, "NZ")
    path = f"/operations/{operation['id']}"
    answers = await asyncio.gather(
        period.coordinators["NZ"].post(f"{path}/complete", version=operation["version"]),
        period.officers["NZ"].post(f"{path}/complete", version=operation["version"]),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer made up"}, {"authorization": "Basic eDp5"}])
async def test_without_a_good_token_there_is_nothing(system: World, headers: dict[str, str]):
    answer = await system.http.get("/api/v1/periods", headers=headers)
    assert answer.status_code == 401


async def test_a_deciding_service_trusts_no_token_but_the_portals(system: World):
    async with httpx.AsyncClient(base_url=system.servers.surroundings.url("planner"), trust_env=False) as planner:
        for token in ("", "Bearer x.y.z", f"Bearer {(await system.officer('NZ', 'co_chair', name='chair')).token}"):
            answer = await planner.post("/periods", json={}, headers={"authorization": token})
            assert answer.status_code == 401


async def test_too_many_failed_attempts_close_the_door_for_that_name(system: World):
    await system.officer("TH", "liaison_officer", name="forgetful")
    del system.officers["th.forgetful"]  # nobody signs this one in again
    body = {"username": "th.forgetful", "password": "wrong"}
    statuses = [(await system.http.post("/api/v1/sessions", json=body)).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]


async def test_an_unknown_name_and_a_wrong_password_are_told_in_the_same_words(system: World):
    await system.officer("TH", "liaison_officer", name="known")
    known = await system.http.post("/api/v1/sessions", json={"username": "th.known", "password": "wrong"})
    unknown = await system.http.post("/api/v1/sessions", json={"username": "th.nobody", "password": "wrong"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


async def test_signing_out_ends_the_token(system: World):
    officer = await system.officer("TH", "liaison_officer", name="leaving")
    headers = {"authorization": f"Bearer {officer.token}"}
    assert (await system.http.delete("/api/v1/sessions/current", headers=headers)).status_code == 204
    assert (await officer.get("/me")).status_code == 401


async def test_with_too_little_free_space_nothing_is_accepted_and_health_says_why(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MIN_FREE_BYTES", str(10**18))
    async with running_servers((Service("planner", "services.planner.app:app"),)) as servers:
        signer = Signer(signing_key(servers.home, "actor"))
        actor = Actor("1", "nz.chair", "NZ", frozenset({Role.CO_CHAIR}))
        headers = {"authorization": f"Bearer {signer.token(actor, 'planner')}", "idempotency-key": "once", "if-match": "1"}
        async with httpx.AsyncClient(base_url=servers.surroundings.url("planner"), trust_env=False) as planner:
            answer = await planner.post(f"/periods/{uuid4()}/archive", json={}, headers=headers)
            health = (await planner.get("/health/ready")).json()
    assert (answer.status_code, answer.json()["title"]) == (503, "Not accepted, nothing was kept")
    assert "too little free space" in health["problems"]
