"""What is asked about conflicts, each under the row-level security of the one who reads."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.portal.lists import Listing
from services.portal.selects import Row
from shared.errors import NotFound
from shared.runtime.db import Tx

_CONFLICTS = """
SELECT c.*, o.kind AS operation_kind, d.title AS operation_title FROM read.conflict c
LEFT JOIN read.operation o ON o.id = c.operation_id
LEFT JOIN read.operation_detail d ON d.operation_id = c.operation_id
"""
_OPEN = f"{_CONFLICTS} WHERE c.owner = $1 AND c.status = 'open' ORDER BY c.changed_at LIMIT 20"
_OF_OPERATION = f"{_CONFLICTS} WHERE c.operation_id = $1 ORDER BY c.status = 'lapsed', c.changed_at DESC LIMIT 50"
NOTHING: Mapping[str, object] = {"version": 0, "contact": "", "counts": {}}


class ConflictQueries:
    """Mixed into `Reads`."""

    _tx: Tx
    _party: str

    async def conflicts(self, before: UUID | None = None, limit: int = 50) -> Sequence[Row]:
        """Newest first; one more than `limit` where there are more."""
        listing = Listing("read.conflict", "id DESC")
        listing.where("x.id < {}", before)
        query = f"{_CONFLICTS} WHERE c.id = ANY ({listing.ids(limit + 1)}) ORDER BY c.id DESC"
        return await self._tx.sql(query, *listing.values)

    async def conflicts_open(self) -> Sequence[Row]:
        """Those of the reader's party that are not settled, the oldest first."""
        return await self._tx.sql(_OPEN, self._party)

    async def conflicts_of(self, operation_id: UUID) -> Sequence[Row]:
        """Of one operation, what goes on first."""
        return await self._tx.sql(_OF_OPERATION, operation_id)

    async def conflict(self, conflict_id: UUID) -> Row:
        rows = await self._tx.sql(f"{_CONFLICTS} WHERE c.id = $1", conflict_id)
        if not rows:
            raise NotFound
        return rows[0]

    async def contact(self) -> Row:
        """Where the reader's own party is reached."""
        rows = await self._tx.sql("SELECT * FROM read.contact WHERE owner = $1", self._party)
        return rows[0] if rows else NOTHING

    async def targets(self, operation_id: UUID) -> Row:
        """How many targets the operation names, for its owner; for others none."""
        rows = await self._tx.sql("SELECT * FROM read.target_count WHERE operation_id = $1", operation_id)
        return rows[0] if rows else NOTHING
