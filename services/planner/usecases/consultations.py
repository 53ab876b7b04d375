"""Consultations: call, answer, hold, write the record, close, withdraw, and tell who is silent."""

from datetime import datetime
from uuid import UUID

from services.planner.domain.consultation import Consultation
from services.planner.domain.permissions import may
from services.planner.repository import Periods
from services.planner.repository_group import Consultations
from shared.actor import Actor
from shared.errors import Invalid, NotFound
from shared.events.planner import ConsultationEvent
from shared.runtime.db import Tx
from shared.runtime.versions import require_version
from shared.vocabulary import Attendance


async def call(tx: Tx, actor: Actor, consultation: Consultation) -> Consultation:
    may(actor, "call consultation")
    if consultation.period_id is not None:
        await _require_chaired(tx, actor, consultation.period_id)
    return await _keep(tx, *Consultation.call(consultation, actor, tx.now))


async def answer(tx: Tx, actor: Actor, consultation_id: UUID, given: Attendance, note: str) -> Consultation:
    consultation = await Consultations(tx).get(consultation_id)
    consultation.require_visible(actor)
    # a co-chair whose state is not affected speaks for itself
    may(actor, "answer consultation" if actor.party in consultation.invited else "steer consultation")
    return await _keep(tx, *consultation.answer(given, note, actor, tx.now))


async def hold(
    tx: Tx, actor: Actor, consultation_id: UUID, expected: int, attendees: tuple[str, ...], held_at: datetime
) -> Consultation:
    consultation = await _steered(tx, actor, consultation_id, expected)
    return await _keep(tx, *consultation.hold(attendees, held_at, actor, tx.now))


async def write_record(tx: Tx, actor: Actor, consultation_id: UUID, expected: int, text: str) -> Consultation:
    consultation = await _steered(tx, actor, consultation_id, expected)
    return await _keep(tx, *consultation.write_record(text, actor, tx.now))


async def close(tx: Tx, actor: Actor, consultation_id: UUID, expected: int) -> Consultation:
    consultation = await _steered(tx, actor, consultation_id, expected)
    return await _keep(tx, *consultation.close(actor))


async def withdraw(tx: Tx, actor: Actor, consultation_id: UUID, expected: int, reason: str) -> Consultation:
    consultation = await _steered(tx, actor, consultation_id, expected)
    return await _keep(tx, *consultation.withdraw(reason, actor))


async def tell_silence(tx: Tx, consultation_id: UUID) -> None:
    """The time for answers may be over: decided under the lock, so that it is told once."""
    consultation = await Consultations(tx).get(consultation_id)
    if told := consultation.tell_silence(tx.now):
        changed, said = told
        await Consultations(tx).put(changed)
        if said:
            tx.announce(said)
            tx.audit("tell silence", str(consultation_id))


async def _require_chaired(tx: Tx, actor: Actor, period_id: UUID) -> None:
    """A period that the caller presides over; any other is told apart from none for nobody."""
    try:
        period = await Periods(tx).get(period_id)
    except NotFound:
        period = None
    if period is None or actor.party not in period.presiding:
        raise Invalid.field("period_id", "There is no such period that you chair.")


async def _steered(tx: Tx, actor: Actor, consultation_id: UUID, expected: int) -> Consultation:
    """The consultation, locked: hidden before it is anything else, for whose role may do this, at the version meant."""
    consultation = await Consultations(tx).get(consultation_id)
    consultation.require_visible(actor)
    may(actor, "steer consultation")
    await require_version(tx, ConsultationEvent.topic, str(consultation_id), consultation.version, expected)
    return consultation


async def _keep(tx: Tx, consultation: Consultation, said: ConsultationEvent) -> Consultation:
    await Consultations(tx).put(consultation)
    tx.announce(said)
    return consultation
