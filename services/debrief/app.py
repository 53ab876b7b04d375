"""Debrief, put together. It takes no commands yet: its doors are events and health."""

from services.debrief import clockwork
from services.debrief.consumers import listener
from services.debrief.settings import Settings
from shared.runtime.service import Service, build, serve

settings = Settings()
debrief = build("debrief", settings, listener)


@debrief.at_start.append
async def _clockwork(service: Service) -> None:
    service.run(clockwork.run(service, settings.compile_seconds), "clockwork")


app = serve(debrief)
