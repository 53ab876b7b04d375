"""What of the Working Group's waits for the reader: calls to consultations, and activities of its own party."""

from services.portal.group_queries import is_overdue
from services.portal.pages.desk import Desk
from services.portal.pages.views import Waiting
from services.portal.repository import Reads
from shared.vocabulary import Role


async def group_words(at: Desk, reads: Reads) -> tuple[Waiting, ...]:
    """For whoever gives the party's word; for a co-chair who is silent and what is to be recorded; and for officers what
    their party is late with."""
    found: list[Waiting] = []
    commits = at.has(Role.COORDINATOR, Role.RSO_OFFICER)
    if commits:
        text = at.say("Answer the call to a consultation")
        found += [
            Waiting(text=text, who=row["title"], href=f"/consultations/{row['id']}", overdue=row["answer_by"] < at.now)
            for row in await reads.consultations_awaited()
        ]
    if at.has(Role.CO_CHAIR):
        silent, held = at.say("Silent when called to a consultation"), at.say("Record and close the consultation")
        found += [
            Waiting(
                text=held if row["status"] == "held" else f"{silent}: {', '.join(row['silent'])}", who=row["title"],
                href=f"/consultations/{row['id']}",
            )
            for row in await reads.consultations_chaired()
            if row["status"] == "called" or at.party in (row["attendees"] or ())
        ]  # fmt: skip
    if commits or at.has(Role.LIAISON_OFFICER):
        asked, late = at.say("Say whether you take it on"), at.say("Overdue in the programme")
        found += [
            Waiting(text=late if is_overdue(row) else asked, who=row["title"], href=f"/programme/{row['id']}")
            for row in await reads.activities_asked()
            if commits or is_overdue(row)
        ]
    return (*found, *await referral_words(at, reads))


async def referral_words(at: Desk, reads: Reads) -> tuple[Waiting, ...]:
    """For a protection service what is to be answered; for those who referred what was not answered in time."""
    if not at.has(Role.PROTECTION_SERVICE, Role.LIAISON_OFFICER, Role.COORDINATOR):
        return ()
    asked, late = at.say("Answer the referral"), at.say("Referral not answered in time")
    return tuple(
        Waiting(
            text=asked if row["service"] == at.party and at.has(Role.PROTECTION_SERVICE) else late, who=row["reference"],
            href=f"/referrals/{row['id']}", overdue=row["status"] == "overdue",
        )
        for row in await reads.referrals_waiting()
        if row["status"] == "overdue" or (row["service"] == at.party and at.has(Role.PROTECTION_SERVICE))
    )
