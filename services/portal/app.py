"""The portal, put together."""

from services.portal import api, openapi
from services.portal.accounts import Accounts
from services.portal.consumers import listener
from services.portal.doors import Portal
from services.portal.gateway import Gateway
from services.portal.headers import Headers
from services.portal.pages import problems
from services.portal.pages.routes import ROUTERS
from services.portal.progress import Progress
from services.portal.projections.audiences import audiences
from services.portal.read_model import SCHEMA, ReadModelInbox, ensure
from services.portal.repository import ReadModel
from services.portal.settings import Settings
from services.portal.stream import streams
from shared.runtime.bus import Consumer
from shared.runtime.db import Database
from shared.runtime.service import Service, build, serve

settings = Settings()
service = build("portal", settings, listener)
# projections name their tables without a schema: the same ones fill another generation when it is built beside this one
projector = Database(
    settings.projector_database_url.get_secret_value(), 6, service.clock, {"search_path": f"{SCHEMA}, public"}
)
reader = Database(settings.reader_database_url.get_secret_value(), settings.reader_connections, service.clock)
inbox = ReadModelInbox("portal", SCHEMA)
service.consumer = Consumer(listener, inbox, projector, settings)
portal = Portal(
    service, settings, Accounts(service.database, settings), ReadModel(reader), Gateway(settings), Progress(projector)
)
listener.after_commit(portal.progress.moved)


@service.at_start.append
async def _read_model(parts: Service) -> None:
    generation = await ensure(parts.database.engine)
    parts.group = f"portal.{generation}"
    inbox.generation = generation
    audiences.use(projector.engine)
    await portal.gateway.open()
    parts.run(portal.progress.watch(), "progress")
    streams.stop_on_signals()


@service.at_stop.append
async def _close(parts: Service) -> None:
    await portal.gateway.close()


@service.at_end.append
async def _disconnect(parts: Service) -> None:
    await projector.close()
    await reader.close()


app = serve(service, openapi.router, api.router, *ROUTERS)
app.state.portal = portal
problems.install(app, portal)
app.add_middleware(Headers)
