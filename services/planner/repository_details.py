"""What was said of an operation in detail, made void where it was taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.planner.domain.operation import Operation
from shared.events.planner import (
    DetailForgotten,
    JointAmendmentBriefed,
    OperationBriefed,
    ResourceStated,
    TaskOverdue,
    TaskStated,
    UpdateDetailed,
    UpdateForgotten,
    UpdatePosted,
    UpdateReleased,
    UpdateReturned,
    UpdateValidated,
)
from shared.runtime.db import Tx

_KINDS = tuple(
    kind.type
    for kind in (OperationBriefed, JointAmendmentBriefed, UpdateDetailed, ResourceStated, TaskStated, TaskOverdue)
)
_HEADLINES = tuple(kind.type for kind in (UpdatePosted, UpdateReleased, UpdateValidated, UpdateReturned))
_SAID = """
SELECT id, epoch, audience FROM outbox WHERE topic = $1 AND key = $2 AND type = ANY ($3::text[])
AND string_to_array(audience, ' ') && $4::text[]
AND ($5::text IS NULL OR convert_from(body, 'UTF8')::jsonb #>> '{data,update_id}' = $5)
"""
_SAID_OF = """
SELECT id, epoch, audience FROM outbox WHERE topic = $1 AND key = $2 AND type = ANY ($3::text[])
AND convert_from(body, 'UTF8')::jsonb #>> '{data,update_id}' = ANY ($4::text[])
"""
_FORGET = """
UPDATE outbox SET event_id = n.event_id, type = $1, body = n.body, version = NULL
FROM unnest($2::bigint[], $3::uuid[], $4::bytea[]) AS n(id, event_id, body) WHERE outbox.id = n.id
"""


class Details:
    """The rows of the outbox that carry details. Their operation is locked by the caller."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def forget(
        self, operation: Operation, parties: Sequence[str], at: datetime, update_id: UUID | None = None
    ) -> None:
        """Put a tombstone in the place of what these parties were told, of one update or of all of it: same number, same
        readers, no text.

        The tombstone has an id of its own: with the old one it would be the same id with other bytes, which is a security
        alert where this number is sent again. Whoever still reads the detail gets it anew, behind the recall.
        """
        of_update = str(update_id) if update_id else None
        said = await self._tx.sql(
            _SAID, DetailForgotten.topic, str(operation.id), list(_KINDS), list(parties), of_update
        )
        await self._replace(said, DetailForgotten, operation, at)

    async def forget_incidents(self, operation: Operation, updates: Sequence[UUID], at: datetime) -> None:
        """The same for what was said of these in headline, to whomever: it is said again, whole, to those that keep it."""
        of_updates = [str(one) for one in updates]
        said = await self._tx.sql(_SAID_OF, UpdateForgotten.topic, str(operation.id), list(_HEADLINES), of_updates)
        await self._replace(said, UpdateForgotten, operation, at)

    async def _replace(
        self, said: Sequence[Any], kind: type[DetailForgotten] | type[UpdateForgotten], operation: Operation, at: datetime
    ) -> None:
        tombstones = [
            kind(
                operation_id=operation.id, period_id=operation.period_id, at=at, party=operation.owner,
                audience=tuple(row["audience"].split()),
            )
            for row in said
        ]  # fmt: skip
        await self._tx.sql(
            _FORGET,
            kind.type,
            [row["id"] for row in said],
            [one.id for one in tombstones],
            [one.public_bytes(at, row["epoch"]) for one, row in zip(tombstones, said, strict=True)],
        )
