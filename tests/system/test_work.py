"""Resources and tasks of an operation, by program and on pages: for those that read its detail, each in its own name."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.portal.pages_client import Desk, forms
from tests.world import Json, Officer, Period, World

pytestmark = pytest.mark.system

SOON = (datetime.now(UTC) + timedelta(days=9)).isoformat()
VESSELS = {"kind": "vessels", "unit": "patrol boats", "planned": 2}


async def shared_with_interpol(world: World) -> tuple[Period, Json, Officer]:
    """An operation of NZ, under way, with INTERPOL in its detail; LK reads the headline."""
    period = await world.period("NZ", "LK", supporting=("INTERPOL",))
    operation = await world.operation(period, "NZ", detail_audience="involved", named=["INTERPOL"])
    return period, operation, await world.officer("INTERPOL", "liaison_officer", name="officer")


async def test_plan_stands_against_actual_and_only_its_own_party_moves_a_resource(system: World):
    period, operation, interpol = await shared_with_interpol(system)
    path = f"/operations/{operation['id']}/resources"
    pledged = await interpol.do(path, VESSELS)
    assert (pledged["party"], pledged["status"], pledged["version"]) == ("INTERPOL", "pledged", 1)
    one = f"{path}/{pledged['id']}"
    assert (await period.coordinators["NZ"].post(one, {"status": "confirmed"}, version=1)).status_code == 403
    assert (await interpol.post(one, {"status": "confirmed"}, version=1)).status_code == 403  # no coordinator
    assert (await interpol.post(one, {"status": "deployed", "actual": 1}, version=1)).status_code == 409
    coordinator = await system.officer("INTERPOL", "coordinator")
    await coordinator.do(one, {"status": "confirmed"}, version=1)
    assert (await coordinator.post(one, {"status": "deployed", "actual": 1}, version=1)).status_code == 409
    assert (await coordinator.post(one, {"status": "deployed"}, version=2)).status_code == 422
    await coordinator.do(one, {"status": "deployed", "actual": 1}, version=2)
    await system.settled()
    for reader in (interpol, period.officers["NZ"]):
        (shown,) = (await reader.see(f"/operations/{operation['id']}"))["detail"]["means"]
        assert (shown["planned"], shown["actual"], shown["status"]) == (2, 1, "deployed")
    assert (await period.officers["LK"].see(f"/operations/{operation['id']}"))["detail"] is None
    assert (await period.officers["LK"].post(path, VESSELS)).status_code == 403
    stranger = await system.officer("AU", "liaison_officer")
    assert (await stranger.post(path, VESSELS)).status_code == 404
    assert (await stranger.post(one, {"status": "released"}, version=3)).status_code == 404


async def test_two_officers_who_change_one_task_do_not_undo_each_other_and_two_tasks_do_not_meet(system: World):
    period, operation, _ = await shared_with_interpol(system)
    path, officer = f"/operations/{operation['id']}/tasks", period.officers["NZ"]
    first = await officer.do(path, {"title": "Brief them", "due": SOON})
    second = await officer.do(path, {"title": "Board", "due": SOON, "after": [first["id"]], "party": "INTERPOL"})
    await officer.do(f"{path}/{first['id']}", {"title": "Brief all of them", "due": SOON}, version=1)
    late = await period.coordinators["NZ"].post(f"{path}/{first['id']}", {"title": "Brief", "due": SOON}, version=1)
    assert late.status_code == 409
    assert [one["type"] for one in late.json()["changed"]] == ["planner.task.stated.v1"]
    circle = await officer.post(f"{path}/{first['id']}", {"title": "x", "due": SOON, "after": [second["id"]]}, version=2)
    assert (circle.status_code, circle.json()["errors"][0]["field"]) == (422, "after")
    assert (await officer.post(f"{path}/{second['id']}/finish", version=1)).status_code == 409
    await officer.do(f"{path}/{first['id']}/finish", version=2)
    await officer.do(f"{path}/{second['id']}/finish", version=1)
    # the operation's own version has stayed: its next step is not in the way of work on it
    await period.coordinators["NZ"].do(f"/operations/{operation['id']}/complete", version=operation["version"])


async def test_work_is_planned_and_done_on_pages_without_a_script(system: World):
    period, operation, interpol = await shared_with_interpol(system)
    await system.settled()
    base = f"/operations/{operation['id']}"

    async def post(desk: Desk, page: str, action: str, **values: Any) -> None:
        form = forms(await desk.http.get(page))[action]
        answer = await desk.post(action, form.filled(**values))
        assert answer.status_code == 303, answer.text
        await system.settled()

    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(period.officers["NZ"])
        await post(desk, f"{base}/work", f"{base}/resources", kind="officers", planned="12", unit="officers")
        await post(
            desk, f"{base}/tasks/new", f"{base}/tasks", title="Brief them", party="INTERPOL", due="2099-01-01T10:00"
        )
        page = (await desk.http.get(f"{base}/work")).text
        assert "Planned: 12 officers" in page
        assert "Brief them" in page
        assert (await desk.post(f"{base}/tasks", [])).status_code == 403
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(interpol)
        (task,) = (await interpol.see(base))["detail"]["tasks"]
        await post(desk, f"{base}/work", f"{base}/tasks/{task['id']}/finish")
        assert "Done" in (await desk.http.get(f"{base}/work")).text
        assert (await desk.http.get(f"{base}/tasks/new")).status_code == 404
        assert (await desk.http.get(f"{base}/readers")).status_code == 404
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(period.officers["LK"])
        assert (await desk.http.get(f"{base}/work")).status_code == 404
