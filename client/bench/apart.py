"""Work in a process of its own: what it costs is then counted apart from what it measures."""

import asyncio
import json
import os
import resource
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from deploy.embedded.places import CHECKOUT, Trouble

Job = dict[str, Any]


async def run(module: str, job: Job) -> Job:
    """Run a module of ours as a program; job and answer are JSON on its pipes, so that no password is a word of it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        cwd=CHECKOUT, env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )  # fmt: skip
    try:
        said, complained = await process.communicate(json.dumps(job).encode())
    except asyncio.CancelledError:
        process.kill()
        raise
    if process.returncode:
        last = (complained.decode().strip().splitlines() or ["nothing said"])[-1]
        raise Trouble(f"A part of the bench broke ({module}): {last}")
    answer: Job = json.loads(said)
    return answer


def serve(work: Callable[[Job], Awaitable[Job]]) -> None:
    """The other end: one job, one answer, with the CPU time that it took."""
    import uvloop

    async def one() -> Job:
        return await work(json.load(sys.stdin))

    answer = uvloop.run(one())
    used = resource.getrusage(resource.RUSAGE_SELF)
    json.dump({**answer, "cpu_seconds": used.ru_utime + used.ru_stime}, sys.stdout)


def quantile(values: list[float], share: float) -> float:
    """Of unsorted values, the one that this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
