"""Interned audiences: each distinct set of entries is a number, written once and for all in its generation."""

from collections.abc import Iterable

from shared.runtime.db import Database

# In the order of the entries, so that two who intern the same sets wait for each other and not in a circle.
_INTERN = """
WITH kept AS (
    INSERT INTO audience (entries) SELECT e FROM unnest($1::text[]) AS e ORDER BY e
    ON CONFLICT (entries) DO UPDATE SET entries = excluded.entries RETURNING id, entries
), listed AS (
    INSERT INTO audience_entry (entry, audience_id)
    SELECT e, kept.id FROM kept, unnest(string_to_array(nullif(kept.entries, ''), ' ')) AS e ON CONFLICT DO NOTHING
)
SELECT id, entries FROM kept
"""

Entries = tuple[str, ...]


class Audiences:
    """The numbers of one generation of the read model, remembered for as long as it is projected here."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[Entries, int] = {}
        self._entries: dict[int, Entries] = {}

    async def learn(self, audiences: Iterable[Entries]) -> None:
        """Intern those that are not known yet."""
        unknown = {" ".join(audience): audience for audience in set(audiences) if audience not in self._known}
        if not unknown:
            return
        # A set that is interned and then not used harms nobody, so this commits by itself: what is remembered is there.
        async with self._database.begin() as tx:
            rows = await tx.sql(_INTERN, list(unknown))
        self._know((unknown[row["entries"]], int(row["id"])) for row in rows)

    async def number(self, audience: Entries) -> int:
        await self.learn([audience])
        return self._known[audience]

    async def joined(self, number: int, more: Entries) -> int:
        """The number of an audience with further readers."""
        return await self.number(tuple(sorted({*await self.readers(number), *more})))

    async def without(self, number: int, party: str) -> int:
        """The number of an audience without a party, in any role."""
        return await self.number(tuple(one for one in await self.readers(number) if one.partition("#")[0] != party))

    async def readers(self, number: int) -> Entries:
        """Whose number it is."""
        if number not in self._entries:
            async with self._database.begin() as tx:
                rows = await tx.sql("SELECT entries FROM audience WHERE id = $1", number)
            self._know([(tuple(rows[0]["entries"].split()), number)])
        return self._entries[number]

    def _know(self, numbered: Iterable[tuple[Entries, int]]) -> None:
        for entries, number in numbered:
            self._known[entries], self._entries[number] = number, entries

    def __getitem__(self, audience: Entries) -> int:
        """The number of one that was learned."""
        return self._known[audience]
