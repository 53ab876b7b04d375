"""The planner, put together."""

from datetime import timedelta

from services.planner import (
    api_conflicts,
    api_group,
    api_incidents,
    api_investigations,
    api_joint,
    api_ledger,
    api_operations,
    api_protection,
    api_referrals,
    api_work,
    clockwork,
)
from services.planner.api import router
from services.planner.consumers import listener
from services.planner.domain.targets import Allowance
from services.planner.ledger import Ledger, catch_up
from services.planner.settings import Settings
from services.planner.usecases import deconfliction, incidents
from shared.runtime.service import Service, build, serve

settings = Settings()
planner = build("planner", settings, listener, Ledger())
deconfliction.allow(Allowance(settings.tries_places, settings.tries_targets, settings.tries_hours))
incidents.allow(timedelta(hours=settings.incident_hours))


@planner.at_start.append
async def _catch_up(service: Service) -> None:
    await catch_up(service.database)


@planner.at_start.append
async def _clockwork(service: Service) -> None:
    service.run(clockwork.run(service, settings.clockwork_seconds), "clockwork")


app = serve(
    planner,
    router,
    api_operations.router,
    api_work.router,
    api_joint.router,
    api_investigations.router,
    api_conflicts.router,
    api_group.router,
    api_group.operator,
    api_ledger.router,
    api_protection.router,
    api_incidents.router,
    api_referrals.router,
)
