"""The planner's HTTP door to referrals of possible victims."""

from datetime import timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from services.planner.domain.referral import Referral
from services.planner.schemas_protection import AcceptReferral, ReferralView, ReferVictim
from services.planner.usecases import referrals
from shared.runtime.bodies import Reason
from shared.runtime.commands import commands
from shared.runtime.web import Caller, Expected, Transaction

router = commands()

ANSWERED_WITHIN = timedelta(days=3)


@router.post("/operations/{operation_id}/referrals", status_code=201)
async def refer_victim(operation_id: UUID, body: ReferVictim, actor: Caller, tx: Transaction) -> ReferralView:
    referral = Referral(
        id=uuid7(),
        operation_id=operation_id,
        period_id=operation_id,  # the use case sets the operation's own
        party=actor.party,
        made_at=tx.now,
        answer_by=body.answer_by or tx.now + ANSWERED_WITHIN,
        **body.model_dump(exclude={"answer_by"}),
    )
    return ReferralView.of(await referrals.make(tx, actor, referral))


@router.post("/referrals/{referral_id}/accept")
async def accept_referral(
    referral_id: UUID, body: AcceptReferral, actor: Caller, expected: Expected, tx: Transaction
) -> ReferralView:
    return ReferralView.of(await referrals.accept(tx, actor, referral_id, expected, body.note))


@router.post("/referrals/{referral_id}/refuse")
async def refuse_referral(
    referral_id: UUID, body: Reason, actor: Caller, expected: Expected, tx: Transaction
) -> ReferralView:
    return ReferralView.of(await referrals.refuse(tx, actor, referral_id, expected, body.reason))


@router.post("/referrals/{referral_id}/withdraw")
async def withdraw_referral(
    referral_id: UUID, body: Reason, actor: Caller, expected: Expected, tx: Transaction
) -> ReferralView:
    return ReferralView.of(await referrals.withdraw(tx, actor, referral_id, expected, body.reason))
