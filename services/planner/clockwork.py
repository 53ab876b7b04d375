"""What the planner does when a time has come: each due thing once, in a transaction of its own."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.planner.repository import Operations, Periods
from services.planner.repository_group import Activities, Consultations
from services.planner.repository_joint import Investigations
from services.planner.repository_protection import Incidents, Referrals
from services.planner.usecases import (
    consultations,
    incidents,
    investigations,
    operations,
    periods,
    programme,
    referrals,
    work,
)
from shared.runtime.db import Tx
from shared.runtime.service import Service

log = logging.getLogger("jpa.planner")


@dataclass(frozen=True)
class Due:
    """A kind of due thing: which may be due by now, and what is done with one.

    `act` takes the row's lock and decides anew under it: what another replica has done meanwhile is not done again, and
    what was not done before a restart is found again, because it is kept in the row that it has not been done.
    """

    what: str
    find: Callable[[Tx], Awaitable[Sequence[UUID]]]
    act: Callable[[Tx, UUID], Awaitable[object]]


KINDS = (
    Due("a period's turn", lambda tx: Periods(tx).due(), periods.turn),
    Due("a hold that ends", lambda tx: Operations(tx).due_for_release(tx.now), operations.end_hold),
    Due("a consultation's silence", lambda tx: Consultations(tx).due(), consultations.tell_silence),
    Due("an overdue referral", lambda tx: Referrals(tx).due(), referrals.tell_overdue),
    Due("an incident that nobody takes up", lambda tx: Incidents(tx).due(), incidents.escalate),
    Due("an overdue task", lambda tx: Operations(tx).with_due_tasks(), work.tell_overdue),
    Due("an overdue milestone", lambda tx: Investigations(tx).due(), investigations.tell_overdue),
    Due("an overdue activity", lambda tx: Activities(tx).due(), programme.tell_overdue),
)


async def run(service: Service, every_seconds: float) -> None:
    """Look at the clock for as long as the service runs."""
    while True:
        await look(service)
        await asyncio.sleep(every_seconds)


async def look(service: Service, kinds: Sequence[Due] = KINDS) -> None:
    """Do what is due now. One thing that cannot be done keeps none of the others: it is tried again next time."""
    for kind in kinds:
        try:
            async with service.database.begin() as tx:
                due = await kind.find(tx)
        except Exception as problem:
            log.warning("the clockwork does not find %s: %s", kind.what, type(problem).__name__)
            continue
        for thing in due:
            try:
                async with service.database.begin() as tx:
                    await kind.act(tx, thing)
                service.wake()
            except Exception as problem:
                log.warning("the clockwork leaves %s for later: %s", kind.what, type(problem).__name__)
