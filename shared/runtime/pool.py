"""Connections to PostgreSQL that are kept: the one used last is given first, and a dead one is replaced."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

CONNECT_SECONDS = 5
STATEMENT_SECONDS = 30
WAIT_SECONDS = 5
_STATEMENTS_KEPT = 300
SESSION = {
    "jit": "off",
    "application_name": "jpa",
    "idle_in_transaction_session_timeout": "10s",  # a process that is stopped keeps no row from the other replicas
}

# InternalClientError: the server's farewell came while nothing was asked, and the driver lost its place
BROKEN = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
"""What a line is not used again after. A statement that the server refused is no such thing."""


class Row(asyncpg.Record):  # type: ignore[misc]
    """A row, as a mapping of its columns (`row["id"]`, `dict(row)`, `{**row}`); a column is also an attribute."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __iter__(self) -> Any:
        return iter(self.keys())


class Pool:
    """At most `size` connections of one role, opened as they are needed."""

    def __init__(self, url: str, size: int, role_settings: dict[str, str] | None = None) -> None:
        self._url = url.replace("postgresql+asyncpg://", "postgresql://", 1)
        self._settings = {**SESSION, **(role_settings or {})}
        self._turns = asyncio.Semaphore(size)
        self._idle: list[Any] = []
        self._closed = False

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[Any]:
        """A connection for the block. It comes back outside any transaction, whatever happened in the block.

        Raises:
            TimeoutError: none became free in time.
        """
        if self._turns.locked():
            async with asyncio.timeout(WAIT_SECONDS):
                await self._turns.acquire()
        else:
            await self._turns.acquire()
        try:
            connection = await self._live()
            try:
                yield connection
            except BROKEN:
                connection.terminate()
                raise
            except Exception:
                await _leave(connection)
                raise
            except BaseException:
                # cancelled within a statement: what the server does with it is known only when it is gone
                connection.terminate()
                raise
            finally:
                self._take_back(connection)
        finally:
            self._turns.release()

    async def open(self) -> Any:
        """A new connection that is not one of the pool: its borrower closes it."""
        connection = await asyncpg.connect(
            self._url,
            timeout=CONNECT_SECONDS,
            command_timeout=STATEMENT_SECONDS,
            statement_cache_size=_STATEMENTS_KEPT,
            max_cached_statement_lifetime=0,
            record_class=Row,
            server_settings=self._settings,
        )
        # JSONB comes as values and goes in as text
        await connection.set_type_codec(
            "jsonb", schema="pg_catalog", format="text", encoder=lambda text: text, decoder=json.loads
        )
        return connection

    async def close(self) -> None:
        self._closed = True
        while self._idle:
            await self._idle.pop().close(timeout=CONNECT_SECONDS)

    async def _live(self) -> Any:
        """After a restart of the server all that are kept are dead: each is passed over, without a question on the wire."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return await self.open()

    def _take_back(self, connection: Any) -> None:
        if connection.is_closed():
            return
        if self._closed or connection.is_in_transaction():
            connection.terminate()
        else:
            self._idle.append(connection)


async def _leave(connection: Any) -> None:
    """Out of the transaction that failed; a connection that cannot is given up, and what failed first is what is told."""
    if connection.is_closed() or not connection.is_in_transaction():
        return
    try:
        await connection.execute("ROLLBACK")
    except Exception:
        connection.terminate()
    except BaseException:
        connection.terminate()
        raise
