"""The pages over the real system: headers, sessions, forms, refusals, the stream and the OpenAPI document."""

import asyncio
import os
import signal
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import pytest

from services.portal.headers import CSP
from tests.portal.pages_client import Desk, forms
from tests.world import Json, Period, World

pytestmark = pytest.mark.system


@dataclass
class Scene:
    """A period with an operation, and an officer before the pages."""

    world: World
    period: Period
    operation: Json
    desk: Desk

    @property
    def path(self) -> str:
        return f"/periods/{self.period.id}"

    async def filled(self, **values: str) -> list[tuple[str, str]]:
        page = await self.desk.http.get(f"/updates/new?operation={self.operation['id']}")
        return forms(page)["/updates"].filled(**{"kind": "result", "text": "Two arrests.", "counts__arrests": "2", **values})

    async def updates(self) -> list[Json]:
        return await self.period.officers["NZ"].all("/updates", operation_id=self.operation["id"])


@pytest.fixture
async def scene(system: World) -> AsyncIterator[Scene]:
    period = await system.period("NZ", "LK")
    operation = await system.operation(period, "NZ")
    async with Desk(str(system.http.base_url)) as desk:
        signed = await desk.sign_in(period.officers["NZ"])
        assert signed.status_code == 303, signed.text
        await system.settled()
        yield Scene(system, period, operation, desk)


async def test_every_answer_carries_the_policy_and_only_static_files_are_kept(scene: Scene):
    paths = ["/", "/sign-in", "/nowhere", "/api/v1/me", "/api/v1/nowhere", "/health/live", scene.path, "/static/app.css"]
    for path in paths:
        answer = await scene.desk.http.get(path)
        assert answer.headers["content-security-policy"] == CSP, path
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        kept = answer.headers["cache-control"]
        assert (kept == "no-store") is (not path.startswith("/static/")), path


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(scene: Scene):
    async with Desk(str(scene.world.http.base_url)) as desk:
        answer = await desk.sign_in(scene.period.officers["NZ"])
    given = next(cookie for cookie in answer.headers.get_list("set-cookie") if cookie.startswith("jpa-session="))
    assert "HttpOnly" in given
    assert "SameSite=lax" in given
    assert "Path=/" in given


async def test_a_form_is_taken_only_with_its_secret_and_from_our_own_pages(scene: Scene):
    fields = await scene.filled()
    without = [(name, value) for name, value in fields if name != "csrf"]
    assert (await scene.desk.post("/updates", without)).status_code == 403
    assert (await scene.desk.post("/updates", fields, origin="https://elsewhere.example")).status_code == 403
    assert (await scene.desk.post("/updates", fields, sec_fetch_site="cross-site")).status_code == 403
    assert await scene.updates() == []
    async with Desk(str(scene.world.http.base_url)) as stranger:
        fields = [("username", "nz.officer"), ("password", "x"), ("csrf", "x")]
        assert (await stranger.post("/sign-in", fields)).status_code == 403


async def test_an_update_is_posted_once_and_its_receipt_says_who_sees_it(scene: Scene):
    fields = await scene.filled()
    first = await scene.desk.post("/updates", fields)
    second = await scene.desk.post("/updates", fields)
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert len(await scene.updates()) == 1
    receipt = await scene.desk.http.get(first.headers["location"])
    assert "Two arrests." in receipt.text
    assert "Your text and the place: New Zealand only." in receipt.text
    assert "New Zealand, Sri Lanka" in receipt.text.replace("Sri Lanka, New Zealand", "New Zealand, Sri Lanka")


async def test_the_same_key_with_other_words_is_asked_about_and_gets_a_new_key(scene: Scene):
    fields = await scene.filled()
    await scene.desk.post("/updates", fields)
    changed = [(name, "Three arrests." if name == "text" else value) for name, value in fields]
    answer = await scene.desk.post("/updates", changed)
    assert answer.status_code == 409
    form = forms(answer)["/updates"]
    assert ("text", "Three arrests.") in form.fields
    assert dict(form.fields)["idempotency_key"] != dict(fields)["idempotency_key"]
    assert len(await scene.updates()) == 1


async def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(scene: Scene):
    answer = await scene.desk.post("/updates", await scene.filled(counts__arrests="-2", place="Auckland"))
    assert answer.status_code == 422
    assert 'id="counts-arrests-error"' in answer.text
    kept = dict(forms(answer)["/updates"].fields)
    assert (kept["text"], kept["place"], kept["counts.arrests"]) == ("Two arrests.", "Auckland", "-2")


async def test_a_session_that_ended_keeps_what_was_typed_until_it_is_posted(scene: Scene):
    fields = await scene.filled(text="Typed for an hour.")
    officer = scene.period.officers["NZ"]
    connection = await scene.world.portal_database()
    mine = "SELECT id FROM account WHERE username = $1"
    await connection.execute(f"DELETE FROM session WHERE account_id = ({mine})", officer.username)
    await connection.close()
    ended = await scene.desk.post("/updates", fields)
    assert ended.status_code == 401
    door = forms(ended)["/sign-in"].filled(username=officer.username, password="a password for tests only")
    back = await scene.desk.post("/sign-in", door)
    assert "What you wrote is here" in back.text
    form = forms(back)["/updates"]
    assert dict(form.fields)["text"] == "Typed for an hour."
    assert dict(form.fields)["idempotency_key"] == dict(fields)["idempotency_key"]
    posted = await scene.desk.post("/updates", form.fields)
    assert posted.status_code == 303
    await scene.world.sign_in(officer)
    assert [one["detail"]["text"] for one in await scene.updates()] == ["Typed for an hour."]


async def test_hidden_and_unknown_are_one_page(scene: Scene):
    other = await scene.world.operation(scene.period, "LK", hold=True)
    await scene.world.settled()
    unknown = "00000000-0000-7000-8000-000000000000"
    hidden, absent, wrong = [await scene.desk.http.get(f"/operations/{one}") for one in (other["id"], unknown, "x")]
    assert hidden.status_code == absent.status_code == wrong.status_code == 404
    assert [line for line in hidden.text.splitlines() if "csrf" not in line] == [
        line for line in absent.text.splitlines() if "csrf" not in line
    ]


async def test_a_stale_version_says_that_it_changed(scene: Scene):
    said = await scene.period.officers["NZ"].do(
        f"/operations/{scene.operation['id']}/updates", {"kind": "result", "counts": {"arrests": 1}}
    )
    await scene.world.settled()
    async with Desk(str(scene.world.http.base_url)) as desk:
        await desk.sign_in(scene.period.coordinators["NZ"])
        page = forms(await desk.http.get(f"/updates/{said['id']}"))
        validate, back = page[f"/updates/{said['id']}/validate"], page[f"/updates/{said['id']}/return"]
        assert (await desk.post(validate.action, validate.fields)).status_code == 303
        late = await desk.post(back.action, back.filled(reason="Which arrest?"))
    assert late.status_code == 409
    assert f'href="/updates/{said["id"]}"' in late.text


async def test_an_answer_that_was_lost_is_posted_again_with_the_same_key(scene: Scene):
    fields = await scene.filled(text="Sent while the planner slept.")
    planner = scene.world.servers.pid("planner")
    os.kill(planner, signal.SIGSTOP)
    try:
        lost = await scene.desk.post("/updates", fields)
    finally:
        os.kill(planner, signal.SIGCONT)
    assert lost.status_code == 504
    assert (await scene.desk.post("/updates", forms(lost)["/updates"].fields)).status_code == 303
    assert len(await scene.updates()) == 1


async def test_the_stream_tells_at_once_and_a_session_has_three(scene: Scene):
    path = f"{scene.path}/stream?after=999999999"
    async with asyncio.timeout(40), scene.desk.http.stream("GET", f"{scene.path}/stream") as live:
        lines = live.aiter_lines()
        assert await anext(lines) == ": here"
        began = time.monotonic()
        officer = scene.period.officers["NZ"]
        body = {"kind": "result", "text": "Heard live.", "counts": {"arrests": 1}}
        await officer.do(f"/operations/{scene.operation['id']}/updates", body)
        heard = ""
        while "Heard live." not in heard:
            heard += await asyncio.wait_for(anext(lines), 10)
        assert time.monotonic() - began < 5
        assert "<script" not in heard
        async with scene.desk.http.stream("GET", path), scene.desk.http.stream("GET", path) as third:
            kept = third.aiter_lines()  # httpx closes a stream whose iterator is dropped
            assert await anext(kept) == ": here"
            assert (await scene.desk.http.get(path)).status_code == 429


async def test_a_place_that_no_number_of_ours_can_be_is_no_fault_of_the_stream(scene: Scene):
    async with scene.desk.http.stream("GET", f"{scene.path}/stream", headers={"last-event-id": "9" * 5000}) as live:
        assert live.status_code == 200
        assert await anext(live.aiter_lines()) == ": here"
    assert (await scene.desk.http.get(f"{scene.path}/stream?after={10**18}")).status_code == 404


async def test_what_is_too_large_is_answered_with_a_page(scene: Scene):
    answer = await scene.desk.post("/updates", await scene.filled(text="a" * 300_000))
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-security-policy"] == CSP


async def test_a_closed_period_has_a_debrief_as_a_page_and_as_a_paper(scene: Scene):
    chair = scene.period.chair
    async with Desk(str(scene.world.http.base_url)) as desk:
        await desk.sign_in(chair)
        awaited = await desk.http.get(f"{scene.path}/debrief")
        assert "debrief opens itself when it is" in awaited.text
        question = forms(await desk.http.get(f"{scene.path}/close"))[f"{scene.path}/close"]
        assert (await desk.post(question.action, question.fields)).status_code == 303
        await scene.world.settled()
        assert (await desk.http.get(f"{scene.path}/debrief")).status_code == 200
        paper = await desk.http.get(f"{scene.path}/debrief.pdf")
    assert paper.content.startswith(b"%PDF")
    assert paper.headers["content-type"] == "application/pdf"


async def test_the_document_of_the_api_names_every_command_and_what_it_needs(scene: Scene):
    document = (await scene.desk.http.get("/api/v1/openapi.json")).json()
    post = document["paths"]["/api/v1/operations/{operation_id}/updates"]["post"]
    assert {one["name"] for one in post["parameters"]} == {"operation_id", "Idempotency-Key"}
    close = document["paths"]["/api/v1/periods/{period_id}/close"]["post"]
    assert "If-Match" in {one["name"] for one in close["parameters"]}
    assert "/api/v1/alerts" in document["paths"]


async def test_whatever_the_document_describes_is_there_and_answers_as_it_says(scene: Scene):
    officer, http = await scene.world.officer("NZ", "observer", name="reader"), scene.world.http
    document = (await http.get("/api/v1/openapi.json")).json()
    known: dict[str, str] = defaultdict(lambda: str(uuid4()))
    known |= {"period_id": scene.period.id, "operation_id": scene.operation["id"], "number": "1"}
    for path, methods in sorted(document["paths"].items()):
        for method, operation in methods.items():
            if path.endswith("/sessions/current"):
                continue  # the officer is needed for the next ones
            headers = {"authorization": f"Bearer {officer.token}", "idempotency-key": str(uuid4())}
            body = {} if method == "post" else None
            answer = await http.request(method, path.format_map(known), headers=headers, json=body)
            kind = answer.headers["content-type"].partition(";")[0]
            assert kind in operation["responses"][str(answer.status_code)]["content"], (method, path, answer.status_code)


async def test_below_the_api_every_no_is_a_problem_and_names_what_is_taken_instead(scene: Scene):
    http, officer = scene.world.http, scene.period.officers["NZ"]
    for method, path, status in [
        ("GET", "/api/v1/nowhere", 404), ("GET", "/api/v2/periods", 404), ("PUT", "/api/v1/me", 405),
        ("DELETE", "/api/v1/periods", 405), ("POST", "/api/v1/nowhere", 404), ("GET", "/api/v1/updates/x", 422),
    ]:  # fmt: skip
        answer = await http.request(method, path, headers={"authorization": f"Bearer {officer.token}"})
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), path
        assert answer.json()["status"] == status
    assert "GET" in (await http.put("/api/v1/me")).headers["allow"]


async def test_what_was_made_says_where_it_stands(scene: Scene):
    officer = scene.period.officers["NZ"]
    body = {"kind": "result", "counts": {"arrests": 1}}
    made = await officer.post(f"/operations/{scene.operation['id']}/updates", body)
    await scene.world.settled()
    assert made.headers["location"] == f"/api/v1/updates/{made.json()['id']}"
    assert (await officer.see(made.headers["location"].removeprefix("/api/v1")))["id"] == made.json()["id"]
