"""A profile of the run: where each service's Python spends its time, and which statements PostgreSQL is busy with."""

import asyncio
import contextlib
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import asyncpg

from client.bench.settings import Options
from client.bench.stack import Stack
from deploy.embedded.places import Trouble

HERTZ = 100
STATEMENTS_EVERY_SECONDS = 0.02
TOP = 25
_LINE = re.compile(r":\d+\)$")
_BUSY = """
SELECT usename, coalesce(wait_event_type || ':' || wait_event, 'CPU') AS waits,
       regexp_replace(query, '\\s+', ' ', 'g') AS query
FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@contextlib.contextmanager
def of(stack: Stack, options: Options, seconds: float) -> Iterator[None]:
    """Record for as long as the block lasts, where a folder is named. The figures of such a run are a little too low."""
    folder = options.profile
    if folder is None:
        yield
        return
    spy = shutil.which("py-spy", path=str(Path(sys.executable).parent)) or shutil.which("py-spy")
    if not spy:
        raise Trouble("A profile needs py-spy, one of the packages for development.")
    folder.mkdir(parents=True, exist_ok=True)
    watching = asyncio.create_task(_statements(stack, folder))
    recorders = [
        subprocess.Popen(  # noqa: S603
            [
                spy,
                "record",
                "-p",
                str(pid),
                "-d",
                str(int(seconds)),
                "-r",
                str(HERTZ),
                "--gil",
                "-f",
                "raw",
                "-o",
                str(_raw(folder, name)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for name, pid in stack.pids().items()
        if name not in ("kafka", "postgres")
    ]
    try:
        yield
    finally:
        watching.cancel()
        for recorder in recorders:
            recorder.wait()
        if not any(folder.glob("*.raw")):
            raise Trouble("py-spy may not look into other processes here: be root, or set kernel.yama.ptrace_scope to 0.")
        for raw in folder.glob("*.raw"):
            raw.with_suffix(".txt").write_text(top(raw.read_text()))


def _raw(folder: Path, name: str) -> Path:
    return folder / f"{name}.raw"


def top(stacks: str) -> str:
    """The functions of collapsed stacks by the samples they were on top of, and by those they were anywhere in."""
    own: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    total = 0
    for line in stacks.splitlines():
        stack, _, count = line.rpartition(" ")
        frames = [_LINE.sub(")", frame) for frame in stack.split(";") if frame]
        if not frames:
            continue
        own[frames[-1]] += int(count)
        whole.update(dict.fromkeys(set(frames), int(count)))
        total += int(count)
    lines = [f"{total} samples", "", "itself"]
    lines += [f"{count / total:6.1%}  {frame}" for frame, count in own.most_common(TOP)]
    lines += ["", "with what it calls"]
    lines += [f"{count / total:6.1%}  {frame}" for frame, count in whole.most_common(TOP * 2)]
    return "\n".join(lines) + "\n"


async def _statements(stack: Stack, folder: Path) -> None:
    """What sessions are at when one looks, often."""
    seen: Counter[tuple[str, str, str]] = Counter()
    looks = 0
    connection = await asyncpg.connect(stack.as_admin("postgres"))
    try:
        while True:
            looks += 1
            seen.update((row["usename"], row["waits"], row["query"][:160]) for row in await connection.fetch(_BUSY))
            await asyncio.sleep(STATEMENTS_EVERY_SECONDS)
    finally:
        lines = [f"{looks} looks; sessions busy at a look, on average"]
        lines += [f"{count / looks:6.3f}  {' | '.join(what)}" for what, count in seen.most_common(TOP * 2)]
        (folder / "statements.txt").write_text("\n".join(lines) + "\n")
        connection.terminate()
