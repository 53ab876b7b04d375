"""Commands on what exists name the version that their caller looked at; a stale one learns what happened since."""

import json
from collections.abc import Callable
from typing import Any

from shared.errors import Stale
from shared.runtime.db import Tx

_SINCE = """
SELECT type, party, at, audience, body FROM outbox WHERE topic = ANY ($1::text[]) AND key = $2 AND version > $3
ORDER BY id LIMIT 20
"""


async def require_version(
    tx: Tx,
    topic: str | tuple[str, ...],
    key: str,
    present: int,
    expected: int,
    concerns: Callable[[dict[str, Any]], bool] = lambda data: True,
) -> None:
    """Refuse a command that means another version.

    `concerns` tells from an event's data whether it is about this thing, where one topic carries several with versions.

    Raises:
        Stale: with what changed since, as far as the caller may see it.
    """
    if present == expected:
        return
    rows = await tx.sql(_SINCE, [topic] if isinstance(topic, str) else list(topic), key, expected)
    changed = []
    for row in rows:
        seen = tx.actor is None or tx.actor.reads(tuple(row["audience"].split()))
        if seen and concerns(json.loads(bytes(row["body"]))["data"]):
            changed.append({"type": row["type"], "party": row["party"], "time": row["at"].isoformat()})
    raise Stale(f"You looked at version {expected}; it is now version {present}.", changed=tuple(changed))
