"""What the consent board asks, each under the row-level security of the one who reads."""

from collections.abc import Sequence
from uuid import UUID

from services.portal.lists import Listing
from services.portal.read_tables.operations import IS_JOINT
from services.portal.selects import Row
from shared.runtime.db import Tx

_JOINT = """
SELECT o.id, o.owner, o.partners, o.kind, o.status, o.withdrawn_by, d.title, j.number, j.is_open
FROM read.operation o LEFT JOIN read.operation_detail d ON d.operation_id = o.id
LEFT JOIN read.joint j ON j.operation_id = o.id
"""


class BoardQueries:
    """Mixed into `Reads`."""

    _tx: Tx

    async def joint_operations(self, period_id: UUID, before: UUID | None = None, limit: int = 50) -> Sequence[Row]:
        """Newest first, one more than `limit` where there are more; a `number` for whoever is one of its states."""
        listing = Listing("read.operation", "id DESC", conditions=[IS_JOINT.format("x.partners")])
        listing.where("x.period_id = {}", period_id)
        listing.where("x.id < {}", before)
        query = f"{_JOINT} WHERE o.id = ANY ({listing.ids(limit + 1)}) ORDER BY o.id DESC"
        return await self._tx.sql(query, *listing.values)

    async def joint_words_of(self, operations: Sequence[UUID]) -> Sequence[Row]:
        """What each state said on these: on the version in force or put to them, and on what amends it."""
        return await self._tx.sql("SELECT * FROM read.joint_word WHERE operation_id = ANY ($1::uuid[])", list(operations))

    async def joint_amendments_of(self, operations: Sequence[UUID]) -> Sequence[Row]:
        """What their states are asked to make of these: for whoever is one of the states."""
        return await self._tx.sql(
            "SELECT operation_id, number FROM read.joint_amendment "
            "WHERE operation_id = ANY ($1::uuid[]) AND status = 'proposed'",
            list(operations),
        )

    async def investigation_words_of(self, plans: Sequence[UUID]) -> Sequence[Row]:
        """The same of investigation plans."""
        return await self._tx.sql(
            "SELECT * FROM read.investigation_word WHERE investigation_id = ANY ($1::uuid[])", list(plans)
        )
