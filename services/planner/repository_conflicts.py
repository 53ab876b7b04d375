"""Every query of deconfliction: what live operations are compared by, conflicts, targets, contacts, and tries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from services.planner.domain.conflict import Conflict
from services.planner.domain.contact import Contact
from services.planner.domain.presence import Presence
from services.planner.domain.targets import Targets
from shared.errors import NotFound
from shared.events.planner import Window
from shared.runtime.db import Tx

_COLUMNS = "operation_id, period_id, owner, starts_at, ends_at"
_OF = f"""
SELECT {_COLUMNS}, cell, NULL AS token FROM live_cell WHERE operation_id = ANY ($1)
UNION ALL
SELECT {_COLUMNS}, NULL, token FROM live_token WHERE operation_id = ANY ($1)
"""  # noqa: S608
_NEAR = f"""
SELECT {_COLUMNS}, cell, NULL AS token FROM live_cell
WHERE cell = ANY ($1::bigint[]) AND ends_at > $2 AND starts_at < $3 AND owner <> $5
UNION ALL
SELECT {_COLUMNS}, NULL, token FROM live_token WHERE token = ANY ($4::text[]) AND owner <> $5
"""  # noqa: S608
_GONE = """
WITH cells AS (DELETE FROM live_cell WHERE operation_id = $1) DELETE FROM live_token WHERE operation_id = $1
"""
_HERE = f"""
WITH cells AS (
    INSERT INTO live_cell ({_COLUMNS}, cell) SELECT $1, $2, $3, $4, $5, v FROM unnest($6::bigint[]) v
)
INSERT INTO live_token ({_COLUMNS}, token) SELECT $1, $2, $3, $4, $5, v FROM unnest($7::text[]) v
"""  # noqa: S608
_TRIED = """
WITH old AS (DELETE FROM try WHERE party = $1 AND at <= $2)
SELECT coalesce(sum(places), 0)::int AS p, coalesce(sum(targets), 0)::int AS t FROM try WHERE party = $1 AND at > $2
"""
# in the order of the keys, so that two who want the same ones wait for each other and not in a circle
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(k, 0)) FROM unnest($1::text[]) AS k"
_SHARE = "SELECT pg_advisory_xact_lock_shared(hashtextextended(k, 0)) FROM unnest($1::text[]) AS k"
# PostgreSQL has room for some thousands of locks, for all transactions together: who needs very many takes one, in the way
# of everybody else who compares anything
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('deconfliction', 0))"
_AMONG_OTHERS = "SELECT pg_advisory_xact_lock_shared(hashtextextended('deconfliction', 0))"
MOST_LOCKS = 300
_PAIRS = """
SELECT body FROM conflict WHERE (first_operation = ANY ($1) OR second_operation = ANY ($1))
  AND (state <> 'lapsed' OR first_operation = ANY ($2) OR second_operation = ANY ($2))
ORDER BY id FOR UPDATE
"""
# one parameter for all of them: an array a column takes the driver as long as all else that a conflict costs here
_PUT = """
INSERT INTO conflict (id, version, state, first_operation, second_operation, first_side, second_side, first_party,
                      second_party, body)
SELECT (c->>'id')::uuid, (c->>'version')::int, c->>'state', (c#>>'{first,operation_id}')::uuid,
       (c#>>'{second,operation_id}')::uuid, (c#>>'{first,id}')::uuid, (c#>>'{second,id}')::uuid,
       c#>>'{first,party}', c#>>'{second,party}', c
FROM jsonb_array_elements($1::jsonb) AS c
ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state, body = excluded.body
"""


class Live:
    """What operations that are scheduled or under way are compared by; those that are over have no rows here."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def of(self, operation_ids: Sequence[UUID]) -> dict[UUID, Presence]:
        """As these were kept last; their operations must be locked by the caller."""
        return _presences(await self._tx.sql(_OF, list(operation_ids)))

    async def lock(self, presences: Iterable[Presence]) -> None:
        """Nobody else compares anything near these, or with one of their targets, until the transaction ends."""
        keys = {key for one in presences for key in (*(f"cell {cell}" for cell in one.near), *_named(one))}
        if len(keys) > MOST_LOCKS:
            await self._tx.sql(_ALONE)
        elif keys:
            await self._tx.sql(_AMONG_OTHERS)
            await self._tx.sql(_LOCK, sorted(keys))

    async def put(self, before: Presence | None, after: Presence | None) -> None:
        if before:
            await self._tx.sql(_GONE, before.operation_id)
        if after:
            window = after.window
            own = (after.operation_id, after.period_id, after.owner, window.starts_at, window.ends_at)
            await self._tx.sql(_HERE, *own, sorted(after.cells), sorted(after.tokens))

    async def near(self, presence: Presence) -> dict[UUID, Presence]:
        """Operations of other owners that may overlap, as far as that matters here: the near cells, the equal tokens."""
        window = presence.window
        return _presences(
            await self._tx.sql(
                _NEAR, sorted(presence.near), window.starts_at, window.ends_at, sorted(presence.tokens), presence.owner
            )
        )


class Conflicts:
    """Conflicts, whole."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def get(self, side_id: UUID) -> Conflict:
        """The conflict of which this is a side."""
        query = "SELECT body FROM conflict WHERE first_side = $1 OR second_side = $1 FOR UPDATE"
        rows = await self._tx.sql(query, side_id)
        if not rows:
            raise NotFound
        return Conflict.model_validate(rows[0]["body"])

    async def of(self, operation_ids: Sequence[UUID], others: Iterable[UUID]) -> list[Conflict]:
        """Of these operations those that have not lapsed, and all with one of the others; locked in one order."""
        rows = await self._tx.sql(_PAIRS, list(operation_ids), list(others))
        return [Conflict.model_validate(row["body"]) for row in rows]

    async def of_party(self, party: str) -> list[Conflict]:
        """Those that have not lapsed, locked in the same order."""
        rows = await self._tx.sql(
            "SELECT body FROM conflict WHERE (first_party = $1 OR second_party = $1) AND state <> 'lapsed' "
            "ORDER BY id FOR UPDATE",
            party,
        )
        return [Conflict.model_validate(row["body"]) for row in rows]

    async def put(self, *conflicts: Conflict) -> None:
        if not conflicts:
            return
        await self._tx.sql(_PUT, f"[{','.join(one.model_dump_json() for one in conflicts)}]")


class NamedTargets:
    """The targets of operations, drafts included."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def get(self, operation_id: UUID) -> Targets:
        """None are named until somebody does; its operation must be locked by the caller."""
        rows = await self._tx.sql("SELECT body FROM target WHERE id = $1", operation_id)
        return Targets.model_validate(rows[0]["body"]) if rows else Targets(id=operation_id)

    async def put(self, targets: Targets) -> None:
        await self._tx.sql(
            "INSERT INTO target (id, version, body) VALUES ($1, $2, $3::jsonb) "
            "ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body",
            targets.id,
            targets.version,
            to_json(targets).decode(),
        )

    async def tokens(self, operation_ids: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
        rows = await self._tx.sql("SELECT id, body FROM target WHERE id = ANY ($1)", list(operation_ids))
        return {row["id"]: Targets.model_validate(row["body"]).tokens for row in rows}


class Contacts:
    """Where parties are reached."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def get(self, party: str) -> Contact:
        """To change it: nobody is told the former one meanwhile."""
        await self._tx.lock(f"contact {party}")
        rows = await self._tx.sql("SELECT body FROM contact WHERE owner = $1", party)
        return Contact.model_validate(rows[0]["body"]) if rows else Contact(owner=party)

    async def of(self, parties: Iterable[str]) -> Mapping[str, str]:
        """Those that were given; they stay what they are until the transaction ends. To be asked before conflicts are."""
        asked = sorted(parties)
        await self._tx.sql(_SHARE, [f"contact {party}" for party in asked])
        rows = await self._tx.sql("SELECT owner, body->>'contact' AS contact FROM contact WHERE owner = ANY ($1)", asked)
        return {row["owner"]: row["contact"] for row in rows}

    async def put(self, contact: Contact) -> None:
        await self._tx.sql(
            "INSERT INTO contact (owner, version, body) VALUES ($1, $2, $3::jsonb) "
            "ON CONFLICT (owner) DO UPDATE SET version = excluded.version, body = excluded.body",
            contact.owner,
            contact.version,
            to_json(contact).decode(),
        )


class Tries:
    """How often a party had something compared with others' operations."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def since(self, party: str, hours: float) -> tuple[int, int]:
        """Places and targets; the party's next try waits until this transaction ends. Older tries are in the audit only."""
        await self._tx.lock(f"tries {party}")
        since = self._tx.now - timedelta(hours=hours)
        row = (await self._tx.sql(_TRIED, party, since))[0]
        return row["p"], row["t"]

    async def add(self, party: str, places: int, targets: int) -> None:
        await self._tx.sql(
            "INSERT INTO try (party, places, targets, at) VALUES ($1, $2, $3, $4)", party, places, targets, self._tx.now
        )


def _named(presence: Presence) -> Iterable[str]:
    return (f"token {token}" for token in presence.tokens)


def _presences(rows: Sequence[Any]) -> dict[UUID, Presence]:
    cells: dict[UUID, set[int]] = {}
    tokens: dict[UUID, set[str]] = {}
    for row in rows:
        if row["token"] is None:
            cells.setdefault(row["operation_id"], set()).add(row["cell"])
        else:
            tokens.setdefault(row["operation_id"], set()).add(row["token"])
    return {
        known: Presence(
            operation_id=known, period_id=row["period_id"], owner=row["owner"],
            window=Window(starts_at=row["starts_at"], ends_at=row["ends_at"]),
            cells=frozenset(cells.get(known, ())), tokens=frozenset(tokens.get(known, ())),
        )
        for known, row in {row["operation_id"]: row for row in rows}.items()
    }  # fmt: skip
