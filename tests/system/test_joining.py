"""A state joins a period that runs, and another leaves it: judged from outside, at every door, by the oracle."""

import pytest

from tests.portal.pages_client import Desk, forms
from tests.system.oracle import Oracle, canary
from tests.system.test_files import upload
from tests.world import Officer, Period, World

pytestmark = pytest.mark.system

ALL = ("BD", "MV", "MM", "KH")


async def a_running_period(world: World) -> tuple[Period, Officer]:
    """BD, MV and MM take part; KH is asked and silent until now."""
    chair = await world.officer("BD", "co_chair", name="chair")
    coordinators = {party: await world.officer(party, "coordinator", name="coordinator") for party in ALL}
    officers = {party: await world.officer(party, "liaison_officer", name="officer") for party in ALL}
    asked = {
        "title": "Some join late", "focus": ["air"], "first_day": "2020-01-01", "last_day": "2020-12-30",
        "co_chairs": ["BD"], "invited": list(ALL), "answer_by": "2090-01-01T00:00:00Z",
        "objectives": [{"title": "Arrests", "indicator": "arrests", "target": 100, "measured_by": "RSO"}],
    }  # fmt: skip
    said = await chair.do("/periods", asked)
    period_id, base = said["id"], f"/periods/{said['id']}"
    world.period_ids.append(period_id)
    for party in ALL[:3]:
        said = await coordinators[party].do(f"{base}/answers", {"answer": "joined"})
    said = await chair.do(f"{base}/plan-versions", {"sections": [{"title": "Aim", "text": "Together."}]}, said["version"])
    for party in ALL[:3]:
        said = await coordinators[party].do(f"{base}/plan-versions/1/answers", {"answer": "endorsed"})
    said = await chair.do(f"{base}/adopt", {"plan_version": 1}, said["version"])
    said = await chair.do(f"{base}/activate", version=said["version"])
    return Period(period_id, said["version"], chair, coordinators, officers), chair


async def _operation(oracle: Oracle, period: Period, owner: str, audience: str, **more: object) -> tuple[str, str, str, str]:
    """Its id, that of an update on it, and a secret of each detail."""
    secret, text = canary("narrative"), canary("text")
    operation = await oracle.world.operation(period, owner, detail_audience=audience, narrative=secret, **more)
    body = {"kind": "result", "text": text, "counts": {"arrests": 1}}
    posted = await period.officers[owner].do(f"/operations/{operation['id']}/updates", body)
    return operation["id"], posted["id"], secret, text


async def test_a_newcomer_gets_the_history_and_who_left_nothing_new(system: World):
    period, _ = await a_running_period(system)
    base, oracle = f"/periods/{period.id}", Oracle(system, periods=[period.id])
    oracle.watchers = [await system.officer(party, "liaison_officer", name="officer") for party in ALL]
    shared = await _operation(oracle, period, "MV", "participants")
    file = (await upload(period.officers["MV"], f"%PDF-1.7\n{canary('file')}".encode())).json()
    body = {"kind": "progress", "files": [file["seal"]]}
    await period.officers["MV"].do(f"/operations/{shared[0]}/updates", body)
    own = await _operation(oracle, period, "BD", "own")
    held = await _operation(oracle, period, "BD", "participants", hold=True)
    late = await period.coordinators["KH"].post(f"{base}/answers", {"answer": "joined"})
    assert (late.status_code, late.json()["detail"][:9]) == (409, "Version 1")
    await period.coordinators["KH"].do(f"{base}/answers", {"answer": "joined", "plan_version": 1})
    for marker in (shared[0], shared[1], shared[2], shared[3], own[0], own[1]):
        oracle.knows(f"what was there before, {marker}", marker, ALL)
    for marker in (own[2], own[3]):
        oracle.knows(f"what BD keeps to itself, {marker}", marker, ("BD",))
    for marker in held:
        oracle.knows(f"what BD holds, {marker}", marker, ("BD",))
    oracle.keeps("a file of the detail", file["sha256"], ALL)
    await system.settled()
    assert not (wrong := await oracle.judge(ALL)), "\n".join(wrong)
    for party in ("BD", "KH"):
        totals = await period.officers[party].see(f"{base}/totals")
        assert {row["party"]: row["provisional"] for row in totals["items"]} == {"MV": 1, "BD": 1 + (party == "BD")}

    began = await _operation(oracle, period, "MM", "own")
    await period.coordinators["MM"].do(f"{base}/leave", {"reason": canary("elections")})
    await system.settled()
    assert (await period.officers["MM"].get(base)).status_code == 404
    assert (await period.officers["BD"].see(f"/operations/{began[0]}"))["status"] == "cancelled"
    fed = await _fed(system, "MM")
    after = Oracle(system, periods=[period.id])
    after.watchers = oracle.watchers
    for marker in (shared[0], shared[1], shared[2], shared[3], own[0], own[1]):
        after.knows(f"what MM was shown by taking part, {marker}", marker, ("BD", "MV", "KH"), once=("MM",))
    after.keeps("a file that MM was shown by taking part", file["sha256"], ("BD", "MV", "KH"))
    for marker in await _operation(after, period, "MV", "participants"):
        after.knows(f"what came after MM had left, {marker}", marker, ("BD", "MV", "KH"))
    gone = period.officers["MM"]
    for path in (f"/operations/{shared[0]}", f"/updates/{shared[1]}", f"{base}/totals", f"{base}/timeline"):
        assert (await gone.get(path)).status_code == 404, path
    said = await period.coordinators["MV"].do(f"/updates/{shared[1]}/validate", version=1)
    await system.settled()
    assert not (wrong := await after.judge(ALL)), "\n".join(wrong)
    assert await _fed(system, "MM") == fed, "its feed is told nothing new"
    assert said["status"] == "validated"
    assert (await period.officers["MM"].get(f"/updates/{shared[1]}")).status_code == 404


async def _fed(world: World, party: str) -> list[str]:
    """What a party's feed has of states' work."""
    return [event["id"] for event in await world.feed(party, "oracle") if event["source"] != "/audit"]


async def test_who_is_asked_later_gets_what_those_asked_know_and_operations_once_it_takes_part(system: World):
    period, chair = await a_running_period(system)
    base, oracle = f"/periods/{period.id}", Oracle(system, periods=[period.id])
    newcomer = await system.officer("FJ", "coordinator", name="coordinator")
    stranger = await system.officer("PG", "liaison_officer", name="officer")
    oracle.watchers = [period.officers["MV"], newcomer, stranger]
    shared = await _operation(oracle, period, "MV", "participants")
    await system.settled()
    assert (await newcomer.get(base)).status_code == 404
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(chair)
        form = forms(await desk.http.get(f"{base}/invite"))[f"{base}/invitations"]
        refused = await desk.post(form.action, form.filled())
        assert (refused.status_code, "Name at least one party" in refused.text) == (422, True)
        asked = await desk.post(form.action, [*form.filled(), ("invited", "FJ")])
        assert asked.headers["location"] == f"{base}/plan?said=invited"
    await system.settled()
    seen = await newcomer.see(base)
    assert (seen["status"], seen["adopted"], "FJ" in seen["invited"]) == ("active", 1, True)
    assert {one["party"] for one in seen["answers"]} == {"BD", "MV", "MM"}
    (plan,) = seen["plans"]
    assert {one["party"]: one["answer"] for one in plan["answers"]} == dict.fromkeys(ALL[:3], "endorsed")
    said = [event["type"] for event in await system.feed("FJ", "oracle")]
    assert [name for name in said if name.startswith("planner.")] == ["planner.parties.invited.v1"]
    for marker in shared:
        oracle.knows(f"what those have who take part, {marker}", marker, ("BD", "MV", "MM"))
    oracle.knows("the period", period.id, (*ALL, "FJ"))
    assert not (wrong := await oracle.judge((*ALL, "FJ", "PG"))), "\n".join(wrong)
    await newcomer.do(f"{base}/answers", {"answer": "joined", "plan_version": 1})
    await system.settled()
    after = Oracle(system, periods=[period.id])
    after.watchers = oracle.watchers
    for marker in shared:
        after.knows(f"what those have who take part now, {marker}", marker, ("BD", "MV", "MM", "FJ"))
    assert not (wrong := await after.judge((*ALL, "FJ", "PG"))), "\n".join(wrong)


async def test_a_plan_in_force_is_amended_on_pages(system: World):
    period, chair = await a_running_period(system)
    base = f"/periods/{period.id}"
    await system.settled()
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(chair)
        form = forms(await desk.http.get(f"{base}/plan"))[f"{base}/plan-versions"]
        fields = [*form.filled(sections__0__text="Together, at sea.", objectives__0__target="60"), ("affected", "MV")]
        assert (await desk.post(form.action, fields)).headers["location"] == f"{base}/plan?said=published"
        page = (await desk.http.get(f"{base}/plan")).text
        assert "<ins>" in page
        assert "Maldives: to reconfirm." in page
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(period.coordinators["MV"])
        form = forms(await desk.http.get(f"{base}/plan"))[f"{base}/plan-versions/2/answer"]
        assert (await desk.post(form.action, form.filled(answer="endorsed"))).status_code == 303
    shown = await chair.see(base)
    assert (shown["adopted"], shown["objectives"][0]["target"], shown["status"]) == (2, 60, "active")
    difference = await chair.see(f"{base}/plan-versions/2/difference")
    assert [one["change"] for one in difference["sections"] + difference["objectives"]] == ["changed", "changed"]
    assert (await chair.get(f"{base}/plan-versions/9/difference")).status_code == 404
    stranger = await system.officer("PG", "liaison_officer", name="officer")
    assert (await stranger.get(f"{base}/plan-versions/2/difference")).status_code == 404
    assert [one["ahead"] for one in (await chair.see(f"{base}/checkpoints"))["items"]] == [False]


async def test_leaving_extending_and_cancelling_are_done_on_pages(system: World):
    period, chair = await a_running_period(system)
    base = f"/periods/{period.id}"
    await system.settled()
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(chair)
        form = forms(await desk.http.get(f"{base}/extend"))[f"{base}/extend"]
        assert (await desk.post(form.action, form.filled(answer_by="2091-01-01T00:00"))).status_code == 303
        form = forms(await desk.http.get(f"{base}/cancel"))[f"{base}/cancel"]
        ended = await desk.post(form.action, form.filled(reason="Over."))
        assert ended.status_code == 303
        assert "cancelled" in (await desk.http.get(base)).text
        assert (await desk.http.get(f"{base}/cancel")).status_code == 404
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(period.coordinators["MM"])
        assert (await desk.http.get(f"{base}/leave")).status_code == 403
