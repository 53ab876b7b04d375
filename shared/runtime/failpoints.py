"""Failpoints: named places between two steps, where a test of endurance ends, stops or disturbs the process.

Armed by a file `<service>.<point>` in the folder that only an endurance run names; it holds `kill`, `stop` or `error`.
Whoever takes the file away has it, so it strikes one process once, and that it struck is seen by its absence. Without
the folder a point costs a comparison.
"""

import os
import signal
from enum import StrEnum
from pathlib import Path

from shared.runtime.settings import ServiceSettings


class Point(StrEnum):
    """Where: each lies between two steps of which the second must not be missed, and the first not be done twice."""

    BEFORE_PUBLISH = "after-commit-before-publish"
    BEFORE_MARK = "after-publish-before-mark"
    BEFORE_OFFSET = "after-effect-before-offset-commit"
    MIGRATION = "in-a-migration"
    REBUILD = "during-a-rebuild"


class Struck(Exception):
    """What an armed point raises when it is told to disturb: a fault that nobody foresaw."""


_armed: tuple[Path, str] | None = None


def use(settings: ServiceSettings, service: str) -> None:
    """Look for points of this service; only in the embedded stack, as the played clock."""
    global _armed  # noqa: PLW0603  # one process is one service
    _armed = (settings.failpoints_path, service) if settings.playback and settings.failpoints_path else None


def reach(point: Point) -> None:
    """The process is at this point.

    Raises:
        Struck: the point was armed with `error`.
    """
    if _armed is not None:
        folder, service = _armed
        _strike(folder / f"{service}.{point}")


def _strike(file: Path) -> None:
    try:
        how = file.read_text().strip()
        file.unlink()  # of several processes only one succeeds
    except FileNotFoundError:
        return
    if how == "error":
        raise Struck
    os.kill(os.getpid(), signal.SIGSTOP if how == "stop" else signal.SIGKILL)
