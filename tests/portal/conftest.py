"""The portal's read model on its real database, without Kafka and without pages."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from services.portal.consumers import BY_INDEX, projector
from services.portal.read_model import SCHEMA, ReadModelInbox, ensure
from services.portal.repository import ReadModel
from services.portal.settings import Settings
from shared.runtime.bus import Consumer
from shared.runtime.clock import Clock
from shared.runtime.db import Database
from shared.runtime.migrate import migrate
from tests.servers import RunningServers, lowered


@dataclass
class Shown:
    """One generation, what fills it, and what reads it."""

    settings: Settings
    inbox: ReadModelInbox
    projections: Database
    read_model: ReadModel
    own: Database
    administrator: str  # the URL with which the server's administrator comes to this database

    def consumer(self, **changed: Any) -> Consumer:
        """A projector of its own, as another replica would have it."""
        return projector(self.inbox, self.projections, self.settings.model_copy(update=changed))

    async def renew(self) -> None:
        """An empty generation in the place of what there is."""
        async with self.own.begin() as tx:
            await tx.sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        self.inbox.generation = await ensure(self.own)

    async def sql(self, statement: str, *parameters: Any) -> Sequence[Any]:
        async with self.projections.begin() as tx:
            return await tx.sql(statement, *parameters)


@pytest.fixture(scope="session")
async def shown(servers: RunningServers) -> AsyncIterator[Shown]:
    settings = Settings(**lowered(servers.settings("portal")), retry_min_seconds=0.01)
    own = Database(settings.database_url.get_secret_value(), 2, Clock())
    await migrate(own, "services.portal")
    inbox = ReadModelInbox("portal", SCHEMA)
    path = {"search_path": f"{SCHEMA}, public", **BY_INDEX}
    projections = Database(settings.projector_database_url.get_secret_value(), 6, Clock(), path)
    reader = Database(settings.reader_database_url.get_secret_value(), 2, Clock())
    administrator = urlsplit(servers.database.url)._replace(path="/portal").geturl()
    built = Shown(settings, inbox, projections, ReadModel(reader), own, administrator)
    await built.renew()
    yield built
    for database in (own, projections, reader):
        await database.close()
