"""A backup's file: opened only when all of it is as it was written and fits this version."""

import json
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from client.backup import FORMAT, MANIFEST, digest
from deploy.embedded.places import Trouble
from deploy.provision.topics import SERVICES

NAMED = {"at", "epoch", "events", "brokers", "replicas", "databases", "sha256"}


@dataclass(frozen=True)
class Opened:
    """Its parts, in a folder that goes away again."""

    folder: Path
    manifest: dict[str, Any]

    def dump(self, service: str) -> Path:
        return self.folder / "databases" / f"{service}.dump"

    def secrets(self) -> list[tuple[str, Path]]:
        """Name and file of each."""
        return [(path.name, path) for path in sorted((self.folder / "secrets").iterdir())]


@contextmanager
def opened(file: Path) -> Iterator[Opened]:
    """Raises Trouble for a file that is no whole backup, or one of a version that this checkout does not know."""
    with tempfile.TemporaryDirectory(prefix="jpa-restore-") as name:  # 0700
        folder = Path(name)
        try:
            with tarfile.open(file) as tar:
                tar.extractall(folder, filter="data")
            manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        except FileNotFoundError as error:
            if error.filename == str(file):
                raise Trouble(f"There is no file {file}.") from error
            raise Trouble(f"{file} is no backup: {MANIFEST} is not in it.") from error
        except (tarfile.TarError, EOFError) as error:  # whose message has a line for each kind of archive that it is not
            why = "./jpa backup writes a tar file, and this is none, or not all of one"
            raise Trouble(f"{file} is no backup: {why}.") from error
        except OSError as error:
            raise Trouble(f"{file} cannot be read: {error.strerror or type(error).__name__}.") from error
        except ValueError as error:
            raise Trouble(f"{file} is no backup: its {MANIFEST} cannot be read.") from error
        _require_known(manifest)
        _require_whole(folder, manifest)
        yield Opened(folder, manifest)


def _require_whole(folder: Path, manifest: dict[str, Any]) -> None:
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    wanted = {f"databases/{service}.dump" for service in SERVICES}
    if there != set(manifest["sha256"]) or not wanted <= there:
        raise Trouble("The backup lacks a part, or has one that it does not name.")
    for name, sha256 in manifest["sha256"].items():
        if digest(folder / name) != sha256:
            raise Trouble(f"{name} in the backup is not what was written: its SHA-256 differs.")


def _require_known(manifest: dict[str, Any]) -> None:
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    from shared.runtime.migrate import config

    try:
        if manifest["format"] != FORMAT:
            raise Trouble(f"The backup has format {manifest['format']}; this version reads {FORMAT}.")
        if lacking := sorted(NAMED - manifest.keys()):
            raise KeyError(lacking[0])
        for service in SERVICES:
            head = manifest["databases"][service]["head"]
            ScriptDirectory.from_config(config(f"services.{service}")).get_revision(head)
    except (KeyError, TypeError) as error:
        raise Trouble(f"The backup's manifest lacks {error}.") from error
    except CommandError as error:
        raise Trouble("The backup is of a newer version than this one: restore it with that.") from error
