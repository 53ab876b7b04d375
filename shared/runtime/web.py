"""HTTP in: the caller, the transaction around a command, its answer for the same key, and problem answers."""

import hashlib
import json
import logging
import shutil
import time
import traceback
from collections.abc import AsyncIterator, Callable
from functools import wraps
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.actor import Actor
from shared.errors import (
    FieldError,
    Invalid,
    KeyReused,
    NotFound,
    PreconditionMissing,
    Refusal,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from shared.runtime import telemetry
from shared.runtime.db import Answer, Tx

log = logging.getLogger("jpa.web")


async def caller(request: Request) -> Actor:
    """The actor that the portal's token names."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("An actor token is needed.")
    actor: Actor = request.app.state.service.verifier.actor(token)
    request.state.actor = actor
    return actor


Caller = Annotated[Actor, Depends(caller)]


class Unforeseen(Refusal):
    """A fault of ours."""

    status = 500
    title = "Something went wrong"


class Malformed(Refusal):
    """Not even readable."""

    status = 400
    title = "Not readable"


class NotHere(Refusal):
    """The address exists and takes other requests."""

    status = 405
    title = "Not here"


class _Repeated(Exception):
    """The same command came before: give the same answer."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.response = Response(body, status, {**headers, "idempotent-replay": "true"}, "application/json")


async def command_transaction(
    request: Request,
    actor: Caller,
    idempotency_key: Annotated[str | None, Header(max_length=100)] = None,
) -> AsyncIterator[Tx]:
    """The transaction of a command: its key is claimed first, so that the same command twice waits and is answered once."""
    service = request.app.state.service
    service.require_space()
    key = (idempotency_key or "").strip()
    if not key:
        raise Invalid.field("Idempotency-Key", "Send a key of your own with each command, such as a UUID.")
    if not key.isascii() or not key.isprintable():
        raise Invalid.field("Idempotency-Key", "A key has letters, digits and signs of ASCII only.")
    # the same command is that of the same officer: a colleague's answer may hold what is not for everyone
    named = f"{request.method} {request.url.path}\n{actor.id}\n{request.headers.get('if-match', '')}\n"
    digest = hashlib.sha256(named.encode() + await request.body()).digest()
    async with service.database.begin(actor) as tx:
        claimed = await tx.sql(
            "INSERT INTO idempotency (party, key, request) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1 AS one",
            actor.party,
            key,
            digest,
        )
        if not claimed:
            kept = (
                await tx.sql(
                    "SELECT request, status, headers, body FROM idempotency WHERE party = $1 AND key = $2",
                    actor.party,
                    key,
                )
            )[0]
            if bytes(kept["request"]) != digest:
                raise KeyReused("This Idempotency-Key came with another command before. Use a new one.")
            raise _Repeated(kept["status"], kept["headers"], bytes(kept["body"]))
        tx.audit(*_named(request), request=digest)
        tx.claim = (actor.party, key)
        yield tx
    service.wake()


Transaction = Annotated[Tx, Depends(command_transaction, scope="function")]


async def reading_transaction(request: Request, actor: Caller) -> AsyncIterator[Tx]:
    """The transaction of a question: nothing is claimed; what is read of a detail is audited by who reads it."""
    async with request.app.state.service.database.begin(actor) as tx:
        yield tx


Reading = Annotated[Tx, Depends(reading_transaction, scope="function")]


async def if_match(if_match: Annotated[str | None, Header()] = None) -> int:
    """The version that the caller means, from `If-Match: "<version>"`."""
    if if_match is None:
        raise PreconditionMissing('Send If-Match: "<version>" with the version that you looked at.')
    try:
        return int(if_match.strip().removeprefix("W/").strip('"'))
    except ValueError:
        raise Invalid.field("If-Match", "This is no version: send the number from the ETag.") from None


Expected = Annotated[int, Depends(if_match)]


class CommandRoute(APIRoute):
    """Keeps the answer with the command, in its transaction, so that the same key gets the same answer."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        status = options.get("status_code") or 200

        @wraps(endpoint)
        async def answered(*args: Any, **named: Any) -> Response:
            result: BaseModel = await endpoint(*args, **named)
            tx = next((value for value in named.values() if isinstance(value, Tx)), None)
            body = result.model_dump_json().encode()
            headers = {}
            if (version := getattr(result, "version", None)) is not None:
                headers["etag"] = f'"{version}"'
            if tx is not None:
                if tx.announced:
                    # where the caller may wait for the projection: the last event of this command on each topic
                    last = {fact.topic: f"{fact.source} {fact.id}" for fact in tx.announced}
                    headers["last-event"] = ", ".join(last.values())
                if tx.claim is not None:
                    tx.answer = Answer(*tx.claim, status, headers, body)
            return Response(body, status, headers, "application/json")

        super().__init__(path, answered, **options)


def commands(**options: Any) -> APIRouter:
    """A router for commands: each is a transaction, a remembered answer and an audit row."""
    return APIRouter(route_class=CommandRoute, **options)


def _named(request: Request) -> tuple[str, str]:
    """What the audit calls this: the route's template, and the id in the path."""
    route = request.scope.get("route")
    target = next(iter(request.path_params.values()), "")
    return f"{request.method} {getattr(route, 'path', request.url.path)}", str(target)


def problem(refusal: Refusal) -> Response:
    """RFC 9457 problem details."""
    said: dict[str, Any] = {
        "type": f"urn:jpa:problem:{refusal.code}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
    }
    if refusal.errors:
        said["errors"] = [{"field": error.field, "reason": error.reason} for error in refusal.errors]
    if refusal.changed:
        said["changed"] = list(refusal.changed)
    headers = {"retry-after": "2"} if refusal.status in {429, 503} else None
    if refusal.status == 401:
        headers = {"www-authenticate": "Bearer"}
    return Response(json.dumps(said, default=str), refusal.status, headers, "application/problem+json")


def install(app: FastAPI) -> None:
    """Problem answers for every refusal, and for what nobody foresaw."""

    @app.exception_handler(_Repeated)
    async def _repeated(request: Request, repeated: _Repeated) -> Response:
        await _note(request, "repeated")
        return repeated.response

    @app.exception_handler(Refusal)
    async def _refused(request: Request, refusal: Refusal) -> Response:
        telemetry.REFUSED.labels(refusal.code).inc()
        await _note_refusal(request, refusal)
        return problem(refusal)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, invalid: RequestValidationError) -> Response:
        refusal = Invalid("Some of this cannot be accepted.", errors=field_errors(invalid.errors()))
        await _note_refusal(request, refusal)
        return problem(refusal)

    @app.exception_handler(DBAPIError)
    async def _beyond(request: Request, trouble: DBAPIError) -> Response:
        """A value that passed every check and that the database cannot hold all the same."""
        if not str(getattr(trouble.orig, "sqlstate", "") or "").startswith("22"):
            raise trouble
        log.warning("a value beyond what is kept, in %s", _where(trouble))
        refusal = Invalid("One of the values is beyond what can be kept.")
        await _note_refusal(request, refusal)
        return problem(refusal)

    @app.exception_handler(HTTPException)
    async def _of_the_framework(_request: Request, trouble: HTTPException) -> Response:
        if trouble.status_code == 404:
            return problem(NotFound())
        return problem(Malformed("This request cannot be read.")) if trouble.status_code == 400 else problem(
            NotHere("This address does not take such a request.")
        )


def field_errors(errors: Any) -> tuple[FieldError, ...]:
    """Pydantic's errors by field, without the input that caused them."""
    found = []
    for error in list(errors)[:50]:  # more help nobody, and an answer is not larger than its question
        place = [str(part) for part in error["loc"] if part not in {"body", "query", "path", "header"}]
        found.append(FieldError(".".join(place) or "body", error["msg"].removeprefix("Value error, ")))
    return tuple(found)


async def _note_refusal(request: Request, refusal: Refusal) -> None:
    """A refused command is an audit row too."""
    if not isinstance(refusal, Unavailable):
        await _note(request, f"refused: {refusal.code}")


async def _note(request: Request, outcome: str) -> None:
    """What came of a command that has no transaction of its own; when the database is away there is nowhere to write."""
    actor: Actor | None = getattr(request.state, "actor", None)
    service = getattr(request.app.state, "service", None)
    if request.method in {"GET", "HEAD"} or service is None or actor is None:
        return
    try:
        async with service.database.begin(actor) as tx:
            tx.audit(*_named(request), outcome=outcome)
    except Refusal:
        log.warning("a refusal could not be noted: the database is away")


class Door:
    """ASGI middleware: body limit, trace, metrics, and an answer for what nobody foresaw."""

    def __init__(self, app: ASGIApp, body_max_bytes: int) -> None:
        self._app, self._max = app, body_max_bytes

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
                    whole = await self._whole(receive)
                    if whole is None:
                        return  # the line broke within the body: half a form is no form
                    receive = whole
                await self._app(scope, receive, noted)
            except (TooLarge, Invalid) as refusal:
                await problem(refusal)(scope, receive, noted)
            except Exception as trouble:
                # never the message: it may quote what a person wrote
                log.error("%s in %s", type(trouble).__name__, _where(trouble))
                if answering:
                    raise
                await problem(Unforeseen("Something went wrong here. It has been noted."))(scope, receive, noted)
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


def _where(trouble: BaseException) -> str:
    """File and line of each frame of ours, innermost last."""
    frames = traceback.extract_tb(trouble.__traceback__)
    ours = [f"{frame.filename.rsplit('/', 2)[-2]}/{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames]
    return " > ".join(ours[-6:])


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

