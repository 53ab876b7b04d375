"""A real Chromium before the real system. Where there is none the tests are skipped; under CI they fail."""

import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.browser import joint_scene
from tests.browser.joint_scene import Between
from tests.world import PASSWORD, Json, Officer, Period, World

FLAGS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome")
Open = Callable[..., AbstractAsyncContextManager["Tab"]]


@dataclass
class Tab:
    """A page of a browser, and everything that its console complained of."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    async def go(self, path: str) -> int:
        answer = await self.page.goto(self.base + path)
        return answer.status if answer else 0

    async def sign_in(self, officer: Officer) -> None:
        await self.go("/sign-in")
        await self.page.get_by_label("User name").fill(officer.username)
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Sign in").click()
        await self.page.get_by_role("heading", level=1).wait_for()
        assert self.page.url == f"{self.base}/"


@dataclass
class Scene:
    """A period with an operation and some results."""

    world: World
    period: Period
    operation: Json
    planned: Json
    update: Json
    alert: Json
    consultation: Json
    activity: Json
    distress: Json
    referral: Json
    between: Between

    @property
    def path(self) -> str:
        return f"/periods/{self.period.id}"


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        message = f"no Chromium on this machine ({', '.join(NAMES)})"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS, chromium_sandbox=os.geteuid() != 0)
        yield browser
        await browser.close()


@pytest.fixture
def tab(system: World, chromium: Browser) -> Open:
    """Opens a page in a context of its own: `async with tab(width=320, script=False) as one`."""

    @asynccontextmanager
    async def opened(width: int = 1280, script: bool = True, **more: Any) -> AsyncIterator[Tab]:
        context = await chromium.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=script, **more
        )
        page = await context.new_page()
        one = Tab(page, str(system.http.base_url).rstrip("/"))
        page.on("console", lambda message: one.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: one.complaints.append(str(error)))
        try:
            yield one
        finally:
            await context.close()

    return opened


_made: list[Scene] = []


@pytest.fixture
async def scene(system: World) -> Scene:
    """Made once, and anew where another test's period has become the one that home is about; what a test adds harms none."""
    if not _made or not await _stands_on_top(_made[0]):
        period = await system.period("NZ", "LK", "PH", rights_officers=("LK",))
        operation = await system.operation(period, "NZ", detail_audience="participants")
        planned = await period.officers["NZ"].do(
            "/operations",
            {
                "period_id": period.id, "kind": "maritime_patrol", "title": "Patrol off the cape", "agency": "Coast guard",
                "window": {"starts_at": "2020-02-01T00:00:00Z", "ends_at": "2020-11-01T00:00:00Z"},
                "places": [{"kind": "locode", "code": "NZAKL"}, {"kind": "point", "latitude": -36.1, "longitude": 175.9}],
            },
        )  # fmt: skip
        work = f"/operations/{operation['id']}"
        await period.officers["NZ"].do(f"{work}/resources", {"kind": "vessels", "unit": "patrol boats", "planned": 2})
        task = {"title": "Brief the harbour masters", "due": "2099-01-01T00:00:00Z"}
        await period.officers["NZ"].do(f"{work}/tasks", task)
        held = await system.operation(period, "LK", hold=True)
        path = f"/operations/{operation['id']}/updates"
        body = {"kind": "result", "text": "ตรวจค้นสองแห่ง จับกุมสี่คน", "language": "th", "counts": {"arrests": 4}}
        update = await period.officers["NZ"].do(path, body)
        await period.officers["LK"].do(f"/operations/{held['id']}/updates", {"kind": "result", "counts": {"arrests": 1}})
        alert = await period.officers["LK"].do(
            "/alerts",
            {
                "kind": "visa_fraud", "title": "Series of eleven visas", "text": "One agent files them all.",
                "language": "en", "grading": {"scale": "admiralty", "source": "B", "information": "2"},
                "precedence": "IMMEDIATE", "recipients": ["NZ", "PH"],
                "valid_until": (datetime.now(UTC) + timedelta(days=30)).isoformat(),
            },
        )  # fmt: skip
        chair, owner = period.chair, period.coordinators["NZ"]
        await system.working_group("NZ", "LK", "PH")
        consultation = await chair.do(
            "/consultations",
            {"title": "เรือลอยลำ", "trigger": "Two vessels.", "co_chairs": ["NZ"], "invited": ["NZ", "LK", "PH"]},
        )
        answer = f"/consultations/{consultation['id']}/answers"
        await period.coordinators["LK"].do(answer, {"answer": "attending", "note": "With our maritime centre."})
        activity = await chair.do(
            "/programme",
            {
                "kind": "expert_roster", "title": "Roster of document examiners", "owner": "NZ",
                "due": str(datetime.now(UTC).date() + timedelta(days=400)),
                "documents": [{"title": "Outline", "address": "https://documents.example/" + "outline-" * 12}],
            },
        )  # fmt: skip
        activity = await owner.do(f"/programme/{activity['id']}/agree", {}, activity["version"])
        reported = {"latitude": -6.205, "longitude": 105.5, "vessel": "Harapan", "place": "Off the strait " * 6}
        distress = await period.officers["NZ"].do(f"/periods/{period.id}/distress", reported)
        referral = await period.officers["NZ"].do(
            f"/operations/{operation['id']}/referrals",
            {"service": "PH", "reference": "NZ-2020-114", "indicators": ["deception", "debt_bondage"]},
        )
        between = await joint_scene.made(system, period, operation)
        told = (operation, planned, update, alert, consultation, activity, distress, referral, between)
        _made[:] = [Scene(system, period, *told)]
    return _made[0]


async def _stands_on_top(made: Scene) -> bool:
    running = [one for one in await made.period.officers["NZ"].all("/periods") if one["status"] == "active"]
    return bool(running[0]["id"] == made.period.id)
