"""What only several brokers or replicas can have done to them; nothing of it may be more than a delay."""

import asyncio
from collections.abc import Awaitable, Callable

from client.endure.faults.attack import Attack, Fault
from client.endure.faults.forging import TOPIC
from client.endure.stack import NAMES
from deploy.embedded.faults import CLIENTS, Faults

UNHEARD = 3.0
"""Seconds for which clients get no answer."""


def _on(harm: Callable[[Attack, Faults, int], Awaitable[None]]) -> Fault:
    async def fault(attack: Attack) -> None:
        """To the broker that leads a partition which everything depends on; then every copy is made whole again."""
        faults = Faults(attack.stack.supervisor)
        try:
            await harm(attack, faults, await faults.leader_of(TOPIC, attack.chance.randrange(6)))
        finally:
            faults.heal()
        await attack.stack.well()
        await faults.in_sync(120)

    return fault


async def _kill(attack: Attack, faults: Faults, leader: int) -> None:
    await attack.stack.kill(faults.process(leader))


async def _silence(attack: Attack, faults: Faults, leader: int) -> None:
    """It hears the others and is not heard: it goes on believing that it leads."""
    async with faults.cut_off(leader, one_way=True):
        await attack.more(5, "nothing is accepted while a broker is cut off")


async def _cut_from_clients(attack: Attack, faults: Faults, leader: int) -> None:
    """Clients reach it and get no answer, while the brokers see nothing wrong."""
    async with faults.cut(leader, CLIENTS):
        await asyncio.sleep(UNHEARD)  # that nobody is answered for so long is the fault


async def roll(attack: Attack) -> None:
    """Every replica of every service is restarted, one after the other."""
    faults = Faults(attack.stack.supervisor)
    for service in NAMES:
        await faults.rolling_restart(service)
    await attack.stack.well()


BROKERS: dict[str, Fault] = {
    "kill a leader": _on(_kill),
    "silence a leader": _on(_silence),
    "cut a leader from clients": _on(_cut_from_clients),
}
REPLICAS: dict[str, Fault] = {"rolling restart": roll}
