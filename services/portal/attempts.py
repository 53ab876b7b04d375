"""How often a password may be guessed: each attempt counts as failed before it is checked, and few may wait at once.

Names and addresses are kept as hashes, and for a quarter of an hour.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from shared.errors import TooMany
from shared.runtime.db import Database, Tx

WAITING = 8
_WINDOW = timedelta(minutes=15)


class Attempts:
    """One check at a time, each takes 64 MiB and a core for a moment; and an end to failures.

    The low limit is on a name from one address. Whoever knows a name can so lock themselves out, and not its owner,
    who comes from elsewhere. Ten times as many are let through for the name from everywhere and for the address.
    """

    def __init__(self, database: Database, limit: int) -> None:
        self._database = database
        self._limits = (limit, 10 * limit, 10 * limit)
        self._turn = asyncio.Semaphore(1)
        self._here: Counter[tuple[str, str]] = Counter()

    @asynccontextmanager
    async def turn(self, name: str, address: str) -> AsyncIterator[None]:
        """Wait until nobody else's password is being checked. Raises TooMany at once where too many wait already."""
        who = (name, address)
        if self._here.total() > WAITING or self._here[who] > 1:  # one is being checked and waits no more
            raise TooMany("Too many are signing in at this moment. Please try again in a minute.")
        self._here[who] += 1
        try:
            async with self._turn:
                yield
        finally:
            self._here[who] -= 1
            self._here = +self._here  # without the zeros

    async def count(self, name: str, address: str) -> list[int]:
        """Count an attempt as failed, until it is forgotten: what is counted afterwards, guesses in parallel get past.

        Raises:
            TooMany: too many failures for this name from this address, for the name, or for the address.
        """
        marks = [_mark("both", name, address), _mark("name", name), _mark("address", address)]
        since = datetime.now(UTC) - _WINDOW
        async with self._database.begin() as tx:
            await tx.lock("sign in")
            rows = await tx.sql(
                "SELECT who, count(*) AS n FROM attempt WHERE who = ANY ($1::bytea[]) AND at > $2 GROUP BY who",
                marks,
                since,
            )
            failed = {bytes(row["who"]): row["n"] for row in rows}
            if any(failed.get(mark, 0) >= limit for mark, limit in zip(marks, self._limits, strict=True)):
                raise TooMany("Too many attempts. Please try again in a quarter of an hour.")
            await tx.sql("DELETE FROM attempt WHERE at < $1", since)
            made = await tx.sql("INSERT INTO attempt (who) SELECT unnest($1::bytea[]) RETURNING id", marks)
        return [row["id"] for row in made]

    async def forget(self, tx: Tx, counted: list[int]) -> None:
        """It did not fail."""
        await tx.sql("DELETE FROM attempt WHERE id = ANY ($1::int[])", counted)


def _mark(kind: str, *values: str) -> bytes:
    # a lone surrogate is a name that nobody has, and no reason to fail
    return hashlib.sha256("\n".join((kind, *values)).encode(errors="surrogatepass")).digest()
