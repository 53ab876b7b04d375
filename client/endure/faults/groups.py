"""Members that come to a service's consumer group and go, while its handlers are slow."""

import asyncio

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from client.endure.faults.attack import Attack, Fault

ROUNDS = 4
SLOW = {"portal": 'read."update"', "debrief": "public.update"}
"""A table of each that its handlers must write to."""


def _storm(name: str) -> Fault:
    async def fault(attack: Attack) -> None:
        """Every round takes partitions away in the middle of a batch that waits for a lock, and gives them back."""
        await attack.stack.well()
        topics, group = await _heard(attack, name)
        async with attack.stack.database(name) as connection:
            for _ in range(ROUNDS):
                async with connection.transaction():
                    await connection.execute(f"LOCK TABLE {SLOW[name]} IN ACCESS EXCLUSIVE MODE")
                    await _come_and_go(attack, name, topics, group)

    return fault


async def _heard(attack: Attack, name: str) -> tuple[list[str], str]:
    """What the service hears, and in which group it does."""
    if name == "debrief":
        return ["planner.periods", "planner.operations"], "debrief.main"
    async with attack.stack.database("portal") as connection:
        generation = await connection.fetchval("SELECT name FROM read.generation")
    return ["planner.periods", "planner.operations", "planner.details"], f"portal.{generation}"


async def _come_and_go(attack: Attack, name: str, topics: list[str], group: str) -> None:
    """A member of the same group, with the service's own credential, that commits nothing."""
    member = AIOKafkaConsumer(
        *topics,
        **attack.stack.broker_as(name).for_aiokafka(),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=6000,
    )
    try:
        await asyncio.wait_for(member.start(), 10)
        await asyncio.wait_for(member.getmany(timeout_ms=300), 5)
    except (KafkaError, TimeoutError):
        pass  # the rebalance is what counts, not whether it came to an end
    finally:
        await member.stop()


STORMS: dict[str, Fault] = {f"rebalance storm at {name}": _storm(name) for name in SLOW}
