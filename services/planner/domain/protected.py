"""A person whose own state must not learn of them: which states are kept from an update, in whatever role and for ever."""

from typing import Self

from pydantic import BaseModel, ConfigDict

from shared.actor import Actor
from shared.countries import UNKNOWN
from shared.errors import FieldError, Forbidden, Invalid
from shared.vocabulary import ProtectionConcern


class NotOneself(Forbidden):
    """Two people are needed: nobody releases what they posted themselves."""


class Protected(BaseModel):
    """What an update says of that, and what follows from it."""

    model_config = ConfigDict(frozen=True)

    protection_concern: ProtectionConcern | None = None
    origins: tuple[str, ...] = ()

    def kept_from(self, readers: tuple[str, ...]) -> tuple[str, ...]:
        """These readers without the states of origin."""
        if not self.origins:
            return readers
        return tuple(entry for entry in readers if entry.partition("#")[0] not in self.origins)

    def protected_as(self, other: "Protected") -> Self:
        """What the other keeps from states is kept from them here as well: a correction tells nobody more."""
        if set(other.origins) <= set(self.origins) and (self.protection_concern or not other.protection_concern):
            return self
        changed = {
            "protection_concern": self.protection_concern or other.protection_concern,
            "origins": tuple(sorted({*self.origins, *other.origins})),
        }
        return self.model_copy(update=changed)

    def without(self, states: tuple[str, ...], party: str, posted_by: str, reason: str, by: Actor) -> Self:
        """The concern with fewer states kept out.

        Raises:
            NotOneself: whoever posted it does not release it.
            Invalid: a state is not kept out, or no reason is given.
        """
        if by.id == posted_by:
            raise NotOneself(f"You posted this yourself: another rights officer of {party} releases it.")
        if not states or (strangers := sorted(set(states) - set(self.origins))):
            named = ", ".join(strangers) if states else "Nothing"
            raise Invalid.field("origins", f"{named}: not among the states that are kept out.")
        if not reason.strip():
            raise Invalid.field("reason", "Say why they may know.")
        return self.model_copy(update={"origins": tuple(one for one in self.origins if one not in states)})

    def concern_problems(self, party: str) -> list[FieldError]:
        found = []
        if self.origins and self.protection_concern is None:
            found.append(FieldError("protection_concern", "Say which concern it is: these states are kept out."))
        if self.protection_concern and not self.origins:
            said = f"Name the states of origin that must not learn of this; {UNKNOWN} where it is not known."
            found.append(FieldError("origins", said))
        if party in self.origins:
            said = (
                f"{party} posts this and reads it. Report it as a serious incident, or refer the person to a protection "
                "service of another party."
            )
            found.append(FieldError("origins", said))
        return found
