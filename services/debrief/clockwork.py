"""Compiles the debriefs whose material changed: once for many changes, in a transaction of its own."""

import asyncio
import logging

from services.debrief import usecases
from services.debrief.repository import Changes
from shared.runtime.service import Service

log = logging.getLogger("jpa.debrief")


async def run(service: Service, every_seconds: float) -> None:
    """Look for changes for as long as the service runs."""
    while True:
        try:
            await compile_changed(service)
        except Exception as problem:
            log.warning("the clockwork pauses: %s", type(problem).__name__)
        await asyncio.sleep(every_seconds)


async def compile_changed(service: Service) -> None:
    """Compile each debrief whose period changed. Whoever takes the mark away compiles, so replicas may race."""
    async with service.database.begin() as tx:
        changed = await Changes(tx).compilable()
    for period_id in changed:
        async with service.database.begin() as tx:
            await usecases.compile_debrief(tx, period_id)
        service.wake()
