"""Which generation of the read model is shown: begun on an operator's word, built beside, followed by every portal."""

import asyncio
import contextlib
import json
import logging
import sys
from collections.abc import AsyncIterator
from typing import Any, Literal

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from fastapi import APIRouter

from services.portal import read_model
from services.portal.consumers import listener, projector
from services.portal.read_model import ReadModelInbox
from services.portal.read_tables import SCHEMA
from services.portal.rebuild import ITSELF, OWNERS, REPLAYED, groups
from services.portal.settings import Settings
from shared.actor import Actor
from shared.errors import Unavailable
from shared.runtime.db import Database
from shared.runtime.kafka import client_arguments
from shared.runtime.service import Service
from shared.runtime.web import Caller
from shared.vocabulary import Role

log = logging.getLogger("jpa.portal")


class Generations:
    """Keeps this portal on the generation that is shown, and the program that builds another one running."""

    def __init__(self, service: Service, settings: Settings, database: Database) -> None:
        self._service, self._settings, self._database = service, settings, database
        self._program: asyncio.subprocess.Process | None = None
        self._wanted = asyncio.Event()
        self._turn = asyncio.Lock()
        self.progress: dict[str, Any] | None = None

    async def start(self) -> None:
        """Take on the generation that is there, made empty if there is none."""
        parts = self._service
        self._database.epoch = parts.database.epoch
        self._take_on(await read_model.ensure(parts.database))
        self._wanted.set()  # what an earlier process had begun goes on
        parts.run(self._complete(), "completeness")
        parts.run(self._keep_building(), "rebuild")
        parts.run(self._follow(), "generation")

    async def stop(self) -> None:
        """The program ends; the next portal goes on with what it has done."""
        self._end_program()

    async def begin(self, actor: Actor = ITSELF) -> str:
        """Begin another generation; one that is under way is given up."""
        async with self._service.database.begin(actor) as tx:
            tx.audit("rebuild read model", "portal")
        async with self._turn:
            self._end_program()
            generation = read_model.new_name()
            self.progress = None
            # before any owner looks at its outbox: what is committed later is said on the topics after these offsets
            await self._note_offsets(generation)
            await read_model.make_next(self._service.database, generation, OWNERS)
            self._wanted.set()
        return generation

    async def state(self) -> dict[str, Any]:
        """Which generation this portal is on, which is being built, and how far that is."""
        async with self._service.database.begin() as tx:
            building = await read_model.building(tx)
        return {"shown": self.shown, "building": building, "progress": self.progress}

    def _take_on(self, generation: str) -> None:
        inbox = ReadModelInbox("portal", SCHEMA, generation)
        self._service.consumer = projector(inbox, self._database, self._settings)
        self._service.group, _ = groups(generation)
        self.shown = generation

    async def _follow(self) -> None:
        """Whichever portal had it built: when another generation is shown, read on as that one."""
        while True:
            await asyncio.sleep(self._settings.generation_poll_seconds)
            try:
                shown = await read_model.shown(self._service.database)
                if shown and shown != self.shown:
                    log.warning("another generation of the read model is shown: %s", shown)
                    if self._service.bus:
                        await self._service.bus.stop()
                    self._take_on(shown)
                    self._service.listen()
            except Exception as problem:
                log.warning("which generation is shown is not known: %s", type(problem).__name__)

    async def _keep_building(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                async with self._service.database.begin() as tx:
                    building = await read_model.building(tx)
                if not building:
                    continue
                self._wanted.set()  # until it is shown: what breaks off is taken up
                await self._run_program()
            except Exception as problem:
                self._wanted.set()
                log.warning("the rebuild pauses: %s", type(problem).__name__)
            await asyncio.sleep(0.5)

    async def _run_program(self) -> None:
        words = (sys.executable, "-m", "services.portal.rebuild")
        pipe = asyncio.subprocess.PIPE
        self._program = program = await asyncio.create_subprocess_exec(*words, stdin=pipe, stdout=pipe)
        assert program.stdout
        try:
            async for line in program.stdout:
                self.progress = json.loads(line)
            await program.wait()
        finally:
            self._end_program()

    def _end_program(self) -> None:
        if self._program and self._program.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._program.kill()

    async def _complete(self) -> None:
        """A generation that was begun empty reads the topics from their beginning. Where Kafka no longer holds that,
        another is built from what the owners say again."""
        while await read_model.is_unproven(self._service.database):
            try:
                if not any((await self._offsets(listener.topics, "beginning")).values()):
                    await read_model.prove(self._service.database)
                elif not (await self.state())["building"]:
                    await self.begin()
            except Exception as problem:
                log.warning("what Kafka still holds is not known: %s", type(problem).__name__)
            await asyncio.sleep(1)

    async def _note_offsets(self, generation: str) -> None:
        """Where topics end now is where the generation's groups begin."""
        for group, topics in zip(groups(generation), (listener.topics, REPLAYED), strict=True):
            ends = await self._offsets(topics, "end")
            async with self._client(group_id=group) as client:
                client.assign(list(ends))
                await client.commit(ends)

    async def _offsets(self, topics: tuple[str, ...], which: Literal["beginning", "end"]) -> dict[TopicPartition, int]:
        async with self._client(*topics) as client:
            ask = client.end_offsets if which == "end" else client.beginning_offsets
            offsets: dict[TopicPartition, int] = await ask(list(client.assignment()))
            return offsets

    @contextlib.asynccontextmanager
    async def _client(self, *topics: str, group_id: str | None = None) -> AsyncIterator[AIOKafkaConsumer]:
        client = AIOKafkaConsumer(
            *topics, **client_arguments(self._settings), group_id=group_id, enable_auto_commit=False
        )
        try:
            await client.start()
            yield client
        except KafkaError as problem:
            raise Unavailable("Kafka does not answer.") from problem
        finally:
            await client.stop()


def router(generations: Generations) -> APIRouter:
    """The operator's door."""
    routes = APIRouter(prefix="/operator", include_in_schema=False)

    @routes.post("/rebuild", status_code=202)
    async def begin(actor: Caller) -> dict[str, str]:
        actor.require(Role.OPERATOR)
        return {"building": await generations.begin(actor)}

    @routes.get("/rebuild")
    async def state(actor: Caller) -> dict[str, Any]:
        actor.require(Role.OPERATOR)
        return await generations.state()

    return routes
