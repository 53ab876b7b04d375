"""The part of an operation's page that is about its states: who has said what, and what one may say."""

from services.portal.pages.desk import Desk
from services.portal.pages.lines import options
from services.portal.pages.views import Form, Joint, StateWord
from services.portal.repository import Reads
from services.portal.selects import Row
from shared.vocabulary import JointAnswer, Role

SCHEDULED = frozenset({"scheduled", "under_way", "completed"})
GOES_ON = frozenset({"drafted", "scheduled", "under_way"})


async def joint_of(at: Desk, reads: Reads, row: Row, form: Form) -> Joint | None:
    """None where the reader is of none of its states, or it is no joint operation."""
    proposed = await reads.joint(row["id"])
    if proposed is None:
        return None
    given = {one["party"]: one for one in await reads.joint_words(row["id"], proposed["number"])}
    states = [proposed["owner"], *proposed["partners"]]
    may: set[str] = set()
    if at.has(Role.COORDINATOR) and at.party in states:
        own = given[at.party]["answer"] if at.party in given else ""
        if row["status"] == "drafted" and proposed["is_open"] and not own and proposed["proposed_by"] != at.actor.name:
            may.add("answer")
        if row["status"] in GOES_ON and (own == JointAnswer.CONSENTED or row["status"] != "drafted"):
            may.add("withdraw")
    return Joint(
        number=proposed["number"],
        proposed_by=proposed["proposed_by"],
        proposed_at=proposed["proposed_at"],
        words=tuple(word_line(state, given.get(state)) for state in states),
        may=frozenset(may),
        detail_audience=(proposed["detail_audience"] or "") if row["status"] == "drafted" else "",
        named=tuple(proposed["named"]),
        answers=options(JointAnswer),
        form=form,
    )


def consented(joint: Joint | None) -> bool:
    """Whether nothing of its states' words is missing; so too where no other state was asked."""
    return joint is None or all(word.answer == JointAnswer.CONSENTED for word in joint.words)


async def acts_on(at: Desk, reads: Reads, row: Row) -> bool:
    """Whether incidents and referrals of it are the reader's state's as well: its owner's, and of each that consented."""
    if row["owner"] == at.party:
        return True
    if at.party not in (row["partners"] or ()):
        return False
    if row["status"] in SCHEDULED or row["withdrawn_by"]:
        return True  # each of its states had consented
    proposed = await reads.joint(row["id"])
    words = await reads.joint_words(row["id"], proposed["number"]) if proposed else ()
    return any(one["party"] == at.party and one["answer"] == JointAnswer.CONSENTED for one in words)


def waits(joint: Joint | None) -> bool:
    """Whether its version is put to its states: until one of them refuses, the draft is as it was proposed."""
    return joint is not None and all(word.answer in {"", JointAnswer.CONSENTED} for word in joint.words)


def word_line(state: str, row: Row | None) -> StateWord:
    """A state's word, or that it is awaited."""
    if row is None:
        return StateWord(party=state)
    return StateWord(party=state, answer=row["answer"], by=row["by"], reason=row["reason"], at=row["at"])
