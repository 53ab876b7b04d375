"""What each service says of itself: whether it can work, and how old what it shows is."""

import os
import re
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from client.doctor.finding import NOW, Checks, Urgency, counted, lasting
from client.doctor.processes import elsewhere
from client.doctor.servers import Reached
from client.operator import readiness
from deploy.embedded import state
from deploy.embedded.places import Home
from deploy.provision.topics import SERVICES

LATE_SECONDS = 60.0
SAID = re.compile(r"^(jpa_\w+)(?:\{[^}]*\})? (\S+)$", re.MULTILINE)


def urls(home: Home) -> dict[str, str]:
    """Where each service is: as the supervisor has it, or as the environment says."""
    if elsewhere():
        return {name: url for name in SERVICES if (url := os.environ.get(f"{name.upper()}_URL"))}
    now = state.running(home)
    processes = now["processes"] if now else []
    return {p["name"]: f"http://127.0.0.1:{p['port']}" for p in processes if state.kind(p["name"]) in SERVICES}


def look(home: Home, checks: Checks, reached: Reached) -> None:
    """All at once, so that nobody waits for one that hangs. What a server that is away explains is not said again."""
    causes = tuple(name for name, there in (("database:", reached.database), ("kafka:", reached.broker)) if not there)
    there = urls(home)
    with ThreadPoolExecutor(len(there) or 1) as pool:
        asked = pool.map(lambda name: _one(name, there[name], causes), there)
        for name, findings in zip(there, asked, strict=True):
            for fine, urgency, what, do in findings:
                checks.that(fine, urgency, name, what, do)


def _one(name: str, url: str, causes: tuple[str, ...]) -> list[tuple[bool, Urgency, str, str]]:
    said = readiness(url)
    told = said.get("problems") or []
    problems = [problem for problem in told if not problem.startswith(causes)] if causes else told
    ready = bool(said.get("ready")) or (bool(causes) and not problems)
    found: list[tuple[bool, Urgency, str, str]] = []
    do = f"./jpa logs {name} says more."
    found.append((ready, NOW, f"{name} cannot work: {'; '.join(problems) or 'it is starting'}.", do))
    if "lag" not in said:
        return found
    values = _metrics(url)
    late = values.get("jpa_consumer_lag_seconds", 0.0)
    behind = counted(said["lag"], "event") if said["lag"] is not None else "nobody can say how much"
    what = f"{name} shows what was {lasting(late)} ago; {behind} to go."
    found.append((late < LATE_SECONDS, NOW, what, f"{do} A rebuild catches up by itself."))
    return found


def _metrics(url: str) -> dict[str, float]:
    try:
        with urllib.request.urlopen(f"{url}/metrics", timeout=8) as answer:  # noqa: S310
            return {name: float(value) for name, value in SAID.findall(answer.read().decode())}
    except (OSError, ValueError):
        return {}
