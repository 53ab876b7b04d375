"""What the portal does with what it hears: everything is shown to those whom its audience names."""

from services.portal.projections import alerts, debriefs, operations, periods
from services.portal.projections.audiences import audiences
from shared.runtime.bus import Consumer, Listener
from shared.runtime.db import Database
from shared.runtime.inbox import Inbox
from shared.runtime.settings import ServiceSettings

listener = Listener(
    "planner.periods", "planner.operations", "planner.details", "planner.conflicts", "planner.consultations",
    "planner.programme", "intel.networks", "intel.alerts", "intel.bodies", "intel.requests", "intel.checks",
    "intel.matches", "intel.returns", "debrief.debriefs", "debrief.lessons", "debrief.library", "audit.checkpoints",
)  # fmt: skip

for family in (periods, operations, alerts, debriefs):
    family.listen(listener)


def projector(inbox: Inbox, database: Database, settings: ServiceSettings) -> Consumer:
    """What fills the generation of the read model to which the database's search path leads."""
    audiences.use(database.engine)
    return Consumer(listener, inbox, database, settings)
