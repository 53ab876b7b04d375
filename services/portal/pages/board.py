"""The consent board of a period: operations by states, and the plan above them."""

from collections import Counter
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.consent_board import WAITS, BoardThing, consent_board
from services.portal.pages.desk import Desk, Signed
from services.portal.pages.views import BoardPage, BoardRow, Paging
from services.portal.repository import encode_cursor, thing_after

router = APIRouter(include_in_schema=False)


@router.get("/periods/{period_id}/consents")
async def consents(period_id: UUID, at: Signed, cursor: str = "") -> Response:
    async with at.reads() as reads:
        period = await reads.period(period_id)
        context = await at.context(reads, "consents", period, shown_to=at.say("as far as your party may know"))
        board = await consent_board(reads, period, thing_after(cursor))
    if board.tells:
        await at.portal.note_read(at.actor, "consent board", period_id)
    base = f"/periods/{period_id}/consents"
    things = (*board.plans, *board.operations, *board.investigations)
    awaited = Counter(word.party for thing in things for word in thing.words if word.answer in WAITS)
    view = BoardPage(
        period_id=str(period_id),
        title=period["title"],
        states=board.states,
        plans=tuple(_row(at, one) for one in board.plans),
        operations=tuple(_row(at, one) for one in board.operations),
        investigations=tuple(_row(at, one) for one in board.investigations),
        awaited=dict(sorted(awaited.items())),
        paging=Paging(
            shown=len(board.operations),
            first_href=base if cursor else "",
            next_href=f"{base}?cursor={encode_cursor(board.before)}" if board.before else "",
        ),
    )
    return at.show(context, "board.html", view)


def _row(at: Desk, thing: BoardThing) -> BoardRow:
    href = {
        "plan": f"/periods/{thing.id}/plan?version={thing.number}",
        "joint_operation": f"/operations/{thing.id}",
        "investigation_plan": f"/investigations/{thing.id}",
    }[thing.kind]
    kind = at.words(thing.operation_kind)
    name = thing.title or kind[:1].upper() + kind[1:]
    words = {word.party: word for word in thing.words}
    return BoardRow(
        href=href, name=name, status=thing.status, words=words, number=thing.number or 0, owner=thing.owner
    )  # fmt: skip
