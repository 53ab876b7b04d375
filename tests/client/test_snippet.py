"""The consumer in docs/events.md runs as it stands there, for whoever copies it."""

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

from deploy.embedded.places import CHECKOUT
from tests.world import World

SNIPPET = re.compile(r"```python\n(# A party's feed.*?)```", re.DOTALL)


def snippet() -> str:
    found = SNIPPET.findall((CHECKOUT / "docs/events.md").read_text())
    assert len(found) == 1
    return str(found[0])


def test_the_consumer_is_short_and_is_python():
    assert len(snippet().splitlines()) <= 26
    compile(snippet(), "docs/events.md", "exec")


@pytest.mark.system
async def test_the_consumer_reads_a_party_s_feed_and_goes_on_where_it_was(system: World, tmp_path: Path):
    period = await system.period("NZ", "LK")
    await system.settled()
    credential = await asyncio.to_thread(system.servers.integrator, "NZ", "snippet")
    file = tmp_path / "consumer.py"
    file.write_text(snippet())
    environment = {
        "PATH": os.environ["PATH"],
        "BOOTSTRAP": credential.bootstrap_servers,
        "USERNAME": credential.username,
        "PASSWORD": credential.password,
        "TOPIC": credential.topic,
    }

    async def told(until_type: str) -> list[str]:
        """The lines of one run, up to an event of this type."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(file), env=environment, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout
        lines: list[str] = []
        try:
            async with asyncio.timeout(60):
                while not lines or until_type not in lines[-1]:
                    lines.append((await process.stdout.readline()).decode())
                    assert lines[-1], "it has ended"
        finally:
            process.terminate()
            await process.wait()
        return lines

    before = await told(f"planner.period.activated.v1 {period.id}")
    assert any(f"planner.period.proposed.v1 {period.id}" in line for line in before)
    operation = await system.operation(period, "NZ")
    after = await told(f"planner.operation.started.v1 {operation['id']}")
    assert not set(after) & set(before[:-1]), "but for the last, which may come twice, nothing is told again"
