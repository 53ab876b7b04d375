"""Kafka's jars: fetched once with jgo, exactly those whose SHA-256 `kafka.lock` names."""

import hashlib
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.places import Trouble, make_folder, software_folder

LOCK = Path(__file__).with_name("kafka.lock")
WANTED = "org.apache.kafka:kafka_2.13:4.2.0+org.slf4j:slf4j-simple:1.7.36"

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Jar:
    """One line of the lock."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        return f"{self.artifact}-{self.version}.jar"


def locked() -> list[Jar]:
    """All that the lock names."""
    jars = []
    for line in LOCK.read_text().splitlines():
        if line and not line.startswith("#"):
            coordinate, digest = line.split()
            group, artifact, version = coordinate.split(":")
            jars.append(Jar(group, artifact, version, digest.removeprefix("sha256:")))
    return jars


def folder() -> Path:
    """Named after the lock, so that another lock never meets these jars."""
    return software_folder() / f"kafka-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"


def ensure(progress: Progress = lambda done, total: None) -> list[Path]:
    """Every jar's path, fetched where it is missing and checked each time."""
    where, jars = folder(), locked()
    make_folder(where)
    missing = [jar for jar in jars if not _is_right(where / jar.filename, jar)]
    if missing:
        _fetch(missing, where, progress)
    return [where / jar.filename for jar in jars]


def _is_right(path: Path, jar: Jar) -> bool:
    if not path.exists():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == jar.sha256


def _fetch(missing: list[Jar], where: Path, progress: Progress) -> None:
    import requests
    from jgo.maven import MavenContext

    repository = where.with_name(where.name + ".part")
    context = MavenContext(repo_cache=repository, timeout=30)

    def fetch(jar: Jar) -> None:
        got = context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
        if not _is_right(got, jar):
            got.unlink(missing_ok=True)
            raise Trouble(f"{jar.filename} is not the file that kafka.lock names: do not use it; try again later.")
        got.chmod(0o644)  # Kafka may run as another user
        got.replace(where / jar.filename)

    with ThreadPoolExecutor(16) as pool:
        waiting = [pool.submit(fetch, jar) for jar in missing]
        try:
            for done, future in enumerate(as_completed(waiting), start=1):
                future.result()
                progress(done, len(missing))
        except (requests.RequestException, RuntimeError, OSError) as error:
            for future in waiting:
                future.cancel()
            reason = _first_line(error)
            raise Trouble(f"Kafka's jars could not be fetched ({reason}): check the network.") from error
    shutil.rmtree(repository, ignore_errors=True)


def _first_line(error: Exception) -> str:
    text = str(error).splitlines() or [type(error).__name__]
    return text[0][:120]


def write_lock() -> None:
    """Resolve anew what Kafka needs and write it down; for whoever moves to another version."""
    import tomllib

    import jgo

    made = jgo.build(WANTED, update=True, cache_dir=folder().with_name("jgo"))
    found = tomllib.loads((made.path / "jgo.lock.toml").read_text())["dependencies"]
    lines = sorted(f"{d['groupId']}:{d['artifactId']}:{d['version']} sha256:{d['sha256']}" for d in found)
    first = LOCK.read_text().splitlines()[0]
    LOCK.write_text("\n".join([first, *lines]) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["lock"]:
        write_lock()
    else:
        try:
            ensure()
        except Trouble as error:
            sys.exit(str(error))
