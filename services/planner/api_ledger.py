"""The planner's HTTP door to the consent ledger: a party's own words, and the lines of what it may see."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from services.planner.domain.ledger import Line
from services.planner.ledger import lines_for
from shared.actor import Actor
from shared.runtime.commands import commands
from shared.runtime.web import Caller, Reading
from shared.vocabulary import LedgerKind

router = commands()


class LedgerLine(BaseModel):
    """`officer` and `audience` of the caller's own party only: what others got, and from whom, is not for everyone."""

    event_id: UUID
    at: datetime
    party: str
    officer: str
    kind: LedgerKind
    type: str
    aggregate: str
    subject: UUID
    period_id: UUID | None
    operation_id: UUID | None
    version: int
    named: tuple[str, ...]
    audience: tuple[str, ...]

    @classmethod
    def of(cls, line: Line, actor: Actor) -> "LedgerLine":
        kept = {} if line.party == actor.party else {"officer": "", "audience": ()}
        return cls.model_validate({**line._asdict(), **kept})


class LedgerPage(BaseModel):
    """Oldest first, unless the newest are asked for first. `next`: ask for what comes `after` this."""

    items: list[LedgerLine]
    next: UUID | None


@router.get("/consent-ledger")
async def consent_ledger(
    actor: Caller,
    tx: Reading,
    period_id: UUID | None = None,
    after: UUID | None = None,
    newest_first: bool = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> LedgerPage:
    lines = await lines_for(tx, actor, period_id, after, newest_first, limit + 1)
    items = [LedgerLine.of(line, actor) for line in lines[:limit]]
    return LedgerPage(items=items, next=items[-1].event_id if len(lines) > limit else None)
