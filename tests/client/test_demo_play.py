"""How the demo uses the API: one key for one command however often it is sent, and a stale version looked up once."""

import json
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from client.demo import practice
from client.demo.api import Api, Refused
from client.demo.operating import LocalOperator
from client.demo.play import main, play
from client.demo.scenario import Attached, Command, load
from client.demo.stage import Stage
from client.demo.story import Known, Step, _command, story
from deploy.embedded.places import Home, Trouble
from shared.runtime.clock import Clock

AT = datetime(2015, 10, 1, 9, tzinfo=UTC)


class Answers:
    """Answers requests from a list, in order, and remembers what was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._left = [httpx.Response(201, json={"token": "t"}), *answers]
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def signed_in(answers: Callable[[httpx.Request], httpx.Response]) -> Api:
    api = Api("http://portal", httpx.MockTransport(answers))
    await api.sign_in("nz.chair", "secret")
    return api


async def test_a_command_is_sent_again_with_the_same_key_until_it_is_answered():
    lost = httpx.ReadError("lost")
    answers = Answers(lost, httpx.Response(503), httpx.Response(504), httpx.Response(201, json={"id": "1"}))
    api = await signed_in(answers)
    assert await api.post("nz.chair", "periods", {"title": "x"}) == {"id": "1"}
    keys = [request.headers["idempotency-key"] for request in answers.asked[1:]]
    assert len(keys) == 4
    assert len(set(keys)) == 1
    assert answers.asked[1].headers["authorization"] == "Bearer t"


def test_the_clock_that_a_demo_leaves_on_goes_on_as_it_was(tmp_path: Path):
    home = Home(tmp_path)
    home.make()
    operator = LocalOperator(home)
    operator.set_clock(AT)
    file = Path(operator.leave_clock())
    assert json.loads(file.read_text())["left"] is True
    assert Clock(file).now() == AT
    operator.set_clock(AT)  # another demo begins, and may be broken off
    assert "left" not in json.loads(file.read_text())


async def test_a_refusal_says_who_asked_for_what_and_why_it_was_refused():
    problem = {"detail": "Please correct.", "errors": [{"field": "title", "reason": "Give it a title."}]}
    api = await signed_in(Answers(httpx.Response(422, json=problem)))
    with pytest.raises(Refused, match=r"nz\.chair at /api/v1/periods: 422, Please correct\.; title: Give it a title\."):
        await api.post("nz.chair", "periods", {})


async def test_a_stale_version_is_looked_up_and_the_command_given_once_more():
    stale = httpx.Response(409, json={"type": "urn:jpa:problem:stale", "detail": "It changed."})
    answers = Answers(
        httpx.Response(201, json={"id": "o-1", "version": 1}),
        stale,
        httpx.Response(200, json={"id": "o-1", "version": 1}),  # the change does not show yet
        httpx.Response(200, json={"id": "o-1", "version": 2}),
        httpx.Response(200, json={"id": "o-1", "version": 3}),
    )
    stage = Stage(await signed_in(answers), load("jpa-1-2015"))
    here = ("operations", Known("op"))
    await stage.play([
        Step(AT, "nz.chair", "op", ("operations",), {"title": "x"}, makes="op"),
        Step(AT, "nz.chair", "op", (*here, "start"), on="op"),
    ])  # fmt: skip
    started = [request for request in answers.asked if request.url.path.endswith("/operations/o-1/start")]
    assert [request.headers["if-match"] for request in started] == ['"1"', '"2"']


async def test_what_the_clock_does_is_waited_for_and_not_asked():
    answers = Answers(
        httpx.Response(201, json={"id": "p-1", "version": 1}),
        httpx.Response(200, json={"id": "p-1", "version": 1, "status": "adopted", "objectives": []}),
        httpx.Response(200, json={"id": "p-1", "version": 2, "status": "active"}),
        httpx.Response(200, json={"id": "p-1", "version": 3}),
    )
    stage = Stage(await signed_in(answers), load("jpa-1-2015"))
    stage._ids["period"] = "p-1"
    await stage.play([
        Step(AT, "nz.chair", "x", ("operations",), {}, makes="x"),
        Step(AT, "nz.chair", "x", ("periods", Known("period")), awaits="active"),
        Step(AT, "nz.chair", "x", ("periods", Known("period"), "close"), on="x"),
    ])  # fmt: skip
    assert [request.method for request in answers.asked[1:]] == ["POST", "GET", "GET", "POST"]
    assert answers.asked[-1].headers["if-match"] == '"2"'


async def test_what_must_be_refused_is_tried_and_anything_else_ends_the_play():
    no = httpx.Response(403, json={"type": "urn:jpa:problem:own-work", "detail": "You proposed it."})
    answers = Answers(no, no, httpx.Response(201, json={"id": "1", "version": 1}))
    stage = Stage(await signed_in(answers), load("jpa-1-2015"))
    await stage.play([Step(AT, "nz.chair", "x", ("periods",), refused=403)])
    with pytest.raises(ExceptionGroup) as found:
        await stage.play([Step(AT, "nz.chair", "x", ("periods",), refused=409)])
    assert found.group_contains(Refused)
    with pytest.raises(ExceptionGroup) as found:
        await stage.play([Step(AT, "nz.chair", "x", ("periods",), refused=403)])
    assert found.group_contains(Trouble, match="was not refused")


async def test_a_commands_keys_are_replaced_by_ids_however_deep():
    answers = Answers(*(httpx.Response(201, json={"id": made, "version": 1}) for made in ("o-1", "u-1")))
    said = Command(
        at=AT, by="nz.chair", lane="x", path="operations/@op/updates", body={"about": [{"id": "@op"}, "a@b"], "mail": "a@b"}
    )
    stage = Stage(await signed_in(answers), load("jpa-1-2015"))
    await stage.play([Step(AT, "nz.chair", "x", ("operations",), makes="op"), _command(said)])
    assert answers.asked[-1].url.path == "/api/v1/operations/o-1/updates"
    assert json.loads(answers.asked[-1].content) == {"about": [{"id": "o-1"}, "a@b"], "mail": "a@b"}


async def test_what_is_attached_is_uploaded_first_and_named_by_its_seal():
    answers = Answers(httpx.Response(201, json={"seal": "s-1"}), httpx.Response(201, json={"id": "u-1", "version": 1}))
    paper = Attached(name="protocol.pdf", title="Protocol", text="Nobody was hurt.")
    said = Command(at=AT, by="nz.chair", lane="x", path="updates", body={"kind": "result"}, file=paper)
    stage = Stage(await signed_in(answers), load("jpa-1-2015"))
    await stage.play([_command(said)])
    uploaded, posted = answers.asked[1:]
    assert uploaded.url.path == "/api/v1/files"
    assert b'filename="protocol.pdf"' in uploaded.read()
    assert b"%PDF-" in uploaded.content
    assert json.loads(posted.content) == {"kind": "result", "files": ["s-1"]}


class Around:
    """What is done around the play, in its order; the play itself is left out."""

    def __init__(self) -> None:
        self.done: list[object] = []

    def __getattr__(self, name: str) -> Callable[..., object]:
        def noted(*what: object, **_: object) -> object:
            self.done.append((name, *what))
            return {"up": "http://portal", "let_in": ({}, False), "quarantined": 0}.get(name)

        return noted


async def test_the_working_group_is_named_by_the_played_clock_before_anything_is_played(monkeypatch: pytest.MonkeyPatch):
    scenario, around = load("jpa-2"), Around()

    async def nothing(*_: object) -> str:
        return scenario.period.title

    async def broken_off(*_: object) -> None:
        around.done.append("played")
        raise Trouble("Enough.")

    for name, instead in (("_sign_in", nothing), ("_title", nothing), ("_perform", broken_off)):
        monkeypatch.setattr(f"client.demo.play.{name}", instead)
    with pytest.raises(Trouble, match="Enough"):
        await play(scenario, around)  # type: ignore[arg-type]
    first = min(step.at for step in story(scenario, ""))
    before = around.done[: around.done.index("played")]
    assert before[-2:] == [("set_clock", first), ("gather", scenario.working_group)]


async def test_another_conflict_is_not_tried_again():
    answers = Answers(httpx.Response(409, json={"type": "urn:jpa:problem:not-this-state", "detail": "It is over."}))
    stage = Stage(await signed_in(answers), load("jpa-1-2015"))
    with pytest.raises(ExceptionGroup) as found:
        await stage.play([Step(AT, "nz.chair", "x", ("periods",), makes="x")])
    assert found.group_contains(Refused, match=r"It is over\.")
    assert len(answers.asked) == 2


async def test_a_period_runs_on_after_the_demo_so_that_an_officer_can_post():
    made: dict[str, list[str]] = {}
    version = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal version
        path = request.url.path.removeprefix("/api/v1/")
        if path == "sessions":
            return httpx.Response(201, json={"token": json.loads(request.content)["username"]})
        if request.method == "GET":
            return httpx.Response(200, json={"items": [{"title": name, "status": "active"} for name in made]})
        by, body = request.headers["authorization"].removeprefix("Bearer "), json.loads(request.content)
        made.setdefault(practice.TITLE, []).append(f"{by} {path}")
        assert path in {"periods", "operations"} or request.headers["if-match"] == f'"{version}"'
        version = 1 if path == "operations" else version + 1
        assert "period_id" not in body or body["period_id"] == "periods-id"
        return httpx.Response(201, json={"id": f"{path}-id", "version": version})

    async with Api("http://portal", httpx.MockTransport(answer)) as api:
        for username in (practice.CHAIR, practice.OFFICER, *practice.COORDINATORS):
            await api.sign_in(username, "secret")
        stage = Stage(api, load("jpa-1-2015"))
        await practice.leave(api, stage, AT)
        await practice.leave(api, stage, AT)
    done = made[practice.TITLE]
    assert done.count("nz.chair periods") == 1, "a second demo leaves the first one's"
    assert done[-1] == "nz.liaison1 operations/operations-id/start"
    assert "nz.chair periods/periods-id/activate" in done


def test_the_passwords_are_for_their_owner_only(tmp_path: Path):
    operator = LocalOperator(Home(tmp_path))
    operator._keep({"nz.chair": "secret"})
    assert stat.S_IMODE(operator.accounts_file.stat().st_mode) == 0o600
    assert json.loads(operator.accounts_file.read_text()) == operator._kept() == {"nz.chair": "secret"}


def test_an_unknown_speed_is_refused_with_those_that_exist():
    with pytest.raises(Trouble, match="fast or real"):
        main(speed="warp")
