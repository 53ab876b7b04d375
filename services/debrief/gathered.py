"""What the handlers of one transaction are given: updates, which are most of what is heard, are written together."""

from collections.abc import Sequence
from uuid import UUID

from services.debrief.repository import Said, Updates, is_opened
from shared.events.base import Event, audience_of
from shared.events.planner import UpdatePosted, UpdateReleased
from shared.runtime.db import Tx
from shared.vocabulary import UpdateStatus


class Gathered:
    """Updates wait here until something else is to be written, or the transaction ends."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._updates: dict[UUID, Said] = {}

    async def prepare(self, events: Sequence[Event]) -> None:
        """Nothing is read before."""

    def put(self, update: UpdatePosted | UpdateReleased, status: UpdateStatus) -> None:
        """The later word on an update says all that the earlier one said, but who had it before newcomers did."""
        before = self._updates.get(update.update_id)
        if before and is_opened(update):
            told = {"audience": audience_of({*before[0].audience, *update.audience}), "to_newcomers": is_opened(before[0])}
            update = update.model_copy(update=told)
        self._updates[update.update_id] = (update, status)

    async def tx(self) -> Tx:
        """The transaction, with all in it that was said before."""
        await self.flush()
        return self._tx

    async def flush(self) -> None:
        if self._updates:
            updates, self._updates = self._updates, {}
            await Updates(self._tx).put(updates.values())
