"""Saying it in the transaction: the outbox, the audit and the remembered answer are written in one statement."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from shared.actor import Actor
from shared.errors import TooLarge
from shared.events.base import MAX_EVENT_BYTES, SERVICES_ONLY, Event
from shared.runtime.telemetry import current_traceparent

if TYPE_CHECKING:
    from shared.runtime.db import Tx

# Per aggregate, topic and epoch the sequence is gapless because the aggregate's row is locked by its repository: two
# transactions that announce on one aggregate come one after the other. `outbox_order` is the net below.
_FLUSH = """
WITH said AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::bytea[])
        WITH ORDINALITY AS e(event_id, topic, key, type, version, party, audience, body, ord)
), kept AS (
    INSERT INTO outbox (event_id, topic, key, epoch, sequence, type, version, party, audience, traceparent, body)
    SELECT event_id, topic, key, $21::int,
           coalesce((SELECT max(o.sequence) FROM outbox o WHERE o.topic = s.topic AND o.key = s.key AND o.epoch = $21), 0)
               + row_number() OVER (PARTITION BY topic, key ORDER BY ord),
           type, version, party, audience, $9, body
    FROM said s ORDER BY ord
    RETURNING id, event_id
), unsent AS (
    INSERT INTO outbox_unsent SELECT id FROM kept
), noted AS (
    INSERT INTO audit (actor, party, action, target, outcome, request)
    SELECT * FROM unnest($10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bytea[])
)
UPDATE idempotency SET status = $18, headers = $19::jsonb, body = $20 WHERE party = $16 AND key = $17
"""
_OWN_PARAMETERS = 21


class Beside(Protocol):
    """What a service writes of each event that it announces, in the same statement."""

    statement: str
    """It may ask `kept` for the number (`id`) that the outbox gave to an event (`event_id`)."""

    def values(self, announced: Sequence[Event], actor: Actor | None, at: datetime) -> tuple[Any, ...]:
        """Its parameters; empty where nothing is to be written of any of them."""


@lru_cache(maxsize=50)
def _together(added: tuple[str, ...], counts: tuple[int, ...], beside: str) -> str:
    """One statement of all: those that were added come before, with their parameters after the outbox's own."""
    parts, offset = "", _OWN_PARAMETERS
    for i, (statement, count) in enumerate(zip(added, counts, strict=True)):
        parts += f"added_{i} AS (\n{_moved(statement, offset)}\n), "
        offset += count
    whole = _FLUSH.replace("WITH ", f"WITH {parts}", 1)
    return whole.replace("\nUPDATE", f", beside AS (\n{_moved(beside, offset)}\n)\nUPDATE", 1) if beside else whole


def _moved(statement: str, offset: int) -> str:
    pieces = re.split(r"\$(\d+)", statement)
    pieces[1::2] = [f"${int(number) + offset}" for number in pieces[1::2]]
    return "".join(pieces)


async def flush(tx: "Tx") -> None:
    """Write what the transaction announced, audited and answers.

    Raises:
        TooLarge: an event is beyond what a topic takes; nothing is kept.
    """
    if not (tx.announced or tx.audited or tx.answer or tx.added):
        return
    bodies = [fact.public_bytes(tx.now, tx.epoch) for fact in tx.announced]
    for fact, body in zip(tx.announced, bodies, strict=True):
        # the services' edition is longer by its audience and some hundred bytes
        if len(body) + sum(map(len, fact.audience)) + 1024 > MAX_EVENT_BYTES:
            raise TooLarge(f"This is larger than the {MAX_EVENT_BYTES // 1024} kB that one entry may have.")
    said, noted, answer = tx.announced, tx.audited, tx.answer
    beside = tx.beside.values(said, tx.actor, tx.now) if tx.beside and said else ()
    await tx.sql(
        _together(
            tuple(statement for statement, _ in tx.added),
            tuple(len(values) for _, values in tx.added),
            tx.beside.statement if tx.beside and beside else "",
        ),
        [fact.id for fact in said],
        [fact.topic for fact in said],
        [fact.key for fact in said],
        [fact.type for fact in said],
        [getattr(fact, "version", None) for fact in said],
        [fact.party for fact in said],
        [" ".join(fact.audience or SERVICES_ONLY) for fact in said],
        bodies,
        current_traceparent(),
        [entry.actor for entry in noted],
        [entry.party for entry in noted],
        [entry.action for entry in noted],
        [entry.target for entry in noted],
        [entry.outcome for entry in noted],
        [entry.request for entry in noted],
        answer.party if answer else None,
        answer.key if answer else None,
        answer.status if answer else None,
        json.dumps(answer.headers) if answer else None,
        answer.body if answer else None,
        tx.epoch,
        *(value for _, values in tx.added for value in values),
        *beside,
    )
