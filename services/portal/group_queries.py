"""What is asked about consultations and the programme, each under the row-level security of the one who reads."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.portal.lists import Listing
from services.portal.selects import Row
from shared.errors import NotFound
from shared.runtime.db import Tx

_CONSULTATIONS = """
SELECT c.*, mine.answer AS my_answer, coalesce(words.attending, 0)::int AS attending,
       coalesce(words.given, 0)::int AS given
FROM read.consultation c
LEFT JOIN read.consultation_answer mine ON mine.consultation_id = c.id AND mine.party = $1
LEFT JOIN LATERAL (
    SELECT count(*) AS given, count(*) FILTER (WHERE a.answer = 'attending') AS attending
    FROM read.consultation_answer a WHERE a.consultation_id = c.id AND c.invited ? a.party
) words ON true
"""
_AWAITED = f"""
{_CONSULTATIONS} WHERE c.status = 'called' AND c.invited ? $1 AND mine.answer IS NULL ORDER BY c.answer_by LIMIT 200
"""
_CHAIRED = f"""
{_CONSULTATIONS} WHERE c.co_chairs ? $1 AND (c.status = 'held' OR (c.status = 'called' AND c.silent IS NOT NULL))
ORDER BY c.answer_by LIMIT 20
"""
_OPEN = "('proposed', 'agreed', 'under_way')"
_ASKED = """
SELECT * FROM read.activity
WHERE owner = $1 AND (status = 'proposed' OR (status IN ('agreed', 'under_way') AND overdue = due))
ORDER BY status <> 'proposed', due, id LIMIT 200
"""
"""What waits for a word before what is late: a party that is late with much is still asked."""


class GroupQueries:
    """Mixed into `Reads`."""

    _tx: Tx
    _party: str

    async def consultations(self, before: UUID | None = None, limit: int = 50) -> Sequence[Row]:
        """Newest first; one more than `limit` where there are more."""
        listing = Listing("read.consultation", "id DESC", values=[self._party])
        listing.where("x.id < {}", before)
        query = f"{_CONSULTATIONS} WHERE c.id = ANY ({listing.ids(limit + 1)}) ORDER BY c.id DESC"
        return await self._tx.sql(query, *listing.values)

    async def consultations_awaited(self) -> Sequence[Row]:
        """Which wait for the word of the reader's party, the most pressing first."""
        return await self._tx.sql(_AWAITED, self._party)

    async def consultations_chaired(self) -> Sequence[Row]:
        """Those of the reader's party as co-chair that it has to go on with: some are silent, or it was held."""
        return await self._tx.sql(_CHAIRED, self._party)

    async def consultation(self, consultation_id: UUID) -> Row:
        rows = await self._tx.sql(f"{_CONSULTATIONS} WHERE c.id = $2", self._party, consultation_id)
        if not rows:
            raise NotFound
        return rows[0]

    async def consultation_answers(self, consultation_id: UUID) -> Sequence[Row]:
        return await self._tx.sql(
            "SELECT * FROM read.consultation_answer WHERE consultation_id = $1 ORDER BY party", consultation_id
        )

    async def consultation_record(self, consultation_id: UUID) -> Row | None:
        rows = await self._tx.sql("SELECT * FROM read.consultation_record WHERE consultation_id = $1", consultation_id)
        return rows[0] if rows else None

    async def activities(self, before: UUID | None = None, limit: int = 50) -> Sequence[Row]:
        """Newest first; one more than `limit` where there are more."""
        listing = Listing("read.activity", "id DESC")
        listing.where("x.id < {}", before)
        query = f"SELECT a.* FROM read.activity a WHERE a.id = ANY ({listing.ids(limit + 1)}) ORDER BY a.id DESC"  # noqa: S608
        return await self._tx.sql(query, *listing.values)

    async def activities_by_day(self, is_open: bool, kind: str | None, owner: str | None, limit: int) -> Sequence[Row]:
        """Open ones by the day on which they are due, the next first; the others with the last day first."""
        order = "due, id" if is_open else "due DESC, id DESC"
        listing = Listing("read.activity", order)
        listing.conditions.append(f"x.status {'' if is_open else 'NOT '}IN {_OPEN}")
        listing.where("x.kind = {}", kind)
        listing.where("x.owner = {}", owner)
        query = f"SELECT a.* FROM read.activity a WHERE a.id = ANY ({listing.ids(limit)}) ORDER BY {order}"  # noqa: S608
        return await self._tx.sql(query, *listing.values)

    async def activities_asked(self) -> Sequence[Row]:
        """Those of the reader's party that wait for its word, or are overdue."""
        return await self._tx.sql(_ASKED, self._party)

    async def activity(self, activity_id: UUID) -> Row:
        rows = await self._tx.sql("SELECT * FROM read.activity WHERE id = $1", activity_id)
        if not rows:
            raise NotFound
        return rows[0]

    async def working_group(self) -> tuple[str, ...]:
        """Its members; nobody for whoever is not among them."""
        rows = await self._tx.sql("SELECT members FROM read.working_group")
        return tuple(rows[0]["members"]) if rows else ()


def is_overdue(row: Row) -> bool:
    """Whether the passing of its present day was told, and its owner is still at it."""
    told: date | None = row["overdue"]
    return row["status"] in {"agreed", "under_way"} and told is not None and told == row["due"]
