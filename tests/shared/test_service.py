"""A service from its start to its end."""

import gc

import pytest

from services.planner.settings import Settings
from shared.runtime.listener import Listener
from shared.runtime.service import build, serve
from tests.servers import RunningServers, lowered

pytestmark = pytest.mark.system


async def test_the_collector_does_not_go_through_what_was_loaded_before_a_service_was_ready(servers: RunningServers):
    gc.unfreeze()
    before = gc.get_threshold()
    app = serve(build("planner", Settings(**lowered(servers.settings("planner"))), Listener()))
    try:
        async with app.router.lifespan_context(app):
            assert gc.get_freeze_count() > len(gc.get_objects())
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
