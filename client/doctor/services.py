"""What each service says of itself: whether it can work, and how old what it shows is."""

import os
import re
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from client.doctor.finding import ADVICE, NOW, Checks, Urgency, counted, lasting
from client.doctor.processes import elsewhere
from client.doctor.servers import Reached
from client.operator import readiness
from deploy.embedded import state
from deploy.embedded.places import Home
from deploy.provision.topics import SERVICES

LATE_SECONDS = 60.0
UNPUBLISHED = "the oldest unpublished event"
NO_SPACE = "too little free space"
RECORDS = "records"
SETTLING = {"kafka: no partitions assigned yet"}  # as every group of consumers begins
SETTLES_SECONDS = 60.0
Found = tuple[bool, Urgency, str, str, tuple[str, ...]]
"""Fine, how urgent, what, what to do, and what would explain it."""
SAID = re.compile(r"^(jpa_\w+|process_start_time_seconds)(?:\{[^}]*\})? (\S+)$", re.MULTILINE)


def urls(home: Home) -> dict[str, str]:
    """Where each service is: as the supervisor has it, or as the environment says."""
    if elsewhere():
        return {name: url for name in SERVICES if (url := os.environ.get(f"{name.upper()}_URL"))}
    now = state.running(home)
    processes = now["processes"] if now else []
    return {p["name"]: f"http://127.0.0.1:{p['port']}" for p in processes if state.kind(p["name"]) in SERVICES}


def look(home: Home, checks: Checks, reached: Reached) -> None:
    """All at once, so that nobody waits for one that hangs."""
    there = urls(home)
    with ThreadPoolExecutor(len(there) or 1) as pool:
        asked = pool.map(lambda name: _one(name, there[name], reached), there)
        for name, findings in zip(there, asked, strict=True):
            for fine, urgency, what, do, because in findings:
                checks.that(fine, urgency, name, what, do, because)


def _explained(problem: str, reached: Reached) -> str:
    """What is found elsewhere, and explains this problem: its `about`; nothing where it stands for itself."""
    if problem.startswith("database:") and not reached.database:
        return "postgres"
    if problem.startswith("kafka:") and not reached.broker:
        return "kafka"
    if problem.startswith(UNPUBLISHED):  # what the database says of the same is counted there
        return "kafka" if not reached.broker else RECORDS if reached.database else ""
    return "disk" if problem == NO_SPACE else ""


def _one(name: str, url: str, reached: Reached) -> list[Found]:
    said = readiness(url)
    if said.get("away"):
        what = f"{name} does not answer ({'; '.join(said['problems'])})."
        do = f"./jpa logs {name} says more. If it hangs, ./jpa status has its pid: kill -KILL has it started again."
        return [(False, NOW, what, do, (name,))]
    problems = [problem for problem in said.get("problems") or [] if _explained(problem, reached) != RECORDS]
    ready = bool(said.get("ready")) or (bool(said.get("problems")) and not problems)
    causes = [_explained(problem, reached) for problem in problems]
    because = tuple(dict.fromkeys(causes)) if all(causes) else ()
    found: list[Found] = []
    do = f"./jpa logs {name} says more."
    values = _metrics(url)
    began = values.get("process_start_time_seconds", 0.0)
    if not ready and not set(problems) - SETTLING and time.time() - began < SETTLES_SECONDS:
        what = f"{name} began {lasting(time.time() - began)} ago and takes up its share of the topics."
        found.append((False, ADVICE, what, "Wait a moment: it does so by itself.", because))
    else:
        found.append((ready, NOW, f"{name} cannot work: {'; '.join(problems) or 'it is starting'}.", do, because))
    if "lag" not in said:
        return found
    late = values.get("jpa_consumer_lag_seconds", 0.0)
    behind = counted(said["lag"], "event") if said["lag"] is not None else "nobody can say how much"
    what = f"{name} shows what was {lasting(late)} ago; {behind} to go."
    behind_it = () if reached.broker else ("kafka",)
    found.append((late < LATE_SECONDS, NOW, what, f"{do} A rebuild catches up by itself.", behind_it))
    return found


def _metrics(url: str) -> dict[str, float]:
    try:
        with urllib.request.urlopen(f"{url}/metrics", timeout=8) as answer:  # noqa: S310
            return {name: float(value) for name, value in SAID.findall(answer.read().decode())}
    except (OSError, ValueError):
        return {}
