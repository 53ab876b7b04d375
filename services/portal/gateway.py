"""The gateway: carries a person's or a program's command to the service that decides, with a token that names the actor."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from services.portal.settings import Settings
from shared.actor import Actor
from shared.errors import FieldError, NotFound, Refusal, Unavailable, Unknown
from shared.runtime.identity import Signer
from shared.runtime.telemetry import current_traceparent

PASSED_ON = ("idempotency-key", "if-match", "content-type")
PASSED_BACK = ("etag", "last-event", "idempotent-replay", "retry-after", "content-type")
_PATH = re.compile(r"^(periods|operations|updates|alerts)(/[A-Za-z0-9-]+)*$")
_OWNER = {"periods": "planner", "operations": "planner", "updates": "planner", "alerts": "intel"}


@dataclass(frozen=True)
class Reply:
    """What the deciding service answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        return dict(httpx.Response(self.status, content=self.body).json())


class Gateway:
    """One HTTP client for each deciding service, kept open."""

    def __init__(self, settings: Settings) -> None:
        self._signer = Signer(settings.actor_private_key_file)
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=4)
        urls = {"planner": settings.planner_url, "intel": settings.intel_url, "debrief": settings.debrief_url}
        timeout = httpx.Timeout(settings.command_timeout_seconds, connect=2)
        self._clients = {
            name: httpx.AsyncClient(base_url=url, timeout=timeout, limits=limits, trust_env=False)
            for name, url in urls.items()
        }

    async def command(self, actor: Actor, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Forward a POST. The service's own answer comes back, refusals included.

        Raises:
            NotFound: no service takes commands on such a path.
            Unavailable: the service was never reached; nothing was kept.
            Unknown: the command was sent and the answer was lost, also on a second try with the same key.
        """
        sent = {name: headers[name] for name in PASSED_ON if name in headers}
        return await self._send("POST", actor, path, body, sent)

    async def ask(self, actor: Actor, path: str) -> Reply:
        """A question that only the deciding service can answer."""
        return await self._send("GET", actor, path, b"", {})

    async def _send(self, method: str, actor: Actor, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        if not _PATH.match(path):
            raise NotFound
        client = self._clients[_OWNER[path.split("/", 1)[0]]]
        headers |= {"authorization": f"Bearer {self._signer.token(actor)}", "traceparent": current_traceparent()}
        sent = False
        for _ in range(2):  # a kept connection may have gone stale: the key makes a second try harmless
            try:
                response = await client.request(method, f"/{path}", content=body, headers=headers)
                back = {name: response.headers[name] for name in PASSED_BACK if name in response.headers}
                return Reply(response.status_code, back, response.content)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
                break
            except httpx.TimeoutException:
                sent = True
                break
            except httpx.TransportError:
                sent = True
        raise Unknown() if sent else Unavailable()

    async def openapi(self, service: str) -> dict[str, Any] | None:
        """What a service says of its own commands; None while it is away."""
        try:
            return dict((await self._clients[service].get("/openapi.json")).json())
        except (httpx.HTTPError, ValueError):
            return None

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()


class Refused(Refusal):
    """A service's refusal, as a page shows it."""

    def __init__(self, reply: Reply) -> None:
        said = reply.json()
        errors = tuple(FieldError(error["field"], error["reason"]) for error in said.get("errors", ()))
        super().__init__(str(said.get("detail", "")), errors=errors, changed=tuple(said.get("changed", ())))
        self.said_status = reply.status
        self.said_title = str(said.get("title", ""))
        self.said_code = str(said.get("type", "")).rpartition(":")[2]
