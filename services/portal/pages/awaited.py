"""What of the Working Group's waits for the reader: calls to consultations, and activities of its own party."""

from services.portal.group_queries import is_overdue
from services.portal.pages.desk import Desk
from services.portal.pages.views import Waiting
from services.portal.repository import Reads
from shared.vocabulary import Role


async def group_words(at: Desk, reads: Reads) -> tuple[Waiting, ...]:
    """For whoever gives the party's word; what is overdue also for the officers who work on it."""
    found: list[Waiting] = []
    commits = at.has(Role.COORDINATOR, Role.RSO_OFFICER)
    if commits:
        text = at.say("Answer the call to a consultation")
        found += [
            Waiting(text=text, who=row["title"], href=f"/consultations/{row['id']}", overdue=row["answer_by"] < at.now)
            for row in await reads.consultations_awaited()
        ]
    if commits or at.has(Role.LIAISON_OFFICER):
        asked, late = at.say("Say whether you take it on"), at.say("Overdue in the programme")
        found += [
            Waiting(text=late if is_overdue(row) else asked, who=row["title"], href=f"/programme/{row['id']}")
            for row in await reads.activities_asked()
            if commits or is_overdue(row)
        ]
    return tuple(found)
