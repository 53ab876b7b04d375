"""Where everything of one installation lies below its JPA_HOME, and which ports it took."""

import hashlib
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SHARED_STATE = Path("/var/lib/jpa")  # as root PostgreSQL runs as another user, who must reach its files
LONGEST_SOCKET = 107  # bytes that a Unix socket's path may have
PORTS_FROM, PORTS_TO = 20_000, 32_000  # below the range from which outgoing connections take theirs


class Trouble(Exception):
    """One sentence that says what is wrong and what to do."""


def checkout_mark(checkout: Path = CHECKOUT) -> str:
    """A short name that differs between checkouts on one machine."""
    digest = hashlib.sha256(str(checkout).encode()).hexdigest()[:8]
    return f"{checkout.name}-{digest}"


def default_home() -> Path:
    """JPA_HOME, else `.jpa` in the checkout; as root a folder of this checkout's below /var/lib/jpa."""
    if named := os.environ.get("JPA_HOME"):
        return Path(named).expanduser().absolute()
    return SHARED_STATE / checkout_mark() if os.geteuid() == 0 else CHECKOUT / ".jpa"


def software_folder() -> Path:
    """Fetched once per machine and user: the jars and, as root, PostgreSQL's programs."""
    if os.geteuid() == 0:
        return SHARED_STATE / "software"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jpa"


def make_folder(folder: Path, mode: int = 0o755) -> None:
    """Make it and its missing parents, whatever the umask; what exists stays as it is."""
    if folder.exists():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    folder.chmod(mode)


NEEDED_BYTES = 2**30


@dataclass(frozen=True)
class Home:
    """The folders and files of one installation."""

    root: Path

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def traces(self) -> Path:
        return self.root / "traces"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def kafka(self) -> Path:
        return self.root / "kafka"

    @property
    def ports_file(self) -> Path:
        return self.root / "ports.json"

    @property
    def state_file(self) -> Path:
        return self.run / "state.json"

    @property
    def restoring(self) -> Path:
        """There while a backup is being brought back: what is there then is no system."""
        return self.root / "restoring"

    @property
    def last_backup(self) -> Path:
        """When the last backup was made, for doctor."""
        return self.root / "last-backup.json"

    @property
    def clock_file(self) -> Path:
        return self.run / "clock.json"

    @property
    def unclean_file(self) -> Path:
        return self.run / "unclean.json"

    @property
    def control_socket(self) -> Path:
        return self._socket(self.run / "control.sock")

    @property
    def postgres_sockets(self) -> Path:
        """The folder of PostgreSQL's own socket."""
        return self._socket(self.run / "pg" / ".s.PGSQL.5432").parent

    def _socket(self, wanted: Path) -> Path:
        if len(os.fsencode(wanted)) <= LONGEST_SOCKET:
            return wanted
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"jpa-{os.geteuid()}-{digest}" / wanted.parent.name / wanted.name

    def make(self) -> None:
        """Make the folders. Others may pass through (PostgreSQL's user must), but read nothing."""
        for folder, mode in (
            (self.root, 0o711),
            (self.run, 0o711),
            (self.logs, 0o700),
            (self.traces, 0o700),
            (self.secrets, 0o700),
        ):
            make_folder(folder, mode)
        far = self.control_socket.parent.parent
        if far.parent == Path(tempfile.gettempdir()):
            far.mkdir(mode=0o711, exist_ok=True)
            if far.stat().st_uid != os.geteuid():
                raise Trouble(f"{far} belongs to someone else: set JPA_HOME to a shorter path.")
            self.control_socket.parent.mkdir(mode=0o700, exist_ok=True)


def require_room(folder: Path, freed: int = 0) -> None:
    """Raises Trouble where too little is free, also for a folder that is not there yet; `freed` goes before it is needed."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if shutil.disk_usage(there).free + freed < NEEDED_BYTES:
        raise Trouble(f"Less than 1 GiB is free where {folder} lies: make room or set JPA_HOME.")


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def kept_ports(home: Home) -> dict[str, int]:
    """The ports that were taken last."""
    if not home.ports_file.exists():
        return {}
    kept: dict[str, int] = json.loads(home.ports_file.read_text())
    return kept


def take_ports(home: Home, names: Iterable[str], but: Collection[int] = ()) -> dict[str, int]:
    """The same port for each name as last time, or another one where that is no longer free or is in `but`."""
    kept = kept_ports(home)
    start = int.from_bytes(hashlib.sha256(os.fsencode(home.root)).digest()[:4]) % (PORTS_TO - PORTS_FROM)
    for name in names:
        others = {port for other, port in kept.items() if other != name}
        port = kept.get(name, PORTS_FROM + start)
        while port in others or port in but or not is_free(port):
            port = port + 1 if port + 1 < PORTS_TO else PORTS_FROM
        kept[name] = port
    home.ports_file.write_text(json.dumps(kept))
    return kept
