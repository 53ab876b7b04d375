"""The read model: what the portal shows, as tables under row-level security, disposable and rebuilt from Kafka.

Every row carries the audience of the event that wrote it, as the number of an interned set of entries. The reader's
role sees a row when one of its own entries (`jpa.reader`, set for each transaction; missing means nothing) is in that
set. Comparison is by `=`, which is leakproof, so indexes stay useful under the policy.
"""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.portal.read_tables import MODEL, SCHEMA, Base
from shared.errors import Unavailable
from shared.runtime import failpoints
from shared.runtime.db import Tx
from shared.runtime.failpoints import Point
from shared.runtime.inbox import Heard, Inbox

__all__ = ["SCHEMA", "ReadModelInbox", "ensure", "shown_tables"]

_MINE = (
    "audience_id = ANY (ARRAY(SELECT e.audience_id FROM read.audience_entry e "
    "WHERE e.entry = ANY (string_to_array(current_setting('jpa.reader', true), ' '))))"
)


async def ensure(engine: AsyncEngine) -> str:
    """Make the read model if it is not there (or is another model's), under a lock; returns its generation."""
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('jpa.read'))"))
        present = await connection.scalar(text("SELECT to_regclass('read.generation')"))
        if present is not None:
            row = (await connection.execute(text("SELECT name, model FROM read.generation"))).first()
            if row is not None and row.model == MODEL:
                return str(row.name)
        await connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        return await _make(connection)


async def _make(connection: AsyncConnection) -> str:
    await connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    await connection.run_sync(Base.metadata.create_all)
    await connection.execute(text(f"GRANT USAGE ON SCHEMA {SCHEMA} TO portal_projector, portal_reader"))
    await connection.execute(text(f"GRANT ALL ON ALL TABLES IN SCHEMA {SCHEMA} TO portal_projector"))
    await connection.execute(text(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO portal_projector"))
    await connection.execute(text(f"GRANT SELECT ON {SCHEMA}.audience_entry TO portal_reader"))
    for table in shown_tables():
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY reader ON {table} FOR SELECT TO portal_reader USING ({_MINE})",
            f"CREATE POLICY projector ON {table} TO portal_projector USING (true) WITH CHECK (true)",
            f"GRANT SELECT ON {table} TO portal_reader",
        ):
            await connection.execute(text(statement))
    # receipts that projections give are said through the portal's own outbox, in the projection's transaction
    await connection.execute(text("GRANT INSERT, SELECT ON outbox, outbox_unsent, audit, delivered TO portal_projector"))
    await connection.execute(text("GRANT UPDATE, SELECT ON idempotency TO portal_projector"))
    generation = uuid4().hex[:12]
    await connection.execute(
        text("INSERT INTO read.generation (name, model) VALUES (:name, :model)"), {"name": generation, "model": MODEL}
    )
    return generation


def shown_tables() -> list[str]:
    """Every table that the reader's role may see rows of: all that carry an audience."""
    return [
        f'{SCHEMA}."{table.name}"'
        for table in Base.metadata.sorted_tables
        if "audience_id" in table.columns and table.name != "audience_entry"
    ]


class ReadModelInbox(Inbox):
    """The projections' books. A process whose generation another one has replaced writes nothing more into its tables:
    it has numbers of audiences in memory that mean others there."""

    generation = ""

    async def enter(self, tx: Tx, heard: Sequence[Heard]) -> set[int]:
        rows = await tx.sql("SELECT name FROM generation WHERE name = $1 FOR SHARE", self.generation)
        if not rows:
            raise Unavailable("Another process has built the read model anew. This one has to start again.")
        return await super().enter(tx, heard)

    async def advance(self, tx: Tx, positions: dict[tuple[str, str], int]) -> None:
        # a batch has its effect and is not committed; who arms this does so before it has a generation built
        failpoints.reach(Point.REBUILD)
        await super().advance(tx, positions)
