"""What the planner does when a time has come: each due thing once, in a transaction of its own."""

import asyncio
import logging

from services.planner.repository import Operations
from services.planner.usecases import operations
from shared.runtime.service import Service

log = logging.getLogger("jpa.planner")


async def run(service: Service, every_seconds: float) -> None:
    """Look at the clock for as long as the service runs. What is due is re-read under its lock, so replicas may race."""
    while True:
        try:
            async with service.database.begin() as tx:
                due = await Operations(tx).due_for_release(tx.now)
        except Exception as problem:
            log.warning("the clockwork pauses: %s", type(problem).__name__)
            due = []
        for operation_id in due:
            try:
                async with service.database.begin() as tx:
                    await operations.end_hold(tx, operation_id)
                service.wake()
            except Exception as problem:  # one that cannot be released keeps none of the others
                log.warning("a hold does not end: %s", type(problem).__name__)
        await asyncio.sleep(every_seconds)
