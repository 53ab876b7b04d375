"""What an owner releases reaches whom it named and nobody else; what it takes back is gone, and each receiver says so."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from client.replay import run
from tests.portal.pages_client import Desk, forms
from tests.system.oracle import Oracle
from tests.system.test_files import upload
from tests.world import Json, Officer, Period, World, until

pytestmark = pytest.mark.system

OWN, ALL = {"detail_audience": "own"}, {"detail_audience": "participants"}
INTERPOL = {"detail_audience": "involved", "named": ["INTERPOL"]}


def canary(what: str) -> str:
    return f"{what}-{uuid4().hex}"


async def an_operation(world: World, period: Period, audience: str, secret: str, text: str, *files: Json) -> Json:
    """Of the state that proposed the period, under way, with an update."""
    owner = period.chair.party
    operation = await world.operation(
        period, owner, detail_audience=audience, narrative=secret, places=[{"kind": "locode", "code": "NZAKL"}]
    )
    update = {"kind": "result", "text": text, "counts": {"arrests": 1}, "files": [file["seal"] for file in files]}
    await period.officers[owner].do(f"/operations/{operation['id']}/updates", update)
    return operation


async def kept(world: World, topic: str, key: str) -> Sequence[Any]:
    """What the planner keeps to say again of this operation, in order."""
    words = world.servers.surroundings
    planner = await asyncpg.connect(words.database.as_role("planner", words.passwords()["planner"], "planner"))
    try:
        found: Sequence[Any] = await planner.fetch(
            "SELECT sequence, type, audience, body FROM outbox WHERE topic = $1 AND key = $2 ORDER BY sequence", topic, key
        )
        return found
    finally:
        await planner.close()


async def test_a_release_and_a_recall_are_judged_at_every_door(system: World):
    oracle, parties = Oracle(system), ("SG", "VU", "SB", "INTERPOL")
    period = await system.period("SG", "VU", supporting=("INTERPOL",))
    oracle.periods = [period.id]
    for party in parties:
        oracle.watchers.append(await system.officer(party, "liaison_officer", name="officer"))
    released, recalled, text, gone = canary("released"), canary("recalled"), canary("text"), canary("gone")
    one = await an_operation(system, period, "own", released, text)
    files = [(await upload(period.officers["SG"], f"%PDF-1.7\n{canary('file')}".encode())).json() for _ in range(2)]
    other = await an_operation(system, period, "participants", recalled, gone, files[0])
    # what another detail names as well is still read by that
    third = await an_operation(system, period, "participants", canary("kept"), canary("kept"), files[1])
    await an_operation(system, period, "own", canary("own"), canary("own"), *files)
    await system.settled()
    for file in files:
        assert (await period.officers["VU"].get(f"/files/{file['sha256']}")).status_code == 200
    coordinator = period.coordinators["SG"]
    await coordinator.do(f"/operations/{one['id']}/release-detail", INTERPOL, version=one["version"])
    await coordinator.do(f"/operations/{other['id']}/recall-detail", OWN, version=other["version"])
    await system.settled()
    oracle.knows("the headline that was released to a party named", one["id"], ("SG", "VU", "INTERPOL"))
    oracle.knows("the detail that was released to a party named", released, ("SG", "INTERPOL"))
    oracle.knows("an update's text that was released", text, ("SG", "INTERPOL"))
    oracle.knows("the headline of the other", other["id"], ("SG", "VU"))
    # what its feed got stays in Kafka for seven days: the recall came there behind it
    oracle.knows("the detail that was taken back", recalled, ("SG",), once=("VU",))
    oracle.knows("an update's text that was taken back", gone, ("SG",), once=("VU",))
    oracle.keeps("the file that was taken back with it", files[0]["sha256"], ("SG",))
    oracle.keeps("the file of a detail that was not", files[1]["sha256"], ("SG", "VU"))
    oracle.knows("that detail's headline", third["id"], ("SG", "VU"))
    assert await oracle.judge(parties) == []
    fed = [event["type"] for event in await system.feed("VU") if event.get("subject") == other["id"]]
    assert fed[-1] == "planner.detail.recalled.v1"
    assert "planner.detail.recalled.v1" not in [event["type"] for event in await system.feed("INTERPOL")]


async def test_each_receiver_confirms_the_purge_and_nothing_that_was_taken_back_is_left_to_be_said_again(system: World):
    period = await system.period("NZ", "LK", "TH")
    secret = canary("secret")
    operation = await an_operation(system, period, "participants", secret, secret)
    await system.settled()
    coordinator, path = period.coordinators["NZ"], f"/operations/{operation['id']}"
    keeps_it = {"detail_audience": "involved", "named": ["TH"]}
    await coordinator.do(f"{path}/recall-detail", keeps_it, version=operation["version"])

    async def confirmed() -> bool:
        lines = (await coordinator.see(path))["recalls"]
        return [line["recipient"] for line in lines if line["purged_at"]] == ["LK"]

    await until(confirmed)
    assert (await period.officers["LK"].see(path))["detail"] is None
    assert [line["recipient"] for line in (await period.officers["LK"].see(path))["recalls"]] == ["LK"]
    assert secret in str(await period.officers["TH"].see(path))
    assert (await period.officers["TH"].see(path))["recalls"] == []
    rows = await kept(system, "planner.details", operation["id"])
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    assert "planner.detail.forgotten.v1" in [row["type"] for row in rows]
    for row in rows:
        assert "LK" not in row["audience"].split() or secret.encode() not in bytes(row["body"])
    await system.settled()
    lines = (await coordinator.see(path))["recalls"]
    said = await asyncio.to_thread(run, system.servers.home, "planner")
    await system.settled()
    assert said["events"] > 0
    assert (await coordinator.see(path))["recalls"] == lines, "a receipt that is heard again changes nothing"


async def test_an_incident_that_is_taken_back_is_in_no_timeline_of_those_that_lost_it_and_in_no_replay(system: World):
    period = await system.period("NZ", "LK", "TH")
    operation = await an_operation(system, period, "participants", canary("plan"), canary("text"))
    path, officer = f"/operations/{operation['id']}", period.officers["NZ"]
    incident = await officer.do(f"{path}/updates", {"kind": "incident", "severity": "minor", "text": canary("incident")})
    await period.coordinators["NZ"].do(f"/updates/{incident['id']}/validate", version=incident["version"])
    await system.settled()

    async def told(party: str) -> list[str]:
        items = (await period.officers[party].see(f"/periods/{period.id}/timeline"))["items"]
        return [one["type"] for one in items if one["subject_id"] == incident["id"]]

    as_it_came = ["planner.update.posted.v1", "planner.update.validated.v1"]
    assert sorted(await told("LK")) == sorted(await told("TH")) == as_it_came
    keeps_it = {"detail_audience": "involved", "named": ["TH"]}
    await period.coordinators["NZ"].do(f"{path}/recall-detail", keeps_it, version=operation["version"])
    await system.settled()
    assert await told("LK") == []
    assert sorted(await told("TH")) == sorted(await told("NZ")) == as_it_came, "once, as it came about"
    rows = await kept(system, "planner.operations", operation["id"])
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    lost = [row for row in rows if "LK" in row["audience"].split() and incident["id"].encode() in bytes(row["body"])]
    assert lost == []
    await asyncio.to_thread(run, system.servers.home, "portal")
    await system.settled()
    assert await told("LK") == []
    assert await told("TH") == ["planner.update.released.v1"]


async def test_what_is_kept_from_a_state_of_origin_later_is_not_left_to_be_said_again_to_it(system: World):
    period = await system.period("NZ", "LK", "TH")
    secret, other = canary("secret"), canary("other")
    operation = await an_operation(system, period, "participants", other, other)
    path, officer = f"/operations/{operation['id']}/updates", period.officers["NZ"]
    first = await officer.do(path, {"kind": "progress", "text": secret})
    concern = {"protection_concern": "witness", "origins": ["LK"]}
    await officer.do(path, {"kind": "progress", "text": secret, "supersedes": first["id"], **concern})
    rows = await kept(system, "planner.details", operation["id"])
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    told = {party: [row for row in rows if party in row["audience"].split()] for party in ("LK", "TH")}
    assert not [row for row in told["LK"] if secret.encode() in bytes(row["body"])]
    assert len([row for row in told["TH"] if secret.encode() in bytes(row["body"])]) == 2
    assert [row["type"] for row in told["LK"]].count("planner.detail.forgotten.v1") == 1
    assert any(other.encode() in bytes(row["body"]) for row in told["LK"]), "and of another update nothing is forgotten"
    await system.settled()
    assert secret not in str(await period.officers["LK"].see(f"/operations/{operation['id']}"))
    assert secret in str(await period.officers["TH"].see(f"/updates/{first['id']}"))


@pytest.mark.parametrize(
    ("who", "command", "body", "version", "status"),
    [
        ("the officer", "release-detail", ALL, 0, 403),
        ("another state", "release-detail", ALL, 0, 403),
        ("a stranger", "recall-detail", OWN, 0, 404),
        ("the coordinator", "release-detail", ALL, None, 428),
        ("the coordinator", "release-detail", ALL, 7, 409),
        ("the coordinator", "release-detail", OWN, 0, 409),
        ("the coordinator", "release-detail", {"detail_audience": "involved", "named": ["AU"]}, 0, 422),
        ("the coordinator", "amend", {"kind": "training"}, 0, 422),
    ],
)  # fmt: skip
async def test_who_may_not_and_what_cannot_be_is_refused(
    system: World, who: str, command: str, body: Json, version: int | None, status: int
):
    period = await system.period("NZ", "LK")
    operation = await system.operation(period, "NZ")
    await system.settled()
    people: dict[str, Officer] = {
        "the officer": period.officers["NZ"], "another state": period.coordinators["LK"],
        "a stranger": await system.officer("AU", "coordinator"), "the coordinator": period.coordinators["NZ"],
    }  # fmt: skip
    meant = operation["version"] if version == 0 else version
    answer = await people[who].post(f"/operations/{operation['id']}/{command}", body, version=meant)
    assert answer.status_code == status, answer.text


async def test_of_two_who_decide_at_once_the_second_learns_what_the_first_did(system: World):
    period = await system.period("NZ", "LK")
    operation = await system.operation(period, "NZ")
    await period.coordinators["NZ"].do(f"/operations/{operation['id']}/release-detail", ALL, version=operation["version"])
    other = await system.officer("NZ", "coordinator", name="second")
    answer = await other.post(f"/operations/{operation['id']}/recall-detail", OWN, version=operation["version"])
    assert answer.status_code == 409
    assert [one["type"] for one in answer.json()["changed"]] == ["planner.detail.audience_chosen.v1"]


async def test_a_draft_is_edited_and_what_is_scheduled_is_amended_behind_a_page_that_shows_what_leaves(system: World):
    period = await system.period("NZ", "LK")
    drafted = await period.officers["NZ"].do(
        "/operations",
        {
            "period_id": period.id, "kind": "visa_checks", "title": "A first title",
            "window": {"starts_at": "2020-02-01T00:00:00Z", "ends_at": "2020-11-01T00:00:00Z"},
        },
    )  # fmt: skip
    await system.settled()
    path = f"/operations/{drafted['id']}"
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(period.coordinators["NZ"])
        form = forms(await desk.http.get(f"{path}/edit"))[f"{path}/edit"]
        wrong = await desk.post(f"{path}/edit", form.filled(title="Ports", places="NZAKL\nnowhere at all"))
        assert wrong.status_code == 422
        assert "is no place" in wrong.text
        form = forms(wrong)[f"{path}/edit"]
        assert (await desk.post(f"{path}/edit", form.filled(places="NZAKL\nBKK; The airport"))).status_code == 303
        await system.settled()
        page = (await desk.http.get(path)).text
        assert "Auckland (NZAKL)" in page
        assert "The airport (BKK)" in page
        question = await desk.http.get(f"{path}/schedule")
        assert "Auckland (NZAKL)" in question.text
        await desk.post(f"{path}/schedule", forms(question)[f"{path}/schedule"].filled())
        await system.settled()
        form = forms(await desk.http.get(f"{path}/edit"))[f"{path}/edit"]
        shown = await desk.post(f"{path}/edit", form.filled(title="A last title"))
        assert shown.status_code == 200
        assert "This is what it will say" in shown.text
        assert (await period.coordinators["NZ"].see(path))["detail"]["title"] == "Ports"
        await desk.post(f"{path}/edit", forms(shown)[f"{path}/edit"].filled())
        await system.settled()
        seen = await period.coordinators["NZ"].see(path)
        assert (seen["detail"]["title"], seen["status"]) == ("A last title", "scheduled")
        form = forms(await desk.http.get(f"{path}/readers"))[f"{path}/readers"]
        shown = await desk.post(f"{path}/readers", form.filled(detail_audience="participants"))
        assert "It is new to" in shown.text
        await desk.post(f"{path}/readers", forms(shown)[f"{path}/readers"].filled())
        await system.settled()
        assert (await period.officers["LK"].see(path))["detail"]["title"] == "A last title"
