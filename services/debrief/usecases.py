"""What debrief does: open a debrief, and compile it from what was heard."""

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from services.debrief.domain.debrief import Debrief
from services.debrief.repository import Changes, Debriefs, Periods
from shared.runtime.db import Tx


async def open_debrief(tx: Tx, period_id: UUID, at: datetime) -> None:
    """A period closed. What it holds is compiled once the period is sealed."""
    period = await Periods(tx).get(period_id)
    debrief, said = Debrief.open(uuid7(), period, at)
    await Debriefs(tx).put(debrief)
    tx.announce(said)


async def compile_debrief(tx: Tx, period_id: UUID) -> None:
    """Compile what is marked as changed; announce it only if it says something else than before."""
    if not await Changes(tx).take(period_id):
        return
    debriefs = Debriefs(tx)
    debrief = await debriefs.get(period_id)
    period = await Periods(tx).get(period_id)
    material = await debriefs.material(period)
    compiled, said = debrief.compile(period, material)
    if said:
        await debriefs.put(compiled)
        tx.announce(*said)
