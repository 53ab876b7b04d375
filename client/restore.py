"""`restore`: brings a system back from a backup, in a new epoch, and waits until everyone has heard everything.

What was said after the backup is lost, and must be heard by nobody: Kafka is begun anew, all that the databases hold is
sent again with the ids and bytes that it had, and each feed is told how much of it there is.
"""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import asyncpg

from client import integrators
from client.backup import run_tool
from client.backup_file import Opened, opened
from client.reset import delete, require_down
from client.screen import broken_off, console
from deploy.embedded import credentials, state
from deploy.embedded.places import Home, Trouble, is_free, require_room
from deploy.embedded.servers import Servers
from deploy.embedded.supervisor import Supervisor, first_problem
from deploy.provision import topics
from deploy.provision.access import Broker, Database

PATIENCE = 120.0  # seconds without any progress
_EPOCH = "INSERT INTO epoch (number, told) VALUES ($1, false)"
_AGAIN = "INSERT INTO outbox_unsent SELECT id FROM outbox ON CONFLICT DO NOTHING"
# Kafka's places begin anew: those of the broker before must not hide what is set aside from now on
_PLACES = """
UPDATE quarantine SET heard_on = coalesce(heard_on, topic) || ' before epoch ' || $1::text
WHERE coalesce(heard_on, topic) NOT LIKE '% before epoch %'
"""
_SESSIONS = "DELETE FROM session"


def restore(home: Home, file: Path, replace: bool, yes: bool, port: int, as_json: bool) -> None:
    """All of it; what is there is only replaced when that was asked for."""
    began = time.monotonic()
    with opened(file) as found, broken_off(lambda: _where_it_is(home)):
        _require_possible(home, replace, port)
        home.make()
        _make_room(home, replace, yes)
        epoch = found.manifest["epoch"] + 1
        home.restoring.touch()  # a restore that is broken off is no system that may be started
        try:
            asyncio.run(_bring_back(home, found, epoch))
        except BaseExceptionGroup as group:
            raise first_problem(group) or group from None
        home.restoring.unlink()
    from client.up import detached

    try:
        detached(home, port)
    except Trouble as trouble:
        back = f"The data are back as of {found.manifest['at'][:19]}Z, in epoch {epoch}; what was accepted later is lost."
        raise Trouble(f"{back} It was not started: {trouble}") from trouble
    _wait_until_heard(home, as_json)
    said = {"epoch": epoch, "events": found.manifest["events"], "seconds": round(time.monotonic() - began, 1)}
    if as_json:
        print(json.dumps(said))
        return
    print(f"\nBack as of {found.manifest['at'][:19]}Z, in epoch {epoch}: {said['events']} events, {said['seconds']} s.")
    print("What was accepted after that is lost: tell the parties the time, so that they post it again.")
    print("Everyone signs in anew. Integrators go on with the credential they have, and read their feed from its beginning.")


def _where_it_is(home: Home) -> str:
    if home.restoring.exists():
        return "Broken off: nothing can be started here before ./jpa restore FILE --replace has been run to its end."
    return "Broken off before anything was changed."


def _require_possible(home: Home, replace: bool, port: int) -> None:
    """All that would stop it later, looked at before anything is written or deleted."""
    if home.run.exists():
        with state.sole_supervisor(home) as alone:
            require_down(alone)
            state.stop_left_behind(home)
    if not is_free(port):
        raise Trouble(f"Port {port} is in use: choose another with ./jpa restore FILE --port {port + 1}.")
    theirs = (home.postgres, home.kafka) if replace else ()
    require_room(home.root, freed=sum(size_of(folder) for folder in theirs))


def size_of(folder: Path) -> int:
    """Bytes of all files below it; 0 where there is none."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) if folder.exists() else 0


def _make_room(home: Home, replace: bool, yes: bool) -> None:
    """Nothing is overwritten that was not meant to be."""
    import typer

    with state.sole_supervisor(home) as alone:
        require_down(alone)
        state.stop_left_behind(home)
        taken = any(path.exists() and any(path.iterdir()) for path in (home.postgres, home.kafka, home.secrets))
        elsewhere = Database.named()
        taken = taken or (elsewhere is not None and asyncio.run(_has_data(elsewhere)))
        if taken and not replace:
            raise Trouble("There is data already: --replace deletes it first. Make a backup of it before.")
        if taken and not yes and not typer.confirm(f"Delete all data, accounts and keys in {home.root} for the backup's?"):
            raise Trouble("Nothing was changed.")
        delete(home)
    home.make()


async def _has_data(database: Database) -> bool:
    connection = await asyncpg.connect(database.url)
    try:
        names = list(topics.SERVICES)
        return bool(await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = ANY ($1)", names))
    finally:
        await connection.close()


async def _bring_back(home: Home, found: Opened, epoch: int) -> None:
    """Secrets, servers, databases, integrators; the services are started afterwards."""
    for name, path in found.secrets():
        credentials.write_secret(home.secrets / name, path.read_text())
    await _empty_elsewhere()
    supervisor = Supervisor(home, services=(), brokers=found.manifest["brokers"], replicas=found.manifest["replicas"])
    try:
        await supervisor.start()
        servers = supervisor.servers
        assert servers
        for service in topics.SERVICES:
            _say(f"bringing back {service}")
            await asyncio.to_thread(_fill, servers, service, found.dump(service))
            await _begin_epoch(servers, service, epoch)
        await asyncio.to_thread(_let_in, home, servers.surroundings.broker)
    finally:
        await supervisor.stop()


def _fill(servers: Servers, service: str, dump: Path) -> None:
    words = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(dump)]
    run_tool(servers.surroundings, "pg_restore", service, words)


async def _begin_epoch(servers: Servers, service: str, epoch: int) -> None:
    """In one transaction: whoever starts this database starts it in the new epoch, with everything still to be sent."""
    surroundings = servers.surroundings
    url = surroundings.database.as_role(service, surroundings.passwords()[service], service)
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute(_EPOCH, epoch)
            await connection.execute(_AGAIN)
            await connection.execute(_PLACES, str(epoch))
            if service == "portal":
                await connection.execute(_SESSIONS)  # one that was ended after the backup must not live again
    finally:
        await connection.close()


def _let_in(home: Home, broker: Broker) -> None:
    """Integrators with the credentials that they hold."""
    for party, name, password in integrators.kept(home):
        integrators.issue(broker, party, name, password)


async def _empty_elsewhere() -> None:
    """Servers that are not ours: the topics, what groups had read of them, and the databases go."""
    if broker := Broker.named():
        from deploy.provision.broker import BrokerAdmin

        admin = BrokerAdmin(broker)
        wanted = {topic.name for topic in topics.topics(topics.party_codes())}
        if there := sorted(wanted & await asyncio.to_thread(admin.topic_names)):
            await asyncio.to_thread(admin.delete_topics, there)
    if elsewhere := Database.named():
        connection = await asyncpg.connect(elsewhere.url)
        try:
            for service in topics.SERVICES:
                await connection.execute(f"DROP DATABASE IF EXISTS {service} WITH (FORCE)")
        finally:
            await connection.close()


def _wait_until_heard(home: Home, as_json: bool) -> None:
    """Every outbox empty, every consumer without lag; the portal's tables are then complete."""
    from client.status import read

    left: tuple[Any, Any] = (None, None)
    moved = time.monotonic()
    while left != (0, 0):
        now = read(home)
        before, left = left, (now["outbox"], now["lag"])
        if left != before:
            moved = time.monotonic()
            if not as_json and None not in left:
                _say(f"{left[0]} events to send, {left[1]} to hear")
        if time.monotonic() - moved > PATIENCE:
            raise Trouble(f"It does not go on for {PATIENCE:.0f} s: see ./jpa status.")
        time.sleep(0.5)


def _say(text: str) -> None:
    if console().is_terminal:
        console().print(f"[dim]{text}…[/]")
