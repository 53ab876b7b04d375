"""The timeline where something is for fewer readers than when it was told."""

from uuid import UUID

from services.portal.projections.audiences import Entries
from services.portal.projections.rows import Rows

_TOLD = "SELECT DISTINCT audience_id FROM timeline WHERE subject_id = $1"
_MOVE = "UPDATE timeline SET audience_id = $3 WHERE subject_id = $1 AND audience_id = $2"
_DROP = "DELETE FROM timeline WHERE subject_id = $1 AND audience_id = $2"


async def narrow(rows: Rows, subject_id: UUID, keep: Entries) -> None:
    """All that was told of it is for these at most; what was for others only goes."""
    await rows.flush()
    for told in await rows.tx.sql(_TOLD, subject_id):
        number = told["audience_id"]
        had = await rows.audiences.readers(number)
        left = tuple(entry for entry in had if entry in keep)
        if not left:
            await rows.tx.sql(_DROP, subject_id, number)
        elif left != had:
            await rows.tx.sql(_MOVE, subject_id, number, await rows.audiences.number(left))
