"""Renders every page from made-up views, serves them under the CSP, photographs and checks them.

Run as `python -m tests.portal.preview FOLDER [PAGE…]`.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from services.portal.pages import page
from tests.portal.board_samples import BOARD
from tests.portal.conflict_samples import CONFLICTS
from tests.portal.group_samples import GROUP
from tests.portal.joint_samples import JOINTLY
from tests.portal.more_samples import MORE
from tests.portal.protection_samples import PROTECTION
from tests.portal.samples import PAGES as FIRST

PAGES = FIRST | MORE | GROUP | CONFLICTS | PROTECTION | JOINTLY | BOARD

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "services/portal/static/dist"
AXE = ROOT / "node_modules/axe-core/axe.min.js"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Handler(SimpleHTTPRequestHandler):
    """Serves rendered pages, the built files below /static/ and nothing else, all under the CSP."""

    def translate_path(self, path: str) -> str:
        bare = path.split("?", maxsplit=1)[0]
        if bare.startswith("/static/"):
            return str(DIST / bare.removeprefix("/static/"))
        return super().translate_path(path)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CSP)
        super().end_headers()

    def do_GET(self) -> None:
        if "/stream" in self.path:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: what fails is seen in the browser's console."""


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, (template, context, view) in PAGES.items():
        (folder / f"{name}.html").write_text(page(context, template, view))
        turned = replace(context, direction="rtl")
        (folder / f"{name}.rtl.html").write_text(page(turned, template, view))


@contextmanager
def served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def faults(tab: Page) -> list[str]:
    """What axe-core has to say. It is put in by evaluation, which a CSP does not stop."""
    tab.evaluate(AXE.read_text() + "; undefined")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = tab.evaluate("tags => axe.run(document, {runOnly: tags})", tags)
    return [
        f"{v['id']}: {v['help']} {[n['target'] + [n['any'][0]['message'] if n['any'] else ''] for n in v['nodes'][:4]]}"
        for v in found["violations"]
    ]


WIDE = """width => [...document.querySelectorAll('main *, header *, nav *')]
    .filter(e => e.getBoundingClientRect().right > width + 1).slice(0, 4).map(e => e.outerHTML.slice(0, 80))"""
SMALL = """() => [...document.querySelectorAll('a, button, summary, select, input:not([type=hidden])')].filter(e => {
    const box = e.getBoundingClientRect(), label = e.closest('label')?.getBoundingClientRect() ?? box
    return box.width && Math.max(box.height, label.height) < 39.5
        && !e.matches('.govuk-skip-link') && !e.closest('p, .figure, .govuk-radios, .govuk-checkboxes')
}).slice(0, 5).map(e => e.outerHTML.slice(0, 90))"""
VIEWS = [
    (1280, "light", ""), (360, "light", ""), (1280, "dark", ""), (360, "dark", ""), (320, "light", ""),
    (1280, "light", ".rtl"), (360, "light", ".rtl"),
]  # fmt: skip
"""Width, colour scheme, direction."""


def look(browser: Browser, base: str, folder: Path, name: str) -> list[str]:
    problems: list[str] = []
    for width, scheme, turned in VIEWS:
        where = f"{name}{turned} {width} {scheme}"
        tab = browser.new_page(
            viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
        )
        said: list[str] = []
        tab.on("console", partial(_note, said))
        tab.goto(f"{base}/{name}{turned}.html")
        tab.wait_for_timeout(60)
        if tab.evaluate("document.documentElement.scrollWidth") > width:
            problems.append(f"{where}: scrolls sideways: {tab.evaluate(WIDE, width)}")
        if width == 360 and (small := tab.evaluate(SMALL)):
            problems.append(f"{where}: less than 40 px to touch: {small}")
        tab.screenshot(path=str(folder / f"{name}{turned}-{width}-{scheme}.png"), full_page=True)
        problems += [f"{where}: axe: {fault}" for fault in faults(tab)]
        problems += [f"{where}: console: {text}" for text in said]
        tab.close()
    return problems


def _note(said: list[str], message: ConsoleMessage) -> None:
    if message.type in ("error", "warning"):
        said.append(message.text)


def main() -> None:
    folder = Path(sys.argv[1])
    names = sys.argv[2:] or list(PAGES)
    write(folder)
    with served(folder) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
            chromium_sandbox=False,
        )
        problems = [problem for name in names for problem in look(browser, base, folder, name)]
        browser.close()
    print("\n".join(problems) or "nothing to report")
    print(json.dumps({"pages": len(names), "problems": len(problems)}))


if __name__ == "__main__":
    main()
