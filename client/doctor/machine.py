"""The machine and the files: room, memory, clock, secrets, certificates, packages, traces, backups."""

import json
import os
import re
import shutil
import stat
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from client.doctor.finding import ADVICE, NOW, SOON, Checks, lasting, size
from client.doctor.processes import elsewhere
from deploy.embedded.places import CHECKOUT, Home
from shared.runtime.clock import Clock
from shared.runtime.settings import ServiceSettings

DAY = 86400.0
TIGHT_MEMORY = 256 * 2**20
TRACES_BYTES = 400_000_000
CERTIFICATE_DAYS = 21
BACKUP_DAYS = 7
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)


def look(home: Home, checks: Checks, up: bool) -> None:
    """All that is seen without asking a server."""
    if not elsewhere():
        _room(home, checks)
        _memory(checks)
        _secrets(home, checks)
        _packages(checks)
        _played_clock(home, checks)
        _unclean(home, checks)
        _traces(home, checks)
        if up:
            _backup(home, checks)
    _certificates(home, checks)


def _room(home: Home, checks: Checks) -> None:
    if not home.root.exists():
        return
    needed = int(os.environ.get("MIN_FREE_BYTES") or ServiceSettings.model_fields["min_free_bytes"].default)
    for folder in {os.stat(path).st_dev: path for path in (home.kafka, home.postgres) if path.exists()}.values():
        free = shutil.disk_usage(folder).free
        do = f"Make room where {folder} lies; it goes on by itself."
        if checks.that(
            free >= needed, NOW, "disk", f"{size(free)} are free: nothing is accepted below {size(needed)}.", do
        ):
            checks.that(
                free >= 2 * needed, SOON, "disk", f"{size(free)} are free: below {size(needed)} nothing is accepted.", do
            )


def _memory(checks: Checks) -> None:
    import psutil

    left = psutil.virtual_memory().available
    do = "Stop other programs on this machine; ./jpa status shows what ours take."
    checks.that(left >= TIGHT_MEMORY, SOON, "memory", f"{size(left)} of memory are left: the kernel may end a process.", do)


def _secrets(home: Home, checks: Checks) -> None:
    if not home.secrets.exists():
        return
    owner = home.root.stat().st_uid
    for path in [home.secrets, *sorted(home.secrets.iterdir())]:
        kept, right = path.stat(), 0o700 if path.is_dir() else 0o600
        mode = stat.S_IMODE(kept.st_mode)
        where = path.relative_to(home.root)
        do = f"chmod {right:o} {path}; who may have read it? Then make it anew."
        checks.that(not mode & 0o077, NOW, "secrets", f"{where} can be read by others (mode {mode:04o}).", do)
        checks.that(
            kept.st_uid == owner, NOW, "secrets", f"{where} belongs to another user (uid {kept.st_uid}).",
            f"chown {owner} {path}",
        )  # fmt: skip


def _packages(checks: Checks) -> None:
    from importlib.metadata import PackageNotFoundError, version

    wrong = []
    pins: dict[str, list[str]] = {}  # one name may have a version for each Python
    for name, locked in PIN.findall((CHECKOUT / "requirements.lock").read_text()):
        pins.setdefault(name, []).append(locked)
    for name, locked in pins.items():
        try:
            if version(name) not in locked:
                wrong.append(f"{name} {version(name)} instead of {' or '.join(locked)}")
        except PackageNotFoundError:
            continue  # another platform's
    more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
    what = f"Packages are not those of the lock: {', '.join(wrong[:3])}{more}."
    checks.that(not wrong, SOON, "packages", what, "Run any ./jpa command from the checkout: it brings them to the lock.")
    dist = CHECKOUT / "services" / "portal" / "static" / "dist"
    checks.that(dist.exists(), NOW, "packages", "The pages' style sheet and scripts are not built.", "./jpa up builds them.")


def _played_clock(home: Home, checks: Checks) -> None:
    try:
        shown = Clock(home.clock_file).now()
    except (ValueError, KeyError, OSError):
        checks.that(False, NOW, "clock", f"{home.clock_file} cannot be read: services cannot tell the time.", "Delete it.")
        return
    what = f"The played clock is on: everything new is dated {shown:%d %B %Y %H:%M} UTC."
    if _read(home.clock_file).get("left"):
        do = "The demo left it on, for its practice period. Before any other use: ./jpa reset, or at least"
        do = f"{do} rm {home.clock_file}"
        checks.that(False, ADVICE, "clock", what, do)
        return
    checks.that(not home.clock_file.exists(), SOON, "clock", what, f"When no demo is running: rm {home.clock_file}")


def _unclean(home: Home, checks: Checks) -> None:
    at = _number(home.unclean_file)
    ago = time.time() - at
    what = f"Kafka stopped without its last word {lasting(ago)} ago."
    do = "What it may have lost is sent again by itself as soon as it answers. ./jpa logs supervisor says what ended it."
    checks.that(ago > DAY, ADVICE, "kafka", what, do)


def _traces(home: Home, checks: Checks) -> None:
    held = sum(file.stat().st_size for file in home.traces.glob("*")) if home.traces.exists() else 0
    checks.that(held < TRACES_BYTES, ADVICE, "traces", f"{home.traces} holds {size(held)}.", "Its files may be deleted.")


def _certificates(home: Home, checks: Checks) -> None:
    files = sorted((home.root / "tls").glob("*.pem"))
    for file in files:
        left = _days_left(file)
        if left is None:
            continue
        do = "Put a new one in its place, then: docker compose up -d --force-recreate door"
        if checks.that(left > 0, NOW, "tls", f"The certificate {file.name} has expired.", do):
            checks.that(left > CERTIFICATE_DAYS, SOON, "tls", f"The certificate {file.name} expires in {left:.0f} days.", do)


def _days_left(file: Path) -> float | None:
    from cryptography import x509

    try:
        text = file.read_bytes()
        if b"PRIVATE KEY" in text:
            return None
        return (x509.load_pem_x509_certificate(text).not_valid_after_utc - datetime.now(UTC)).total_seconds() / DAY
    except (OSError, ValueError):
        return None


def _backup(home: Home, checks: Checks) -> None:
    at = _number(home.last_backup)
    do = "./jpa backup FILE, and keep the file on another machine."
    if checks.that(at > 0, ADVICE, "backup", "No backup has been made here.", do):
        ago = time.time() - at
        checks.that(ago < BACKUP_DAYS * DAY, SOON, "backup", f"The last backup is {lasting(ago)} old.", do)


def _number(file: Path) -> float:
    """`at` of a small JSON file; 0 where there is none."""
    try:
        return float(_read(file)["at"])
    except (ValueError, KeyError, TypeError):
        return 0.0


def _read(file: Path) -> dict[str, Any]:
    """A small JSON file; nothing where there is none that can be read."""
    try:
        said: dict[str, Any] = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return said
