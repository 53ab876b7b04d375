"""The runtime clock: the one place from which services take `now`.

Domain facts are dated by `now()`. In the embedded stack a played clock may move it (playback): a small file that
every process looks at on each call, so that all agree from the moment it is written. Sessions, tokens, retention
and back-off use real time and never ask here.
"""

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path


class Clock:
    """Real time, or the played time in `playback` (JSON: `real` and `played` in Unix seconds, `speed` as a factor)."""

    def __init__(self, playback: Path | None = None) -> None:
        self._file = playback
        self._seen: tuple[int, int] | None = None
        self._played: tuple[float, float, float] | None = None

    def now(self) -> datetime:
        if self._file is None:
            return datetime.now(UTC)
        played = self._read(self._file)
        if played is None:
            return datetime.now(UTC)
        real, start, speed = played
        return datetime.fromtimestamp(start + (time.time() - real) * speed, UTC)

    def _read(self, file: Path) -> tuple[float, float, float] | None:
        try:
            status = os.stat(file)
        except FileNotFoundError:
            self._seen = self._played = None
            return None
        mark = (status.st_mtime_ns, status.st_ino)
        if mark != self._seen:
            content = json.loads(file.read_text())
            self._played = (float(content["real"]), float(content["played"]), float(content["speed"]))
            self._seen = mark
        return self._played
