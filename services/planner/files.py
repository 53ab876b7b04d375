"""Files that a command names: by the portal's sealed word that the caller's own party uploaded them, and by nothing else.

Whoever could name a file by its hash alone could read it: its own event would make it a reader.
"""

from collections.abc import Sequence

from shared.actor import Actor
from shared.errors import FieldError, Invalid, Unauthenticated
from shared.events.planner import FileRef
from shared.runtime.identity import Verifier

UNSEALED = "Upload the file first, and name it by the seal that you got for it."


def named(seals: Sequence[str], by: Actor, verifier: Verifier, field: str = "files") -> tuple[FileRef, ...]:
    """Raises Invalid for a seal that is not the portal's, or on another party's file: the two are told in the same words."""
    found: dict[str, FileRef] = {}
    errors = []
    for number, seal in enumerate(seals):
        try:
            claims = verifier.unseal(seal)
            if claims["party"] != by.party:
                raise Unauthenticated("Another party's.")
            found[claims["sha256"]] = FileRef.model_validate(claims)
        except (Unauthenticated, KeyError, ValueError):
            errors.append(FieldError(f"{field}.{number}", UNSEALED))
    if errors:
        raise Invalid(errors[0].reason, errors=tuple(errors))
    return tuple(found.values())
