"""What holds on every page: the policy, the width, the weight, and that everybody can use it."""

import gzip
import json
from pathlib import Path

import pytest

from tests.browser.conftest import Open, Scene, Tab
from tests.world import Officer

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FIRST_LOAD_BYTES = 100_000


def pages(scene: Scene) -> dict[str, list[str]]:
    """Addresses by who looks at them."""
    base, operation, update = scene.path, f"/operations/{scene.operation['id']}", f"/updates/{scene.update['id']}"
    planned = f"/operations/{scene.planned['id']}"
    consultation, activity = f"/consultations/{scene.consultation['id']}", f"/programme/{scene.activity['id']}"
    return {
        "officer": [
            "/", "/updates/new", f"{update}/receipt", f"{update}/correct", update, operation, "/alerts",
            f"/alerts/{scene.alert['id']}", "/alerts/new", f"{base}/operations/new", "/nowhere",
            "/programme", activity, consultation, "/distress", "/distress/new", f"/distress/{scene.distress['id']}",
            "/referrals", f"/referrals/{scene.referral['id']}", f"/referrals/new?operation={scene.operation['id']}",
            "/incidents", f"/incidents/new?operation={scene.operation['id']}", f"{operation}/work", f"{operation}/tasks/new",
            "/places", "/places?q=poipet", "/places?q=san",
        ],
        "coordinator": [
            "/", f"{base}/plan", f"{base}/answer", f"{base}/leave", f"{operation}/readers", f"{planned}/schedule",
            f"{planned}/edit",
            "/programme", activity, consultation, "/waiting", f"{base}/investigations",
            "/programme", activity, consultation, "/conflicts", f"{operation}/targets",
        ],
        "chair": [
            base, f"{base}/updates", f"{base}/updates?indicator=arrests", f"{base}/operations", f"{base}/plan",
            f"{base}/totals", f"{base}/debrief", f"{base}/record", "/periods", "/periods/new", f"{base}/close",
            f"{base}/checkpoints", f"{base}/extend", f"{base}/invite", f"{base}/cancel",
            "/consultations", consultation, "/consultations/new", "/programme/new",
        ],
        "rights": ["/", "/waiting", "/incidents", *(f"/incidents/{one['id']}" for one in scene.incidents)],
    }  # fmt: skip


def people(scene: Scene) -> dict[str, Officer]:
    period = scene.period
    return {
        "officer": period.officers["NZ"], "chair": period.chair, "coordinator": period.coordinators["NZ"],
        "rights": scene.rights,
    }  # fmt: skip


async def test_nothing_is_refused_by_the_policy_and_nothing_scrolls_sideways(tab: Open, scene: Scene):
    who = people(scene)
    for name, paths in pages(scene).items():
        async with tab(width=320) as phone:
            await phone.go("/sign-in")
            await _fits(phone, "/sign-in")
            await phone.sign_in(who[name])
            for path in paths:
                assert await phone.go(path) == (404 if path == "/nowhere" else 200), path
                await _fits(phone, path)
                # the browser itself reports the page that is not there
                said = [one for one in phone.complaints if "404" not in one]
                assert said == [], path


async def _fits(phone: Tab, path: str) -> None:
    width = await phone.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320, f"{path} is {width} wide"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everybody_can_use_it(tab: Open, scene: Scene, scheme: str):
    who = people(scene)
    found = []
    for name, paths in pages(scene).items():
        async with tab(bypass_csp=True, color_scheme=scheme) as desk:
            await desk.sign_in(who[name])
            for path in paths:
                await desk.go(path)
                await desk.page.evaluate(AXE.read_text() + "; undefined")
                said = await desk.page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
                found += [(path, one["id"], one["nodes"][0]["target"]) for one in said["violations"]]
    assert found == []


async def test_a_first_load_is_light(tab: Open, scene: Scene):
    """What goes over the line for a page and all that it loads, with nothing kept from before."""
    weights = {}
    for officer, path in (
        (scene.period.officers["NZ"], "/"),
        (scene.period.officers["NZ"], "/updates/new"),
        (scene.period.chair, scene.path),
        (scene.period.chair, f"{scene.path}/totals"),
    ):
        async with tab() as one:
            await one.sign_in(officer)
            cookies = await one.page.context.cookies()
        async with tab() as fresh:
            await fresh.page.context.add_cookies(cookies)
            devtools = await fresh.page.context.new_cdp_session(fresh.page)
            await devtools.send("Network.enable")
            sizes: list[float] = []
            devtools.on("Network.loadingFinished", lambda said, sizes=sizes: sizes.append(said["encodedDataLength"]))
            await fresh.go(path)
            await fresh.page.wait_for_timeout(500)
            weights[path.replace(scene.period.id, "…")] = int(sum(sizes))
    print(json.dumps(weights))
    assert max(weights.values()) <= FIRST_LOAD_BYTES, weights


async def test_static_files_are_packed(scene: Scene):
    answer = await scene.world.http.get("/static/live.js", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert len(gzip.compress(answer.content)) < 40_000
