"""What is asked about joint operations and investigation plans, each under the row-level security of the one who reads."""

from collections.abc import Sequence
from uuid import UUID

from services.portal.lists import Listing
from services.portal.selects import Row
from shared.errors import NotFound
from shared.runtime.db import Tx

_AWAITED = """
SELECT j.*, o.kind, d.title, o.starts_at FROM read.joint j JOIN read.operation o ON o.id = j.operation_id
LEFT JOIN read.operation_detail d ON d.operation_id = j.operation_id
JOIN read.period p ON p.id = j.period_id AND p.status NOT IN ('archived', 'cancelled')
WHERE j.is_open AND o.status = 'drafted' AND (j.owner = $1 OR j.partners ? $1)
  AND NOT EXISTS (
      SELECT 1 FROM read.joint_word w
      WHERE w.operation_id = j.operation_id AND w.party = $1 AND w.number = j.number
  )
ORDER BY j.proposed_at LIMIT 200
"""
_AMENDMENTS_AWAITED = """
SELECT a.*, d.title FROM read.joint_amendment a JOIN read.joint j ON j.operation_id = a.operation_id
JOIN read.operation o ON o.id = a.operation_id LEFT JOIN read.operation_detail d ON d.operation_id = a.operation_id
JOIN read.period p ON p.id = a.period_id AND p.status IN ('adopted', 'active')
WHERE a.status = 'proposed' AND o.status = 'scheduled' AND (j.owner = $1 OR j.partners ? $1)
  AND NOT EXISTS (
      SELECT 1 FROM read.joint_word w
      WHERE w.operation_id = a.operation_id AND w.party = $1 AND w.number = a.number
  )
ORDER BY a.proposed_at LIMIT 200
"""


_PLANS_AWAITED = """
SELECT i.* FROM read.investigation i
WHERE i.is_open AND i.status = 'proposed' AND (i.owner = $1 OR i.members ? $1)
  AND NOT EXISTS (
      SELECT 1 FROM read.investigation_word w
      WHERE w.investigation_id = i.id AND w.party = $1 AND w.number = i.number
  )
ORDER BY i.proposed_at LIMIT 200
"""
_PLANS_LATE = """
SELECT i.* FROM read.investigation i
WHERE i.status = 'agreed' AND (i.owner = $1 OR i.members ? $1) AND jsonb_array_length(i.overdue) > 0
ORDER BY i.id LIMIT 50
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

    async def joint_amendment(self, operation_id: UUID) -> Row | None:
        """What its states were asked last to make of it; none for whoever is none of them."""
        rows = await self._tx.sql("SELECT * FROM read.joint_amendment WHERE operation_id = $1", operation_id)
        return rows[0] if rows else None

    async def joint_amendment_detail(self, operation_id: UUID, number: int) -> Row | None:
        """What the amendment of that number says in detail; none while that has not arrived."""
        rows = await self._tx.sql(
            "SELECT * FROM read.joint_amendment_detail WHERE operation_id = $1 AND number = $2", operation_id, number
        )
        return rows[0] if rows else None

    async def joint_amendments_awaited(self) -> Sequence[Row]:
        """Which amendments of joint operations wait for the word of the reader's party, the oldest first."""
        return await self._tx.sql(_AMENDMENTS_AWAITED, self._party)

    async def investigations(
        self, period_id: UUID | None, before: UUID | None = None, limit: int = 50
    ) -> Sequence[Row]:
        """Newest first; one more than `limit` where there are more."""
        listing = Listing("read.investigation", "id DESC")
        listing.where("x.period_id = {}", period_id)
        listing.where("x.id < {}", before)
        query = f"SELECT i.* FROM read.investigation i WHERE i.id = ANY ({listing.ids(limit + 1)}) ORDER BY i.id DESC"  # noqa: S608
        return await self._tx.sql(query, *listing.values)

    async def investigation(self, investigation_id: UUID) -> Row:
        rows = await self._tx.sql("SELECT * FROM read.investigation WHERE id = $1", investigation_id)
        if not rows:
            raise NotFound
        return rows[0]

    async def investigation_words(self, investigation_id: UUID, number: int) -> Sequence[Row]:
        """The words on that version."""
        return await self._tx.sql(
            "SELECT * FROM read.investigation_word WHERE investigation_id = $1 AND number = $2 ORDER BY party",
            investigation_id,
            number,
        )

    async def investigations_awaited(self) -> Sequence[Row]:
        """Which investigation plans wait for the word of the reader's party, the oldest first."""
        return await self._tx.sql(_PLANS_AWAITED, self._party)

    async def investigations_late(self) -> Sequence[Row]:
        """Plans of the reader's party with milestones whose day is over."""
        return await self._tx.sql(_PLANS_LATE, self._party)

    async def investigations_counted(self, period_id: UUID) -> int:
        """How many there are; nought for whoever is not told."""
        rows = await self._tx.sql("SELECT investigations FROM read.investigation_count WHERE period_id = $1", period_id)
        return int(rows[0]["investigations"]) if rows else 0
