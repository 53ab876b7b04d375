"""`test`: the checks and the tests one after the other, each with the time that it took."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from client.screen import console
from deploy.embedded.places import CHECKOUT

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def run(quick: bool, arguments: list[str]) -> int:
    """All stages, also after one that failed; 0 if none did. With arguments for pytest, only pytest."""
    bin_folder = Path(sys.executable).parent
    stages = [
        ("ruff", [str(bin_folder / "ruff"), "check", "--quiet", "."]),
        ("mypy", [str(bin_folder / "mypy")]),
        ("imports", [str(bin_folder / "lint-imports")]),
    ]
    if arguments:
        stages = []
    # Each of two at a time has servers of its own; more would want more memory than a small machine has.
    together = [] if arguments else ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    stages.append(("pytest", [sys.executable, "-m", "pytest", *_marks(quick), *together, *arguments]))
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    times: list[tuple[str, float, int]] = []
    for name, command in stages:
        _say(f"── {name}")
        began = time.monotonic()
        quiet = name == "imports"
        done = subprocess.run(  # noqa: S603
            command, cwd=CHECKOUT, env=environment, check=False, capture_output=quiet, text=True
        )
        if quiet and done.returncode:
            print(done.stdout)
        times.append((name, time.monotonic() - began, done.returncode))
    _summary(times)
    return int(any(code for _, _, code in times))


def _marks(quick: bool) -> list[str]:
    if quick:
        return ["-m", "not system and not browser"]
    if any(map(shutil.which, CHROMIUM)):
        return []
    if os.environ.get("CI") == "true":
        raise SystemExit("Chromium is missing: .ci/run installs it.")
    print("Browser tests are skipped: no Chromium on this machine.")
    return ["-m", "not browser"]


def _say(text: str) -> None:
    console().print(text, style="bold" if console().is_terminal else None)


def _summary(times: list[tuple[str, float, int]]) -> None:
    _say("── times")
    for name, seconds, code in times:
        mark = "[green]✓[/]" if code == 0 else "[red]✗[/]"
        console().print(f"{mark} {name:<8} {seconds:6.1f} s")
