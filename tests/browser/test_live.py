"""The live page as a browser keeps it up to date: from made-up messages, and from the real system."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.async_api import Browser, expect

from services.portal.pages import page
from services.portal.stream import _data
from tests.browser.conftest import Open, Scene
from tests.portal import preview
from tests.portal.samples import CO_CHAIR, FIGURES, PERIOD_PAGE, TIMELINE

pytestmark = pytest.mark.browser

OLD = TIMELINE[0]


def entry(item: object) -> str:
    return _data(page(CO_CHAIR, "fragments/timeline_item.html", item)) + "\n\n"


def figures(arrests: int) -> str:
    cards = [replace(one, validated=arrests) if one.indicator == "arrests" else one for one in FIGURES.cards]
    now = replace(FIGURES, cards=tuple(cards))
    parts = "".join(page(CO_CHAIR, f"fragments/{name}.html", now) for name in ("figures", "objectives"))
    return f"event: figures\n{_data(parts)}\n\n"


class Messages(preview.Handler):
    """The pages, and at the stream's address these messages, after which the line stays open."""

    messages = ""

    def do_GET(self) -> None:
        super().do_GET()
        if "/stream" in self.path:
            self.wfile.write(self.messages.encode())
            self.wfile.flush()
            self.rfile.read(1)


@contextmanager
def served(folder: Path, messages: str) -> Iterator[str]:
    kind = type("Said", (Messages,), {"messages": messages})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(kind, directory=str(folder)))
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


async def test_numbers_objectives_and_old_entries_follow_what_the_stream_says(chromium: Browser, tmp_path: Path):
    (tmp_path / "period.html").write_text(page(CO_CHAIR, "period.html", PERIOD_PAGE))
    said = [
        "id: 7\n" + entry(replace(OLD, id="e7", what="result, corrected", counts={"arrests": 3})),
        entry(replace(OLD, status="superseded", again=True)),
        entry(replace(OLD, id="long-gone", status="superseded", again=True)),
        figures(arrests=4711),
    ]
    with served(tmp_path, "".join(said)) as base:
        tab = await chromium.new_page()
        complaints: list[str] = []
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
        await tab.goto(f"{base}/period.html")
        await expect(tab.locator("#figures")).to_contain_text("4,714")
        await expect(tab.locator("#objectives .objective")).to_have_count(len(FIGURES.objectives))
        await expect(tab.locator("#live #t-e7")).to_contain_text("3 arrests")
        await expect(tab.locator(f"#live #t-{OLD.id}")).to_contain_text("corrected since")
        await expect(tab.locator(f"[id=t-{OLD.id}]")).to_have_count(1)
        await expect(tab.locator("#t-long-gone")).to_have_count(0)
        await tab.close()
    assert complaints == []


async def test_after_a_correction_the_whole_page_says_the_same(tab: Open, scene: Scene):
    officer = scene.period.officers["NZ"]
    path = f"/operations/{scene.operation['id']}/updates"
    first = await officer.do(path, {"kind": "result", "counts": {"persons_checked": 1000}})
    await scene.world.settled()
    async with tab() as desk:
        await desk.sign_in(scene.period.chair)
        await desk.go(scene.path)
        await expect(desk.page.get_by_text("connected", exact=True)).to_be_visible()
        await officer.do(path, {"kind": "result", "counts": {"persons_checked": 1234}, "supersedes": first["id"]})
        await expect(desk.page.locator("#figures")).to_contain_text("1,234")
        old = desk.page.locator("#live li", has=desk.page.locator(f'a[href="/updates/{first["id"]}"]'))
        await expect(old).to_contain_text("corrected since")
        live = await desk.page.locator("#figures").inner_text()
        await desk.page.reload()
        assert await desk.page.locator("#figures").inner_text() == live
        assert desk.complaints == []
