"""Files as events name them: shown with what names them, and noted where a rebuild forgets nothing."""

from collections.abc import Sequence
from uuid import UUID

from services.portal.projections.rows import Rows
from shared.events.planner import FileRef

_NAME = """
INSERT INTO public.file_named (sha256, subject_id) SELECT s, $2::uuid FROM unnest($1::text[]) AS s
ON CONFLICT (sha256, subject_id) DO NOTHING
"""


async def name_files(rows: Rows, subject_id: UUID, files: Sequence[FileRef], audience: int, number: int = 0) -> None:
    """Whoever is in the audience may read them from now on, and nobody else by this subject."""
    for file in files:
        rows.replace("named_file", subject_id=subject_id, number=number, audience_id=audience, **file.model_dump())
    if files:
        await rows.tx.sql(_NAME, sorted({file.sha256 for file in files}), subject_id)
