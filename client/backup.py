"""`backup`: one file from which a running system can be brought back, taken at one moment of all its databases.

For that moment nothing is said or heard: the outboxes and inboxes of all four databases are locked together, a snapshot of
each is taken, and the locks are let go, in some milliseconds. So no consumer's copy knows what its source's copy never
said, whoever hears whom. The dumps then read their snapshots while work goes on.
"""

import asyncio
import hashlib
import json
import os
import subprocess
import tarfile
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from client.screen import console
from deploy.embedded import state
from deploy.embedded.cluster import Shape
from deploy.embedded.places import Home, Trouble
from deploy.embedded.postgres import programs
from deploy.embedded.servers import Servers
from deploy.embedded.services import Surroundings
from deploy.provision.access import Database
from deploy.provision.topics import SERVICES

FORMAT = 1
MANIFEST = "manifest.json"
LEFT_OUT = "read*"  # the portal's read model is built again
# in the order in which a service writes them, or one of the two would have to be refused
_QUIET = "LOCK TABLE inbox, outbox IN SHARE MODE"
_FACTS = """
SELECT (SELECT version_num FROM alembic_version) AS head, (SELECT max(number) FROM epoch) AS epoch,
       (SELECT count(*) FROM outbox) AS events
"""


@dataclass(frozen=True)
class Cut:
    """One database at the moment of the backup."""

    snapshot: str
    facts: dict[str, Any]


def backup(home: Home, file: Path, as_json: bool) -> None:
    """Write it, all or nothing, readable by nobody else."""
    began = time.monotonic()
    servers = Servers.installed(home)
    if Database.named() is None and not state.running(home):
        raise Trouble("It is not up, and only a running system can be copied: start it with ./jpa up.")
    if file.exists():
        raise Trouble(f"{file} is there already: name another file.")
    if not file.absolute().parent.is_dir():
        raise Trouble(f"There is no folder {file.absolute().parent}.")
    with tempfile.TemporaryDirectory(prefix=".jpa-backup-", dir=file.absolute().parent) as folder:  # 0700
        with console().status("Copying the databases…") if console().is_terminal and not as_json else _Nothing():
            manifest = asyncio.run(_copy(servers.surroundings, Path(folder)))
        shape = Shape.kept(home)
        manifest |= {"brokers": shape.brokers, "replicas": shape.replicas}
        draft = Path(folder) / "whole.tar"
        _pack(home, Path(folder), draft, manifest)
        draft.replace(file)
    home.last_backup.write_text(json.dumps({"at": time.time()}))
    said = {
        "file": str(file),
        "bytes": file.stat().st_size,
        "epoch": manifest["epoch"],
        "events": manifest["events"],
        "seconds": round(time.monotonic() - began, 2),
    }
    if as_json:
        print(json.dumps(said))
    else:
        print(f"{file}: {said['events']} events, {said['bytes'] / 2**20:.1f} MiB, after {said['seconds']:.1f} s.")
        print("It holds this installation's passwords and keys: keep it as you keep those.")


class _Nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


async def _copy(surroundings: Surroundings, folder: Path) -> dict[str, Any]:
    try:
        async with _at_one_moment(surroundings) as cuts:
            at = datetime.now(UTC)
            for service in SERVICES:
                words = ["--format=custom", "--compress=1", "--no-owner", "--no-privileges"]
                words += [f"--exclude-schema={LEFT_OUT}", f"--snapshot={cuts[service].snapshot}"]
                words += [f"--file={folder / service}.dump"]
                await asyncio.to_thread(run_tool, surroundings, "pg_dump", service, words)
    except (OSError, asyncpg.PostgresError) as error:
        why = type(error).__name__ if isinstance(error, OSError) else str(error)
        raise Trouble(f"The databases cannot be copied ({why}): ./jpa doctor tells why.") from error
    facts = {service: cut.facts for service, cut in cuts.items()}
    return {
        "format": FORMAT,
        "at": at.isoformat(),
        "epoch": max(each["epoch"] for each in facts.values()),
        "events": sum(each["events"] for each in facts.values()),
        "databases": facts,
    }


@asynccontextmanager
async def _at_one_moment(surroundings: Surroundings) -> AsyncIterator[dict[str, Cut]]:
    """A snapshot of each database, all of the same moment, for as long as the block lasts."""
    async with AsyncExitStack() as kept, AsyncExitStack() as quiet:
        reading = {service: await kept.enter_async_context(_connection(surroundings, service)) for service in SERVICES}
        for service in SERVICES:
            writing = await quiet.enter_async_context(_connection(surroundings, service))
            await quiet.enter_async_context(writing.transaction())
            await writing.execute("SET LOCAL lock_timeout = '10s'")
            await writing.execute(_QUIET)
        cuts = {}
        for service, connection in reading.items():
            await kept.enter_async_context(connection.transaction(isolation="repeatable_read", readonly=True))
            snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
            cuts[service] = Cut(snapshot, {})
        await quiet.aclose()
        for service, connection in reading.items():
            cuts[service].facts.update(await connection.fetchrow(_FACTS))
        yield cuts


@asynccontextmanager
async def _connection(surroundings: Surroundings, service: str) -> AsyncIterator[asyncpg.Connection]:
    url = surroundings.database.as_role(service, surroundings.passwords()[service], service)
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


def run_tool(surroundings: Surroundings, tool: str, service: str, words: list[str]) -> None:
    """One of PostgreSQL's programs on a service's database, as its owner; the password is no word that `ps` shows."""
    password = surroundings.passwords()[service]
    parts = urlsplit(surroundings.database.as_role(service, "x", service))
    place = parts.netloc.rpartition("@")[2]
    url = urlunsplit((parts.scheme, f"{service}@{place}", parts.path, parts.query, ""))
    done = subprocess.run(  # noqa: S603
        [str(programs() / tool), f"--dbname={url}", *words],
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PGPASSWORD": password},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        # its first complaint: what follows may quote the rows that it is about
        said = next((line for line in done.stderr.splitlines() if "error:" in line), f"exit code {done.returncode}")
        raise Trouble(f"{tool} of {service} failed: {said[:200]}")


def _pack(home: Home, folder: Path, draft: Path, manifest: dict[str, Any]) -> None:
    parts = {f"databases/{service}.dump": folder / f"{service}.dump" for service in SERVICES}
    parts |= {f"secrets/{path.name}": path for path in sorted(home.secrets.iterdir()) if path.is_file()}
    manifest["sha256"] = {name: digest(path) for name, path in parts.items()}
    described = folder / MANIFEST
    described.write_text(json.dumps(manifest, indent=1))
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        with tarfile.open(fileobj=out, mode="w") as tar:
            for name, path in {MANIFEST: described, **parts}.items():
                tar.add(path, name, filter=_plain)
        out.flush()
        os.fsync(out.fileno())


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mode, member.uid, member.gid, member.uname, member.gname = 0o600, 0, 0, "", ""
    return member


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
