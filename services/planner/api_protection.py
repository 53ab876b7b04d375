"""The planner's HTTP door to distress at sea."""

from uuid import UUID

from uuid_utils.compat import uuid7

from services.planner.domain.distress import Distress, Known
from services.planner.schemas import PostUpdate
from services.planner.schemas_protection import CloseDistress, DistressView, ReportDistress
from services.planner.usecases import distress
from shared.actor import Actor
from shared.runtime.commands import commands
from shared.runtime.db import Tx
from shared.runtime.web import Caller, Expected, Transaction

router = commands()


@router.post("/periods/{period_id}/distress", status_code=201)
async def report_distress(period_id: UUID, body: ReportDistress, actor: Caller, tx: Transaction) -> DistressView:
    made = Distress(id=uuid7(), period_id=period_id, party=actor.party, known=_known(body, tx), reported_at=tx.now)
    return DistressView.of(await distress.report(tx, actor, made))


@router.post("/distress/{distress_id}/revise")
async def revise_distress(
    distress_id: UUID, body: ReportDistress, actor: Caller, expected: Expected, tx: Transaction
) -> DistressView:
    return DistressView.of(await distress.revise(tx, actor, distress_id, expected, _known(body, tx)))


@router.post("/distress/{distress_id}/close")
async def close_distress(
    distress_id: UUID, body: CloseDistress, actor: Caller, expected: Expected, tx: Transaction
) -> DistressView:
    return DistressView.of(await distress.close(tx, actor, distress_id, expected, body.outcome, body.note))


def _known(body: ReportDistress, tx: Tx) -> Known:
    return Known(happened_at=body.happened_at or tx.now, **body.model_dump(exclude={"happened_at"}))


async def distress_on(operation_id: UUID, body: PostUpdate, actor: Actor, tx: Tx) -> DistressView:
    """An update of that kind is a report of distress; its counts, if any, are no help to anybody at sea."""
    known = Known(
        happened_at=body.happened_at or tx.now, place=body.place, text=body.text, language=body.language
    )
    made = Distress(id=uuid7(), period_id=operation_id, party=actor.party, known=known, reported_at=tx.now)
    return DistressView.of(await distress.report_on(tx, actor, operation_id, made))
