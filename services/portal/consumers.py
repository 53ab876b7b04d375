"""What the portal does with what it hears: everything is shown to those whom its audience names."""

from datetime import timedelta

from services.portal.projections import (
    alerts,
    conflicts,
    debriefs,
    details,
    group,
    investigations,
    joint,
    leaving,
    operations,
    periods,
    protection,
    referrals,
)
from services.portal.projections.audiences import Audiences
from services.portal.projections.rows import Needs, Rows
from services.portal.settings import Settings
from shared.runtime.bus import Consumer
from shared.runtime.db import Database
from shared.runtime.inbox import Inbox
from shared.runtime.listener import Listener

listener = Listener(
    "planner.periods", "planner.operations", "planner.details", "planner.conflicts", "planner.consultations",
    "planner.programme", "intel.networks", "intel.alerts", "intel.bodies", "intel.requests", "intel.checks",
    "intel.matches", "intel.returns", "debrief.debriefs", "debrief.lessons", "debrief.library", "audit.checkpoints",
)  # fmt: skip

FAMILIES = (
    periods, operations, details, joint, leaving, investigations, alerts, debriefs, group, conflicts, protection, referrals
)  # fmt: skip
for family in FAMILIES:
    family.listen(listener)
NEEDS: Needs = {kind: needed for family in FAMILIES for kind, needed in family.NEEDS.items()}
# Found by index always: a plan that was made while a table was small is kept while it fills.
BY_INDEX = {"enable_seqscan": "off"}


def projector(inbox: Inbox, database: Database, settings: Settings) -> Consumer:
    """What fills the generation of the read model to which the database's search path leads."""
    audiences, late_after = Audiences(database), timedelta(hours=settings.late_hours)
    return Consumer(listener, inbox, database, settings, lambda tx: Rows(tx, audiences, NEEDS, late_after))
