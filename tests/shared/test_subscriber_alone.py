"""A service that begins while Kafka is away waits for it, and leaves nothing open."""

import asyncio
import gc
from pathlib import Path
from typing import Any

from shared.runtime.settings import ServiceSettings
from shared.runtime.subscriber import Bus


async def test_trying_to_reach_a_kafka_that_is_away_leaves_no_client_open(tmp_path: Path):
    settings = ServiceSettings(
        database_url="postgresql://unused",
        kafka_bootstrap_servers="127.0.0.1:1",
        actor_public_keys_file=tmp_path,
        seal_private_key_file=tmp_path,
    )
    told: list[str] = []
    tries = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: told.append(str(context.get("message"))))
    bus = Bus(None, "planner.main", settings, ("planner.periods",))  # type: ignore[arg-type]
    plain = bus.broker.stop

    async def stop(*words: Any) -> None:
        await plain(*words)
        tries.set()

    bus.broker.stop = stop  # type: ignore[method-assign]
    running = asyncio.create_task(bus.run())
    try:
        for _ in range(2):
            async with asyncio.timeout(60):
                await tries.wait()
            tries.clear()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await plain()
    del bus, running
    gc.collect()
    assert told == []
