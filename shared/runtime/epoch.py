"""The epoch of a service's database: raised by a restore, told to the feeds by the service itself when it starts again.

A restored database may have lost what it had said last. In the new epoch numbers begin at 1 again, so that nothing new
is taken for what was lost, and each party is told how much of its feed still holds.
"""

from shared.events.audit import FeedRestarted
from shared.parties import PARTIES
from shared.runtime.db import Database, Tx

_PRESENT = "SELECT number, told FROM epoch ORDER BY number DESC LIMIT 1 FOR UPDATE"
_TOLD = "UPDATE epoch SET told = true WHERE number = $1"
_COUNTS = """
SELECT e.party, count(*) AS n FROM outbox, unnest(string_to_array(audience, ' ')) AS e(party)
WHERE e.party = ANY ($1::text[]) GROUP BY e.party
"""
# the sealer speaks on the same key
_ALONE = "SELECT pg_advisory_xact_lock(hashtext('jpa.sealer'))"


async def begin(service: str, database: Database) -> int:
    """The present epoch; when it is new, every party's feed is told so, once."""
    async with database.begin() as tx:
        present = (await tx.sql(_PRESENT))[0]
        tx.epoch = int(present["number"])
        if not present["told"]:
            await tell(tx, service, tuple(PARTIES))
            await tx.sql(_TOLD, tx.epoch)
    return tx.epoch


async def tell(tx: Tx, service: str, parties: tuple[str, ...]) -> None:
    """Say to each of these parties how many events of this service are for it."""
    await tx.sql(_ALONE)
    counts = {row["party"]: row["n"] for row in await tx.sql(_COUNTS, list(parties))}
    tx.announce(
        *(FeedRestarted(service=service, count=counts.get(party, 0), at=tx.now, audience=(party,)) for party in parties)
    )
