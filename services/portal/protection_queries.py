"""What is asked about what protects people, each under the row-level security of the one who reads."""

from collections.abc import Sequence
from uuid import UUID

from services.portal.lists import Listing
from services.portal.selects import Row
from shared.errors import NotFound
from shared.runtime.db import Tx

_LATE = """
SELECT party, sum(updates)::bigint AS updates, sum(late)::bigint AS late FROM read.posted WHERE period_id = $1
GROUP BY party HAVING sum(updates) > 0 ORDER BY party
"""


_REFERRED = """
SELECT coalesce(sum(made), 0)::int AS made, coalesce(sum(overdue), 0)::int AS overdue,
       coalesce(sum(accepted), 0)::int AS accepted, coalesce(sum(refused), 0)::int AS refused,
       coalesce(sum(withdrawn), 0)::int AS withdrawn
FROM read.referral_count WHERE
"""


_ON_TOP = """
SELECT * FROM (
    SELECT d.*, count(*) OVER () AS open, row_number() OVER (PARTITION BY d.party ORDER BY d.id DESC) AS of_party
    FROM read.distress d WHERE d.id = ANY ({})
) found ORDER BY of_party, id DESC LIMIT 5
"""


class ProtectionQueries:
    """Mixed into `Reads`."""

    _tx: Tx
    _party: str

    async def distress_open(self) -> Sequence[Row]:
        """What is not over, for the top of every page: of each party one before a second of any, the newest first.

        At most five, each with `open`, the number of all of them.
        """
        listing = Listing("read.distress", "id DESC")
        listing.where("x.status = {}", "open")
        return await self._tx.sql(_ON_TOP.format(listing.ids(1000)), *listing.values)

    async def distresses(self, before: UUID | None = None, limit: int = 50, status: str | None = None) -> Sequence[Row]:
        """Newest first; one more than `limit` where there are more."""
        listing = Listing("read.distress", "id DESC")
        listing.where("x.status = {}", status)
        listing.where("x.id < {}", before)
        query = f"SELECT d.* FROM read.distress d WHERE d.id = ANY ({listing.ids(limit + 1)}) ORDER BY d.id DESC"  # noqa: S608
        return await self._tx.sql(query, *listing.values)

    async def distress(self, distress_id: UUID) -> Row:
        rows = await self._tx.sql("SELECT * FROM read.distress WHERE id = $1", distress_id)
        if not rows:
            raise NotFound
        return rows[0]

    async def incidents(self, before: UUID | None = None, limit: int = 50) -> Sequence[Row]:
        """Newest first; one more than `limit` where there are more."""
        listing = Listing("read.incident", "id DESC")
        listing.where("x.id < {}", before)
        query = f"SELECT i.* FROM read.incident i WHERE i.id = ANY ({listing.ids(limit + 1)}) ORDER BY i.id DESC"  # noqa: S608
        return await self._tx.sql(query, *listing.values)

    async def incidents_waiting(self) -> Sequence[Row]:
        """Those that nobody has taken up, the oldest first."""
        return await self._tx.sql(
            "SELECT * FROM read.incident WHERE status IN ('reported', 'escalated') ORDER BY reported_at LIMIT 200"
        )

    async def incident(self, incident_id: UUID) -> Row:
        rows = await self._tx.sql("SELECT * FROM read.incident WHERE id = $1", incident_id)
        if not rows:
            raise NotFound
        return rows[0]

    async def protection(self, update_id: UUID) -> Row | None:
        """From which states an update is kept; nothing for whoever is not of the state that posted it."""
        rows = await self._tx.sql("SELECT * FROM read.update_protection WHERE update_id = $1", update_id)
        return rows[0] if rows else None

    async def lateness(self, period_id: UUID) -> Sequence[Row]:
        """By party: how many updates, and how many of them came late."""
        return await self._tx.sql(_LATE, period_id)

    async def referrals(self, before: UUID | None = None, limit: int = 50) -> Sequence[Row]:
        """Newest first; one more than `limit` where there are more."""
        listing = Listing("read.referral", "id DESC")
        listing.where("x.id < {}", before)
        query = f"SELECT r.* FROM read.referral r WHERE r.id = ANY ({listing.ids(limit + 1)}) ORDER BY r.id DESC"  # noqa: S608
        return await self._tx.sql(query, *listing.values)

    async def referrals_waiting(self) -> Sequence[Row]:
        """Those that are not answered, the most pressing first."""
        return await self._tx.sql(
            "SELECT * FROM read.referral WHERE status IN ('made', 'overdue') ORDER BY answer_by LIMIT 20"
        )

    async def referral(self, referral_id: UUID) -> Row:
        rows = await self._tx.sql("SELECT * FROM read.referral WHERE id = $1", referral_id)
        if not rows:
            raise NotFound
        return rows[0]

    async def referred(self, period_id: UUID, operation_id: UUID | None = None) -> dict[str, int]:
        """How many referrals of a period, or of one operation in it, stand where, as far as the reader may count."""
        found = (
            await self._tx.sql(f"{_REFERRED} period_id = $1", period_id)
            if operation_id is None
            else await self._tx.sql(f"{_REFERRED} period_id = $1 AND operation_id = $2", period_id, operation_id)
        )
        return {state: number for state, number in dict(found[0]).items() if number}

    async def files_of(self, subject_id: UUID, number: int = 0) -> Sequence[Row]:
        """The files of an update, or of a version of a plan."""
        return await self._tx.sql(
            "SELECT * FROM read.named_file WHERE subject_id = $1 AND number = $2 ORDER BY name, sha256", subject_id, number
        )

    async def named_file(self, sha256: str) -> Row | None:
        """A file that something names which the reader may see."""
        rows = await self._tx.sql("SELECT * FROM read.named_file WHERE sha256 = $1 LIMIT 1", sha256)
        return rows[0] if rows else None
