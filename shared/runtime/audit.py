"""The sealer: chains audit rows by hash within a second, and signs a checkpoint for every party at intervals.

A row's place in the chain is given here and not by its id, because ids are not in the order of commit. Each hash covers
the row and the hash before it, so a row that is changed or taken out breaks the chain from there on.
"""

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.jwk import OKPKey

from shared.events.audit import AuditCheckpointed
from shared.parties import PARTIES
from shared.runtime.db import AuditEntry, Database, Tx
from shared.runtime.identity import ALGORITHM
from shared.runtime.settings import ServiceSettings

log = logging.getLogger("jpa.audit")

ROUND = 2000


def chained(before: bytes, row: Any) -> bytes:
    """The hash of a row in the chain: SHA-256 over the hash before it and the row's fields as JSON."""
    request = row["request"]
    fields = [
        row["id"], row["actor"], row["party"], row["action"], row["target"], row["outcome"],
        request.hex() if request else None, row["at"].isoformat(),
    ]  # fmt: skip
    return hashlib.sha256(before + json.dumps(fields, ensure_ascii=False).encode()).digest()


@dataclass(frozen=True)
class Chain:
    """Rows of a table that are chained: `key` orders those that wait, `hashed` gives a row's hash after the one before."""

    table: str
    key: str
    columns: str
    hashed: Callable[[bytes, Any], bytes]

    async def seal(self, tx: Tx) -> tuple[int, int, bytes]:
        """Seal what is not sealed yet; how many rows that were, the last place in the chain, and its hash."""
        rows = await tx.sql(
            f"SELECT {self.columns} FROM {self.table} WHERE seal IS NULL ORDER BY {self.key} LIMIT {ROUND}"  # noqa: S608
        )
        last = await tx.sql(f"SELECT seal, hash FROM {self.table} WHERE seal IS NOT NULL ORDER BY seal DESC LIMIT 1")  # noqa: S608
        seal, value = (last[0]["seal"], last[0]["hash"]) if last else (0, b"")
        sealed: list[tuple[int, int, bytes]] = []
        for row in rows:
            seal, value = seal + 1, self.hashed(value, row)
            sealed.append((row[self.key], seal, value))
        if sealed:
            await tx.sql(
                f"UPDATE {self.table} SET seal = s.seal, hash = s.hash "  # noqa: S608
                "FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS s(key, seal, hash) "
                f"WHERE {self.table}.{self.key} = s.key",
                *(list(column) for column in zip(*sealed, strict=True)),
            )
        return len(rows), seal, value


AUDIT = Chain("audit", "id", "id, actor, party, action, target, outcome, request, at", chained)


class Sealer:
    """Runs for as long as the service; one at a time, by an advisory lock taken for each round."""

    def __init__(
        self, service: str, database: Database, settings: ServiceSettings, others: Sequence[Chain] = ()
    ) -> None:
        self._service, self._database, self._others = service, database, others
        self._every = settings.checkpoint_seconds
        self._key = OKPKey.import_key(json.loads(settings.seal_private_key_file.read_text()))
        self._checkpoint_due = time.monotonic()

    async def run(self) -> None:
        while True:
            try:
                full = await self.seal() >= ROUND
            except Exception as problem:
                log.warning("the sealer pauses: %s", type(problem).__name__)
                full = False
            if not full:
                await asyncio.sleep(0.8)

    async def seal(self) -> int:
        """Seal what is not sealed yet; returns how many rows of the fullest table."""
        async with self._database.begin() as tx:
            if not (await tx.sql("SELECT pg_try_advisory_xact_lock(hashtext('jpa.sealer')) AS mine"))[0]["mine"]:
                return 0
            due = time.monotonic() >= self._checkpoint_due
            most = 0
            for chain in self._others:
                count, place, end = await chain.seal(tx)
                most = max(most, count)
                if due and place:
                    # how far another chain had come is a row of the audit, whose own chain every party hears of
                    tx.audited.append(AuditEntry("system", "", f"seal {chain.table}", str(place), "done", end))
            count, seal, value = await AUDIT.seal(tx)
            if due := due and seal > 0:
                tx.announce(self._checkpoint(seal, value))
        if due:
            self._checkpoint_due = time.monotonic() + self._every
        return max(count, most)

    def _checkpoint(self, count: int, value: bytes) -> AuditCheckpointed:
        said = json.dumps({"service": self._service, "count": count, "hash": value.hex()}, sort_keys=True).encode()
        protected = {"alg": ALGORITHM, "kid": self._key.kid}
        signature = jws.serialize_compact(protected, said, self._key, algorithms=[ALGORITHM])
        return AuditCheckpointed(
            service=self._service, count=count, hash=value.hex(), signature=signature, audience=tuple(PARTIES)
        )
