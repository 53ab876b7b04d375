"""Where a party is reached about conflicts: its own setting, so that no officer's name ties an operation to a conflict."""

from typing import Self

from pydantic import BaseModel, ConfigDict

from shared.actor import Actor
from shared.errors import NotFound
from shared.events.planner import ContactGiven


class Contact(BaseModel):
    """The aggregate, one a party. Empty: its coordinators."""

    model_config = ConfigDict(frozen=True)
    owner: str
    version: int = 0
    contact: str = ""

    def give(self, contact: str, by: Actor) -> tuple[Self, ContactGiven]:
        if not by.reads((self.owner,)):
            raise NotFound
        changed = self.model_copy(update={"contact": contact, "version": self.version + 1})
        return changed, ContactGiven(
            owner=self.owner, version=changed.version, contact=contact, by=by.name, party=self.owner,
            audience=(self.owner,),
        )  # fmt: skip
