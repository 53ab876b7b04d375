"""The read model: what the portal shows, as tables under row-level security, disposable and built from events.

Every row carries the audience of the event that wrote it, as the number of an interned set of entries. The reader's
role sees a row when one of its own entries (`jpa.reader`, set for each transaction; missing means nothing) is in that
set. Comparison is by `=`, which is leakproof, so indexes stay useful under the policy.

A build of it is a generation, in a schema of its own. The one that is shown is `read`; another is built as `read_next`
beside it (`services/portal/rebuild.py`) and takes its name when it is complete.
"""

from collections.abc import Sequence
from uuid import uuid4

from asyncpg import UndefinedTableError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.portal.read_tables import APART, MODEL, SCHEMA, Base
from shared.errors import Unavailable
from shared.runtime import failpoints
from shared.runtime.db import Database, Tx
from shared.runtime.failpoints import Point
from shared.runtime.inbox import Heard, Inbox
from shared.runtime.migrate import declaring
from shared.runtime.order import Number

NEXT = f"{SCHEMA}_next"
OLD = f"{SCHEMA}_old"

_MINE = (
    "audience_id = ANY (ARRAY(SELECT e.audience_id FROM {schema}.audience_entry e "
    "WHERE e.entry = ANY (string_to_array(current_setting('jpa.reader', true), ' '))))"
)
_UNPROVEN = f"{SCHEMA}.unproven"
_ALONE = "SELECT pg_advisory_xact_lock(hashtext('jpa.read'))"
_LOCK = text(_ALONE)
# streams remember numbers of the timeline: those of another generation are no numbers of this one
_APART = f"""
SELECT setval(pg_get_serial_sequence('read_next.timeline', 'id'),
              (SELECT coalesce(last_value, 0) + {APART} FROM pg_sequences
               WHERE format('%I.%I', schemaname, sequencename) = pg_get_serial_sequence('read.timeline', 'id')))
"""  # noqa: S608


async def ensure(database: Database) -> str:
    """Make the read model if it is not there (or is another model's), under a lock; returns its generation."""
    async with declaring(database) as engine, engine.begin() as connection:
        await connection.execute(_LOCK)
        present = await connection.scalar(text("SELECT to_regclass('read.generation')"))
        if present is not None:
            row = (await connection.execute(text("SELECT name, model FROM read.generation"))).first()
            if row is not None and row.model == MODEL:
                return str(row.name)
        for schema in (SCHEMA, NEXT, OLD):
            await connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
        generation = new_name()
        await _make(connection, SCHEMA, generation)
        await connection.execute(text(f"CREATE TABLE {_UNPROVEN} ()"))
        return generation


def new_name() -> str:
    """Of a generation, and in the names of its consumer groups."""
    return uuid4().hex[:12]


async def make_next(database: Database, generation: str, owners: Sequence[str]) -> None:
    """Empty tables beside those that are shown, and who is still to say all again. What was begun before is dropped."""
    async with declaring(database) as engine, engine.begin() as connection:
        await connection.execute(_LOCK)
        await connection.execute(text(f"DROP SCHEMA IF EXISTS {NEXT} CASCADE"))
        await _make(connection, NEXT, generation)
        await connection.execute(
            text(
                f"CREATE TABLE {NEXT}.owner (name text PRIMARY KEY, last bigint NOT NULL DEFAULT 0, "
                "done boolean NOT NULL DEFAULT false)"
            )
        )
        await connection.execute(
            text(f"INSERT INTO {NEXT}.owner (name) VALUES (:name)"),  # noqa: S608
            [{"name": owner} for owner in owners],
        )
        await connection.execute(text(_APART))


async def _make(connection: AsyncConnection, schema: str, generation: str) -> None:
    def tables(sync: Connection) -> None:
        Base.metadata.create_all(sync.execution_options(schema_translate_map={SCHEMA: schema}))

    await connection.execute(text(f"CREATE SCHEMA {schema}"))
    await connection.run_sync(tables)
    await connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO portal_projector, portal_reader"))
    await connection.execute(text(f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO portal_projector"))
    await connection.execute(text(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA {schema} TO portal_projector"))
    await connection.execute(text(f"GRANT SELECT ON {schema}.audience_entry TO portal_reader"))
    for table in shown_tables(schema):
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY reader ON {table} FOR SELECT TO portal_reader USING ({_MINE.format(schema=schema)})",
            f"CREATE POLICY projector ON {table} TO portal_projector USING (true) WITH CHECK (true)",
            f"GRANT SELECT ON {table} TO portal_reader",
        ):
            await connection.execute(text(statement))
    # receipts that projections give are said through the portal's own outbox, in the projection's transaction
    await connection.execute(text("GRANT INSERT, SELECT ON outbox, outbox_unsent, audit, delivered TO portal_projector"))
    await connection.execute(text("GRANT INSERT, UPDATE, SELECT ON file_named TO portal_projector"))
    await connection.execute(text("GRANT UPDATE, SELECT ON idempotency TO portal_projector"))
    await connection.execute(
        text(f"INSERT INTO {schema}.generation (name, model) VALUES (:name, :model)"),  # noqa: S608
        {"name": generation, "model": MODEL},
    )


def shown_tables(schema: str = SCHEMA) -> list[str]:
    """Every table that the reader's role may see rows of: all that carry an audience."""
    return [
        f'{schema}."{table.name}"'
        for table in Base.metadata.sorted_tables
        if "audience_id" in table.columns and table.name != "audience_entry"
    ]


async def is_unproven(database: Database) -> bool:
    """Whether the one that is shown was begun empty and Kafka may not have held all that it needs."""
    async with database.begin() as tx:
        return bool((await tx.sql("SELECT to_regclass($1)::text AS found", _UNPROVEN))[0]["found"])


async def prove(database: Database) -> None:
    """Kafka holds all that it needs."""
    async with database.begin() as tx:
        await tx.sql(f"DROP TABLE IF EXISTS {_UNPROVEN}")


async def shown(database: Database) -> str | None:
    """The generation that is shown."""
    async with database.begin() as tx:
        rows = await tx.sql(f"SELECT name FROM {SCHEMA}.generation")  # noqa: S608
    return str(rows[0]["name"]) if rows else None


async def building(tx: Tx) -> str | None:
    """The generation that is being built beside it; None when there is none, or it is of another model's making."""
    if not (await tx.sql("SELECT to_regclass($1)::text AS found", f"{NEXT}.generation"))[0]["found"]:
        return None
    try:
        async with tx.savepoint():
            rows = await tx.sql(f"SELECT name FROM {NEXT}.generation WHERE model = $1", MODEL)  # noqa: S608
    except UndefinedTableError:
        return None  # it came to be shown between the two questions
    return str(rows[0]["name"]) if rows else None


async def swap(tx: Tx, generation: str) -> None:
    """Show what was built. Waits for the projections' transactions; readers' go on with the tables that they began with.

    Raises:
        Unavailable: another generation was begun meanwhile in the place of this one.
    """
    await tx.sql(_ALONE)
    if await building(tx) != generation:
        raise Unavailable("Another generation is built now.")
    before = await tx.sql(f"SELECT name FROM {SCHEMA}.generation")  # noqa: S608
    # the lock that each batch takes first: one that comes now looks for its generation only after this, and finds it gone
    await tx.lock(f"projections {before[0]['name']}")
    await tx.sql(f"DROP TABLE {NEXT}.owner")
    await tx.sql(f"ALTER SCHEMA {SCHEMA} RENAME TO {OLD}")
    await tx.sql(f"ALTER SCHEMA {NEXT} RENAME TO {SCHEMA}")


async def drop_old(database: Database) -> None:
    """Table by table, each in a transaction of its own, so that no reader is waited for with another one's lock in hand."""
    async with database.begin() as tx:
        rows = await tx.sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY tablename = 'audience_entry'", OLD
        )
    for row in rows:
        async with database.begin() as tx:
            await tx.sql(f'DROP TABLE IF EXISTS {OLD}."{row["tablename"]}" CASCADE')
    async with database.begin() as tx:
        await tx.sql(f"DROP SCHEMA IF EXISTS {OLD} CASCADE")


class ReadModelInbox(Inbox):
    """The projections' books. A process whose generation another one has replaced writes nothing more into its tables:
    it has numbers of audiences in memory that mean others there."""

    def __init__(self, consumer: str, schema: str, generation: str = "") -> None:
        super().__init__(consumer, schema)
        self._schema, self.generation = schema, generation

    async def enter(self, tx: Tx, heard: Sequence[Heard]) -> set[int]:
        # Two replicas project one after the other. Handlers decide by what other topics have written: whether an alert is
        # recalled before its body is shown. And entries of the timeline so become visible in the order of their numbers.
        await tx.lock(f"projections {self.generation}")
        rows = await tx.sql("SELECT name FROM generation WHERE name = $1 FOR SHARE", self.generation)
        if not rows:
            raise Unavailable("Another generation of the read model is shown now.")
        return await super().enter(tx, heard)

    async def advance(self, tx: Tx, positions: dict[tuple[str, str], Number]) -> None:
        if self._schema == NEXT:
            failpoints.reach(Point.REBUILD)  # a batch has its effect and is not committed
        await super().advance(tx, positions)
