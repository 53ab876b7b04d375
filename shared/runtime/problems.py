"""Answers that are no: RFC 9457 problem details for every refusal, and an audit row for each refused command."""

import json
import logging
import traceback
from collections.abc import Iterable
from typing import Any

from asyncpg import PostgresError
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from shared.actor import Actor
from shared.errors import FieldError, Invalid, NotFound, Refusal, Unavailable, code_of
from shared.runtime import telemetry

log = logging.getLogger("jpa.web")


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


class Repeated(Exception):
    """The same command came before: give the same answer."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.response = Response(body, status, {**headers, "idempotent-replay": "true"}, "application/json")


def named(request: Request) -> tuple[str, str]:
    """What the audit calls this: the route's template, and the id in the path."""
    route = request.scope.get("route")
    target = next(iter(request.path_params.values()), "")
    return f"{request.method} {getattr(route, 'path', request.scope['path'])}", str(target)


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


def count_from_zero(routes: Iterable[str]) -> None:
    """An alarm on what a counter rises by sees a first fault only where the counter was there before it, at 0."""
    for route in {"none", *routes}:
        telemetry.REQUESTS.labels(route, "500")
    kinds: list[type[Refusal]] = [Refusal]
    for kind in kinds:
        kinds += kind.__subclasses__()
    for kind in kinds[1:]:
        telemetry.REFUSED.labels(code_of(kind))


def install(app: FastAPI) -> None:
    """Problem answers for every refusal, and for what nobody foresaw."""

    @app.exception_handler(Repeated)
    async def _repeated(request: Request, repeated: Repeated) -> Response:
        await _note(request, "repeated")
        return repeated.response

    @app.exception_handler(Refusal)
    async def _refused(request: Request, refusal: Refusal) -> Response:
        await _note_refusal(request, refusal)
        return problem(refusal)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, invalid: RequestValidationError) -> Response:
        refusal = Invalid("Some of this cannot be accepted.", errors=field_errors(invalid.errors()))
        await _note_refusal(request, refusal)
        return problem(refusal)

    @app.exception_handler(PostgresError)
    async def _beyond(request: Request, trouble: PostgresError) -> Response:
        """A value that passed every check and that the database cannot hold all the same."""
        if not (trouble.sqlstate or "").startswith("22"):
            raise trouble
        log.warning("a value beyond what is kept, in %s", where(trouble))
        refusal = Invalid("One of the values is beyond what can be kept.")
        await _note_refusal(request, refusal)
        return problem(refusal)

    @app.exception_handler(HTTPException)
    async def _of_the_framework(_request: Request, trouble: HTTPException) -> Response:
        if trouble.status_code == 404:
            return problem(NotFound())
        if trouble.status_code == 400:
            return problem(Malformed("This request cannot be read."))
        answer = problem(NotHere("This address does not take such a request."))
        answer.headers.update(trouble.headers or {})  # Allow
        return answer


def field_errors(errors: Any) -> tuple[FieldError, ...]:
    """Pydantic's errors by field, without the input that caused them."""
    found = []
    for error in list(errors)[:50]:  # more help nobody, and an answer is not larger than its question
        first, *rest = map(str, error["loc"])
        place = [part for part in (first, *rest) if part not in {"body", "query", "path", "header", "[key]"}]
        if first == "header":
            place = [name.title() for name in place]
        elif error.get("type") == "json_invalid":
            place = []  # it names a character, which is no field
        found.append(FieldError(".".join(place) or "body", _reason(error)))
    return tuple(found)


def _reason(error: Any) -> str:
    """In a person's words, where Pydantic has a programmer's."""
    kind, said = error.get("type", ""), str(error["msg"])
    if kind in {"enum", "literal_error"}:
        return f"{said.replace('Input should be', 'Use one of').replace(chr(39), '')}."
    plain = {
        "missing": "This is needed.",
        "extra_forbidden": "There is no such field.",
        "json_invalid": "This is not JSON.",
        "uuid_parsing": "This is no id.",
    }
    return plain.get(kind) or said.removeprefix("Value error, ")


async def _note_refusal(request: Request, refusal: Refusal) -> None:
    """A refused command is counted, and an audit row too."""
    telemetry.REFUSED.labels(refusal.code).inc()
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
            tx.audit(*named(request), outcome=outcome)
    except Refusal:
        log.warning("a refusal could not be noted: the database is away")


def where(trouble: BaseException) -> str:
    """File and line of each frame of ours, innermost last."""
    frames = traceback.extract_tb(trouble.__traceback__)
    ours = [f"{frame.filename.rsplit('/', 2)[-2]}/{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames]
    return " > ".join(ours[-6:])
