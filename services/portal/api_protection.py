"""The public HTTP API's questions about what protects people."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.api import Cursor, Limit
from services.portal.doors import Bearer, ThePortal
from services.portal.repository import encode_cursor, thing_after
from services.portal.schemas import Page
from services.portal.schemas_protection import (
    DistressOut,
    IncidentOut,
    LatenessOut,
    ProtectionOut,
    ReferralOut,
    ReferredOut,
)
from shared.errors import NotFound

router = APIRouter(prefix="/api/v1")


@router.get("/distress")
async def distresses(session: Bearer, portal: ThePortal, cursor: Cursor = None, limit: Limit = 50) -> Page[DistressOut]:
    async with portal.reads(session.actor) as reads:
        rows = await reads.distresses(thing_after(cursor), limit)
    more = encode_cursor(rows[limit - 1]["id"]) if len(rows) > limit else None
    return Page(items=[DistressOut.model_validate(dict(row)) for row in rows[:limit]], next=more)


@router.get("/distress/{distress_id}")
async def distress(distress_id: UUID, session: Bearer, portal: ThePortal, response: Response) -> DistressOut:
    async with portal.reads(session.actor) as reads:
        row = await reads.distress(distress_id)
    response.headers["etag"] = f'"{row["version"]}"'
    return DistressOut.model_validate(dict(row))


@router.get("/incidents")
async def incidents(session: Bearer, portal: ThePortal, cursor: Cursor = None, limit: Limit = 50) -> Page[IncidentOut]:
    """Serious ones, for the rights officers to whom they went."""
    async with portal.reads(session.actor) as reads:
        rows = await reads.incidents(thing_after(cursor), limit)
    if rows:
        await portal.note_read(session.actor, "incidents", "all")
    more = encode_cursor(rows[limit - 1]["id"]) if len(rows) > limit else None
    return Page(items=[IncidentOut.model_validate(dict(row)) for row in rows[:limit]], next=more)


@router.get("/incidents/{incident_id}")
async def incident(incident_id: UUID, session: Bearer, portal: ThePortal, response: Response) -> IncidentOut:
    async with portal.reads(session.actor) as reads:
        row = await reads.incident(incident_id)
    await portal.note_read(session.actor, "incident", incident_id)
    response.headers["etag"] = f'"{row["version"]}"'
    return IncidentOut.model_validate(dict(row))


@router.get("/updates/{update_id}/protection")
async def protection(update_id: UUID, session: Bearer, portal: ThePortal) -> ProtectionOut:
    async with portal.reads(session.actor) as reads:
        row = await reads.protection(update_id)
    if row is None:
        raise NotFound
    await portal.note_read(session.actor, "protection", update_id)
    return ProtectionOut.model_validate(dict(row))


@router.get("/periods/{period_id}/lateness")
async def lateness(period_id: UUID, session: Bearer, portal: ThePortal) -> Page[LatenessOut]:
    """Happened against reported, by party."""
    async with portal.reads(session.actor) as reads:
        await reads.period(period_id)
        return Page(items=[LatenessOut.model_validate(dict(row)) for row in await reads.lateness(period_id)])


@router.get("/referrals")
async def referrals(session: Bearer, portal: ThePortal, cursor: Cursor = None, limit: Limit = 50) -> Page[ReferralOut]:
    """Those that the caller's state made, or that were made to the caller as protection service."""
    async with portal.reads(session.actor) as reads:
        rows = await reads.referrals(thing_after(cursor), limit)
    if rows:
        await portal.note_read(session.actor, "referrals", "all")
    more = encode_cursor(rows[limit - 1]["id"]) if len(rows) > limit else None
    return Page(items=[ReferralOut.model_validate(dict(row)) for row in rows[:limit]], next=more)


@router.get("/referrals/{referral_id}")
async def referral(referral_id: UUID, session: Bearer, portal: ThePortal, response: Response) -> ReferralOut:
    async with portal.reads(session.actor) as reads:
        row = await reads.referral(referral_id)
    await portal.note_read(session.actor, "referral", referral_id)
    response.headers["etag"] = f'"{row["version"]}"'
    return ReferralOut.model_validate(dict(row))


@router.get("/periods/{period_id}/referred")
async def referred(period_id: UUID, session: Bearer, portal: ThePortal, operation_id: UUID | None = None) -> ReferredOut:
    """How many referrals, of the period or of one operation: what all others see of them."""
    async with portal.reads(session.actor) as reads:
        await reads.period(period_id)
        return ReferredOut.model_validate(await reads.referred(period_id, operation_id))
