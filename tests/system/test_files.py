"""Files through the public API and the forms: taken in, named by the party that uploaded them, given back as downloads."""

import re

import httpx
import pytest

from tests.portal.pages_client import Desk, forms
from tests.world import Json, Officer, Period, World, until

pytestmark = pytest.mark.system

PDF = b"%PDF-1.7\n" + b"boat " * 60_000  # larger than any other body may be
PNG = bytes.fromhex("89504e470d0a1a0a") + b"\x00" * 64


async def upload(officer: Officer, content: bytes, name: str = "boat.pdf") -> httpx.Response:
    headers = {"authorization": f"Bearer {officer.token}"}
    return await officer.world.http.post("/api/v1/files", files={"file": (name, content)}, headers=headers)


@pytest.fixture
async def period(system: World) -> Period:
    return await system.period("NZ", "LK")


async def test_a_file_goes_with_the_detail_that_names_it(system: World, period: Period):
    officer, reader, stranger = period.officers["NZ"], period.officers["LK"], await system.officer("AU", "liaison_officer")
    kept = await upload(officer, PDF, "..\\boat\u202efdp.exe")
    assert kept.status_code == 201, kept.text
    file: Json = kept.json()
    assert (file["name"], file["media_type"], file["size"]) == ("boatfdp.pdf", "application/pdf", len(PDF))
    path = f"/files/{file['sha256']}"
    assert (await officer.get(path)).content == PDF
    assert (await period.coordinators["NZ"].get(path)).status_code == 404, "until something names it"
    operation = await system.operation(period, "NZ", detail_audience="participants")
    body = {"kind": "result", "text": "Seized.", "files": [file["seal"]]}
    posted = await officer.do(f"/operations/{operation['id']}/updates", body)
    await system.settled()
    shown = await reader.see(f"/updates/{posted['id']}")
    assert [one["name"] for one in shown["detail"]["files"]] == ["boatfdp.pdf"]
    given = await reader.get(path)
    assert given.content == PDF
    assert given.headers["content-disposition"] == "attachment; filename*=UTF-8''boatfdp.pdf"
    assert given.headers["content-type"] == "application/octet-stream"
    assert given.headers["x-content-type-options"] == "nosniff"
    assert given.headers["content-security-policy"].startswith("sandbox;")
    hidden, unknown = await stranger.get(path), await stranger.get(f"/files/{'0' * 64}")
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.json()["detail"] == unknown.json()["detail"]


async def test_knowing_a_hash_or_anothers_seal_is_not_reading_it(system: World, period: Period):
    officer, thief = period.officers["NZ"], period.officers["LK"]
    file = (await upload(officer, PDF + b"secret")).json()
    operation = await system.operation(period, "LK")
    for word in (file["sha256"], file["seal"], file["seal"][:-4] + "AAAA"):
        answer = await thief.post(f"/operations/{operation['id']}/updates", {"kind": "result", "text": "x", "files": [word]})
        assert answer.status_code == 422, answer.text
        assert [error["field"] for error in answer.json()["errors"]] == ["files.0"]
    assert (await thief.get(f"/files/{file['sha256']}")).status_code == 404


async def test_what_is_too_large_or_of_another_kind_is_refused_and_others_keep_their_limit(system: World, period: Period):
    officer = period.officers["NZ"]
    assert (await upload(officer, b"%PDF-1.7\n" + b"x" * 10_000_000)).status_code == 413
    assert (await upload(officer, b"<html><script>")).status_code == 415
    assert (await upload(officer, b"")).status_code == 415
    headers = {"authorization": f"Bearer {officer.token}", "idempotency-key": "large"}
    answer = await system.http.post("/api/v1/periods", json={"title": "x" * 300_000}, headers=headers)
    assert answer.status_code == 413
    assert (await system.http.post("/api/v1/files", files={"file": ("x.pdf", PDF)})).status_code == 401


async def test_the_form_takes_files_without_a_script_and_keeps_them_when_it_comes_back(system: World, period: Period):
    officer = period.officers["NZ"]
    operation = await system.operation(period, "NZ")
    await system.settled()
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(officer)
        form = forms(await desk.http.get(f"/updates/new?operation={operation['id']}"))["/updates"]
        fields = dict(form.filled(operation_id=operation["id"], text="", happened_at="2099-01-01T10:00"))
        wrong = await desk.http.post("/updates", data=fields, files={"files": ("boat.png", PNG)})
        assert wrong.status_code == 422
        assert "boat.png" in wrong.text
        again = dict(forms(wrong)["/updates"].filled(text="Seized.", happened_at="2020-03-01T10:00"))
        done = await desk.http.post("/updates", data=again, files={"files": ("", b"")})
        assert done.status_code == 303, done.text
        receipt = await desk.http.get(done.headers["location"])
        (path,) = re.findall(r'href="(/files/[0-9a-f]{64})"', receipt.text)
        given = await desk.http.get(path)
        assert (given.content, given.headers["content-disposition"]) == (PNG, "attachment; filename*=UTF-8''boat.png")
        same = await desk.http.post("/updates", data=again, files={"files": ("", b"")})
        assert same.headers["location"] == done.headers["location"], "twice is once"


async def test_a_correction_has_the_files_of_the_version_before_it_but_for_those_that_are_taken_away(
    system: World, period: Period
):
    officer = period.officers["NZ"]
    operation = await system.operation(period, "NZ", detail_audience="participants")
    path = f"/operations/{operation['id']}/updates"
    kept, dropped, added = [(await upload(officer, PDF + name.encode(), name)).json() for name in ("map", "draft", "new")]
    body = {"kind": "result", "text": "Seized.", "files": [kept["seal"], dropped["seal"]]}
    posted = await officer.do(path, body)
    unknown = {**body, "files": [], "supersedes": posted["id"], "without_files": ["0" * 64]}
    answer = await officer.post(path, unknown)
    assert [error["field"] for error in answer.json()["errors"]] == ["without_files.0"]
    correction = {**unknown, "without_files": [dropped["sha256"]], "files": [added["seal"]]}
    corrected = await officer.do(path, correction)
    await system.settled()

    async def names(update: str, reader: Officer) -> list[str]:
        return [one["name"] for one in (await reader.see(f"/updates/{update}"))["detail"]["files"]]

    assert await names(corrected["id"], period.officers["LK"]) == ["map.pdf", "new.pdf"]
    assert await names(posted["id"], period.officers["LK"]) == ["draft.pdf", "map.pdf"], "what was said stays said"
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(officer)
        page = await desk.http.get(f"/updates/{corrected['id']}/correct")
        fields = dict(forms(page)["/updates"].filled(text="Seized again.", without_files=added["sha256"]))
        done = await desk.http.post("/updates", data=fields, files={"files": ("", b"")})
        assert done.status_code == 303, done.text
        receipt = await desk.http.get(done.headers["location"])
        assert re.findall(r'href="/files/([0-9a-f]{64})"', receipt.text) == [kept["sha256"]]


async def test_annexes_are_read_by_those_who_read_the_plan(system: World):
    chair = await system.officer("NZ", "co_chair", name="chair")
    invited, stranger = await system.officer("LK", "observer"), await system.officer("AU", "observer")
    asked = {
        "title": "With an annex", "focus": ["maritime"], "first_day": "2020-01-01", "last_day": "2020-02-01",
        "co_chairs": ["NZ"], "invited": ["NZ", "LK"],
    }  # fmt: skip
    proposed = await chair.do("/periods", asked)
    file = (await upload(chair, PDF + b"annex", "annex.pdf")).json()
    plan = {"sections": [{"title": "Aim", "text": "x"}], "annexes": [file["seal"]]}
    await chair.do(f"/periods/{proposed['id']}/plan-versions", plan, version=proposed["version"])

    async def there() -> bool:
        return (await invited.get(f"/files/{file['sha256']}")).status_code == 200

    await until(there)
    assert (await stranger.get(f"/files/{file['sha256']}")).status_code == 404
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(invited)
        assert "annex.pdf" in (await desk.http.get(f"/periods/{proposed['id']}/plan")).text
    other = (await upload(chair, PDF + b"another", "annex.pdf")).json()
    replaced = {**plan, "annexes": [other["seal"]], "rights_officers": ["LK"]}
    await chair.do(f"/periods/{proposed['id']}/plan-versions", replaced, version=proposed["version"] + 1)
    await system.settled()
    told = await invited.see(f"/periods/{proposed['id']}/plan-versions/2/difference")
    changed = {"change": "changed", "name": "annex.pdf", "sha256": other["sha256"]}
    assert told["annexes"] == [{**changed, "former_name": "", "former_sha256": file["sha256"]}]
    assert (told["rights_added"], told["same"]) == (["LK"], False)
    back = await invited.see(f"/periods/{proposed['id']}/plan-versions/1/difference", since=2)
    assert [one["former_sha256"] for one in back["annexes"]] == [other["sha256"]]
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(invited)
        page = (await desk.http.get(f"/periods/{proposed['id']}/plan?version=2&since=1")).text
        assert "other content" in page
        assert file["sha256"] not in page, "what was taken out is named, and not offered"
