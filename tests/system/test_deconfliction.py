"""Conflicts through every door of the running system: two owners hear of each other, and no target is kept in clear."""

import base64
import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.portal.pages_client import Desk, forms
from tests.world import Json, Officer, Period, World

pytestmark = pytest.mark.system

NEAR = ("HKT", 7.95, 98.34), ("WLG", -41.3, 174.78), ("CGK", -6.104, 106.88)
"""An airport, and a point near it: a pair for each test, so that none meets what another left there."""


async def two_that_hide(world: World, which: int) -> tuple[Period, Json, Json]:
    """NZ and TH hold the headlines of operations near each other; LK takes part in the period."""
    period = await world.period("NZ", "LK", "TH")
    airport, latitude, longitude = NEAR[which]
    ours = await world.operation(period, "NZ", hold=True, places=[{"kind": "iata", "code": airport}])
    point = {"kind": "point", "latitude": latitude, "longitude": longitude}
    theirs = await world.operation(period, "TH", hold=True, places=[point])
    await world.settled()
    return period, ours, theirs


async def side_of(officer: Officer, operation: Json) -> Json:
    (found,) = [one for one in await officer.all("/conflicts") if one["operation_id"] == operation["id"]]
    return found


async def test_two_states_that_hide_from_each_other_hear_of_it_and_settle_it_and_a_third_hears_nothing(system: World):
    period, ours, theirs = await two_that_hide(system, 0)
    nz, th, lk = (period.coordinators[party] for party in ("NZ", "TH", "LK"))
    mine, other = await side_of(nz, ours), await side_of(th, theirs)
    assert (mine["other_party"], mine["overlaps"], mine["status"]) == ("TH", ["window_and_place"], "open")
    assert (other["other_party"], other["contact"], other["id"] == mine["id"]) == ("NZ", "", False)
    for officer, hidden in ((nz, (theirs["id"], other["id"])), (th, (ours["id"], mine["id"]))):
        text = json.dumps(await officer.all("/conflicts")) + json.dumps(await system.feed(officer.party))
        assert not [one for one in hidden if one in text]
    assert not {mine["id"], other["id"]} & {one["id"] for one in await lk.all("/conflicts")}
    assert not [one for one in await system.feed("LK") if one["subject"] in {mine["id"], other["id"]}]
    for officer, hidden_id in ((lk, mine["id"]), (th, mine["id"]), (nz, other["id"])):
        assert (await officer.get(f"/conflicts/{hidden_id}")).status_code == 404
        answer = await officer.post(f"/conflicts/{hidden_id}/answer", {"answer": "adjusted"}, version=1)
        assert answer.status_code == 404

    path, said = f"/conflicts/{mine['id']}/answer", {"answer": "coordinated", "words": "We speak at six."}
    assert (await nz.post(path, said)).status_code == 428
    assert (await nz.post(path, {"answer": "maybe"}, version=1)).status_code == 422
    await nz.do(path, said, version=mine["version"])
    stale = await th.post(f"/conflicts/{other['id']}/answer", {"answer": "adjusted"}, version=other["version"])
    assert stale.status_code == 409
    assert [one["type"] for one in stale.json()["changed"]] == ["planner.conflict.answered.v1"]
    await th.do(f"/conflicts/{other['id']}/answer", {"answer": "coordinated"}, version=other["version"] + 1)
    await system.settled()
    settled = await th.see(f"/conflicts/{other['id']}")
    assert (settled["status"], settled["settlement"], settled["own_by"]) == ("settled", "coordinated", th.username)
    assert settled["other_words"] == "We speak at six."

    done = await period.coordinators["TH"].do(f"/operations/{theirs['id']}/complete", version=theirs["version"])
    assert done["status"] == "completed"
    await system.settled()
    assert (await nz.see(f"/conflicts/{mine['id']}"))["status"] == "lapsed"


async def test_where_a_party_is_reached_is_told_to_the_other_owner_only(system: World):
    period, ours, _ = await two_that_hide(system, 1)
    th, contact = period.coordinators["TH"], f"Desk {uuid4().hex}"
    version = (await th.see("/conflicts/contact"))["version"]
    assert (await period.officers["TH"].post("/conflicts/contact", {"contact": "x"}, version=version)).status_code == 403
    await th.do("/conflicts/contact", {"contact": contact}, version=version)
    assert (await th.post("/conflicts/contact", {"contact": "x"}, version=version)).status_code == 409
    await system.settled()
    assert (await side_of(period.officers["NZ"], ours))["contact"] == contact
    assert (await th.see("/conflicts/contact"))["contact"] == contact
    for party in ("NZ", "LK"):
        assert (await period.officers[party].see("/conflicts/contact"))["contact"] != contact
    assert contact not in json.dumps(await system.feed("LK"))


async def test_a_target_in_clear_is_nowhere_and_its_token_is_in_no_feed(system: World):
    period = await system.period("NZ", "LK", "TH")
    ours, theirs = [await system.operation(period, party) for party in ("NZ", "TH")]
    passport = f"ZZ{uuid4().hex[:10].upper()}"
    name = f"Somchai {''.join(chr(97 + int(one, 16)) for one in uuid4().hex[:12])}"
    person = {"kind": "person", "value": name, "born": "1980-02-29"}
    named = {"identifiers": [{"kind": "passport", "value": passport}, person]}
    path = f"/operations/{ours['id']}/targets"
    first = await period.officers["NZ"].post(path, named, key=(key := str(uuid4())))
    assert (first.status_code, first.json()) == (201, {"id": ours["id"], "version": 1, "targets": 2})
    assert (await period.officers["NZ"].post(path, named, key=key)).content == first.content
    other = {"identifiers": [{"kind": "passport", "value": passport.lower().replace("zz", "zz ")}]}
    met = await period.officers["TH"].post(f"/operations/{theirs['id']}/targets", other)
    assert met.json() == {"id": theirs["id"], "version": 1, "targets": 1}, "whom it met is not in the answer"
    wrong = {"identifiers": [{"kind": "phone", "value": passport}]}
    refused = await period.officers["NZ"].post(path, wrong)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "identifiers.0.value"
    assert passport not in refused.text
    assert (await period.officers["LK"].post(path, named)).status_code == 403
    tokens = {"targets": [{"kind": "passport", "token": f"1:{'0' * 64}"}]}
    assert (await period.officers["NZ"].post(path, tokens)).status_code == 422, "tokens are made here and nowhere else"
    await system.settled()
    assert (await side_of(period.officers["NZ"], ours))["overlaps"] == ["target"]
    assert (await period.officers["NZ"].see(path))["counts"] == {"passport": 1, "person": 1}
    assert (await period.officers["LK"].see(path))["counts"] == {}

    token = _token(system, "passport", passport)
    for party in ("NZ", "TH", "LK"):
        assert token[2:] not in json.dumps(await system.feed(party))
    kept = {text: _files_with(system.servers.home.root, text) for text in (token[2:], passport, passport.lower(), name)}
    assert kept.pop(token[2:]), "the planner compares tokens"
    assert not any(kept.values()), kept
    assert (await period.officers["TH"].post(f"/operations/{theirs['id']}/targets/remove", other)).status_code == 200
    await system.settled()
    assert (await side_of(period.officers["NZ"], ours))["status"] == "lapsed"


def _token(system: World, kind: str, value: str) -> str:
    key = json.loads((system.servers.home.secrets / "targets-portal.jwk").read_text())
    secret = base64.urlsafe_b64decode(key["k"] + "=" * (-len(key["k"]) % 4))
    told = b"\0".join((kind.encode(), value.encode()))
    return f"{key['kid']}:{hmac.new(secret, told, hashlib.sha256).hexdigest()}"


def _files_with(root: Path, text: str) -> list[str]:
    """Databases, Kafka's log, logs and traces, byte by byte."""
    found = []
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder) / name
            if path.is_file() and text.encode() in path.read_bytes():
                found.append(str(path.relative_to(root)))
    return found


async def test_who_tries_too_much_is_stopped_with_the_reason_and_others_are_not(system: World):
    period = await system.period("VN", "KH")
    operations = [await system.operation(period, "VN") for _ in range(2)]

    async def tries(number: int, operation: Json) -> Any:
        identifiers = [{"kind": "vessel_mmsi", "value": f"{512_000_000 + number * 50 + n}"} for n in range(50)]
        return await period.officers["VN"].post(f"/operations/{operation['id']}/targets", {"identifiers": identifiers})

    for number in range(6):
        assert (await tries(number, operations[number // 4])).status_code == 201
    stopped = await tries(6, operations[1])
    assert stopped.status_code == 429
    assert "300 targets compared" in stopped.json()["detail"]
    again = await tries(5, operations[1])
    assert again.status_code == 201, "what was compared before is no new try"
    cambodia = await system.operation(period, "KH")
    named = {"identifiers": [{"kind": "vessel_imo", "value": "9074729"}]}
    assert (await period.officers["KH"].post(f"/operations/{cambodia['id']}/targets", named)).status_code == 201


async def test_on_the_pages_a_conflict_is_read_and_settled_and_a_target_named_without_javascript(system: World):
    period, ours, theirs = await two_that_hide(system, 2)
    base = str(system.http.base_url)
    async with Desk(base) as desk, Desk(base) as other, Desk(base) as third:
        await desk.sign_in(period.coordinators["NZ"])
        await other.sign_in(period.coordinators["TH"])
        await third.sign_in(period.coordinators["LK"])
        mine = await side_of(period.coordinators["NZ"], ours)
        path = f"/conflicts/{mine['id']}"
        for page in ("/", "/conflicts", f"/operations/{ours['id']}"):
            assert f'href="{path}"' in (await desk.http.get(page)).text, page
        shown = await desk.http.get(path)
        assert theirs["id"] not in shown.text
        assert (await third.http.get(path)).status_code == 404
        form = forms(shown)[f"{path}/answer"]
        assert "Choose what was agreed." in (await desk.post(form.action, form.fields)).text
        assert (await desk.post(form.action, form.filled(answer="no_conflict", words="Ours is at sea."))).status_code == 303
        yours = f"/conflicts/{(await side_of(period.coordinators['TH'], theirs))['id']}"
        answer = forms(await other.http.get(yours))[f"{yours}/answer"]
        assert (await other.post(answer.action, answer.filled(answer="no_conflict"))).status_code == 303
        page = (await other.http.get(yours)).text
        assert "Ours is at sea." in page
        assert f"{yours}/answer" not in page, "it is settled"

        own = forms(await desk.http.get(f"/operations/{ours['id']}"))[f"/operations/{ours['id']}/targets"]
        wrong = await desk.post(own.action, own.filled(kind="vessel_imo", value="9074728"))
        assert wrong.status_code == 422
        assert "last digit does not fit" in wrong.text
        assert (await desk.post(own.action, own.filled(kind="vessel_imo", value="IMO 9074729"))).status_code == 303
        assert "Vessel (IMO number): 1" in (await desk.http.get(f"/operations/{ours['id']}/targets")).text
        assert (await third.http.get(f"/operations/{ours['id']}/targets")).status_code == 404
        contact = forms(await desk.http.get("/conflicts/contact"))["/conflicts/contact"]
        assert (await desk.post(contact.action, contact.filled(contact="Joint desk"))).status_code == 303
        assert "Joint desk" in (await desk.http.get("/conflicts")).text
