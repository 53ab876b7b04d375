"""The public HTTP API's question what waits for the caller's state's word."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from services.portal.awaited_words import Kind, awaited
from services.portal.doors import Bearer, ThePortal
from services.portal.schemas import Said

router = APIRouter(prefix="/api/v1")


class AwaitedWordOut(Said):
    """`subject_id`: of the thing it is about; `number`: the version that is asked about; `by`: until when."""

    kind: Kind
    subject_id: UUID
    title: str
    period_id: UUID | None
    number: int | None
    since: datetime | None
    by: datetime | None


class AwaitedWordsOut(Said):
    items: list[AwaitedWordOut]


@router.get("/waiting")
async def waiting(session: Bearer, portal: ThePortal) -> AwaitedWordsOut:
    async with portal.reads(session.actor) as reads:
        words = await awaited(reads, session.actor.party, portal.service.clock.now())
    if any(word.title for word in words):
        await portal.note_read(session.actor, "what waits for its word", session.actor.party)
    return AwaitedWordsOut(items=[AwaitedWordOut.model_validate(vars(word)) for word in words])
