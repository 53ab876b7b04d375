"""What waits for a turn that has come already is taken up.

Where two replicas hear one aggregate at the same moment (at a rebalance, or when something is said again on another topic),
one may set an event aside for the number that the other is just applying; neither sees the other's unfinished work.
"""

import asyncio
import logging
from collections.abc import Callable

from shared.actor import Actor
from shared.errors import Refusal
from shared.runtime.bus import Consumer

log = logging.getLogger("jpa.bus")

ITSELF = Actor("system", "System", "", frozenset())


async def run(consumer: Callable[[], Consumer], every_seconds: float) -> None:
    """Look for as long as the service runs; which consumer that is may change."""
    while True:
        await asyncio.sleep(every_seconds)
        try:
            await release(consumer())
        except Exception as problem:
            log.warning("what waits is not looked at: %s", type(problem).__name__)


async def release(consumer: Consumer) -> None:
    """Apply what is due; what is no longer there, or not due any more, another one has taken up."""
    async with consumer.database.begin() as tx:
        due = await consumer.inbox.due(tx)
    for quarantine_id in due:
        try:
            await consumer.replay(quarantine_id, ITSELF)
            log.warning("one that waited for a turn that had come was taken up")
        except Refusal:
            continue
