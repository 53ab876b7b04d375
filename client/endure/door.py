"""The public API as a careful client uses it: one key for each command, sent again until the answer is certain."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx

from deploy.embedded.places import Trouble

Json = dict[str, Any]
NO_ANSWER = 0
AGAIN = frozenset({NO_ANSWER, 429, 502, 503, 504})


@dataclass(frozen=True)
class Answer:
    """What came back; `NO_ANSWER` where the line broke or nobody listened."""

    status: int
    body: Json = field(default_factory=dict)


class Door:
    """All accounts over one pool of connections, to one portal after the other."""

    def __init__(self, addresses: Sequence[str]) -> None:
        limits = httpx.Limits(max_connections=48, keepalive_expiry=4)
        self._http = httpx.AsyncClient(timeout=15, limits=limits, trust_env=False)
        self._portals = cycle(f"{address}/api/v1" for address in addresses)
        self._tokens: dict[str, str] = {}
        self.retries: Counter[int] = Counter()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def sign_in(self, username: str, password: str) -> None:
        answer = await self._send("POST", "/sessions", {}, json={"username": username, "password": password})
        if answer.status != 201:
            raise Trouble(f"{username} is not let in: {answer.status}.")
        self._tokens[username] = answer.body["token"]

    async def once(self, by: str, path: str, body: Json, key: str, version: int | None = None) -> Answer:
        """A command, tried once."""
        headers = {**self._who(by), "idempotency-key": key}
        if version is not None:
            headers["if-match"] = f'"{version}"'
        return await self._send("POST", path, headers, json=body)

    async def insist(self, by: str, path: str, body: Json, version: int | None = None) -> Answer:
        """A command, with the same key until it was answered with a yes or a no."""
        key, pause = str(uuid4()), 0.1
        while (answer := await self.once(by, path, body, key, version)).status in AGAIN:
            self.retries[answer.status] += 1
            await asyncio.sleep(pause)
            pause = min(1.0, pause * 2)
        return answer

    async def do(self, by: str, path: str, body: Json, version: int | None = None) -> Json:
        """A command that must be accepted."""
        answer = await self.insist(by, path, body, version)
        if answer.status not in {200, 201}:
            raise Trouble(f"{by} at {path}: {answer.status} {answer.body.get('type', '')}.")
        return answer.body

    async def see(self, by: str, path: str, **query: Any) -> Answer:
        """A question, until it is answered."""
        pause = 0.1
        while (answer := await self._send("GET", path, self._who(by), params=query)).status in AGAIN:
            await asyncio.sleep(pause)
            pause = min(1.0, pause * 2)
        return answer

    async def all(self, by: str, path: str, **query: Any) -> list[Json]:
        """Every item of a list, page by page."""
        items: list[Json] = []
        cursor: Json = {}
        while True:
            answer = await self.see(by, path, **query, **cursor)
            if answer.status != 200:
                raise Trouble(f"{by} at {path}: {answer.status}.")
            items += answer.body["items"]
            if not answer.body["next"]:
                return items
            cursor = {"cursor": answer.body["next"]}

    def _who(self, by: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self._tokens[by]}"}

    async def _send(self, method: str, path: str, headers: dict[str, str], **what: Any) -> Answer:
        try:
            answer = await self._http.request(method, next(self._portals) + path, headers=headers, **what)
            return Answer(answer.status_code, answer.json())
        except (httpx.TransportError, ValueError):
            return Answer(NO_ANSWER)
