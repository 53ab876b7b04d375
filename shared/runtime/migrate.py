"""Alembic migrations, run at start under a lock, so that several replicas may start at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.runtime import failpoints
from shared.runtime.db import Database
from shared.runtime.failpoints import Point
from shared.runtime.pool import SESSION


@asynccontextmanager
async def declaring(database: Database) -> AsyncIterator[AsyncEngine]:
    """SQLAlchemy on this database for a moment, for what tables are declared with; requests never use it."""
    # a process that is stopped while it migrates keeps the lock from the other replicas for so long
    settings = {**SESSION, "idle_session_timeout": "30s"}
    arguments = {"timeout": 5, "command_timeout": 30, "server_settings": settings}
    engine = create_async_engine(database.url, poolclass=NullPool, connect_args=arguments)
    try:
        yield engine
    except DBAPIError as problem:
        # the driver's own error, as everywhere else; without the statement's values
        raise ((problem.orig and problem.orig.__cause__) or RuntimeError(type(problem).__name__)) from None
    finally:
        await engine.dispose()


async def migrate(database: Database, package: str) -> None:
    """Bring the database of `services.<name>` (or any package with a `migrations` folder) to its newest version."""
    async with declaring(database) as engine, engine.connect() as connection:
        # a session lock on the migrating connection: it goes with the process
        await connection.execute(text("SELECT pg_advisory_lock(hashtext('jpa.migrate'))"))
        await connection.commit()
        await connection.run_sync(_upgrade, package)
        await connection.execute(text("SELECT pg_advisory_unlock(hashtext('jpa.migrate'))"))
        await connection.commit()


def _upgrade(connection: Connection, package: str) -> None:
    command.upgrade(config(package, connection), "head")
    failpoints.reach(Point.MIGRATION)
    connection.commit()


def config(package: str, connection: Connection | None = None) -> Config:
    """Alembic's configuration for a service's migrations."""
    found = Config()
    folder = Path(__file__).parents[2].joinpath(*package.split("."), "migrations")
    found.set_main_option("script_location", str(folder))
    found.attributes["connection"] = connection
    return found
