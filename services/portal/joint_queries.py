"""What is asked about joint operations, each under the row-level security of the one who reads."""

from collections.abc import Sequence
from uuid import UUID

from services.portal.selects import Row
from shared.runtime.db import Tx

_AWAITED = """
SELECT j.*, o.kind, d.title, o.starts_at FROM read.joint j JOIN read.operation o ON o.id = j.operation_id
LEFT JOIN read.operation_detail d ON d.operation_id = j.operation_id
WHERE j.is_open AND o.status = 'drafted' AND (j.owner = $1 OR j.partners ? $1)
  AND NOT EXISTS (
      SELECT 1 FROM read.joint_word w
      WHERE w.operation_id = j.operation_id AND w.party = $1 AND w.number = j.number
  )
ORDER BY j.proposed_at LIMIT 50
"""


class JointQueries:
    """Mixed into `Reads`."""

    _tx: Tx
    _party: str

    async def joint(self, operation_id: UUID) -> Row | None:
        """The present version of a joint operation; none for whoever is none of its states."""
        rows = await self._tx.sql("SELECT * FROM read.joint WHERE operation_id = $1", operation_id)
        return rows[0] if rows else None

    async def joint_words(self, operation_id: UUID, number: int) -> Sequence[Row]:
        """The words on that version."""
        return await self._tx.sql(
            "SELECT * FROM read.joint_word WHERE operation_id = $1 AND number = $2 ORDER BY party", operation_id, number
        )

    async def joint_awaited(self) -> Sequence[Row]:
        """Which joint operations wait for the word of the reader's party, the oldest first."""
        return await self._tx.sql(_AWAITED, self._party)
