"""Intel's HTTP door: commands that the portal forwards."""

from uuid import UUID

from uuid_utils.compat import uuid7

from services.intel import usecases
from services.intel.domain.alert import Alert, Message
from services.intel.schemas import AlertView, LineView, PublishAlert
from shared.events.intel import Grading
from shared.runtime.bodies import Nothing, Reason
from shared.runtime.commands import commands
from shared.runtime.web import Caller, Expected, Transaction

router = commands()


@router.post("/alerts", status_code=201)
async def publish_alert(body: PublishAlert, actor: Caller, tx: Transaction) -> AlertView:
    asked = body.model_dump(exclude={"title", "text", "language", "grading"})
    grading = Grading(**body.grading.model_dump())
    alert = Alert(
        id=uuid7(),
        originator=actor.party,
        published_by=actor.id,
        published_at=tx.now,
        message=Message(title=body.title, text=body.text, language=body.language, grading=grading),
        **asked,
    )
    return AlertView.of(await usecases.publish(tx, actor, alert))


# without If-Match: every recipient answers at the same time, and no answer is about another's
@router.post("/alerts/{alert_id}/acknowledge", status_code=201)
async def acknowledge_alert(alert_id: UUID, body: Nothing, actor: Caller, tx: Transaction) -> LineView:
    return LineView.of(*await usecases.acknowledge(tx, actor, alert_id))


@router.post("/alerts/{alert_id}/recall")
async def recall_alert(
    alert_id: UUID, body: Reason, actor: Caller, expected: Expected, tx: Transaction
) -> AlertView:
    return AlertView.of(await usecases.recall(tx, actor, alert_id, expected, body.reason))
