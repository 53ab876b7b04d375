"""Saying it again: an owner streams its outbox to `replay.<consumer>.<owner>`, with the bytes that the relay sent.

Whoever wants it asks each owner, with an operator's token, and goes on where an owner that ended left off. A repeat is
harmless: whoever hears it drops what it has by its inbox. To a party's feed goes again what is in that party's audience,
and then a word that this was all of it.
"""

import asyncio
import itertools
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from aiohttp import ClientError, ClientSession, ClientTimeout
from aiokafka.errors import KafkaError
from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse
from pydantic import Field

from shared.errors import Invalid
from shared.events.base import internal_bytes
from shared.parties import PartyCode, feed_topic
from shared.runtime import epoch
from shared.runtime.bodies import Body
from shared.runtime.db import Database
from shared.runtime.relay import new_producer, partition_of, send_part
from shared.runtime.settings import ServiceSettings
from shared.runtime.web import Caller
from shared.vocabulary import Role

if TYPE_CHECKING:
    from shared.runtime.service import Service

log = logging.getLogger("jpa.replay")

PAUSE_SECONDS = 1.0
SHARED_TOPIC = "audit.checkpoints"  # the one that every service writes
Name = Literal["planner", "intel", "debrief", "portal"]
Page = tuple[int, int, int]
"""After each page: the id of its last row, how many were sent, of how many."""
Told = Callable[[int, int, int], Awaitable[None]]

_BOUNDS = "SELECT coalesce(max(id), 0) AS last, count(*) AS n FROM outbox WHERE id > $1 AND {chosen} $2::text[]"
_PAGE = """
SELECT id, event_id, topic, key, sequence, audience, traceparent, body FROM outbox
WHERE id > $1 AND id <= $3 AND {chosen} $2::text[] ORDER BY id LIMIT $4
"""
_RECALLED = """
SELECT o.id, o.topic, o.key, o.sequence, o.audience, o.traceparent, o.body
FROM unnest($1::bigint[], $2::uuid[]) AS said(id, event_id) JOIN outbox o USING (id)
WHERE o.event_id <> said.event_id ORDER BY o.id
"""
_BY_TOPIC, _BY_PARTY = "ARRAY[topic] <@", "string_to_array(audience, ' ') &&"


def topic_of(consumer: str, owner: str) -> str:
    """Where an owner says again to a consumer. Nobody else writes there, so nobody speaks for another owner."""
    return f"replay.{consumer}.{owner}"


def topics_of(consumer: str) -> tuple[str, ...]:
    """Where a consumer hears again what it missed."""
    return tuple(topic_of(consumer, owner) for owner in get_args(Name))


class Asked(Body):
    """Which of its topics an owner says again, after which row of its outbox. To a feed it is what that party may know."""

    topics: list[str] = Field(default_factory=list, max_length=100)
    after: int = 0


def router(parts: "Service") -> APIRouter:
    """The owner's door."""
    routes = APIRouter()

    @routes.post("/operator/replay/{consumer}", include_in_schema=False)
    async def say_again(consumer: Annotated[Name, Path()], asked: Asked, actor: Caller) -> StreamingResponse:
        actor.require(Role.OPERATOR)
        for topic in asked.topics:
            if topic != SHARED_TOPIC and not topic.startswith(f"{parts.name}."):
                raise Invalid.field("topics", f"{parts.name} does not say {topic}.")
        async with parts.database.begin(actor) as tx:
            tx.audit(f"say again to {consumer}", " ".join(asked.topics))
        said = send_again(parts.name, parts.database, parts.settings, topic_of(consumer, parts.name), asked)
        return StreamingResponse(_lines(said), media_type="application/x-ndjson")

    @routes.post("/operator/replay/feed/{code}", include_in_schema=False)
    async def say_again_to_party(code: PartyCode, asked: Asked, actor: Caller) -> StreamingResponse:
        actor.require(Role.OPERATOR)
        async with parts.database.begin(actor) as tx:
            tx.audit("say again to feed", code)

        async def whole() -> AsyncIterator[Page]:
            async for page in send_again(parts.name, parts.database, parts.settings, feed_topic(code), asked, code):
                yield page
            async with parts.database.begin(actor) as tx:
                await epoch.tell(tx, parts.name, (code,))
            parts.wake()

        return StreamingResponse(_lines(whole()), media_type="application/x-ndjson")

    @routes.get("/operator/replay", include_in_schema=False)
    async def heard(actor: Caller) -> dict[str, Any]:
        """What this service hears, and how much of what was said again for it is still to be taken in."""
        actor.require(Role.OPERATOR)
        lag = await parts.bus.lag("replay.") if parts.bus else 0
        return {"hears": parts.listener.topics, "lag": lag, "handled": parts.consumer.handled}

    return routes


async def _lines(pages: AsyncIterator[Page]) -> AsyncIterator[str]:
    """How far it has come, a line after each page; the last one says that this was all."""
    async for last, sent, total in pages:
        yield json.dumps({"last": last, "sent": sent, "of": total}) + "\n"
    yield json.dumps({"done": True}) + "\n"


async def send_again(
    owner: str, database: Database, settings: ServiceSettings, target: str, asked: Asked, party: str = ""
) -> AsyncIterator[Page]:
    """Rows in the order of their ids, page by page, each page acknowledged before the next.

    What is not committed yet when its page is read has not been sent by the relay either, and is heard on its own topic.
    """
    chosen, among = (_BY_PARTY, [party]) if party else (_BY_TOPIC, asked.topics)
    bounds_of, page_of = _BOUNDS.format(chosen=chosen), _PAGE.format(chosen=chosen)
    async with database.begin() as tx:
        bounds = (await tx.sql(bounds_of, asked.after, among))[0]
    producer = new_producer(settings, f"{owner}-replay")
    last, sent = asked.after, 0
    try:
        await producer.start()
        yield last, sent, bounds["n"]
        while True:
            async with database.begin() as tx:
                rows = await tx.sql(page_of, last, among, bounds["last"], settings.replay_page)
            if not rows:
                return
            await _send(producer, target, rows, feeds_edition=bool(party))
            if party:
                await _recalled_again(database, producer, target, rows)
            last, sent = rows[-1]["id"], sent + len(rows)
            yield last, sent, bounds["n"]
    finally:
        await producer.stop()


async def _recalled_again(database: Database, producer: Any, feed: str, rows: Sequence[Any]) -> None:
    """What was recalled after its page was read came to the feed behind its recall: there it is recalled once more."""
    async with database.begin() as tx:
        recalled = await tx.sql(_RECALLED, [row["id"] for row in rows], [row["event_id"] for row in rows])
    await _send(producer, feed, recalled, feeds_edition=True)


async def _send(producer: Any, target: str, rows: Sequence[Any], feeds_edition: bool) -> None:
    """Raises KafkaError when any of it was not acknowledged: whoever asked asks again, from the row it knows."""
    parts: dict[int, list[tuple[int, bytes, bytes]]] = defaultdict(list)
    for row in rows:
        key = row["key"].encode()
        edition = bytes(row["body"])
        if not feeds_edition:
            edition = internal_bytes(edition, row["sequence"], row["audience"], row["traceparent"])
        parts[await partition_of(producer, target, key)].append((row["id"], key, edition))
    failed = await asyncio.gather(*(send_part(producer, target, *part) for part in parts.items()))
    if any(failed):
        raise KafkaError(f"{target} did not take all of a page")


class Refused(Exception):
    """An owner will not say it again, however often it is asked."""


async def ask(
    client: ClientSession, urls: Sequence[str], token: Callable[[], str], consumer: str, asked: Asked, told: Told
) -> None:
    """Have one owner, any of its replicas, say again all that is asked; while none goes on, wait, and ask for the rest.

    Raises:
        Refused: it said no.
    """
    last, sent = asked.after, 0
    for url in itertools.cycle(urls):
        try:
            body = Asked(topics=asked.topics, after=last).model_dump()
            headers = {"authorization": f"Bearer {token()}"}
            wait = ClientTimeout(total=None, connect=5, sock_read=60)
            async with client.post(f"{url}/operator/replay/{consumer}", json=body, headers=headers, timeout=wait) as answer:
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
        await asyncio.sleep(PAUSE_SECONDS)
