"""HTTP in: the caller, the transaction around a command, and its answer for the same key."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, Header, Request

from shared.actor import Actor
from shared.errors import Invalid, KeyReused, PreconditionMissing, Unauthenticated
from shared.runtime import telemetry
from shared.runtime.db import Tx
from shared.runtime.identity import Verifier
from shared.runtime.problems import Repeated, named

KEY = "Idempotency-Key"
KEY_LENGTH = 100
_CLAIM = "INSERT INTO idempotency (party, key, request) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1 AS one"
_KEPT = "SELECT request, status, headers, body FROM idempotency WHERE party = $1 AND key = $2"


async def caller(request: Request) -> Actor:
    """The actor that the portal's token names."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("An actor token is needed.")
    actor: Actor = request.app.state.service.verifier.actor(token)
    request.state.actor = actor
    return actor


Caller = Annotated[Actor, Depends(caller)]


async def verifier(request: Request) -> Verifier:
    """What tells the portal's word from anybody else's."""
    found: Verifier = request.app.state.service.verifier
    return found


Verifying = Annotated[Verifier, Depends(verifier)]


@asynccontextmanager
async def claimed(request: Request, actor: Actor, key: str | None) -> AsyncIterator[Tx]:
    """The transaction of a command: its key is claimed first, so that the same command twice waits and is answered once."""
    service = request.app.state.service
    service.require_space()
    key = _good_key(key)
    # the same command is that of the same officer: a colleague's answer may hold what is not for everyone
    asked = f"{request.method} {request.scope['path']}\n{actor.id}\n{request.headers.get('if-match', '')}\n"
    digest = hashlib.sha256(asked.encode() + await request.body()).digest()
    async with service.database.begin(actor) as tx:
        if not await tx.sql(_CLAIM, actor.party, key, digest):
            kept = (await tx.sql(_KEPT, actor.party, key))[0]
            if kept["request"] != digest:
                raise KeyReused("This Idempotency-Key came with another command before. Use a new one.")
            raise Repeated(kept["status"], kept["headers"], kept["body"])
        tx.audit(*named(request), request=digest)
        tx.claim = (actor.party, key)
        yield tx
    telemetry.ACCEPTED.inc()
    service.wake()


def _good_key(key: str | None) -> str:
    key = (key or "").strip()
    if not key:
        raise Invalid.field(KEY, "Send a key of your own with each command, such as a UUID.")
    if not key.isascii() or not key.isprintable():
        raise Invalid.field(KEY, "A key has letters, digits and signs of ASCII only.")
    if len(key) > KEY_LENGTH:
        raise Invalid.field(KEY, f"A key has at most {KEY_LENGTH} characters.")
    return key


async def command_transaction(
    request: Request,
    actor: Caller,
    idempotency_key: Annotated[str | None, Header(max_length=KEY_LENGTH)] = None,
) -> AsyncIterator[Tx]:
    """As a dependency: what the API's document says of it."""
    async with claimed(request, actor, idempotency_key) as tx:
        yield tx


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
