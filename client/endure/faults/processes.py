"""Processes that end, stand still, or are away for a while."""

import asyncio
import signal

from client.endure.faults.attack import Attack, Fault
from client.endure.stack import NAMES

SERVERS = ("kafka", "postgres")
STANDS_STILL, IS_FORGOTTEN = 2.5, 15.0
"""Seconds for which a process is stopped: its peers have waited by then, or have gone on without it."""


def _kill(name: str) -> Fault:
    async def fault(attack: Attack) -> None:
        await attack.stack.kill(attack.one_of(name))

    return fault


def _stop(name: str) -> Fault:
    async def fault(attack: Attack) -> None:
        one = attack.one_of(name)
        await attack.stack.well(one)
        seconds = attack.chance.choice((STANDS_STILL, min(IS_FORGOTTEN, attack.outage_seconds)))
        attack.stack.signal(one, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)  # that it stands still for so long is the fault
        finally:
            attack.stack.signal(one, signal.SIGCONT)
        await attack.stack.well(one)

    return fault


async def restart_postgres(attack: Attack) -> None:
    """As an operator does: sessions are ended, nothing has to be recovered."""
    await attack.stack.stop("postgres")
    await attack.stack.start("postgres")


async def unclean_broker(attack: Attack) -> None:
    """The broker's own mark of a clean end is gone: it recovers its log, and relays send again."""
    broker = attack.one_of("kafka")
    await attack.stack.stop(broker)
    for mark in attack.stack.home.kafka.rglob(".kafka_cleanshutdown"):  # who runs has none
        mark.unlink()
    await attack.stack.start(broker)


async def both_down(attack: Attack) -> None:
    """Kafka and PostgreSQL are away; whoever posts is told so."""
    servers = [name for server in SERVERS for name in attack.stack.all_of(server)]
    await attack.stack.stop(*servers)
    await asyncio.sleep(attack.outage_seconds)  # that they are away for so long is the fault
    await attack.stack.start(*servers)
    await attack.stack.well()


async def kafka_down(attack: Attack) -> None:
    """Posts go on while Kafka is away, and are shown when it is back."""
    brokers = attack.stack.all_of("kafka")
    await attack.stack.stop(*brokers)
    await attack.more(5, "posts are not accepted while Kafka is away")
    await attack.stack.start(*brokers)


KILLS: dict[str, Fault] = {f"kill {name}": _kill(name) for name in (*NAMES, *SERVERS)}
STOPS: dict[str, Fault] = {f"stop {name}": _stop(name) for name in (*NAMES, *SERVERS)}
OUTAGES: dict[str, Fault] = {
    "restart postgres": restart_postgres,
    "unclean broker": unclean_broker,
    "kafka down": kafka_down,
    "both down": both_down,
}
