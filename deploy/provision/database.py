"""Brings a PostgreSQL to what the services need: each its own role, which owns its own database only."""

from collections.abc import Mapping

import asyncpg

from deploy.embedded.places import Trouble
from deploy.provision.access import Database
from deploy.provision.topics import SERVICES

# Read under row-level security: neither owns a table, the portal's own role grants them what they may do.
PORTAL_ROLES = ("portal_projector", "portal_reader")
ROLES = (*SERVICES, *PORTAL_ROLES)


async def ensure(database: Database, passwords: Mapping[str, str], own_server: bool) -> None:
    """Make what is missing; on a server that is ours alone also shut the databases that nobody needs."""
    try:
        connection = await asyncpg.connect(database.url)
    except (OSError, asyncpg.PostgresError, ValueError) as error:
        raise Trouble(f"PostgreSQL cannot be reached as an administrator: {error}") from error
    try:
        for role in ROLES:
            await _ensure_role(connection, role, passwords[role])
        for service in SERVICES:
            await _ensure_database(connection, service)
        for role in PORTAL_ROLES:
            await connection.execute(f"GRANT CONNECT ON DATABASE portal TO {role}")
        if own_server:
            await connection.execute("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")
    except asyncpg.PostgresError as error:
        raise Trouble(f"PostgreSQL refused what an administrator must do: {error}") from error
    finally:
        await connection.close()


async def _ensure_role(connection: asyncpg.Connection, role: str, password: str) -> None:
    there = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
    word = password.replace("'", "''")
    await connection.execute(f"{'ALTER' if there else 'CREATE'} ROLE {role} LOGIN PASSWORD '{word}'")


async def _ensure_database(connection: asyncpg.Connection, name: str) -> None:
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        await connection.execute(f"GRANT {name} TO CURRENT_USER")  # else only a superuser may give it away
        await connection.execute(f"CREATE DATABASE {name} OWNER {name}")
    await connection.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
