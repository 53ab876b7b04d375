"""What others see of a recall when an owner sends what it said again: a tombstone, and no alarm."""


import pytest

from services.intel.domain.alert import Alert
from shared.events.base import Event, internal_bytes
from shared.events.intel import AlertBodyPublished, AlertBodyRecalled
from shared.runtime.bus import Consumer
from shared.runtime.db import Tx
from shared.runtime.inbox import Inbox
from shared.runtime.listener import Listener
from tests.intel.builders import published, recall
from tests.intel.hearing import Ear, Record

pytestmark = pytest.mark.system


class Reader:
    """Somebody who hears intel.bodies, with books of the same kind (in intel's own database, which hears no bodies)."""

    def __init__(self, intel: Ear) -> None:
        self.intel, self.seen = intel, list[str]()
        listener = Listener("intel.bodies")

        @listener.on(AlertBodyPublished, AlertBodyRecalled)
        async def note(event: Event, tx: Tx) -> None:
            self.seen.append(type(event).__name__)

        self.consumer = Consumer(listener, Inbox("reader"), intel.service.database, intel.service.settings)

    async def hear_outbox(self, alert: Alert) -> None:
        """All that intel's outbox has on this alert's text, as the relay would send it now."""
        rows = await self.intel.sql(
            "SELECT * FROM outbox WHERE topic = 'intel.bodies' AND key = $1 ORDER BY sequence", str(alert.id)
        )
        for row in rows:
            value = internal_bytes(row["body"], row["sequence"], row["audience"], row["traceparent"])
            await self.consumer.batch([Record("intel.bodies", row["id"], row["key"].encode(), value)])


async def test_who_saw_the_text_and_hears_its_number_again_purges_once_more(intel: Ear):
    alert, reader = await published(intel), Reader(intel)
    await reader.hear_outbox(alert)
    await recall(intel, alert)
    await reader.hear_outbox(alert)
    await reader.hear_outbox(alert)
    assert reader.seen == ["AlertBodyPublished", "AlertBodyRecalled", "AlertBodyRecalled"]
    assert await intel.quarantined(alert.id) == []


async def test_who_comes_after_the_recall_never_sees_the_text_and_misses_no_number(intel: Ear):
    alert, reader = await published(intel), Reader(intel)
    await recall(intel, alert)
    await reader.hear_outbox(alert)
    assert reader.seen == ["AlertBodyRecalled", "AlertBodyRecalled"]
    assert await intel.quarantined(alert.id) == []
