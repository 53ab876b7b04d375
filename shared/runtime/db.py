"""The database and the transaction: what is read, kept, announced and audited in it commits together or not at all."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, event
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from shared.actor import Actor
from shared.errors import Unavailable, Unknown
from shared.events.base import Event
from shared.runtime.clock import Clock


@dataclass
class Tx:
    """One transaction. Use cases read and keep through repositories on it and `announce` on it; they never commit."""

    connection: AsyncConnection
    now: datetime
    actor: Actor | None = None
    announced: list[Event] = field(default_factory=list)
    audited: list["AuditEntry"] = field(default_factory=list)
    claim: tuple[str, str] | None = None  # party and Idempotency-Key, once they are claimed
    answer: "Answer | None" = None
    epoch: int = 1

    def announce(self, *facts: Event) -> None:
        """Say it when the transaction commits: the events go to the outbox in the same transaction."""
        self.announced.extend(facts)

    def audit(self, action: str, target: str, outcome: str = "done", request: bytes | None = None) -> None:
        actor = self.actor
        self.audited.append(
            AuditEntry(actor.id if actor else "system", actor.party if actor else "", action, target, outcome, request)
        )

    async def lock(self, key: str) -> None:
        """Hold a key until the transaction ends: for what is announced on an aggregate that has no row to lock."""
        await self.sql("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", key)

    async def rows(self, statement: Executable) -> Sequence[RowMapping]:
        return (await self.connection.execute(statement)).mappings().all()

    async def row(self, statement: Executable) -> RowMapping | None:
        return (await self.connection.execute(statement)).mappings().first()

    async def do(self, statement: Executable, parameters: Any = None) -> int:
        """Run a statement that changes rows; returns how many."""
        return (await self.connection.execute(statement, parameters)).rowcount

    async def sql(self, statement: str, *parameters: Any) -> Sequence[RowMapping]:
        """A hot statement in the driver's own language (`$1`), prepared once and kept."""
        result = await self.connection.exec_driver_sql(statement, parameters)
        return result.mappings().all() if result.returns_rows else ()


@dataclass(frozen=True)
class AuditEntry:
    """Who asked for what, and what came of it."""

    actor: str
    party: str
    action: str
    target: str
    outcome: str
    request: bytes | None


@dataclass(frozen=True)
class Answer:
    """What is given back when the same Idempotency-Key comes again."""

    party: str
    key: str
    status: int
    headers: dict[str, str]
    body: bytes


class Database:
    """A pool of connections of one role."""

    def __init__(self, url: str, connections: int, clock: Clock, role_settings: dict[str, str] | None = None) -> None:
        self.clock = clock
        self.epoch = 1  # the service reads it when it starts; only a restore, while nothing runs, raises it
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=5,
            pool_use_lifo=True,
            json_deserializer=lambda value: value,  # decoded already, see below
            connect_args={
                "timeout": 5,
                "command_timeout": 30,
                "server_settings": {"jit": "off", "application_name": "jpa", **(role_settings or {})},
            },
        )
        event.listen(self.engine.sync_engine, "handle_error", _hide_parameters)
        event.listen(self.engine.sync_engine, "connect", _decode_jsonb)
        event.listen(self.engine.sync_engine, "checkout", _not_a_dead_one)

    @asynccontextmanager
    async def begin(self, actor: Actor | None = None) -> AsyncIterator[Tx]:
        """A transaction that commits at the end of the block, with all that was announced and audited in it.

        Raises:
            Unavailable: the database failed before the commit was asked for; nothing was kept.
            Unknown: the answer to the commit was lost.
        """
        from shared.runtime.outbox import flush

        committing = False
        try:
            async with self.engine.connect() as connection:
                await connection.begin()
                tx = Tx(connection, self.clock.now(), actor, epoch=self.epoch)
                yield tx
                await flush(tx)
                committing = True
                await connection.commit()
        except (OperationalError, InterfaceError, PoolTimeout, OSError, TimeoutError) as problem:
            raise (Unknown() if committing else Unavailable()) from problem
        except DBAPIError as problem:
            if not is_passing(problem):
                raise
            raise (Unknown() if committing else Unavailable()) from problem

    async def close(self) -> None:
        await self.engine.dispose()


def is_passing(problem: BaseException) -> bool:
    """Whether the same work may succeed later: the connection, a lock, a full disk; not the data itself."""
    if isinstance(problem, (Unavailable, Unknown, OSError, TimeoutError, PoolTimeout, OperationalError, InterfaceError)):
        return True
    if isinstance(problem, DBAPIError):
        state = str(getattr(problem.orig, "sqlstate", "") or "")
        if getattr(getattr(problem.orig, "__cause__", None), "constraint_name", None) == "outbox_order":
            return True  # another transaction said something on this aggregate first
        # 08 connection, 40 rollback, 53 resources, 55 lock, 57 shutdown, 58 system; none when the line broke
        return problem.connection_invalidated or not state or state[:2] in {"08", "40", "53", "55", "57", "58"}
    return False


def _hide_parameters(context: Any) -> None:
    """Values that people wrote never reach an error text: drivers quote them in detail lines."""
    problem = context.sqlalchemy_exception
    if isinstance(problem, DBAPIError):
        problem.hide_parameters = True


def _not_a_dead_one(connection: Any, _record: Any, _proxy: Any) -> None:
    """After a restart of the server the pool holds dead connections: take another one, without a question on the wire."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _decode_jsonb(connection: Any, _record: Any) -> None:
    """JSONB comes as values and goes in as text, on typed statements and on those in the driver's own language."""
    connection.run_async(
        lambda driver: driver.set_type_codec(
            "jsonb", schema="pg_catalog", format="text", encoder=lambda text: text, decoder=json.loads
        )
    )
