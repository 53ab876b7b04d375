"""Consultations and the programme through the public API and on the pages: whole stories, and what is refused on the way."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from uuid_utils.compat import uuid7

from client import operator
from client.operator import set_clock
from tests.portal.pages_client import Desk, forms
from tests.world import Json, Officer, World, until

pytestmark = pytest.mark.system

CALL: Json = {"title": "Boats adrift", "trigger": "Two vessels without a crew.", "precedence": "FLASH"}
YEAR = datetime.now(UTC).year + 2
ACTIVITY: Json = {"kind": "training", "title": "Course on forged books", "due": f"{YEAR}-06-30"}


async def a_call(world: World, **more: object) -> tuple[Officer, str, Json]:
    """NZ calls ID and TH."""
    chair = await world.officer("NZ", "co_chair", name="chair")
    said = await chair.do("/consultations", {**CALL, "co_chairs": ["NZ"], "invited": ["ID", "TH"], **more})
    return chair, f"/consultations/{said['id']}", said


async def test_a_consultation_goes_from_its_call_to_its_record(system: World):
    chair, path, called = await a_call(system)
    speakers = {party: await system.officer(party, "coordinator", name="coordinator") for party in ("ID", "TH")}
    early = await chair.post(f"{path}/hold", {"attendees": ["TH"]}, called["version"])
    assert (early.status_code, early.json()["type"]) == (409, "urn:jpa:problem:not-attending")
    said = await speakers["TH"].do(f"{path}/answers", {"answer": "attending", "note": "Two officers."})
    stale = await chair.post(f"{path}/hold", {"attendees": ["TH"]}, called["version"])
    assert stale.status_code == 409
    assert [one["type"] for one in stale.json()["changed"]] == ["planner.consultation.answered.v1"]
    said = await chair.do(f"{path}/hold", {"attendees": ["TH"]}, said["version"])
    refused = await chair.post(f"{path}/close", {}, said["version"])
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:jpa:problem:record-missing")
    said = await chair.do(f"{path}/record", {"text": "Two vessels go."}, said["version"])
    said = await chair.do(f"{path}/close", {}, said["version"])
    await system.settled()
    there, absent = await speakers["TH"].see(path), await speakers["ID"].see(path)
    assert there["record"]["text"] == "Two vessels go."
    assert absent["record"] is None
    assert (absent["status"], absent["attendees"], absent["version"]) == ("closed", ["NZ", "TH"], said["version"])
    assert [(word["party"], word["answer"], word["late"]) for word in there["answers"]] == [("TH", "attending", False)]
    late = await speakers["ID"].post(f"{path}/answers", {"answer": "attending"})
    assert late.status_code == 409
    assert (await (await system.officer("VN", "coordinator")).get(path)).status_code == 404


async def test_the_same_command_twice_is_one_and_one_without_its_version_is_none(system: World):
    chair = await system.officer("NZ", "co_chair", name="chair")
    key, body = str(uuid7()), {**CALL, "co_chairs": ["NZ"], "invited": ["ID"]}
    first, second = [await chair.post("/consultations", body, key=key) for _ in range(2)]
    assert first.content == second.content
    assert first.headers["location"] == f"/api/v1/consultations/{first.json()['id']}"
    assert (await chair.post(f"/consultations/{first.json()['id']}/withdraw", {"reason": "No."})).status_code == 428


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"invited": ["ID", "XX"]}, {"invited.1"}),
        ({"invited": []}, {"invited"}),
        ({"co_chairs": ["AU"]}, {"co_chairs"}),
        ({"title": " ", "trigger": ""}, {"title", "trigger"}),
        ({"answer_by": "2020-01-01T00:00:00Z"}, {"answer_by"}),
        ({"period_id": "00000000-0000-7000-8000-000000000000"}, {"period_id"}),
        ({"colour": "red"}, {"colour"}),
    ],
)
async def test_a_call_that_cannot_be_accepted_names_its_fields(system: World, body: Json, fields: set[str]):
    chair = await system.officer("NZ", "co_chair", name="chair")
    answer = await chair.post("/consultations", {**CALL, "co_chairs": ["NZ"], "invited": ["ID"], **body})
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == fields


async def test_an_activity_goes_from_its_proposal_to_its_result_by_its_owners_word_alone(system: World):
    await system.working_group("NZ", "LK", "TH")
    chair = await system.officer("NZ", "co_chair", name="chair")
    owner = await system.officer("LK", "coordinator", name="coordinator")
    said = await chair.do("/programme", {**ACTIVITY, "owner": "LK", "documents": [{"title": "Outline"}]})
    path = f"/programme/{said['id']}"
    assert (await chair.post(f"{path}/agree", {}, said["version"])).status_code == 403
    said = await owner.do(f"{path}/agree", {"note": "In Colombo."}, said["version"])
    assert (await chair.post(f"{path}/cancel", {"reason": "No."}, said["version"])).status_code == 403
    said = await owner.do(f"{path}/start", {}, said["version"])
    revised = {"title": "Longer course", "due": f"{YEAR}-07-31", "documents": [{"title": "Outline, version 2"}]}
    said = await owner.do(f"{path}/revise", revised, said["version"])
    said = await owner.do(f"{path}/complete", {"result": "31 officers."}, said["version"])
    await system.settled()
    seen = await (await system.officer("TH", "liaison_officer", name="officer")).see(path)
    assert (seen["status"], seen["title"], seen["due"], seen["note"]) == (
        "completed", "Longer course", f"{YEAR}-07-31", "31 officers.",
    )  # fmt: skip
    assert seen["documents"] == [{"title": "Outline, version 2", "address": ""}]
    assert (await (await system.officer("VN", "coordinator")).get(path)).status_code == 404


async def test_only_the_operator_names_the_working_group(system: World):
    url = f"{system.servers.surroundings.url('planner')}/operator/working-group"
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.post(url, params={"add": "NZ"})).status_code == 401
        token = {"authorization": f"Bearer {operator.token(system.servers.home, 'planner')}"}
        assert (await http.post(url, params={"add": "XX"}, headers=token)).status_code == 422
    chair = await system.officer("NZ", "co_chair", name="chair")
    assert (await chair.post("/operator/working-group")).status_code == 404


async def test_who_joins_the_working_group_reads_what_was_there_and_who_leaves_reads_it_no_more(system: World):
    await system.working_group("NZ", "LK", "MV")
    chair = await system.officer("NZ", "co_chair", name="chair")
    activity = await chair.do("/programme", {**ACTIVITY, "owner": "LK"})
    leaves, joins = [await system.officer(party, "liaison_officer") for party in ("MV", "BT")]
    await system.settled()
    path = f"/programme/{activity['id']}"
    assert [(await one.get(path)).status_code for one in (leaves, joins)] == [200, 404]
    await system.working_group("NZ", "LK", "BT")
    await system.settled()
    assert [(await one.get(path)).status_code for one in (leaves, joins)] == [404, 200]
    assert (await leaves.see("/working-group"))["members"] == []
    assert "BT" in (await joins.see("/working-group"))["members"]


async def test_what_comes_due_is_told_once_by_the_running_system(system: World):
    await system.working_group("NZ", "LK")
    chair, path, called = await a_call(system)
    owner = await system.officer("LK", "coordinator", name="coordinator")
    today = datetime.now(UTC).date()
    activity = await chair.do("/programme", {**ACTIVITY, "owner": "LK", "due": str(today + timedelta(days=1))})
    await owner.do(f"/programme/{activity['id']}/agree", {}, activity["version"])
    await system.settled()
    set_clock(system.servers.home, datetime.now(UTC) + timedelta(days=3))
    try:

        async def told() -> bool:
            silent = (await chair.see(path))["silent"]
            late = (await owner.see(f"/programme/{activity['id']}"))["is_overdue"]
            return silent == ["ID", "TH"] and late is True

        await until(told, 30)
    finally:
        set_clock(system.servers.home, None)
    await system.settled()
    fed = [event["type"] for event in await system.feed("LK") if event["subject"] == activity["id"]]
    assert fed.count("planner.activity.overdue.v1") == 1
    fed = [event["type"] for event in await system.feed("ID") if event["subject"] == called["id"]]
    assert fed.count("planner.consultation.unanswered.v1") == 1


async def test_on_the_pages_a_call_is_made_answered_held_and_recorded_without_javascript(system: World):
    chair = await system.officer("NZ", "co_chair", name="chair")
    coordinator = await system.officer("TH", "coordinator", name="coordinator")
    async with Desk(str(system.http.base_url)) as desk, Desk(str(system.http.base_url)) as other:
        await desk.sign_in(chair)
        await other.sign_in(coordinator)
        form = forms(await desk.http.get("/consultations/new"))["/consultations"]
        wrong = await desk.post("/consultations", form.filled(title="A shipwreck"))
        assert wrong.status_code == 422
        assert dict(forms(wrong)["/consultations"].fields)["title"] == "A shipwreck"
        filled = [*form.filled(title="A shipwreck", trigger="Off Songkhla."), ("invited", "TH"), ("invited", "ID")]
        called = await desk.post("/consultations", filled)
        assert called.status_code == 303, called.text
        path = called.headers["location"].partition("?")[0]
        assert f'href="{path}">Answer the call to a consultation</a>: A shipwreck' in (await other.http.get("/")).text
        page = await other.http.get(path)
        assert "Off Songkhla." in page.text
        answer = forms(page)[f"{path}/answer"]
        nothing = await other.post(answer.action, answer.fields)
        assert nothing.status_code == 422
        assert "Choose an answer." in nothing.text
        assert (await other.post(answer.action, answer.filled(answer="attending"))).status_code == 303
        hold = forms(await desk.http.get(path))[f"{path}/hold"]
        assert ("attendees", "TH") in hold.fields
        assert (await desk.post(hold.action, hold.fields)).status_code == 303
        record = forms(await desk.http.get(path))[f"{path}/record"]
        assert (await desk.post(record.action, record.filled(text="Two vessels go."))).status_code == 303
        assert "Two vessels go." in (await other.http.get(path)).text
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(await system.officer("ID", "coordinator", name="coordinator"))
        absent = (await desk.http.get(path)).text
        assert "Two vessels go." not in absent
        assert "The record is for those that attended." in absent


async def test_on_the_pages_an_activity_is_proposed_taken_on_and_revised(system: World):
    await system.working_group("NZ", "TH")
    chair = await system.officer("NZ", "co_chair", name="chair")
    coordinator = await system.officer("TH", "coordinator", name="coordinator")
    async with Desk(str(system.http.base_url)) as desk, Desk(str(system.http.base_url)) as other:
        await desk.sign_in(chair)
        await other.sign_in(coordinator)
        form = forms(await desk.http.get("/programme/new"))["/programme"]
        values = {"title": "คู่มือ", "kind": "policy_guide", "owner": "TH", "due": f"{YEAR}-01-31"}
        wrong = await desk.post("/programme", form.filled(**values, documents__1__address="http://x.example"))
        assert wrong.status_code == 422
        assert 'id="documents-1-title-error"' in wrong.text
        done = await desk.post("/programme", form.filled(**values, documents__1__title="Draft"))
        path = done.headers["location"].partition("?")[0]
        assert "Say whether you take it on" in (await other.http.get("/")).text
        agree = forms(await other.http.get(path))[f"{path}/agree"]
        assert (await other.post(agree.action, agree.filled(note="Yes."))).status_code == 303
        revise = forms(await other.http.get(path))[f"{path}/revise"]
        assert dict(revise.fields)["documents.0.title"] == "Draft"
        assert (await other.post(revise.action, revise.filled(due=f"{YEAR}-02-28"))).status_code == 303
        listed = (await desk.http.get("/programme?kind=policy_guide")).text
        assert path in listed
        assert f"28 Feb {YEAR}" in listed
        assert path not in (await desk.http.get("/programme?kind=training")).text


async def test_who_is_of_no_working_group_and_invited_nowhere_is_told_what_comes_next(system: World):
    officer = await system.officer("FJ", "liaison_officer")
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(officer)
        assert "When a co-chair calls your party" in (await desk.http.get("/consultations")).text
        assert "The operator names the members" in (await desk.http.get("/programme")).text
        assert (await desk.http.get("/consultations/new")).status_code == 403
        assert 'href="/programme"' in (await desk.http.get("/")).text
