"""Runs the floor on the bench's own Kafka and PostgreSQL, in a database and topics that are made for it and go again."""

import asyncio
from typing import Any

import asyncpg

from client.bench import apart
from client.bench.scene import COUNTS, PARTIES, TEXT
from client.bench.settings import Options
from client.bench.stack import Stack
from deploy.provision.broker import BrokerAdmin
from deploy.provision.topics import Topic

DATABASE = "bench_floor"
TOPICS = ("headlines", "details", *(f"feed.{party.lower()}" for party in PARTIES))
RATE = 100.0


async def measured(stack: Stack, options: Options) -> dict[str, Any]:
    """One run of it."""
    names = [f"{DATABASE}.{name}" for name in TOPICS]
    admin = BrokerAdmin(stack.broker)
    await asyncio.to_thread(admin.ensure_topics, [Topic(name, ("admin",), ("admin",), 1, 1) for name in names])
    connection = await asyncpg.connect(stack.as_admin("postgres"))
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        await connection.execute(f"CREATE DATABASE {DATABASE}")
        try:
            return await apart.run(
                "client.bench.floor",
                {
                    "dsn": stack.as_admin(DATABASE),
                    "kafka": stack.broker.for_aiokafka(),
                    "topics": names,
                    "text": TEXT,
                    "counts": COUNTS,
                    "rate": RATE,
                    "paced_seconds": options.paced_seconds,
                    "seconds": options.floor_seconds,
                    "writers": options.floor_writers,
                    "pids": stack.pids(),
                },
            )
        finally:
            await connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
            await asyncio.to_thread(admin.delete_topics, names)
    finally:
        await connection.close()


def mean(runs: list[dict[str, Any]]) -> dict[str, float]:
    """Of the figures of several runs."""
    return {name: sum(run[name] for run in runs) / len(runs) for name in runs[0]}
