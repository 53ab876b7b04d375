"""Whether it is up, and which of its processes do not stay up."""

import os
import time

from client.doctor.finding import ADVICE, NOW, SOON, Checks, lasting
from deploy.embedded import state
from deploy.embedded.places import Home, is_free, kept_ports

OFTEN = 3  # restarts
STEADY_SECONDS = 600.0  # after which they are history
AGAIN = ("restarting", "preparing", "starting")
PATIENCE_SECONDS = 120.0  # for a process to come up


def elsewhere() -> bool:
    """Whether an engine runs the services, and not our supervisor: then it names their addresses."""
    return "PORTAL_URL" in os.environ


def look(home: Home, checks: Checks) -> bool:
    """Whether it is up at all, so that there is something to ask."""
    if elsewhere():
        return True
    now = state.running(home)
    if not now:
        _down(home, checks)
        return False
    settled = now["status"] == "ready"
    checks.that(settled, SOON, "supervisor", f"It is {now['status']}.", "Wait a moment and ask again.")
    for process in now["processes"]:
        name, status, since = process["name"], process["status"], time.time() - process["since"]
        fine = status == "ready" or (not settled and since < PATIENCE_SECONDS)
        log = f"./jpa logs {name} says why."
        if state.halted(process["pid"]):
            what = f"{name} does not answer: it is stopped by a signal (SIGSTOP)."
            do = f"kill -CONT {process['pid']} lets it go on; kill -KILL {process['pid']} has it started again."
            checks.that(False, NOW, name, what, do)
            continue
        what, do = f"{name} is {status} for {lasting(since)}.", log
        if status in AGAIN and process["restarts"] and process.get("ended"):
            what, do = f"{name} is restarting: it {process['ended']}.", f"It is started again by itself. {log}"
        checks.that(fine, NOW, name, what, do)
        often = process["restarts"] >= OFTEN and since < STEADY_SECONDS
        checks.that(
            not often, NOW, name, f"{name} was started again {process['restarts']} times, last {lasting(since)} ago.", log
        )
    return True


def _down(home: Home, checks: Checks) -> None:
    last = state.read(home)
    left = [p["name"] for p in last["processes"] if state.is_same(p["pid"], p["born"])] if last else []
    if left:
        what = f"Its supervisor was killed, and {', '.join(left)} still run without it."
        checks.that(False, NOW, "supervisor", what, "./jpa down stops them, then ./jpa up starts all.")
        return
    if home.restoring.exists():
        what = "It is not up: a restore was broken off, and what is there is no whole system."
        checks.that(False, NOW, "supervisor", what, "./jpa restore FILE --replace, once more and to its end.")
        return
    checks.that(False, NOW, "supervisor", "It is not up.", "./jpa up starts it.")
    portal = int(last["portal"].rpartition(":")[2]) if last else 8080
    checks.that(
        is_free(portal), SOON, "ports", f"Port {portal}, the portal's, is in use by another program.",
        f"./jpa up --port {portal + 1}",
    )  # fmt: skip
    for name, port in kept_ports(home).items():
        taken = name != "portal" and not is_free(port)
        what = f"Port {port}, that {name} had, is in use by another program."
        checks.that(not taken, ADVICE, "ports", what, "Nothing: up takes another one.")
