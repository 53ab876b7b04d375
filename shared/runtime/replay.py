"""Saying it again: an owner streams what its outbox holds to `replay.<consumer>`, with the bytes that the relay sent.

Whoever wants it asks each owner, with an operator's token, and goes on where an owner that ended left off. A repeat is
harmless: whoever hears it drops what it has by its inbox.
"""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from aiohttp import ClientError, ClientSession, ClientTimeout
from aiokafka.errors import KafkaError
from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse
from pydantic import Field

from shared.errors import Invalid
from shared.events.base import internal_bytes
from shared.runtime.bodies import Body
from shared.runtime.db import Database
from shared.runtime.relay import new_producer, partition_of, send_part
from shared.runtime.settings import ServiceSettings
from shared.runtime.web import Caller
from shared.vocabulary import Role

if TYPE_CHECKING:
    from shared.runtime.service import Service

log = logging.getLogger("jpa.replay")

SHARED_TOPIC = "audit.checkpoints"  # the one that every service writes
Consumer = Literal["planner", "intel", "debrief", "portal"]
Told = Callable[[int, int, int], Awaitable[None]]
"""Told after each page: the id of the last row, how many were sent, of how many."""

_BOUNDS = "SELECT coalesce(max(id), 0) AS last, count(*) AS n FROM outbox WHERE id > $1 AND topic = ANY ($2::text[])"
_PAGE = """
SELECT id, topic, key, sequence, audience, traceparent, body FROM outbox
WHERE id > $1 AND id <= $2 AND topic = ANY ($3::text[]) ORDER BY id LIMIT $4
"""


class Asked(Body):
    """Which of its topics an owner says again, after which row of its outbox."""

    topics: list[str] = Field(max_length=100)
    after: int = 0


def router(parts: "Service") -> APIRouter:
    """The owner's door."""
    routes = APIRouter()

    @routes.post("/operator/replay/{consumer}", include_in_schema=False)
    async def say_again(consumer: Annotated[Consumer, Path()], asked: Asked, actor: Caller) -> StreamingResponse:
        actor.require(Role.OPERATOR)
        for topic in asked.topics:
            if topic != SHARED_TOPIC and not topic.startswith(f"{parts.name}."):
                raise Invalid.field("topics", f"{parts.name} does not say {topic}.")
        async with parts.database.begin(actor) as tx:
            tx.audit(f"say again to {consumer}", " ".join(asked.topics))
        lines = _lines(parts, f"replay.{consumer}", asked)
        return StreamingResponse(lines, media_type="application/x-ndjson")

    @routes.get("/operator/replay", include_in_schema=False)
    async def heard(actor: Caller) -> dict[str, Any]:
        """What this service hears, and how much of what was said again for it is still to be taken in."""
        actor.require(Role.OPERATOR)
        lag = await parts.bus.lag(f"replay.{parts.name}") if parts.bus else 0
        return {"hears": parts.listener.topics, "lag": lag, "handled": parts.consumer.handled}

    return routes


async def _lines(parts: "Service", target: str, asked: Asked) -> AsyncIterator[str]:
    """How far it has come, a line after each page; the last one says that this was all."""
    async for last, sent, total in send_again(parts.name, parts.database, parts.settings, target, asked):
        yield json.dumps({"last": last, "sent": sent, "of": total}) + "\n"
    yield json.dumps({"done": True}) + "\n"


async def send_again(
    owner: str, database: Database, settings: ServiceSettings, target: str, asked: Asked
) -> AsyncIterator[tuple[int, int, int]]:
    """Rows in the order of their ids, page by page, each page acknowledged before the next.

    What is not committed yet when its page is read has not been sent by the relay either, and is heard on its own topic.
    """
    async with database.begin() as tx:
        bounds = (await tx.sql(_BOUNDS, asked.after, asked.topics))[0]
    producer = new_producer(settings, f"{owner}-replay")
    last, sent = asked.after, 0
    try:
        await producer.start()
        yield last, sent, bounds["n"]
        while rows := await _page(database, last, bounds["last"], asked.topics, settings.replay_page):
            await _send(producer, target, rows)
            last, sent = rows[-1]["id"], sent + len(rows)
            yield last, sent, bounds["n"]
    finally:
        await producer.stop()


async def _page(database: Database, after: int, last: int, topics: list[str], size: int) -> Sequence[Any]:
    async with database.begin() as tx:
        return await tx.sql(_PAGE, after, last, topics, size)


async def _send(producer: Any, target: str, rows: Sequence[Any]) -> None:
    """Raises KafkaError when any of it was not acknowledged: whoever asked asks again, from the row it knows."""
    parts: dict[int, list[tuple[int, bytes, bytes]]] = defaultdict(list)
    for row in rows:
        key = row["key"].encode()
        whole = internal_bytes(bytes(row["body"]), row["sequence"], row["audience"], row["traceparent"])
        parts[await partition_of(producer, target, key)].append((row["id"], key, whole))
    failed = await asyncio.gather(*(send_part(producer, target, *part) for part in parts.items()))
    if any(failed):
        raise KafkaError(f"{target} did not take all of a page")


class Refused(Exception):
    """An owner will not say it again, however often it is asked."""


async def ask(client: ClientSession, url: str, token: Callable[[], str], consumer: str, asked: Asked, told: Told) -> None:
    """Have one owner say again all that is asked; while it is away, wait for it and go on where it was.

    Raises:
        Refused: it said no.
    """
    last, sent = asked.after, 0
    while True:
        try:
            body = Asked(topics=asked.topics, after=last).model_dump()
            headers = {"authorization": f"Bearer {token()}"}
            wait = ClientTimeout(total=None, connect=5, sock_read=60)
            target = f"{url}/operator/replay/{consumer}"
            async with client.post(target, json=body, headers=headers, timeout=wait) as answer:
                if 400 <= answer.status < 500:
                    raise Refused(f"{url} answers {answer.status}")
                answer.raise_for_status()
                before = sent
                async for line in answer.content:
                    said = json.loads(line)
                    if said.get("done"):
                        return
                    last, sent = said["last"], before + said["sent"]
                    await told(last, sent, before + said["of"])
        except (ClientError, TimeoutError, OSError, ValueError) as problem:
            log.warning("an owner does not go on (%s); asking again", type(problem).__name__)
        await asyncio.sleep(1)
