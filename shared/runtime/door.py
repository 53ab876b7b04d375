"""The outermost layer of every service: body limit, trace, metrics, an answer for what nobody foresaw, and free space."""

import logging
import shutil
import time
from collections.abc import Callable
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import Invalid, TooLarge
from shared.runtime import telemetry
from shared.runtime.problems import Unforeseen, problem, where

Large = Callable[[Scope], int | None]
"""How large the body of a request may be that is read as it comes; None for all others, which are held whole."""

log = logging.getLogger("jpa.web")


class Door:
    """ASGI middleware: body limit, trace, metrics, and an answer for what nobody foresaw."""

    def __init__(self, app: ASGIApp, body_max_bytes: int, large: Large = lambda scope: None) -> None:
        self._app, self._max, self._large = app, body_max_bytes, large

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status, answering = time.perf_counter(), 500, False

        async def noted(message: Message) -> None:
            nonlocal status, answering
            if message["type"] == "http.response.start":
                status, answering = message["status"], True
            await send(message)

        traceparent = dict(scope["headers"]).get(b"traceparent", b"").decode("latin-1")
        with telemetry.span("request", traceparent, method=scope["method"]) as span:
            try:
                if b"%00" in scope.get("query_string", b"") or "\0" in scope["path"]:
                    raise Invalid("An address has no zero character.")
                if scope["method"] in {"POST", "PUT", "PATCH", "DELETE"}:
                    if (most := self._large(scope)) is not None:
                        receive = counted(receive, most)
                    elif (whole := await self._whole(receive)) is not None:
                        receive = whole
                    else:
                        return  # the line broke within the body: half a form is no form
                await self._app(scope, receive, noted)
            except ClientDisconnect:
                return  # the same within a body that is read as it comes
            except (TooLarge, Invalid) as refusal:
                telemetry.REFUSED.labels(refusal.code).inc()
                await problem(refusal)(scope, receive, noted)
            except Exception as trouble:
                # never the message: it may quote what a person wrote
                log.error("%s in %s", type(trouble).__name__, where(trouble))
                if answering:
                    raise
                unforeseen = Unforeseen("Something went wrong here. It has been noted.")
                telemetry.REFUSED.labels(unforeseen.code).inc()
                await problem(unforeseen)(scope, receive, noted)
            route = getattr(scope.get("route"), "path", "none")
            span.update_name(f"{scope['method']} {route}")
            span.set_attribute("status", status)
        telemetry.REQUESTS.labels(route, str(status)).inc()
        telemetry.SECONDS.labels(route).observe(time.perf_counter() - started)

    async def _whole(self, receive: Receive) -> Receive | None:
        """The body, read up to the limit before anything else is done with it; None when it did not arrive whole."""
        parts: list[bytes] = []
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return None
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._max:
                raise TooLarge(f"This is larger than the {self._max // 1024} kB that a request may have.")
            more = message.get("more_body", False)
        whole: Message | None = {"type": "http.request", "body": b"".join(parts), "more_body": False}

        async def again() -> Message:
            nonlocal whole
            given, whole = whole, None
            return given if given is not None else await receive()

        return again


def counted(receive: Receive, most: int) -> Receive:
    """A body that is read as it comes, and no further than to its limit."""
    size = 0

    async def next_part() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise TooLarge(f"This is larger than the {most // 1024} kB that files may have together.")
        return message

    return next_part


class Space:
    """Free space on the database's volume, looked at once a second at most."""

    def __init__(self, path: Any, minimum: int) -> None:
        self._path, self._minimum = path, minimum
        self._checked, self._enough = 0.0, True

    def enough(self) -> bool:
        now = time.monotonic()
        if self._path is not None and now - self._checked > 1:
            self._checked = now
            self._enough = shutil.disk_usage(self._path).free >= self._minimum
        return self._enough

    def free(self) -> int | None:
        """Bytes that are free now; None where nobody watches."""
        return shutil.disk_usage(self._path).free if self._path is not None else None
