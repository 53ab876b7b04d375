"""The portal, put together."""

from services.portal import (
    api,
    api_board,
    api_conflicts,
    api_files,
    api_group,
    api_investigations,
    api_joint,
    api_ledger,
    api_places,
    api_protection,
    api_waiting,
    generations,
    openapi,
)
from services.portal.accounts import Accounts
from services.portal.consumers import BY_INDEX, listener
from services.portal.doors import Portal
from services.portal.file_store import FileStore
from services.portal.gateway import Gateway
from services.portal.generations import Generations
from services.portal.headers import Headers
from services.portal.pages import problems
from services.portal.pages.routes import ROUTERS
from services.portal.progress import Progress
from services.portal.read_tables import SCHEMA
from services.portal.repository import ReadModel
from services.portal.settings import Settings
from services.portal.stream import streams
from shared.runtime.db import Database
from shared.runtime.service import Service, build, serve

settings = Settings()
service = build("portal", settings, listener)
service.also_heard = ()  # what is said again to the portal fills another generation
# projections name their tables without a schema: the same ones fill another generation when it is built beside this one
projections = Database(
    settings.projector_database_url.get_secret_value(),
    6,
    service.clock,
    {"search_path": f"{SCHEMA}, public", **BY_INDEX},
)
reader = Database(settings.reader_database_url.get_secret_value(), settings.reader_connections, service.clock)
read_models = Generations(service, settings, projections)
portal = Portal(
    service, settings, Accounts(service.database, settings), ReadModel(reader), Gateway(settings), Progress(projections),
    FileStore(service.database, settings),
)
service.large_bodies = api_files.large_bodies(settings)
listener.after_commit(portal.progress.moved)


@service.at_start.append
async def _open(parts: Service) -> None:
    await read_models.start()
    await portal.gateway.open()
    parts.run(portal.progress.watch(), "progress")
    parts.run(portal.files.purge_often(), "purge of files")
    streams.stop_on_signals()


@service.at_stop.append
async def _close(parts: Service) -> None:
    await read_models.stop()
    await portal.gateway.close()


@service.at_end.append
async def _disconnect(parts: Service) -> None:
    await projections.close()
    await reader.close()


app = serve(
    service,
    api_conflicts.targets,
    api.router,
    api_group.router,
    api_joint.router,
    api_board.router,
    api_investigations.router,
    api_conflicts.router,
    api_ledger.router,
    api_protection.router,
    api_files.router,
    api_waiting.router,
    api_places.router,
    openapi.router,
    generations.router(read_models),
    *ROUTERS,
    api.beyond,
)
app.state.portal = portal
problems.install(app, portal)
app.add_middleware(Headers)
