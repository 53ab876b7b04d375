"""Files as events name them: shown with what names them, and noted where a rebuild forgets nothing."""

from collections.abc import Sequence
from uuid import UUID

from services.portal.projections.rows import Rows
from shared.events.planner import FileRef

_NAME = """
INSERT INTO public.file_named (sha256, subject_id) SELECT s, $2::uuid FROM unnest($1::text[]) AS s
ON CONFLICT (sha256, subject_id) DO UPDATE SET gone = false
"""
_HIDE = "DELETE FROM named_file WHERE subject_id = $1"
_TAKEN_BACK = "UPDATE public.file_named SET gone = true WHERE subject_id = $1"


async def name_files(rows: Rows, subject_id: UUID, files: Sequence[FileRef], audience: int, number: int = 0) -> None:
    """Whoever is in the audience may read them from now on, and nobody else by this subject."""
    for file in files:
        rows.replace("named_file", subject_id=subject_id, number=number, audience_id=audience, **file.model_dump())
    if files:
        await rows.tx.sql(_NAME, sorted({file.sha256 for file in files}), subject_id)


async def take_back(rows: Rows, subject_id: UUID) -> None:
    """What named them was recalled: nobody reads them by it, and what nothing else names is purged."""
    await rows.flush()
    await rows.tx.sql(_HIDE, subject_id)
    await rows.tx.sql(_TAKEN_BACK, subject_id)
