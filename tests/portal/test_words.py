"""What waits for whom, over the real system: on Home, on the period's page, and where nothing can be posted any more."""

import pytest

from tests.portal.pages_client import Desk, forms
from tests.world import Officer, World

pytestmark = pytest.mark.system


async def home_of(system: World, officer: Officer, path: str = "/") -> str:
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(officer)
        return (await desk.http.get(path)).text


async def test_home_reminds_whoever_must_give_the_next_word(system: World):
    chair = await system.officer("MY", "co_chair", name="chair")
    coordinators = [await system.officer(party, "coordinator", name="coordinator") for party in ("MY", "BN")]
    title = "A period of words"
    asked = {
        "title": title, "focus": ["people_smuggling"], "first_day": "2020-01-01", "last_day": "2020-03-01",
        "co_chairs": ["MY"], "invited": ["MY", "BN"],
    }  # fmt: skip
    period = await chair.do("/periods", asked)
    base = f"/periods/{period['id']}"
    await system.settled()
    page = await home_of(system, coordinators[0], base)
    assert f'href="{base}/answer">Answer the invitation' in page
    assert f'href="{base}/plan">Answer the invitation' in page  # that of the other party, which has no form here
    assert "2 invited, 0 joined" in page
    for coordinator in coordinators:
        said = await coordinator.do(f"{base}/answers", {"answer": "joined"})
    await system.settled()
    assert "Publish the first version of the plan" in await home_of(system, chair)
    said = await chair.do(f"{base}/plan-versions", {"sections": [{"title": "Aim", "text": "x"}]}, said["version"])
    await system.settled()
    assert f'href="{base}/plan">Endorse plan version 1</a>: {title}' in await home_of(system, coordinators[0])
    assert "Adopt plan version" not in await home_of(system, chair)
    for coordinator in coordinators:
        said = await coordinator.do(f"{base}/plan-versions/1/answers", {"answer": "endorsed"})
    await system.settled()
    assert "Endorse plan version" not in await home_of(system, coordinators[0])
    assert "Adopt plan version 1" in await home_of(system, chair)
    said = await chair.do(f"{base}/adopt", {"plan_version": 1}, said["version"])
    await system.settled()
    assert f'href="{base}">Start the period</a>: {title}' in await home_of(system, chair)
    await chair.do(f"{base}/cancel", {"reason": "only a test"}, said["version"])


async def test_a_coordinator_is_reminded_of_results_and_a_closed_period_offers_no_form(system: World):
    period = await system.period("SG", "BN")
    operation = await system.operation(period, "SG")
    officer, base = period.officers["SG"], f"/periods/{period.id}"
    posted = await officer.do(f"/operations/{operation['id']}/updates", {"kind": "result", "counts": {"arrests": 2}})
    await system.settled()
    assert f'href="{base}/updates?party=SG&amp;status=provisional"' in await home_of(system, period.coordinators["SG"])
    assert "Close the period" in await home_of(system, period.chair)  # its last day is over
    body = {"kind": "result", "place": "Jurong", "counts": {"arrests": 1}, "supersedes": posted["id"]}
    newer = await officer.do(f"/operations/{operation['id']}/updates", body)
    await period.chair.do(f"{base}/close", version=period.version)
    await system.settled()
    async with Desk(str(system.http.base_url)) as desk:
        await desk.sign_in(officer)
        refused = await desk.http.get(f"/updates/new?operation={operation['id']}")
        assert "/updates" not in forms(refused)
        assert "takes corrections of what was posted, and no new updates" in refused.text
        receipt = (await desk.http.get(f"/updates/{newer['id']}/receipt")).text
        assert "<h1>Corrected</h1>" in receipt
        assert "Jurong" in receipt
        assert "Post another" not in receipt
        assert "Corrected by a newer version" in (await desk.http.get(f"/updates/{posted['id']}")).text
        assert forms(await desk.http.get(f"/updates/{newer['id']}/correct"))["/updates"]
