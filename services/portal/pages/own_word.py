"""What waits for the word of the reader's own state: all of it on one page, and joint work of it on home."""

from fastapi import APIRouter, Response

from services.portal.awaited_words import Kind, Word, awaited
from services.portal.pages.desk import Desk, Signed
from services.portal.pages.incidents import TAKE_UP, banner
from services.portal.pages.lines import PARTY_ROLES
from services.portal.pages.views import AwaitedWord, OwnWordPage, Waiting
from services.portal.pages.words import N_
from services.portal.repository import Reads
from shared.vocabulary import Role

router = APIRouter(include_in_schema=False)

TEXTS: dict[Kind, str] = {
    "invitation": N_("Answer the invitation"),
    "plan": N_("Endorse plan version %(number)s"),
    "amendment": N_("Reconfirm plan version %(number)s"),
    "joint_operation": N_("Answer version %(number)s of a joint operation"),
    "joint_amendment": N_("Answer version %(number)s of a joint operation that is scheduled"),
    "investigation_plan": N_("Answer version %(number)s of an investigation plan"),
    "consultation": N_("Answer the call to a consultation"),
    "activity": N_("Say whether you take it on"),
    "incident": TAKE_UP,
}
_HREFS: dict[Kind, str] = {
    "invitation": "/periods/%s/answer", "plan": "/periods/%s/plan", "amendment": "/periods/%s/plan",
    "joint_operation": "/operations/%s", "joint_amendment": "/operations/%s", "investigation_plan": "/investigations/%s",
    "consultation": "/consultations/%s", "activity": "/programme/%s", "incident": "/incidents/%s",
}  # fmt: skip
GIVES = (Role.COORDINATOR, Role.RSO_OFFICER)


@router.get("/waiting")
async def own_word(at: Signed) -> Response:
    async with at.reads() as reads:
        words = await awaited(reads, at.party, at.now)
        told = any(word.kind == "incident" for word in words)
        context = await at.context(reads, "home", **banner(at, told))
    if any(word.title for word in words):
        await at.portal.note_read(at.actor, "what waits for its word", at.party)
    view = OwnWordPage(words=tuple(_line(at, word) for word in words), may_answer=at.has(*GIVES))
    return at.show(context, "waiting.html", view)


async def joint_words(at: Desk, reads: Reads) -> tuple[Waiting, ...]:
    """For home: what is asked of the reader's state jointly, and for its officers what it is late with."""
    found: list[Waiting] = []
    if at.has(Role.COORDINATOR):
        found += [
            Waiting(
                text=at.say(TEXTS["joint_operation"]) % {"number": row["number"]}, who=row["title"] or "",
                href=f"/operations/{row['operation_id']}", days=(at.now - row["proposed_at"]).days,
            )
            for row in await reads.joint_awaited()
        ]  # fmt: skip
        found += [
            Waiting(
                text=at.say(TEXTS["joint_amendment"]) % {"number": row["number"]}, who=row["title"] or "",
                href=f"/operations/{row['operation_id']}", days=(at.now - row["proposed_at"]).days,
            )
            for row in await reads.joint_amendments_awaited()
        ]  # fmt: skip
        found += [
            Waiting(
                text=at.say(TEXTS["investigation_plan"]) % {"number": row["number"]}, who=row["title"],
                href=f"/investigations/{row['id']}", days=(at.now - row["proposed_at"]).days,
            )
            for row in await reads.investigations_awaited()
        ]  # fmt: skip
    if at.has(*PARTY_ROLES):
        late = at.say("Overdue in an investigation plan")
        found += [
            Waiting(text=late, who=row["title"], href=f"/investigations/{row['id']}", overdue=True)
            for row in await reads.investigations_late()
            if any(
                one["owner"] == at.party and one["done_at"] is None and one["id"] in row["overdue"]
                for one in row["milestones"]
            )
        ]
    return tuple(found)


def _line(at: Desk, word: Word) -> AwaitedWord:
    return AwaitedWord(
        text=at.say(TEXTS[word.kind]) % {"number": word.number},
        title=word.title,
        href=_HREFS[word.kind] % word.subject_id,
        since=word.since,
        by=word.by,
        late=word.by is not None and word.by < at.now,
    )
