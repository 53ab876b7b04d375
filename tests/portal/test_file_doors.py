"""Files at the doors, with everything real but the database: multipart in, seals out, downloads in a sandbox."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from services.portal import api_files
from services.portal.file_kinds import ENDINGS
from services.portal.file_store import PART, FileStore
from services.portal.headers import Headers
from services.portal.pages.attached import attach, attached
from services.portal.pages.forms import read
from shared.errors import Invalid
from shared.runtime.door import Door
from shared.runtime.problems import install
from tests.builders import an_officer
from tests.planner.test_named_files import keys
from tests.portal.test_file_kinds import PDF, PNG

BIG = b"%PDF-1.7\n" + b"x" * (2 * PART)
NZ = {"authorization": "Bearer NZ"}


class Rows:
    """The tables of files, as far as the store asks for them."""

    def __init__(self) -> None:
        self.parts: dict[tuple[str, int], bytes] = {}
        self.sizes: dict[str, int] = {}
        self.names: dict[tuple[str, str], str] = {}
        self.noted: list[str] = []

    @contextlib.asynccontextmanager
    async def begin(self, _actor: Any = None) -> AsyncIterator["Rows"]:
        yield self

    def audit(self, action: str, target: str) -> None:
        self.noted.append(f"{action} {target[:4]}")

    async def sql(self, statement: str, *given: Any) -> Sequence[Any]:
        words = statement.split()
        if words[:3] == ["INSERT", "INTO", "file"]:
            self.sizes[given[0]] = given[2]
        if words[2] == "file_upload":
            self.names[given[0], given[1]] = given[2]
        if words[2] == "file_part":
            self.parts[given[0], given[1]] = given[2]
        return []

    async def ask(self, statement: str, *given: Any) -> Sequence[Any]:
        if "file_upload" in statement:
            return [{"name": self.names[given]}] if given in self.names else []
        if "file_part" in statement:
            return [{"content": self.parts[given]}]
        return [{"size": self.sizes[given[0]]}] if given[0] in self.sizes else []


class Doors:
    """The portal as far as files go through it."""

    def __init__(self, folder: Path) -> None:
        self.rows, self.named = Rows(), dict[str, str]()
        _, verifier = keys(folder)
        settings: Any = SimpleNamespace(
            file_max_bytes=3 * PART, files_per_request=2, file_types=tuple(ENDINGS), body_max_bytes=PART,
            actor_private_key_file=folder / "private", file_unnamed_hours=24.0,
        )  # fmt: skip
        service = SimpleNamespace(require_space=lambda: None, verifier=verifier)

        @contextlib.asynccontextmanager
        async def reads(actor: Any) -> AsyncIterator[Any]:
            async def named_file(sha256: str) -> Any:
                return {"name": self.named[sha256]} if sha256 in self.named else None

            yield SimpleNamespace(named_file=named_file)

        async def session(token: str) -> Any:
            return SimpleNamespace(actor=an_officer(token))

        async def note_read(actor: Any, what: str, target: str) -> None:
            self.rows.audit(f"read {what}", target)

        self.portal: Any = SimpleNamespace(
            service=service, settings=settings, files=FileStore(self.rows, settings), reads=reads,  # type: ignore[arg-type]
            note_read=note_read, accounts=SimpleNamespace(session=session),
        )  # fmt: skip
        app = FastAPI()
        app.state.portal = self.portal
        app.include_router(api_files.router)
        install(app)
        app.add_middleware(Door, body_max_bytes=PART, large=api_files.large_bodies(settings))
        app.add_middleware(Headers)
        self.app = app

    def http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://portal")

    async def upload(self, content: bytes, name: str = "x.pdf", headers: Any = NZ, field: str = "file") -> httpx.Response:
        async with self.http() as http:
            return await http.post("/api/v1/files", files={field: (name, content)}, headers=headers)


@pytest.fixture
def doors(tmp_path: Path) -> Doors:
    return Doors(tmp_path)


async def test_what_is_uploaded_comes_back_as_a_download_in_a_sandbox(doors: Doors):
    kept = await doors.upload(BIG, "C:\\boat\u202efdp.exe")
    assert kept.status_code == 201, kept.text
    file = kept.json()
    assert (file["name"], file["media_type"], file["size"]) == ("boatfdp.pdf", "application/pdf", len(BIG))
    async with doors.http() as http:
        given = await http.get(f"/api/v1/files/{file['sha256']}", headers=NZ)
    assert given.content == BIG
    assert given.headers["content-disposition"] == "attachment; filename*=UTF-8''boatfdp.pdf"
    assert given.headers["content-type"] == "application/octet-stream"
    assert given.headers["x-content-type-options"] == "nosniff"
    assert given.headers["content-security-policy"].startswith("sandbox;")
    assert given.headers["cache-control"] == "no-store"
    assert doors.rows.noted == [f"upload file {file['sha256'][:4]}", f"read file {file['sha256'][:4]}"]
    assert max(map(len, doors.rows.parts.values())) == PART


async def test_before_something_names_it_only_who_uploaded_it_reads_it(doors: Doors):
    sha256 = (await doors.upload(PDF)).json()["sha256"]
    async with doors.http() as http:
        for party, status in (("NZ", 200), ("LK", 404)):
            answer = await http.get(f"/api/v1/files/{sha256}", headers={"authorization": f"Bearer {party}"})
            assert answer.status_code == status
        doors.named[sha256] = "named.pdf"
        answer = await http.get(f"/api/v1/files/{sha256}", headers={"authorization": "Bearer LK"})
        assert (answer.status_code, answer.headers["content-disposition"]) == (200, "attachment; filename*=UTF-8''named.pdf")
        hidden = await http.get(f"/api/v1/files/{'0' * 64}", headers=NZ)
        assert hidden.status_code == 404
        assert not hidden.headers["content-security-policy"].startswith("sandbox")


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"%PDF-1.7\n" + b"x" * 3 * PART, 413), (b"x" * 9 * PART, 413), (b"<html>", 415), (b"", 415)],
)
async def test_what_is_too_large_or_no_known_kind_is_not_kept(doors: Doors, content: bytes, status: int):
    assert (await doors.upload(content)).status_code == status
    assert doors.rows.parts == {}


async def test_a_file_comes_in_its_field_from_someone_signed_in(doors: Doors):
    assert (await doors.upload(PDF, headers={})).status_code == 401
    assert (await doors.upload(PDF, field="other")).status_code == 422
    async with doors.http() as http:
        assert (await http.post("/api/v1/files", content=PDF, headers=NZ)).status_code == 422
        other = await http.post("/api/v1/files", content=b"x" * (PART + 1), headers={**NZ, "content-type": "text/plain"})
        elsewhere = await http.post("/api/v1/periods", files={"file": ("x.pdf", BIG)}, headers=NZ)
        both = (other.status_code, elsewhere.status_code)
        assert both == (413, 413), "what is no multipart, or goes elsewhere, keeps the limit of everything else"


async def posted(doors: Doors, *files: tuple[str, bytes], seals: Sequence[str] = ()) -> tuple[Any, Any]:
    """A form as the page gets it, before a desk of NZ."""
    data = {"text": "Seized.", "seals": list(seals)}
    made = httpx.Request("POST", "http://portal/updates", data=data, files=[("files", file) for file in files])
    body = made.read()

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(name.encode(), value.encode()) for name, value in made.headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/updates", "headers": headers, "query_string": b""}
    request = Request(scope, receive)
    at = SimpleNamespace(portal=doors.portal, actor=an_officer("NZ"), request=request)
    return at, await read(request)


async def test_a_form_that_comes_back_has_its_files_still_and_names_them_once(doors: Doors):
    at, form = await posted(doors, ("boat.png", PNG), ("", b""))
    form, seals = await attach(at, form)
    assert at.request.state.posted is form, "what comes back with an error is this one"
    assert attached(at, form.form()) == ((seals[0], "boat.png"),)
    at, form = await posted(doors, ("boat.png", PNG), ("crew.pdf", PDF), seals=seals)
    _, both = await attach(at, form)
    assert {name for _, name in attached(at, at.request.state.posted.form())} == {"boat.png", "crew.pdf"}
    assert both[0] == seals[0]
    assert len(both) == 2


async def test_a_file_that_is_not_taken_is_named_beside_its_field(doors: Doors):
    for files, word in (((("a.html", b"<html>"),), "a.html"), ((("a", PDF), ("b", PDF), ("c", PDF)), "At most 2")):
        at, form = await posted(doors, *files)
        with pytest.raises(Invalid) as refused:
            await attach(at, form)
        assert [error.field for error in refused.value.errors] == ["files"]
        assert word in refused.value.errors[0].reason


async def test_a_seal_that_is_none_is_shown_as_nothing(doors: Doors):
    at, form = await posted(doors, seals=["forged"])
    assert attached(at, form.form()) == ()


@pytest.mark.parametrize(("path", "takes"), [
    ("/api/v1/files", True), ("/updates", True), ("/periods/0/plan-versions", True),
    ("/api/v1/operations/0/updates", False), ("/api/v1/periods/0/plan-versions", False), ("/x/updates", False),
    ("/periods/0/x/plan-versions", False), ("/api/v1/files/0", False),
])  # fmt: skip
def test_files_are_taken_at_their_own_doors_and_at_none_that_only_ends_alike(path: str, takes: bool):
    most: Any = SimpleNamespace(file_max_bytes=20_000_000, files_per_request=5, body_max_bytes=262_144)
    scope = {"path": path, "headers": [(b"content-type", b"multipart/form-data; boundary=x")]}
    assert (api_files.large_bodies(most)(scope) is not None) is takes


async def test_an_upload_of_what_somebody_else_has_does_the_same_work(doors: Doors):
    await doors.upload(BIG)
    written = dict(doors.rows.parts)
    doors.rows.parts.clear()
    await doors.upload(BIG, headers={"authorization": "Bearer LK"})
    assert doors.rows.parts == written
