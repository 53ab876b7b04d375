"""What an operator does to a running installation: moves the played clock, asks services by the operator's door."""

import json
import time
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any

from deploy.embedded import credentials, state
from deploy.embedded.places import Home, Trouble
from shared.actor import Actor
from shared.runtime.identity import Signer
from shared.vocabulary import Role

OPERATOR = Actor("operator", "Operator", "RSO", frozenset({Role.OPERATOR}))


class Away(Trouble):
    """The service does not answer now."""


def set_clock(home: Home, played: datetime | None, speed: float = 0.0) -> None:
    """Let all processes take `played` as now, running on at `speed` (0 stands still); None is real time again."""
    if played is None:
        home.clock_file.unlink(missing_ok=True)
        return
    moment = {"real": time.time(), "played": played.timestamp(), "speed": speed}
    draft = home.clock_file.with_suffix(".new")
    draft.write_text(json.dumps(moment))
    draft.replace(home.clock_file)


def leave_clock(home: Home) -> None:
    """Note that the played clock is on because somebody left it on, and not because something was broken off."""
    moment = json.loads(home.clock_file.read_text())
    draft = home.clock_file.with_suffix(".new")
    draft.write_text(json.dumps({**moment, "left": True}))
    draft.replace(home.clock_file)


def rebuild_portal(home: Home) -> float:
    """Have the portal's read model built anew from what the owners say again; the seconds that took."""
    from client.replay import run

    return float(run(home, "portal")["seconds"])


def urls_of(home: Home, service: str) -> list[str]:
    """Where the replicas of a service of the running installation answer."""
    now = state.running(home)
    ports = [p["port"] for p in now["processes"] if state.kind(p["name"]) == service and p["port"]] if now else []
    if not ports:
        raise Trouble("The system is not up: start it with ./jpa up.")
    return [f"http://127.0.0.1:{port}" for port in ports]


def token(home: Home, service: str) -> str:
    """With which the service takes the operator's word for a minute."""
    return Signer(credentials.signing_key(home, "actor")).token(OPERATOR, service)


def ask(
    home: Home, service: str, path: str, method: str = "GET", url: str = "", body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What the service, its first replica unless a `url` names another, answers at the operator's door.

    Raises:
        Away: it does not answer.
        Trouble: it says no; with its reason.
    """
    headers = {"Authorization": f"Bearer {token(home, service)}"}
    where = url or urls_of(home, service)[0]
    content = None if body is None else json.dumps(body).encode()
    if content is not None:
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(f"{where}{path}", content, headers, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            said: dict[str, Any] = json.loads(answer.read() or b"{}")
            return said
    except urllib.error.HTTPError as error:
        try:
            reason = str(json.load(error)["detail"])
        except (ValueError, KeyError, TypeError):
            reason = f"HTTP {error.code}"
        raise (Away if error.code == 503 else Trouble)(f"{service}: {reason}") from error
    except (OSError, ValueError) as error:
        raise Away(f"{service} does not answer: see ./jpa status.") from error


def readiness(url: str) -> dict[str, Any]:
    """What /health/ready says, also when it says no; never empty, and `away` when nobody answers."""
    try:
        with urllib.request.urlopen(f"{url}/health/ready", timeout=5) as answer:  # noqa: S310
            said: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as error:
        said = json.load(error)
    except (OSError, ValueError) as error:
        said = {"ready": False, "away": True, "problems": [str(getattr(error, "reason", error))]}
    return said
