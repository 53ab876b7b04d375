"""For whom an operation's detail is, and what becomes of one that is taken back."""

from uuid import UUID

from services.portal.projections.rows import Needs, Rows
from shared.events.planner import (
    DetailAudienceChosen,
    DetailPurgeConfirmed,
    DetailReaderLeft,
    DetailRecalled,
    OriginReleased,
    OriginWithheld,
    ReferralAccepted,
    ReferralMade,
    ReferralOverdue,
    ReferralRefused,
    ReferralWithdrawn,
    ResourceStated,
    ReturnExplained,
    TaskOverdue,
    TaskStated,
)
from shared.events.portal import DetailPurged
from shared.runtime.listener import Listener

_PURGE = (
    "DELETE FROM named_file WHERE subject_id IN (SELECT update_id FROM update_detail WHERE operation_id = $1)",
    "DELETE FROM operation_detail WHERE operation_id = $1",
    "DELETE FROM update_detail WHERE operation_id = $1",
)
_FORGET = """
UPDATE quarantine SET body = NULL, headers = '[]', state = 'applied'
WHERE topic = 'planner.details' AND key = $1 AND (type IS NULL OR type <> ALL ($2::text[]))
"""
STAYS = tuple(
    kind.type
    for kind in (
        DetailAudienceChosen, DetailReaderLeft, DetailRecalled, DetailPurgeConfirmed, OriginReleased, OriginWithheld,
        ReferralAccepted, ReferralMade, ReferralOverdue, ReferralRefused, ReferralWithdrawn, ReturnExplained,
    )
)  # fmt: skip
"""What a recall leaves in quarantine: it is no detail that was taken back, and is said once only."""

_Work = ResourceStated | TaskStated | TaskOverdue
NEEDS: Needs = {
    **dict.fromkeys(
        (ResourceStated, TaskStated, TaskOverdue), lambda event: [("operation_detail", event.operation_id)]
    ),
    DetailPurgeConfirmed: lambda event: [("detail_recall", event.operation_id, event.recipient)],
}


def listen(listener: Listener) -> None:
    """Register the handlers of this family."""

    @listener.on(DetailAudienceChosen)
    async def show_choice(event: DetailAudienceChosen, rows: Rows) -> None:
        rows.replace(
            "detail_choice", operation_id=event.operation_id, version=event.version,
            detail_audience=event.detail_audience.value, named=list(event.named), audience_id=rows.audience(event),
        )  # fmt: skip

    @listener.on(ResourceStated, TaskStated, TaskOverdue)
    async def show_work(event: _Work, rows: Rows) -> None:
        name, item = ("means", event.resource) if isinstance(event, ResourceStated) else ("tasks", event.task)
        shown = await rows.get("operation_detail", event.operation_id)
        if shown:
            found = {one["id"]: one for one in shown[name]} | {str(item.id): item.model_dump(mode="json")}
            rows.change("operation_detail", shown, **{name: list(found.values())}, audience_id=rows.audience(event))
        if isinstance(event, TaskOverdue):
            rows.tell(event, event.period_id, event.operation_id, {})

    @listener.on(DetailRecalled)
    async def take_back(event: DetailRecalled, rows: Rows) -> None:
        await _purge(rows, event.operation_id)
        rows.replace(
            "detail_recall", operation_id=event.operation_id, recipient=event.recipient, recall_id=event.recall_id,
            at=event.at, purged_at=None, audience_id=rows.audience(event),
        )  # fmt: skip
        rows.tell(event, event.period_id, event.operation_id, {})
        said = {"recall_id": event.recall_id, "operation_id": event.operation_id, "recipient": event.recipient}
        rows.receipt(
            event.recall_id, event.recipient, "purged", DetailPurged(at=rows.tx.now, party=event.recipient, **said)
        )

    @listener.on(DetailPurgeConfirmed)
    async def show_purge(event: DetailPurgeConfirmed, rows: Rows) -> None:
        shown = await rows.get("detail_recall", event.operation_id, event.recipient)
        if shown and shown["recall_id"] == event.recall_id:
            rows.change("detail_recall", shown, purged_at=event.at)


async def _purge(rows: Rows, operation_id: UUID) -> None:
    """Out of every place where it was shown. Who still reads it gets it anew by events that follow the recall."""
    await rows.flush()
    for statement in _PURGE:
        await rows.tx.sql(statement, operation_id)
    await rows.tx.sql(_FORGET, str(operation_id), list(STAYS))
