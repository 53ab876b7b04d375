"""Files of an update: a correction has those of the version before it, but for what the officer takes away."""

from collections.abc import Sequence

from services.planner.domain.update import Update
from shared.errors import FieldError, Invalid
from shared.events.planner import FileRef

MOST_FILES = 40
"""Of one update, all that its corrections brought together included: an event names each."""


def carried(earlier: Update | None, brought: Sequence[FileRef], without: Sequence[str]) -> tuple[FileRef, ...]:
    """What is kept of the version before it, in its order, then what is new.

    Raises:
        Invalid: what is to be taken away is not there, or there are too many.
    """
    before = {file.sha256: file for file in earlier.files} if earlier else {}
    errors = tuple(
        FieldError(f"without_files.{number}", "The version that this corrects has no such file.")
        for number, sha256 in enumerate(without)
        if sha256 not in before
    )
    if errors:
        raise Invalid(errors[0].reason, errors=errors)
    kept = {sha256: file for sha256, file in before.items() if sha256 not in set(without)}
    files = tuple((kept | {file.sha256: file for file in brought}).values())
    if len(files) > MOST_FILES:
        raise Invalid.field("files", f"An update has at most {MOST_FILES} files: take some of the version before away.")
    return files
