"""What is asked about what protects people, each under the row-level security of the one who reads."""

from collections.abc import Sequence
from uuid import UUID

from services.portal.lists import Listing
from services.portal.selects import Row
from shared.errors import NotFound
from shared.runtime.db import Tx


class ProtectionQueries:
    """Mixed into `Reads`."""

    _tx: Tx
    _party: str

    async def distress_open(self) -> Sequence[Row]:
        """What is not over, the newest first: for the top of every page."""
        listing = Listing("read.distress", "id DESC")
        listing.where("x.status = {}", "open")
        query = f"SELECT d.* FROM read.distress d WHERE d.id = ANY ({listing.ids(5)}) ORDER BY d.id DESC"  # noqa: S608
        return await self._tx.sql(query, *listing.values)

    async def distresses(self, before: UUID | None = None, limit: int = 50) -> Sequence[Row]:
        """Newest first; one more than `limit` where there are more."""
        listing = Listing("read.distress", "id DESC")
        listing.where("x.id < {}", before)
        query = f"SELECT d.* FROM read.distress d WHERE d.id = ANY ({listing.ids(limit + 1)}) ORDER BY d.id DESC"  # noqa: S608
        return await self._tx.sql(query, *listing.values)

    async def distress(self, distress_id: UUID) -> Row:
        rows = await self._tx.sql("SELECT * FROM read.distress WHERE id = $1", distress_id)
        if not rows:
            raise NotFound
        return rows[0]
