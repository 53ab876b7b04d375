"""A liaison officer on a phone, with JavaScript and without it, and a co-chair who sees it live."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open, Scene

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
async def test_home_form_post_receipt(tab: Open, scene: Scene, script: bool):
    async with tab(width=360, script=script) as phone:
        page = phone.page
        await phone.sign_in(scene.period.officers["NZ"])
        await page.locator("a.big-post").click()
        await page.get_by_text("Result", exact=True).click()
        words = f"Two premises searched, script {script}."
        await page.get_by_label("What happened?").fill(words)
        if script:
            await page.get_by_role("button", name="One more: Arrests").click()
            await page.get_by_role("button", name="One more: Arrests").click()
        else:
            await page.get_by_label("Arrests", exact=True).fill("2")
        await expect(page.get_by_role("heading", name="Who sees what")).to_be_visible()
        await page.get_by_role("button", name="Post", exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Posted")
        await expect(page.get_by_text("2 arrests", exact=True)).to_be_visible()
        await expect(page.get_by_text(words)).to_be_visible()
        assert phone.complaints == []


async def test_going_back_and_posting_again_is_harmless(tab: Open, scene: Scene):
    officer = scene.period.officers["NZ"]
    async with tab(width=360) as phone:
        page = phone.page
        await phone.sign_in(officer)
        before = len(await officer.all("/updates", operation_id=scene.operation["id"]))
        await phone.go(f"/updates/new?operation={scene.operation['id']}")
        await page.get_by_label("What happened?").fill("Posted twice, kept once.")
        key = await page.locator("form[data-draft] input[name=idempotency_key]").input_value()
        await page.get_by_role("button", name="Post", exact=True).click()
        first = page.url
        # not go_back(): its protocol call is lost now and then when the page comes out of the browser's cache
        await page.evaluate("history.back()")
        await page.wait_for_url("**/updates/new?operation=*")
        await page.get_by_label("What happened?").fill("Posted twice, kept once.")
        await page.locator("form[data-draft] input[name=idempotency_key]").evaluate("(e, key) => e.value = key", key)
        await page.get_by_role("button", name="Post", exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Posted")
        assert page.url == first
        assert len(await officer.all("/updates", operation_id=scene.operation["id"])) == before + 1


async def test_a_draft_is_there_again_and_gone_after_signing_out(tab: Open, scene: Scene):
    async with tab(width=360) as phone:
        page = phone.page
        await phone.sign_in(scene.period.officers["NZ"])
        await phone.go("/updates/new")
        await page.get_by_label("What happened?").fill("Not sent yet.")
        await phone.go("/updates/new")
        await expect(page.get_by_label("What happened?")).to_have_value("Not sent yet.")
        await page.locator(".drop--end summary").click()
        await page.get_by_role("button", name="Sign out").click()
        await phone.sign_in(scene.period.officers["NZ"])
        await phone.go("/updates/new")
        await expect(page.get_by_label("What happened?")).to_have_value("")


async def test_the_co_chair_sees_it_live(tab: Open, scene: Scene):
    async with tab() as desk:
        await desk.sign_in(scene.period.chair)
        await desk.go(scene.path)
        await expect(desk.page.get_by_text("connected", exact=True)).to_be_visible()
        body = {"kind": "result", "counts": {"search_warrants_executed": 7}}
        await scene.period.officers["NZ"].do(f"/operations/{scene.operation['id']}/updates", body)
        await expect(desk.page.locator("#live, #live-new").get_by_text("7 search warrants executed")).to_be_attached(
            timeout=3000
        )
        assert desk.complaints == []


async def test_an_alert_is_acknowledged_with_one_tap(tab: Open, scene: Scene):
    async with tab(width=360, script=False) as phone:
        await phone.sign_in(scene.period.officers["PH"])
        await phone.go(f"/alerts/{scene.alert['id']}")
        await expect(phone.page.get_by_text("One agent files them all.")).to_be_visible()
        await phone.page.get_by_role("button", name="Acknowledge").click()
        await expect(phone.page.get_by_text("The originator sees it now.")).to_be_visible()
