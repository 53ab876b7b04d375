"""Interned audiences: each distinct set of entries is a number, written once and for all."""

from shared.runtime.db import Database

# A set that is interned and then not used harms nobody, so this commits by itself: what is remembered here is there.
_INTERN = """
WITH kept AS (
    INSERT INTO audience (entries) VALUES ($1) ON CONFLICT (entries) DO UPDATE SET entries = excluded.entries
    RETURNING id
), entries AS (
    INSERT INTO audience_entry (entry, audience_id)
    SELECT e, kept.id FROM kept, unnest(string_to_array(nullif($1, ''), ' ')) AS e ON CONFLICT DO NOTHING
)
SELECT id FROM kept
"""


class Audiences:
    """Numbers of audiences, remembered for as long as the process lives."""

    def __init__(self) -> None:
        self._database: Database | None = None
        self._known: dict[tuple[str, ...], int] = {}

    def use(self, database: Database) -> None:
        self._database = database
        self._known.clear()

    async def number(self, audience: tuple[str, ...]) -> int:
        known = self._known.get(audience)
        if known is None:
            assert self._database
            known = int((await self._database.ask(_INTERN, " ".join(audience)))[0]["id"])
            self._known[audience] = known
        return known


audiences = Audiences()
"""This process's: set up when the portal starts."""
