"""Referrals of possible victims as the portal shows them: to the two that know of one, and as counts to the others."""

from datetime import datetime

from services.portal.projections.rows import Needs, Rows
from shared.events.planner import (
    ReferralAccepted,
    ReferralEvent,
    ReferralMade,
    ReferralOverdue,
    ReferralRefused,
    ReferralsCounted,
    ReferralWithdrawn,
)
from shared.runtime.listener import Listener

NEEDS: Needs = dict.fromkeys(
    (ReferralAccepted, ReferralRefused, ReferralOverdue, ReferralWithdrawn),
    lambda event: [("referral", event.referral_id)],
)


def listen(listener: Listener) -> None:
    """Register the handlers of this family. None is told on a timeline."""

    @listener.on(ReferralMade)
    async def show_referral(event: ReferralMade, rows: Rows) -> None:
        told = event.model_dump(mode="json", include={"indicators", "exploitation"})
        rows.replace(
            "referral", id=event.referral_id, operation_id=event.operation_id, period_id=event.period_id,
            party=event.party, service=event.service, version=event.version, status="made", reference=event.reference,
            made_at=event.made_at, answer_by=event.answer_by, made_by=event.by, audience_id=rows.audience(event), **told,
        )  # fmt: skip

    @listener.on(ReferralOverdue)
    async def show_overdue(event: ReferralOverdue, rows: Rows) -> None:
        await _become(rows, event, "overdue")

    @listener.on(ReferralAccepted)
    async def show_acceptance(event: ReferralAccepted, rows: Rows) -> None:
        await _become(rows, event, "accepted", event.at, event.by, event.note)

    @listener.on(ReferralRefused)
    async def show_refusal(event: ReferralRefused, rows: Rows) -> None:
        await _become(rows, event, "refused", event.at, event.by, event.reason)

    @listener.on(ReferralWithdrawn)
    async def show_withdrawal(event: ReferralWithdrawn, rows: Rows) -> None:
        await _become(rows, event, "withdrawn", event.at, event.by, event.reason)

    @listener.on(ReferralsCounted)
    async def show_counts(event: ReferralsCounted, rows: Rows) -> None:
        counts = event.model_dump(exclude={"version"})
        rows.replace("referral_count", party=event.party, audience_id=rows.audience(event), **counts)


async def _become(
    rows: Rows, event: ReferralEvent, status: str, at: datetime | None = None, by: str | None = None, note: str = ""
) -> None:
    if shown := await rows.get("referral", event.referral_id):
        rows.change(
            "referral", shown, status=status, version=event.version, answered_at=at, answered_by=by, note=note,
            audience_id=rows.audience(event),
        )  # fmt: skip
