"""Referrals: make, accept, refuse, withdraw, tell that one is overdue, and tell everybody else how many there are."""

from uuid import UUID

from services.planner.domain.frame import Frame
from services.planner.domain.joint import require_consented
from services.planner.domain.operation import Operation
from services.planner.domain.permissions import may
from services.planner.domain.referral import Referral, counted
from services.planner.repository import Operations
from services.planner.repository_protection import Referrals
from shared.actor import Actor
from shared.events.planner import ReferralEvent
from shared.runtime.db import Tx
from shared.runtime.versions import require_version


async def make(tx: Tx, actor: Actor, referral: Referral) -> Referral:
    operation, frame = await Operations(tx).with_frame(referral.operation_id)
    require_consented(operation, actor, frame)
    may(actor, "refer victim")
    made, said = Referral.make(referral.model_copy(update={"period_id": operation.period_id}), operation, frame, actor)
    return await _keep(tx, made, said, operation, frame)


async def accept(tx: Tx, actor: Actor, referral_id: UUID, expected: int, note: str) -> Referral:
    referral, operation, frame = await _seen(tx, actor, referral_id, expected)
    return await _keep(tx, *referral.accept(note, actor, tx.now), operation, frame)


async def refuse(tx: Tx, actor: Actor, referral_id: UUID, expected: int, reason: str) -> Referral:
    referral, operation, frame = await _seen(tx, actor, referral_id, expected)
    return await _keep(tx, *referral.refuse(reason, actor, tx.now), operation, frame)


async def withdraw(tx: Tx, actor: Actor, referral_id: UUID, expected: int, reason: str) -> Referral:
    referral, operation, frame = await _seen(tx, actor, referral_id, expected)
    return await _keep(tx, *referral.withdraw(reason, actor, tx.now), operation, frame)


async def tell_overdue(tx: Tx, referral_id: UUID) -> None:
    """The time for an answer may be over: decided under the lock, so that it is told once."""
    referral, operation, frame = await _locked(tx, referral_id)
    if told := referral.tell_overdue(tx.now):
        await _keep(tx, *told, operation, frame)
        tx.audit("tell overdue", str(referral_id))


async def tell_counts(tx: Tx, operation: Operation, frame: Frame) -> None:
    """To whoever reads the operation's headline by now. The operation is locked."""
    if said := counted(await Referrals(tx).counts(operation.id), operation, frame):
        tx.announce(said)


async def _seen(tx: Tx, actor: Actor, referral_id: UUID, expected: int) -> tuple[Referral, Operation, Frame]:
    """Locked: hidden before it is anything else, and then at the version that is meant; its roles are its readers."""
    referral, operation, frame = await _locked(tx, referral_id)
    referral.require_visible(actor)
    topic, own = ReferralEvent.topic, lambda data: data.get("referral_id") == str(referral_id)
    await require_version(tx, topic, str(referral.operation_id), referral.version, expected, own)
    return referral, operation, frame


async def _locked(tx: Tx, referral_id: UUID) -> tuple[Referral, Operation, Frame]:
    """The operation first, as everywhere: its topics keep the order."""
    operation, frame = await Operations(tx).with_frame(await Referrals(tx).operation_of(referral_id))
    return await Referrals(tx).get(referral_id), operation, frame


async def _keep(tx: Tx, referral: Referral, said: ReferralEvent, operation: Operation, frame: Frame) -> Referral:
    await Referrals(tx).put(referral)
    tx.announce(said)
    await tell_counts(tx, operation, frame)
    return referral
