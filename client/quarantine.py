"""`quarantine`: what services could not take in, by coordinates, reason and hash, never by content."""

import asyncio
import json
from typing import Any

from client import operator
from client.screen import rows
from deploy.embedded.places import Home, Trouble
from deploy.embedded.servers import Servers
from deploy.provision.topics import SERVICES

COLUMNS = 'topic, partition, "offset", key, type, sequence, state, reason, sha256, consumer, source, event_id, heard_on, at'
SHORT = ("reference", "topic", "partition", "offset", "type", "state", "reason", "at")


def show_all(home: Home, as_json: bool) -> None:
    """Of all services, the oldest first."""
    found = asyncio.run(_read(home))
    names = list(found[0]) if as_json and found else list(SHORT)
    rows(names, [[item[name] for name in names] for item in found], "Quarantine is empty.", as_json)


def show(home: Home, reference: str, as_json: bool) -> None:
    """All that is known of one."""
    item = _the_one(home, reference)
    if as_json:
        print(json.dumps(item, default=str))
        return
    rows(["field", "value"], [[name, value] for name, value in item.items()], "")


def replay(home: Home, reference: str) -> None:
    """Have its service try again."""
    _the_one(home, reference)
    service, _, number = reference.partition("/")
    try:
        operator.ask(home, service, f"/operator/quarantine/{number}/replay", "POST")
    except Trouble as refused:
        raise Trouble(f"It was not taken in. {refused}") from refused
    print(f"{reference} was taken in.")


def close(home: Home, reference: str, reason: str) -> None:
    """Have its service count no longer what nobody can read."""
    _the_one(home, reference)
    service, _, number = reference.partition("/")
    try:
        operator.ask(home, service, f"/operator/quarantine/{number}/close", "POST", body={"reason": reason})
    except Trouble as refused:
        raise Trouble(f"It was not closed. {refused}") from refused
    print(f"{reference} is closed; it is kept, and counts no longer.")


def _the_one(home: Home, reference: str) -> dict[str, Any]:
    for item in asyncio.run(_read(home)):
        if item["reference"] == reference:
            return item
    raise Trouble(f"There is no {reference!r} in quarantine: ./jpa quarantine list shows what is.")


async def _read(home: Home) -> list[dict[str, Any]]:
    import asyncpg

    surroundings = Servers.installed(home).surroundings
    found: list[dict[str, Any]] = []
    for service in SERVICES:
        url = surroundings.database.as_role(service, surroundings.passwords()[service], service)
        try:
            connection = await asyncpg.connect(url)
        except (OSError, asyncpg.PostgresError) as error:
            raise Trouble("The databases do not answer: start the system with ./jpa up.") from error
        try:
            # The portal's goes with its read model, which is dropped and rebuilt.
            for table in ("public.quarantine", "read.quarantine"):
                if await connection.fetchval("SELECT to_regclass($1)", table):
                    query = f"SELECT id, {COLUMNS} FROM {table}"  # noqa: S608
                    for row in await connection.fetch(query):
                        found.append({"reference": f"{service}/{row['id']}", **dict(row.items())})
        finally:
            await connection.close()
    for item in found:
        del item["id"]
        item["topic"] = item["topic"] or item["heard_on"]  # of what cannot be read, where it was heard is all that is known
    return sorted(found, key=lambda item: item["at"])
