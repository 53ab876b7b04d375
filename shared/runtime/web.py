"""HTTP in: the caller, the transaction around a command, and its answer for the same key."""

import hashlib
from collections.abc import AsyncIterator, Callable
from functools import wraps
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from shared.actor import Actor
from shared.errors import Invalid, KeyReused, PreconditionMissing, Unauthenticated
from shared.runtime import telemetry
from shared.runtime.db import Answer, Tx
from shared.runtime.problems import Repeated, named


async def caller(request: Request) -> Actor:
    """The actor that the portal's token names."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("An actor token is needed.")
    actor: Actor = request.app.state.service.verifier.actor(token)
    request.state.actor = actor
    return actor


Caller = Annotated[Actor, Depends(caller)]


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
    asked = f"{request.method} {request.url.path}\n{actor.id}\n{request.headers.get('if-match', '')}\n"
    digest = hashlib.sha256(asked.encode() + await request.body()).digest()
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
            raise Repeated(kept["status"], kept["headers"], bytes(kept["body"]))
        tx.audit(*named(request), request=digest)
        tx.claim = (actor.party, key)
        yield tx
    telemetry.ACCEPTED.inc()
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
