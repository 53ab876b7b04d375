"""How projections write: current-state rows replaced, timeline rows added, always with the event's audience."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from services.portal.projections.audiences import audiences
from shared.events.base import Event
from shared.runtime.db import Tx

_TIMELINE = """
INSERT INTO timeline (period_id, at, type, party, subject_id, audience_id, body) VALUES ($1,$2,$3,$4,$5,$6,$7::jsonb)
"""


async def audience(event: Event) -> int:
    """The number of the event's audience."""
    return await audiences.number(event.audience)


@lru_cache(maxsize=200)
def _upsert(table: str, keys: tuple[str, ...], columns: tuple[str, ...], json_columns: frozenset[str]) -> str:
    values = ", ".join(f"${i}::jsonb" if name in json_columns else f"${i}" for i, name in enumerate(columns, 1))
    names = ", ".join(f'"{name}"' for name in columns)
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in keys)
    return (
        f'INSERT INTO "{table}" ({names}) VALUES ({values}) '  # noqa: S608
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changed}"
    )


async def replace(tx: Tx, table: str, keys: tuple[str, ...], **columns: Any) -> None:
    """Write a current-state row. Lists and dicts go in as JSON."""
    json_columns = frozenset(name for name, value in columns.items() if isinstance(value, (dict, list, tuple)))
    values = [json.dumps(v, default=str) if name in json_columns else v for name, v in columns.items()]
    await tx.sql(_upsert(table, keys, tuple(columns), json_columns), *values)


async def tell(tx: Tx, event: Event, period_id: UUID | None, subject_id: UUID, body: dict[str, Any]) -> None:
    """Add to the timeline of a period."""
    if period_id is None:
        return
    said = json.dumps(body, default=str)
    at = dated(event)
    await tx.sql(_TIMELINE, period_id, at, event.type, event.party, subject_id, await audience(event), said)


def dated(event: Event) -> datetime:
    """When the fact was said."""
    assert event.time
    return event.time
