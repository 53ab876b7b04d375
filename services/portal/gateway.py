"""The gateway: carries a person's or a program's command to the service that decides, with a token that names the actor."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    TCPConnector,
)

from services.portal.addresses import Addresses
from services.portal.settings import Settings
from shared.actor import Actor
from shared.errors import FieldError, Invalid, NotFound, Refusal, Unavailable, Unknown
from shared.runtime.identity import Signer
from shared.runtime.telemetry import NOT_SHIPPED, current_traceparent

PASSED_ON = ("idempotency-key", "if-match", "content-type")
PASSED_BACK = ("etag", "last-event", "idempotent-replay", "retry-after", "content-type")
FAMILIES = {
    "periods": "planner", "operations": "planner", "updates": "planner", "consultations": "planner",
    "programme": "planner", "conflicts": "planner", "consent-ledger": "planner", "distress": "planner",
    "investigations": "planner", "referrals": "planner", "incidents": "planner", "alerts": "intel",
}  # fmt: skip
"""What commands are about, and who decides it."""
_PATH = re.compile(rf"({'|'.join(FAMILIES)})(/[A-Za-z0-9-]+)*")


@dataclass(frozen=True)
class Reply:
    """What the deciding service answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body; a body that is no JSON, as of a proxy between, is nothing."""
        try:
            said = json.loads(self.body)
        except ValueError:
            said = {}
        return said if isinstance(said, dict) else {}


class Gateway:
    """One HTTP client for all deciding services, with connections that are kept. `open` it where the event loop runs."""

    def __init__(self, settings: Settings) -> None:
        self._signer = Signer(settings.actor_private_key_file)
        named = {"planner": settings.planner_url, "intel": settings.intel_url, "debrief": settings.debrief_url}
        self._addresses = {service: Addresses(urls) for service, urls in named.items()}
        self._timeout = ClientTimeout(total=settings.command_timeout_seconds, connect=2)
        self._client: ClientSession | None = None

    async def open(self) -> None:
        connector = TCPConnector(limit=128, keepalive_timeout=4)  # shorter than the services keep them
        self._client = ClientSession(connector=connector, timeout=self._timeout, auto_decompress=False)

    async def close(self) -> None:
        if self._client:
            await self._client.close()

    async def command(self, actor: Actor, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Forward a POST. The service's own answer comes back, refusals included.

        Raises:
            NotFound: no service takes commands on such a path.
            Unavailable: the service was never reached; nothing was kept.
            Unknown: the command was sent and the answer was lost, also on a second try with the same key.
        """
        sent = {name: headers[name] for name in PASSED_ON if name in headers}
        for name, value in sent.items():
            if not (value.isascii() and value.isprintable()):
                raise Invalid.field(name.title(), "This header has letters, digits and signs of ASCII only.")
        return await self._send("POST", actor, path, body, sent)

    async def ask(self, actor: Actor, path: str, query: Mapping[str, str] | None = None) -> Reply:
        """A question that only the deciding service can answer."""
        return await self._send("GET", actor, path, b"", {}, f"?{urlencode(query)}" if query else "")

    async def _send(
        self, method: str, actor: Actor, path: str, body: bytes, headers: dict[str, str], query: str = ""
    ) -> Reply:
        if not _PATH.fullmatch(path):
            raise NotFound
        owner = FAMILIES[path.split("/", 1)[0]]
        headers["authorization"] = f"Bearer {self._signer.token(actor, owner)}"
        headers["traceparent"] = current_traceparent() or NOT_SHIPPED
        addresses = self._addresses[owner]
        sent, unreachable = False, set()
        for address in addresses.turn() * 2:  # a kept connection may have gone stale: the key makes a second try harmless
            if address in unreachable:
                continue
            try:
                return await self._exchange(method, f"{address}/{path}{query}", body, headers)
            except (ClientConnectorError, ConnectionTimeoutError):
                unreachable.add(address)
                addresses.failed(address)
            except TimeoutError:
                sent = True
                addresses.failed(address, self._timeout.total or 1)  # it takes requests and does not work on them
                break
            except ClientError:
                sent = True
        raise Unknown() if sent else Unavailable()

    async def _exchange(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> Reply:
        assert self._client
        async with self._client.request(method, url, data=body or None, headers=headers, allow_redirects=False) as answer:
            back = {name: answer.headers[name] for name in PASSED_BACK if name in answer.headers}
            return Reply(answer.status, back, await answer.read())

    async def openapi(self, service: str) -> dict[str, Any] | None:
        """What a service says of its own commands; None while it is away."""
        try:
            return (await self._exchange("GET", f"{self._addresses[service].turn()[0]}/openapi.json", b"", {})).json()
        except (ClientError, TimeoutError, ValueError):
            return None


class Refused(Refusal):
    """A service's refusal, as a page shows it."""

    def __init__(self, reply: Reply) -> None:
        said = reply.json()
        errors = tuple(FieldError(error["field"], error["reason"]) for error in said.get("errors", ()))
        super().__init__(str(said.get("detail", "")), errors=errors, changed=tuple(said.get("changed", ())))
        self.said_status = reply.status
        self.said_title = str(said.get("title", ""))
        self.said_code = str(said.get("type", "")).rpartition(":")[2]
