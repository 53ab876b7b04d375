"""What the handlers of one transaction are given: updates, which are most of what is heard, are written together."""

from collections.abc import Sequence
from uuid import UUID

from services.debrief.repository import Updates
from shared.events.base import Event
from shared.events.planner import UpdatePosted, UpdateReleased
from shared.runtime.db import Tx
from shared.vocabulary import UpdateStatus


class Gathered:
    """Updates wait here until something else is to be written, or the transaction ends."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._updates: dict[UUID, tuple[UpdatePosted | UpdateReleased, UpdateStatus]] = {}

    async def prepare(self, events: Sequence[Event]) -> None:
        """Nothing is read before."""

    def put(self, update: UpdatePosted | UpdateReleased, status: UpdateStatus) -> None:
        """The later word on an update says all that the earlier one said."""
        self._updates[update.update_id] = (update, status)

    async def tx(self) -> Tx:
        """The transaction, with all in it that was said before."""
        await self.flush()
        return self._tx

    async def flush(self) -> None:
        if self._updates:
            updates, self._updates = self._updates, {}
            await Updates(self._tx).put(updates.values())
