"""What an operator does to a running installation: moves the played clock, rebuilds the portal's read model."""

import asyncio
import json
import time
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any

from deploy.embedded import control, state
from deploy.embedded.places import Home, Trouble
from deploy.embedded.servers import Servers


def set_clock(home: Home, played: datetime | None, speed: float = 0.0) -> None:
    """Let all processes take `played` as now, running on at `speed` (0 stands still); None is real time again."""
    if played is None:
        home.clock_file.unlink(missing_ok=True)
        return
    moment = {"real": time.time(), "played": played.timestamp(), "speed": speed}
    draft = home.clock_file.with_suffix(".new")
    draft.write_text(json.dumps(moment))
    draft.replace(home.clock_file)


def rebuild_portal(home: Home, patience: float = 120.0) -> float:
    """Drop the portal's read model and wait until it is built again from Kafka; the seconds that took."""
    began = time.monotonic()
    control.ask(home, {"do": "stop", "process": "portal"})
    try:
        asyncio.run(_drop_read_model(home))
    finally:
        control.ask(home, {"do": "start", "process": "portal"})
    now = state.running(home)
    if not now:
        raise Trouble("The system is not up: start it with ./jpa up.")
    deadline = began + patience
    while (said := readiness(now["portal"])) and not (said.get("ready") and said.get("lag") == 0):
        if time.monotonic() > deadline:
            raise Trouble(f"The portal is not ready after {patience:.0f} s: {said.get('problems')}")
        time.sleep(0.1)
    return time.monotonic() - began


def readiness(url: str) -> dict[str, Any]:
    """What /health/ready says, also when it says no; never empty."""
    try:
        with urllib.request.urlopen(f"{url}/health/ready", timeout=5) as answer:  # noqa: S310
            said: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as error:
        said = json.load(error)
    except (OSError, ValueError) as error:
        said = {"ready": False, "problems": [str(error)]}
    return said


async def _drop_read_model(home: Home) -> None:
    import asyncpg

    surroundings = Servers.installed(home).surroundings
    url = surroundings.database.as_role("portal", surroundings.passwords()["portal"], "portal")
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("DROP SCHEMA IF EXISTS read CASCADE")
    finally:
        await connection.close()
