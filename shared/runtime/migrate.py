"""Alembic migrations, run at start under a lock, so that several replicas may start at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.runtime import failpoints
from shared.runtime.failpoints import Point


async def migrate(engine: AsyncEngine, package: str) -> None:
    """Bring the database of `services.<name>` (or any package with a `migrations` folder) to its newest version."""
    async with engine.connect() as connection:
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
