"""A party's way in: the public HTTP API, used as any careful program uses it."""

import asyncio
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx

from deploy.embedded.places import Trouble

PATIENCE = 60.0
"""Seconds for which a command is sent again while the system cannot take it or its answer is lost."""
AGAIN = frozenset({429, 502, 503, 504})


class Refused(Trouble):
    """The system said no, and why."""

    def __init__(self, by: str, path: str, answer: httpx.Response) -> None:
        self.status = answer.status_code
        try:
            said = answer.json()
        except ValueError:
            said = {}
        self.kind = str(said.get("type", ""))
        reasons = [f"{error['field']}: {error['reason']}" for error in said.get("errors", ())]
        because = "; ".join([str(said.get("detail") or answer.reason_phrase), *reasons])
        super().__init__(f"{by} at /api/v1/{path}: {answer.status_code}, {because}")

    @property
    def is_stale(self) -> bool:
        """The thing changed since its version was seen."""
        return self.status == 409 and self.kind.endswith(":stale")


class Api:
    """All accounts over one pool of connections, each with its own bearer token."""

    def __init__(self, address: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        limits = httpx.Limits(max_connections=16, keepalive_expiry=4)
        self._http = httpx.AsyncClient(
            base_url=f"{address}/api/v1/", timeout=30, limits=limits, trust_env=False, transport=transport
        )
        self._tokens: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def sign_in(self, username: str, password: str) -> None:
        """From here on this account may act."""
        answer = await self._http.post("sessions", json={"username": username, "password": password})
        if answer.status_code != 201:
            raise Refused(username, "sessions", answer)
        self._tokens[username] = answer.json()["token"]

    def token(self, username: str) -> str:
        """What it signed in with."""
        return self._tokens[username]

    async def get(self, by: str, path: str) -> dict[str, Any]:
        return await self._send("GET", by, path)

    async def post(self, by: str, path: str, body: dict[str, Any], version: int | None = None) -> dict[str, Any]:
        """A command, sent again with the same key until it is answered, so that it is done once.

        Raises:
            Refused: the answer is a no; `is_stale` when it meant another version.
        """
        headers = {"Idempotency-Key": str(uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return await self._send("POST", by, path, headers, body)

    async def upload(self, by: str, name: str, content: bytes) -> str:
        """The seal by which a command of the same party names the file. Sent twice it is kept once, by its content."""
        return str((await self._send("POST", by, "files", files={"file": (name, content)}))["seal"])

    async def _send(
        self,
        method: str,
        by: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
        files: dict[str, tuple[str, bytes]] | None = None,
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._tokens[by]}", **(headers or {})}
        loop = asyncio.get_running_loop()
        until, pause = loop.time() + PATIENCE, 0.1
        while True:
            try:
                answer = await self._http.request(method, path, json=body, files=files, headers=headers)
            except httpx.TransportError as error:
                if loop.time() > until:
                    raise Trouble(f"The portal does not answer ({type(error).__name__}): see ./jpa status.") from error
            else:
                if answer.is_success:
                    found: dict[str, Any] = answer.json()
                    return found
                if answer.status_code not in AGAIN or loop.time() > until:
                    raise Refused(by, path, answer)
            await asyncio.sleep(pause)
            pause = min(2.0, pause * 2)
