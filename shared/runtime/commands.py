"""A command over HTTP, with as little between the bytes and the use case as its rules leave.

A command's function names what it needs (`actor`, `body`, `expected`, `tx`, ids of its path) by its annotations. FastAPI
reads them for the API's document; here they are read once more, when the route is made, so that a request is not solved
as a graph of dependencies. What is refused, and in which words, is the same either way.
"""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Annotated, Any, get_origin, get_type_hints

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.runtime.db import Answer, Tx
from shared.runtime.web import Caller, Expected, Transaction, Verifying, caller, claimed, if_match, verifier

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class CommandRoute(APIRoute):
    """Keeps the answer with the command, in its transaction, so that the same key gets the same answer."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self._decide, self._status = endpoint, options.get("status_code") or 200

        @wraps(endpoint)
        async def answered(*args: Any, **named: Any) -> Response:
            return _answer(await endpoint(*args, **named), None, self._status)

        super().__init__(path, answered, **options)

    def get_route_handler(self) -> Handler:
        hints = get_type_hints(self._decide, include_extras=True)
        hints.pop("return", None)
        known = {hint: name for name, hint in hints.items() if get_origin(hint) is Annotated}
        if Transaction not in known:
            return super().get_route_handler()  # a question
        actor_name, tx_name, expected_name = known.get(Caller), known[Transaction], known.get(Expected)
        verifier_name = known.get(Verifying)
        rest = {name: hint for name, hint in hints.items() if hint not in (Caller, Transaction, Expected, Verifying)}
        ids = {name: TypeAdapter(rest.pop(name)) for name in self.param_convertors if name in rest}
        bodies = [(name, hint) for name, hint in rest.items() if issubclass(hint, BaseModel)]
        if len(bodies) != len(rest) or len(bodies) > 1:
            raise TypeError(f"{self.path}: a command takes {', '.join(rest)} from nowhere")
        decide, status = self._decide, self._status

        async def handle(request: Request) -> Response:
            actor = await caller(request)
            given: dict[str, Any] = {actor_name: actor} if actor_name else {}
            if verifier_name:
                given[verifier_name] = await verifier(request)
            if expected_name:
                given[expected_name] = await if_match(request.headers.get("if-match"))
            errors: list[Any] = []
            for name, adapter in ids.items():
                try:
                    given[name] = adapter.validate_python(request.path_params[name])
                except ValidationError as wrong:
                    errors += _placed(wrong, "path", name)
            for name, model in bodies:
                try:
                    given[name] = model.model_validate_json(_json_of(request, await request.body()))
                except ValidationError as wrong:
                    errors += _placed(wrong, "body")
            if errors:
                raise RequestValidationError(errors)
            async with claimed(request, actor, request.headers.get("idempotency-key")) as tx:
                given[tx_name] = tx
                return _answer(await decide(**given), tx, status)

        return handle


def commands(**options: Any) -> APIRouter:
    """A router for commands: each is a transaction, a remembered answer and an audit row."""
    return APIRouter(route_class=CommandRoute, **options)


def _answer(result: BaseModel, tx: Tx | None, status: int) -> Response:
    """The answer, and with a transaction also what is given when the same key comes again."""
    body = result.__pydantic_serializer__.to_json(result)
    headers = {}
    if (version := getattr(result, "version", None)) is not None:
        headers["etag"] = f'"{version}"'
    if tx is not None:
        if tx.announced:
            # where the caller may wait for the projection: the last event of this command on each topic, of those that
            # are for the caller; that there were others tells of what is between others
            own = [fact for fact in tx.announced if tx.actor and tx.actor.reads(fact.audience)]
            if last := {fact.topic: f"{fact.source} {fact.id}" for fact in own}:
                headers["last-event"] = ", ".join(last.values())
        if tx.claim is not None:
            tx.answer = Answer(*tx.claim, status, headers, body)
    return Response(body, status, headers, "application/json")


def _json_of(request: Request, body: bytes) -> bytes:
    """The body, if its sender says that it is JSON: a page elsewhere cannot make a browser say so unasked."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json")):
        return body
    said = "Send JSON, with Content-Type: application/json."
    raise RequestValidationError([{"type": "content_type", "loc": ("body",), "msg": said}])


def _placed(wrong: ValidationError, *place: str) -> list[dict[str, Any]]:
    return [
        {**error, "loc": (*place, *error["loc"])} for error in wrong.errors(include_url=False, include_input=False)
    ]
