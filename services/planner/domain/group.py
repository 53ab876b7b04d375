"""The Working Group: its members, whom the operator names, and who therefore reads its programme."""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.actor import Actor
from shared.errors import Conflict, Invalid, NotFound
from shared.events.base import audience_of
from shared.events.planner import GroupNamed

GROUP_ID = UUID("00000000-0000-7000-8000-67726f757000")
"""There is one."""


class GroupUnnamed(Conflict):
    """The operator has not said who belongs to the Working Group."""


class Group(BaseModel):
    """The aggregate."""

    model_config = ConfigDict(frozen=True)

    id: UUID = GROUP_ID
    version: int = 0
    members: tuple[str, ...] = ()

    def name(self, members: frozenset[str]) -> tuple[Self, GroupNamed] | None:
        """These belong to it from now on; None where they did already."""
        if members == set(self.members):
            return None
        if len(members) < 2:
            raise Invalid.field("members", "The Working Group has at least two members.")
        changed = self.model_copy(update={"members": tuple(sorted(members)), "version": self.version + 1})
        # who leaves hears that it did
        readers = audience_of({*changed.members, *self.members})
        return changed, GroupNamed(
            group_id=self.id, version=changed.version, members=changed.members, audience=readers
        )

    def require_member(self, by: Actor) -> None:
        """Raises NotFound for whoever is not of the Working Group."""
        if not self.members:
            raise GroupUnnamed("The Working Group has no members yet: the operator names them, with ./jpa group add.")
        if not by.reads(self.members):
            raise NotFound
