"""The floor: the least work that carries an accepted update, durably, from a writer to its readers.

A transaction keeps a state row and two outbox rows; both events go to their topics and the headline to the feed of every
party, the detail to one, all acknowledged; a reader takes them in batches and keeps, in one transaction a batch, that it
saw each and what it shows. No web, no rules, no rights, no audit, no relay. The system is read against this.
"""

import asyncio
import json
import os
import time
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from client.bench import processes
from client.bench.apart import Job, quantile, serve

BATCH = 500
DRAINED_WITHIN = 60.0
TABLES = """
CREATE TABLE state (id uuid PRIMARY KEY, body jsonb NOT NULL);
CREATE TABLE outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key uuid NOT NULL, body jsonb NOT NULL);
CREATE TABLE inbox (id uuid PRIMARY KEY);
CREATE TABLE shown (id uuid PRIMARY KEY, body jsonb NOT NULL, at timestamptz NOT NULL DEFAULT now());
"""
_OUTBOX = "INSERT INTO outbox (key, body) VALUES ($1, $2), ($1, $3)"
_SHOWN = "INSERT INTO shown (id, body) SELECT * FROM unnest($1::uuid[], $2::jsonb[])"


class Floor:
    """One database, one producer, one reader."""

    def __init__(self, pool: Any, producer: Any, consumer: Any, job: Job) -> None:
        self._pool, self._producer, self._consumer = pool, producer, consumer
        self._headlines, self._details, *self._feeds = job["topics"]
        self._text, self._counts = job["text"], job["counts"]
        self.born: dict[bytes, float] = {}
        self.seen: dict[bytes, float] = {}
        self._read_more = asyncio.Event()

    async def write(self) -> None:
        """One update, to its commit and into the producer's hands."""
        new = uuid4()
        headline = {"id": str(new), "kind": "result", "counts": self._counts}
        said = json.dumps(headline)
        told = json.dumps({"id": str(new), "text": self._text})
        self.born[new.bytes] = time.perf_counter()
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("INSERT INTO state VALUES ($1, $2)", new, told)
            await connection.execute(_OUTBOX, new, said, told)
        for topic in (self._headlines, *self._feeds):
            await self._producer.send(topic, said.encode(), key=new.bytes)
        for topic in (self._details, self._feeds[0]):
            await self._producer.send(topic, told.encode(), key=new.bytes)

    async def read(self) -> None:
        """Until cancelled."""
        while True:
            batches = await self._consumer.getmany(timeout_ms=500, max_records=BATCH)
            records = [record for batch in batches.values() for record in batch]
            if not records:
                continue
            ids = [uuid4() for _ in records]
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute("INSERT INTO inbox SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING", ids)
                await connection.execute(_SHOWN, ids, [record.value.decode() for record in records])
            now = time.perf_counter()
            self.seen |= {record.key: now for record in records if record.topic == self._headlines}
            await self._consumer.commit()
            self._read_more.set()

    async def paced(self, rate: float, seconds: float) -> tuple[float, float]:
        """p50 and p99 in ms at so many a second, from before the transaction to after the reader's."""
        began = time.perf_counter()
        tasks = []
        for number in range(int(rate * seconds)):
            await asyncio.sleep(began + number / rate - time.perf_counter())
            tasks.append(asyncio.create_task(self.write()))
        await asyncio.gather(*tasks)
        await self._drained()
        times = [self.seen[each] - at for each, at in self.born.items()]
        return quantile(times, 0.5) * 1e3, quantile(times, 0.99) * 1e3

    async def saturated(self, writers: int, seconds: float, pids: dict[str, int]) -> dict[str, float]:
        """Accepted and visible a second, as fast as so many writers go, and the CPU that one of them takes in all."""
        self.born.clear()
        self.seen.clear()
        before = processes.cpu(pids)
        began = time.perf_counter()

        async def write() -> None:
            while time.perf_counter() - began < seconds:
                await self.write()

        await asyncio.gather(*(write() for _ in range(writers)))
        accepted = len(self.born) / (time.perf_counter() - began)
        await self._drained()
        spent = sum(processes.used(before, processes.cpu(pids)).values())
        return {
            "accepted_updates_per_second": accepted,
            "visible_updates_per_second": len(self.seen) / (max(self.seen.values()) - began),
            "cpu_ms_per_update": spent / len(self.seen) * 1e3,
        }

    async def _drained(self) -> None:
        async with asyncio.timeout(DRAINED_WITHIN):
            await self._producer.flush()
            while len(self.seen) < len(self.born):
                await self._read_more.wait()
                self._read_more.clear()


async def work(job: Job) -> Job:
    """Both figures, on tables that are empty."""
    pool = await asyncpg.create_pool(job["dsn"], min_size=job["writers"], max_size=job["writers"] + 1)
    await pool.execute(f"DROP TABLE IF EXISTS state, outbox, inbox, shown; {TABLES}")
    producer = AIOKafkaProducer(**job["kafka"], acks="all", enable_idempotence=True, linger_ms=1)
    consumer = AIOKafkaConsumer(
        *job["topics"][:2], **job["kafka"], group_id=f"floor.{UUID(int=time.time_ns())}", enable_auto_commit=False,
        auto_offset_reset="earliest", fetch_max_wait_ms=500,
    )  # fmt: skip
    await producer.start()
    await consumer.start()
    floor = Floor(pool, producer, consumer, job)
    reader = asyncio.create_task(floor.read())
    try:
        await floor.paced(job["rate"], min(2.0, job["paced_seconds"]))  # warm, and not counted
        floor.born.clear()
        floor.seen.clear()
        p50, p99 = await floor.paced(job["rate"], job["paced_seconds"])
        pids = {**job["pids"], "floor": os.getpid()}
        saturated = await floor.saturated(job["writers"], job["seconds"], pids)
    finally:
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)
        await consumer.stop()
        await producer.stop()
        await pool.close()
    return {
        **saturated,
        "p50_ms_at_100_per_second": p50,
        "p99_ms_at_100_per_second": p99,
    }


if __name__ == "__main__":
    serve(work)
