"""A service, put together: database, migrations, relay, sealer, ear, doors and health."""

import asyncio
import contextlib
import json
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from fastapi import APIRouter, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import Field

from shared.errors import Unavailable
from shared.runtime import epoch, failpoints, garbage, release, replay, telemetry
from shared.runtime.audit import Chain, Sealer
from shared.runtime.bodies import Body
from shared.runtime.bus import Consumer
from shared.runtime.clock import Clock
from shared.runtime.db import Database, is_passing
from shared.runtime.door import Door, Large, Space
from shared.runtime.gauges import Gauges
from shared.runtime.identity import Verifier
from shared.runtime.inbox import Inbox
from shared.runtime.listener import Listener
from shared.runtime.migrate import migrate
from shared.runtime.outbox import Beside
from shared.runtime.problems import count_from_zero, install
from shared.runtime.relay import Relay
from shared.runtime.settings import ServiceSettings
from shared.runtime.subscriber import Bus
from shared.runtime.web import Caller
from shared.vocabulary import Role

log = logging.getLogger("jpa.service")

# Each statement is planned once on a connection, and so that it is right for a table of any size: planning the one that
# writes the outbox took longer than running it, and a plan that was made while a table was small is kept while it fills.
PLANS = {"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off"}


class Ledger(Beside, Protocol):
    """What a service keeps of its announcements, chained as the audit is."""

    chain: Chain


class Closing(Body):
    """Why a record that nobody can read is of no concern."""

    reason: str = Field(min_length=3, max_length=300)


@dataclass
class Service:
    """The parts that a service's requests and tasks share. Also at `app.state.service`."""

    name: str
    settings: ServiceSettings
    listener: Listener
    clock: Clock
    database: Database
    verifier: Verifier
    relay: Relay
    sealer: Sealer
    space: Space
    consumer: Consumer
    group: str
    also_heard: tuple[str, ...] = ()
    """Beside what its listener names: where owners say again to this service what it missed."""
    bus: Bus | None = None
    gauges: Gauges = field(default_factory=Gauges)
    large_bodies: Large = lambda scope: None
    ready: bool = False
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    at_start: list[Callable[["Service"], Awaitable[None]]] = field(default_factory=list)
    at_stop: list[Callable[["Service"], Awaitable[None]]] = field(default_factory=list)
    at_end: list[Callable[["Service"], Awaitable[None]]] = field(default_factory=list)

    def wake(self) -> None:
        """Something was committed to the outbox: look at once."""
        self.relay.wake()

    def require_space(self) -> None:
        if not self.space.enough():
            raise Unavailable("There is too little free space to keep anything. The operator has to make room.")

    def listen(self) -> None:
        """Open the ear, in the group and with the consumer that are set."""
        self.bus = Bus(self.consumer, self.group, self.settings, (*self.listener.topics, *self.also_heard))
        self.run(self.bus.run(), "bus")

    def run(self, work: Awaitable[None], name: str) -> None:
        """A task for as long as the service runs; its failure is told and ends nothing else."""

        async def kept() -> None:
            try:
                await work
            except asyncio.CancelledError:
                raise
            except Exception as problem:
                log.error("%s ended: %s", name, type(problem).__name__)

        self.tasks.append(asyncio.create_task(kept(), name=name))


def build(name: str, settings: ServiceSettings, listener: Listener, ledger: Ledger | None = None) -> Service:
    """The parts of a service, not yet started; with a `ledger`, lines of it are written with what is announced."""
    failpoints.use(settings, name)
    clock = Clock(settings.clock_file if settings.playback else None)
    database = Database(settings.database_url.get_secret_value(), settings.database_connections, clock, PLANS)
    database.beside = ledger
    parts = Service(
        name=name,
        settings=settings,
        listener=listener,
        clock=clock,
        database=database,
        verifier=Verifier(settings.actor_public_keys_file, name),
        relay=Relay(name, database, settings),
        sealer=Sealer(name, database, settings, [ledger.chain] if ledger else []),
        space=Space(settings.disk_path, settings.min_free_bytes),
        consumer=Consumer(listener, Inbox(name), database, settings),
        group=f"{name}.main",
        also_heard=replay.topics_of(name),
    )
    listener.after_commit(parts.wake)
    return parts


def service(name: str, settings: ServiceSettings, listener: Listener, *routers: APIRouter) -> FastAPI:
    """A writing service as an ASGI app."""
    return serve(build(name, settings, listener), *routers)


def serve(parts: Service, *routers: APIRouter, **options: Any) -> FastAPI:
    """The ASGI app of a service that is already put together."""
    logs()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        stop_tracing = telemetry.start(parts.name, parts.settings)
        await _migrated(parts)
        parts.database.epoch = await epoch.begin(parts.name, parts.database)
        for start in parts.at_start:
            await start(parts)
        parts.run(parts.relay.run(), "relay")
        parts.run(parts.sealer.run(), "sealer")
        if parts.listener.topics:
            parts.listen()
            parts.run(release.run(lambda: parts.consumer, parts.settings.release_seconds), "release")
        count_from_zero(getattr(route, "path", "none") for route in app.routes)
        garbage.search_seldom()
        parts.ready = True
        yield
        parts.ready = False
        for stop in parts.at_stop:
            await stop(parts)
        if parts.bus:
            await parts.bus.stop()
        for task in parts.tasks:
            task.cancel()
        await asyncio.gather(*parts.tasks, return_exceptions=True)
        await parts.relay.stop()
        for end in parts.at_end:
            await end(parts)
        await parts.database.close()
        stop_tracing()

    app = FastAPI(
        title=parts.name,
        lifespan=lifespan,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False},  # its spans hold addresses with their queries; ours do not
        **options,
    )
    app.state.service = parts
    for router in (*routers, _health(parts), replay.router(parts)):
        app.include_router(router)
    install(app)
    app.add_middleware(Door, body_max_bytes=parts.settings.body_max_bytes, large=parts.large_bodies)
    return app


async def _migrated(parts: Service) -> None:
    """Wait for the database if it is not there yet, then migrate."""
    while True:
        try:
            await migrate(parts.database, f"services.{parts.name}")
            return
        except Exception as problem:
            # also a server that is up and still recovers what it had before a crash
            if not is_passing(problem):
                raise
            log.warning("no database yet")
            await asyncio.sleep(0.5)


def _health(parts: Service) -> APIRouter:
    router = APIRouter()

    @router.get("/health/live")
    async def live() -> dict[str, bool]:
        return {"live": True}

    @router.get("/health/ready")
    async def ready() -> Response:
        said = await readiness(parts)
        return Response(json.dumps(said), 200 if said["ready"] else 503, media_type="application/json")

    @router.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        await parts.gauges.read(parts, readiness(parts))
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @router.post("/operator/quarantine/{quarantine_id}/replay", status_code=204)
    async def replay(quarantine_id: int, actor: Caller) -> None:
        actor.require(Role.OPERATOR)
        await parts.consumer.replay(quarantine_id, actor)

    @router.post("/operator/quarantine/{quarantine_id}/close", status_code=204)
    async def close(quarantine_id: int, given: Closing, actor: Caller) -> None:
        actor.require(Role.OPERATOR)
        await parts.consumer.close(quarantine_id, given.reason, actor)

    return router


_UNSENT = """
SELECT count(*) AS n, coalesce(extract(epoch FROM clock_timestamp() - min(due)), 0)::float AS age FROM outbox_unsent
"""


async def readiness(parts: Service) -> dict[str, Any]:
    """Whether the service can work, and how far behind it is."""
    said: dict[str, Any] = {"service": parts.name, "ready": parts.ready, "lag": None, "outbox": None, "quarantine": None}
    problems: list[str] = []
    try:
        async with parts.database.begin() as tx:
            unsent = (await tx.sql(_UNSENT))[0]
            said["outbox"] = unsent["n"]
            if unsent["age"] > parts.settings.ready_unsent_seconds:
                problems.append(f"the oldest unpublished event waits for {unsent['age']:.0f} s")
        async with parts.consumer.database.begin() as tx:
            said["quarantine"] = await parts.consumer.inbox.count(tx)
    except Exception as problem:
        problems.append(f"database: {type(problem).__name__}")
    try:
        said["lag"] = await parts.bus.lag() if parts.bus else 0
        if said["lag"] is None:
            problems.append("kafka: no partitions assigned yet")
        elif said["lag"] > parts.settings.ready_lag_events:
            problems.append(f"{said['lag']} events behind")
    except Exception as problem:
        problems.append(f"kafka: {type(problem).__name__}")
    if not parts.space.enough():
        problems.append("too little free space")
    said["ready"] = parts.ready and not problems
    said["problems"] = problems
    return said


def logs() -> None:
    """One line an entry to stderr; the libraries' own only from warnings on."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True
    )
    for noisy in ("aiokafka", "alembic", "httpx", "httpcore", "faststream"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("aiokafka.consumer.group_coordinator").setLevel(logging.ERROR)

