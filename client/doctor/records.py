"""What the databases say: what waits, what was set aside, whether the audit holds, whether tables are of this checkout."""

import asyncio
from itertools import pairwise
from typing import Any

from client.doctor.finding import ADVICE, NOW, SOON, Checks, counted, lasting
from deploy.embedded.places import Home
from deploy.embedded.servers import Servers
from deploy.provision.topics import SERVICES
from shared.runtime.audit import chained

LATE_SECONDS = 60.0
UNSENT_SECONDS = 30.0  # after which a service says that it cannot work
WAITING_SECONDS = 900.0
AUDIT_ROWS = 500

_UNSENT = """
SELECT count(*) AS n, coalesce(extract(epoch FROM clock_timestamp() - min(due)), 0)::float AS age FROM outbox_unsent
"""
_UNSEALED = "SELECT coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0)::float FROM audit WHERE seal IS NULL"
_ASIDE = """
SELECT state, count(*) AS n, extract(epoch FROM clock_timestamp() - min(at))::float AS age FROM {table} GROUP BY state
"""
_SEALED = """
SELECT id, actor, party, action, target, outcome, request, at, seal, hash
FROM audit WHERE seal IS NOT NULL ORDER BY seal DESC LIMIT $1
"""


def look(home: Home, checks: Checks) -> None:
    """Each service's own database, as its own role."""
    asyncio.run(_all(home, checks))


async def _all(home: Home, checks: Checks) -> None:
    import asyncpg

    surroundings = Servers.installed(home).surroundings
    for service in SERVICES:
        url = surroundings.database.as_role(service, surroundings.passwords()[service], service)
        try:
            connection = await asyncpg.connect(url, timeout=5, command_timeout=10)
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            what = f"The database of {service} lets its own role not in ({type(error).__name__})."
            checks.that(False, NOW, service, what, "Look whether JPA_HOME/secrets is that of this database.")
            continue
        try:
            if await _tables(connection, service, checks):
                await _waiting(connection, service, checks)
                await _aside(connection, service, checks)
                await _audit(connection, service, checks)
            if service == "portal":
                await _read_model(connection, checks)
        except (TimeoutError, asyncpg.PostgresError) as error:
            what = f"The database of {service} refuses a question ({type(error).__name__})."
            checks.that(False, NOW, service, what, "./jpa logs postgres")
        finally:
            await connection.close()


async def _tables(connection: Any, service: str, checks: Checks) -> bool:
    """At the newest migration of this checkout; False when there is nothing to ask."""
    from alembic.script import ScriptDirectory

    from shared.runtime.migrate import config

    head = ScriptDirectory.from_config(config(f"services.{service}")).get_current_head()
    there = None
    if await connection.fetchval("SELECT to_regclass('public.alembic_version')"):
        there = await connection.fetchval("SELECT version_num FROM alembic_version")
    what = f"The tables of {service} are at {there or 'nothing'}, this checkout's are at {head}."
    checks.that(there == head, NOW, service, what, f"Its start migrates them: ./jpa logs {service} says why it did not.")
    return there is not None


async def _waiting(connection: Any, service: str, checks: Checks) -> None:
    unsent = await connection.fetchrow(_UNSENT)
    what = f"{service} has {counted(unsent['n'], 'unpublished event')}, the oldest for {lasting(unsent['age'])}."
    do = f"Kept they are. When Kafka answers, ./jpa logs {service} says what its relay meets."
    checks.that(unsent["age"] < UNSENT_SECONDS, NOW, service, what, do, because=("kafka", "disk"))


async def _aside(connection: Any, service: str, checks: Checks) -> None:
    there: dict[str, tuple[int, float]] = {}
    for table in ("public.quarantine", "read.quarantine"):
        if await connection.fetchval("SELECT to_regclass($1)", table):
            for row in await connection.fetch(_ASIDE.format(table=table)):
                n, age = there.get(row["state"], (0, 0.0))
                there[row["state"]] = (n + row["n"], max(age, row["age"]))
    failed, _ = there.get("failed", (0, 0.0))
    waiting, age = there.get("waiting", (0, 0.0))
    behind = f", and {waiting} behind them" if waiting else ""
    what = f"{service} could not take in {counted(failed, 'event')}{behind}."
    do = (
        "./jpa quarantine list shows why. When the cause is mended: ./jpa quarantine replay REFERENCE; "
        "what cannot be read at all: ./jpa quarantine close REFERENCE --reason TEXT"
    )
    if checks.that(not failed, NOW, service, what, do):
        what = f"{service} holds {counted(waiting, 'event')} for one that has not come for {lasting(age)}."
        do = "./jpa quarantine list names what they wait for."
        checks.that(not waiting or age < WAITING_SECONDS, SOON, service, what, do)


async def _audit(connection: Any, service: str, checks: Checks) -> None:
    age = await connection.fetchval(_UNSEALED)
    what = f"The audit of {service} is not sealed for {lasting(age)}."
    checks.that(age < LATE_SECONDS, NOW, service, what, f"./jpa logs {service} says what its sealer meets.")
    rows = list(reversed(await connection.fetch(_SEALED, AUDIT_ROWS + 1)))
    broken = broken_at(rows)
    what = f"The audit of {service} does not hold: row {broken} of its chain is not what was sealed."
    do = "Change nothing. Compare with the checkpoints in the parties' feeds (docs/security.md): someone has changed it."
    checks.that(broken is None, NOW, service, what, do)


def broken_at(rows: list[Any]) -> int | None:
    """The first place of these that does not follow from the one before; the first row is known by its hash only."""
    if rows and rows[0]["seal"] == 1 and bytes(rows[0]["hash"]) != chained(b"", rows[0]):
        return 1
    for before, row in pairwise(rows):
        if row["seal"] != before["seal"] + 1 or bytes(row["hash"]) != chained(bytes(before["hash"]), row):
            return int(row["seal"])
    return None


async def _read_model(connection: Any, checks: Checks) -> None:
    from services.portal.read_tables import MODEL

    there = None
    if await connection.fetchval("SELECT to_regclass('read.generation')"):
        there = await connection.fetchval("SELECT model FROM read.generation")
    what = f"What the portal shows is of model {there}, this checkout's is {MODEL}."
    what = what if there else "The portal has no read model."
    checks.that(there == MODEL, NOW, "portal", what, "Its start makes it: ./jpa logs portal says why it did not.")
    other = await connection.fetchval("SELECT to_regnamespace('read_next') IS NOT NULL")
    do = "If no rebuild is under way, one was broken off: start it again, or drop that schema."
    checks.that(not other, ADVICE, "portal", "A second read model (read_next) is there.", do)
