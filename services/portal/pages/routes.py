"""Every page's routes, in one list."""

from services.portal import files, stream
from services.portal.pages import (
    alerts,
    debrief,
    home,
    operations,
    overview,
    periods,
    plan,
    post_update,
    sign_in,
    updates,
)

PAGES = tuple(
    module.router
    # where two addresses are alike (`/updates/new`, `/updates/{id}`), the one with the plain word comes first
    for module in (files, sign_in, home, post_update, updates, operations, periods, plan, alerts, debrief, overview, stream)
)
ROUTERS = (*PAGES, debrief.programs)
