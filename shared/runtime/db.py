"""The database and the transaction: what is read, kept, announced and audited in it commits together or not at all."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from asyncpg import InvalidCachedStatementError, PostgresError

from shared.actor import Actor
from shared.errors import Refusal, Unavailable, Unknown
from shared.events.base import Event
from shared.runtime.clock import Clock
from shared.runtime.pool import BROKEN, Pool, Row

if TYPE_CHECKING:
    from shared.runtime.outbox import Beside


@dataclass
class Tx:
    """One transaction. Use cases read and keep through repositories on it and `announce` on it; they never commit."""

    connection: Any
    now: datetime
    actor: Actor | None = None
    announced: list[Event] = field(default_factory=list)
    audited: list["AuditEntry"] = field(default_factory=list)
    added: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    claim: tuple[str, str] | None = None  # party and Idempotency-Key, once they are claimed
    answer: "Answer | None" = None
    epoch: int = 1
    beside: "Beside | None" = None

    def announce(self, *facts: Event) -> None:
        """Say it when the transaction commits: the events go to the outbox in the same transaction."""
        self.announced.extend(facts)

    def audit(self, action: str, target: str, outcome: str = "done", request: bytes | None = None) -> None:
        actor = self.actor
        self.audited.append(
            AuditEntry(actor.id if actor else "system", actor.party if actor else "", action, target, outcome, request)
        )

    def add(self, statement: str, *parameters: Any) -> None:
        """Run it with the statement that writes what was announced: for a row that nothing in this transaction looks at."""
        self.added.append((statement, parameters))

    async def lock(self, key: str) -> None:
        """Hold a key until the transaction ends: for what is announced on an aggregate that has no row to lock."""
        await self.sql("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", key)

    async def sql(self, statement: str, *parameters: Any) -> Sequence[Row]:
        """Run a statement in the driver's own language (`$1`); it is prepared once on each connection and kept."""
        return await _fetch(self.connection, statement, parameters)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What fails in the block is undone, also what it announced, audited and added; what was done before it stays."""
        said, noted, added = len(self.announced), len(self.audited), len(self.added)
        await self.connection.execute("SAVEPOINT part")
        try:
            yield
        except Exception:
            del self.announced[said:], self.audited[noted:], self.added[added:]
            await self.connection.execute("ROLLBACK TO SAVEPOINT part")
            raise
        await self.connection.execute("RELEASE SAVEPOINT part")


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
        self.url, self.clock = url, clock
        self.epoch = 1  # the service reads it when it starts; only a restore, while nothing runs, raises it
        self.beside: Beside | None = None  # what this service writes of each event that it announces
        self._pool = Pool(url, connections, role_settings)

    @asynccontextmanager
    async def begin(self, actor: Actor | None = None) -> AsyncIterator[Tx]:
        """A transaction that commits at the end of the block, with all that was announced and audited in it.

        Raises:
            Unavailable: the database failed before the commit was asked for; nothing was kept.
            Unknown: the answer to the commit was lost.
        """
        from shared.runtime.outbox import flush

        committing, connection = False, None
        try:
            async with self._pool.lent() as connection:
                await connection.execute("BEGIN")
                tx = Tx(connection, self.clock.now(), actor, epoch=self.epoch, beside=self.beside)
                yield tx
                await flush(tx)
                committing = True
                if await connection.execute("COMMIT") != "COMMIT":
                    # a statement had failed and somebody made light of it: the server has rolled back
                    committing = False
                    raise Unavailable
        except Refusal:
            raise
        except Exception as problem:
            # on a line that broke the driver fails in ways that say nothing of it
            broke = connection is not None and connection.is_closed()
            if not broke and not is_passing(problem):
                raise
            raise (Unknown() if committing else Unavailable()) from problem

    async def ask(self, statement: str, *parameters: Any) -> Sequence[Row]:
        """One statement that is a transaction by itself.

        Raises:
            Unavailable: the database failed; nothing was kept by a statement that only reads.
        """
        try:
            async with self._pool.lent() as connection:
                return await _fetch(connection, statement, parameters)
        except (PostgresError, *BROKEN) as problem:
            if not is_passing(problem):
                raise
            raise Unavailable from problem

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """A connection of one's own, outside the pool and any transaction: for what belongs to a session, such as a lock."""
        connection = await self._pool.open()
        try:
            yield connection
        finally:
            connection.terminate()

    async def close(self) -> None:
        await self._pool.close()


async def _fetch(connection: Any, statement: str, parameters: Sequence[Any]) -> Sequence[Row]:
    try:
        rows: Sequence[Row] = await connection.fetch(statement, *parameters)
    except PostgresError as problem:
        _without_values(problem)
        raise
    return rows


def is_passing(problem: BaseException) -> bool:
    """Whether the same work may succeed later: the connection, a lock, a full disk; not the data itself."""
    if isinstance(problem, (Unavailable, Unknown, InvalidCachedStatementError, *BROKEN)):
        return True  # a cached statement that a migration made obsolete is prepared anew
    if isinstance(problem, PostgresError):
        state = problem.sqlstate or ""
        if getattr(problem, "constraint_name", None) == "outbox_order":
            return True  # another transaction said something on this aggregate first
        # 08 connection, 40 rollback, 53 resources, 55 lock, 57 shutdown, 58 system; none when the line broke
        return not state or state[:2] in {"08", "40", "53", "55", "57", "58"}
    return False


def _without_values(problem: PostgresError) -> None:
    """Values that people wrote never reach an error text: the server quotes them in its details, the driver in its own."""
    problem.detail = None
    if (problem.sqlstate or "")[:2] in {"22", "23"}:
        problem.args = (f"{type(problem).__name__} {getattr(problem, 'constraint_name', None) or ''}".rstrip(),)
