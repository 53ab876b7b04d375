"""What the portal does with what it hears: everything is shown to those whom its audience names."""

from services.portal.projections import alerts, debriefs, operations, periods
from shared.runtime.bus import Listener

listener = Listener(
    "planner.periods", "planner.operations", "planner.details", "planner.conflicts", "planner.consultations",
    "planner.programme", "intel.networks", "intel.alerts", "intel.bodies", "intel.requests", "intel.checks",
    "intel.matches", "intel.returns", "debrief.debriefs", "debrief.lessons", "debrief.library", "audit.checkpoints",
)  # fmt: skip

for family in (periods, operations, alerts, debriefs):
    family.listen(listener)
