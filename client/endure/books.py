"""What lies inside after a run: nothing under way, in quarantine only what was injected, and evidence that holds."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from client.endure.cast import CHAIR
from client.endure.faults.attack import Attack
from client.endure.oracle import Sums
from client.endure.stack import NAMES, until_asked
from client.operator import readiness


async def settled(attack: Attack, patience: float = 240.0) -> list[str]:
    """Wait until every outbox is empty and every consumer without lag, twice in a row."""

    async def still() -> bool:
        for url in [url for name in NAMES for url in attack.stack.surroundings.urls(name)]:
            said = await asyncio.to_thread(readiness, url)
            if not said.get("ready") or said.get("lag") or said.get("outbox"):
                return False
        return True

    for _ in range(2):  # receipts make further events
        await until_asked(still, "something is still on its way", patience)
    return []


async def quarantine(attack: Attack) -> list[str]:
    """Every record that was set aside and should not have been, and the other way round."""
    found = {}
    for service in NAMES:
        table = "read.quarantine" if service == "portal" else "public.quarantine"
        query = f'SELECT heard_on, partition, "offset", state FROM {table}'  # noqa: S608
        async with attack.stack.database(service) as connection:
            for row in await connection.fetch(query):
                found[service, row["heard_on"], row["partition"], row["offset"]] = row["state"]
    wrong = []
    for place in sorted(found.keys() | attack.quarantined.keys()):
        is_, must = found.get(place, "not there"), attack.quarantined.get(place, "not there")
        if is_ != must:
            service, *where = place
            wrong.append(f"quarantine of {service}: {'/'.join(map(str, where))} is {is_}, must be {must}")
    return wrong


async def evidence(attack: Attack) -> list[str]:
    """Every service's audit, all of it sealed, in one chain."""
    wrong = []
    for service in NAMES:
        async with attack.stack.database(service) as connection:

            async def sealed(ask: Any = connection) -> bool:
                return not await ask.fetchval("SELECT count(*) FROM audit WHERE seal IS NULL")

            await until_asked(sealed, f"the audit of {service} is not sealed")
            value, number = b"", 0
            async with connection.transaction():
                async for row in connection.cursor("SELECT * FROM audit ORDER BY seal"):
                    value, number = _chained(value, row), number + 1
                    if (row["seal"], bytes(row["hash"])) != (number, value):
                        wrong.append(f"the audit of {service} does not hold from place {number} on")
                        break
    return wrong


def _chained(before: bytes, row: Mapping[str, Any]) -> bytes:
    """As docs/security.md has it."""
    fields = [row[name] for name in ("id", "actor", "party", "action", "target", "outcome")]
    fields += [row["request"].hex() if row["request"] else None, row["at"].isoformat()]
    return hashlib.sha256(before + json.dumps(fields, ensure_ascii=False).encode()).digest()


async def debrief(attack: Attack, wanted: Sums) -> list[str]:
    """Close the period, and hold the figures of its debrief to the journal's."""
    path = f"/periods/{attack.cast.period_id}"
    await attack.door.do(CHAIR, f"{path}/close", {}, attack.cast.period_version)
    said: dict[str, Any] = {}

    async def compiled() -> bool:
        nonlocal said
        answer = await attack.door.see(CHAIR, f"{path}/debrief")
        said = answer.body
        return answer.status == 200 and said["compiled"] is not None

    await until_asked(compiled, "no debrief was compiled", 60)
    await settled(attack)
    await compiled()
    figures = {
        (row["reporting"], row["indicator"]): (row["validated"], row["provisional"], row["updates"])
        for row in said["figures"]
    }
    return [
        f"debrief: {' '.join(key)} is {figures.get(key)}, by the journal {wanted.get(key)}"
        for key in sorted(figures.keys() | wanted.keys())
        if figures.get(key, (0, 0, 0)) != wanted.get(key, (0, 0, 0))
    ]
