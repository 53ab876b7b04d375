"""What holds on every page: the policy, the width, the weight, and that everybody can use it."""

import asyncio
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
NARROW = 320


RUN = """rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})
    .then(said => said.violations.map(each => [each.id, each.nodes[0].target.join(' ')]))"""
"""What is well is left where it is: to carry all that axe-core says out of the browser takes longer than to find it."""
COLOURS = ["color-contrast", "link-in-text-block"]
"""What dark mode can change: it is the same page with other colours."""


def pages(scene: Scene) -> dict[str, list[str]]:
    """Addresses by who looks at them."""
    base, operation, update = scene.path, f"/operations/{scene.operation['id']}", f"/updates/{scene.update['id']}"
    planned, between = f"/operations/{scene.planned['id']}", scene.between
    consultation, activity = f"/consultations/{scene.consultation['id']}", f"/programme/{scene.activity['id']}"
    joint = (between.proposed, between.running, between.meeting, between.amended)
    proposed, running, met, amended = (f"/operations/{one['id']}" for one in joint)
    plan, referral = f"/investigations/{between.plan['id']}", f"/referrals/{scene.referral['id']}"
    return {
        "officer": [
            "/", "/updates/new", f"{update}/receipt", f"{update}/correct", update, operation, "/alerts",
            f"/alerts/{scene.alert['id']}", "/alerts/new", f"{base}/operations/new", "/nowhere",
            "/programme", activity, consultation, "/distress", "/distress?over=1", "/distress/new",
            f"/distress/{scene.distress['id']}",
            "/referrals", referral, f"/referrals/new?operation={scene.operation['id']}",
            "/incidents", f"/incidents/new?operation={scene.operation['id']}", f"{operation}/work", f"{operation}/tasks/new",
            "/places", "/places?q=poipet", "/places?q=san",
            f"/updates/{between.minor['id']}", running,
        ],
        "coordinator": [
            "/", f"{base}/plan", f"{base}/answer", f"{base}/leave", f"{operation}/readers", f"{planned}/schedule",
            f"{planned}/edit", f"{planned}/propose", proposed, plan, f"{plan}/revise", amended, f"{amended}/amend",
            "/waiting", f"{base}/investigations", f"{base}/investigations/new", f"{base}/consents",
            "/conflicts", f"{operation}/targets", "/programme", activity, consultation,
        ],
        "asked": [
            proposed, running, f"{running}/withdraw", plan, "/waiting", f"{base}/consents", met, f"{met}/edit",
            "/conflicts", f"/conflicts/{between.conflict}", "/conflicts/contact",
        ],
        "service": ["/", "/referrals", referral],
        "chair": [
            base, f"{base}/updates", f"{base}/updates?indicator=arrests", f"{base}/operations", f"{base}/plan",
            f"{base}/totals", f"{base}/debrief", f"{base}/record", "/periods", "/periods/new", f"{base}/close",
            f"{base}/checkpoints", f"{base}/extend", f"{base}/invite", f"{base}/cancel", f"{base}/consents",
            "/consultations", consultation, "/consultations/new", "/programme/new",
        ],
        "rights": ["/", "/waiting", "/incidents", *(f"/incidents/{one}" for one in between.incidents)],
    }  # fmt: skip


def people(scene: Scene) -> dict[str, Officer]:
    period, between = scene.period, scene.between
    return {
        "officer": period.officers["NZ"], "chair": period.chair, "coordinator": period.coordinators["NZ"],
        "asked": period.coordinators["LK"], "rights": between.rights, "service": between.service,
    }  # fmt: skip


async def test_every_page_keeps_to_the_policy_fits_and_can_be_used_by_everybody(tab: Open, scene: Scene):
    """Each is loaded once: on a narrow screen in light, then wide in light and in dark."""
    who, wrong = people(scene), list[object]()

    async def look(name: str, paths: list[str]) -> None:
        async with tab(width=NARROW) as one:
            await one.page.add_init_script(AXE.read_text())  # the policy does not stop what the browser's driver puts in
            await one.go("/sign-in")
            wrong.extend([*await _wide(one, "/sign-in"), *await _barred(one, "/sign-in")])
            await one.sign_in(who[name])
            for path in paths:
                status = await one.go(path)
                wrong.extend([] if status == (404 if path == "/nowhere" else 200) else [(path, status)])
                wrong.extend([*await _wide(one, path), *await _barred(one, path)])
                # the browser itself reports the page that is not there
                wrong.extend((path, said) for said in one.complaints if "404" not in said)
                one.complaints.clear()

    await asyncio.gather(*(look(name, paths) for name, paths in pages(scene).items()))
    assert not wrong, "\n".join(map(str, wrong))


async def _wide(one: Tab, path: str) -> list[object]:
    width = await one.page.evaluate("document.documentElement.scrollWidth")
    return [(path, f"{width} wide")] if width > NARROW else []


async def _barred(one: Tab, path: str) -> list[object]:
    """What axe-core says of it."""
    await one.page.set_viewport_size({"width": 1280, "height": 800})
    found: list[object] = []
    for scheme, rules in (("light", TAGS), ("dark", COLOURS)):
        await one.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [(path, scheme, *each) for each in await one.page.evaluate(RUN, rules)]
    await one.page.emulate_media(color_scheme="light")
    await one.page.set_viewport_size({"width": NARROW, "height": 800})
    return found


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
