"""A period played through the real rules, told to a ledger as it goes."""

from collections.abc import Callable
from typing import Any

from services.planner.domain import joint, joint_amending
from services.planner.domain.joint_amendment import Changes
from services.planner.domain.operation import Operation
from services.planner.domain.period import Period
from services.planner.domain.update import Update
from shared.events.planner import Section
from shared.vocabulary import (
    Answer,
    DetailAudience,
    JointAnswer,
    OperationKind,
    OperationState,
    PeriodState,
    PlanAnswer,
)
from tests.builders import NOON, a_chair, a_coordinator, a_period, an_officer, an_operation, an_update
from tests.planner.ledgered import Ledgered

S = OperationState


class Story:
    """A period from its proposal on, told to a ledger."""

    def __init__(self, invited: tuple[str, ...] = ("NZ", "LK", "TH")) -> None:
        self.ledger = Ledgered()
        draft = a_period(joined=(), version=0, state=PeriodState.PROPOSED, invited=invited)
        self.period, *said = Period.propose(draft, a_chair(), NOON)
        self.ledger.note(said)

    def period_does(self, command: Callable[[Period], Any]) -> None:
        self.period, *said = command(self.period)
        self.ledger.note(said)

    def joins(self, *parties: str, reservation: str = "", endorsing: int | None = None) -> None:
        for party in parties:
            self.period_does(lambda p, by=a_coordinator(party): p.answer(Answer.JOINED, reservation, by, NOON, endorsing))

    def endorse(self, *parties: str, word: PlanAnswer = PlanAnswer.ENDORSED) -> None:
        number = self.period.plans[-1].number
        for party in parties:
            self.period_does(lambda p, by=a_coordinator(party): p.answer_plan(number, word, "Why.", by, NOON))

    def publish(self, *affected: str) -> None:
        sections = (Section(title="Aim", text="Act together."),)
        self.period_does(lambda p: p.publish_plan(sections, (), a_chair(), None, affected))

    def runs(self, *parties: str) -> "Story":
        self.joins(*parties)
        self.publish()
        self.endorse(*parties)
        self.period_does(lambda p: p.adopt(1, a_chair(), NOON))
        self.period_does(lambda p: p.activate(a_chair(), NOON))
        return self

    def drafts(self, owner: str, detail: DetailAudience = DetailAudience.OWN) -> Operation:
        draft = an_operation(owner, S.DRAFTED, version=0, period_id=self.period.id, detail_audience=detail)
        operation, *said = Operation.draft(draft, self.period.frame, a_coordinator(owner))
        self.ledger.note(said, a_coordinator(owner))
        return operation

    def does(self, command: Any, by: Any = None) -> Any:
        changed, *said = command
        self.ledger.note(said, by)
        return changed

    def operation(self, owner: str, detail: DetailAudience = DetailAudience.OWN, hold: bool = False) -> Operation:
        by, frame = a_coordinator(owner), self.period.frame
        scheduled = self.does(self.drafts(owner, detail).schedule(frame, None, hold, by, NOON), by)
        return self.does(scheduled.start(frame, NOON, by), by)

    def posts(self, operation: Operation) -> Update:
        by = an_officer(operation.owner)
        return self.does(Update.post(an_update(operation), operation, self.period.frame, by), by)


def the_whole_story() -> Story:
    story = Story()
    story.joins("NZ")
    story.joins("LK", reservation="Not at sea.")
    story.publish()
    story.endorse("NZ")
    story.endorse("LK", word=PlanAnswer.RESERVED)
    story.publish()
    story.endorse("NZ", "LK")
    story.period_does(lambda p: p.adopt(2, a_chair(), NOON))
    story.period_does(lambda p: p.activate(a_chair(), NOON))
    shared = story.operation("NZ", DetailAudience.PARTICIPANTS)
    update = story.posts(shared)
    story.does(update.validate_counts(shared, story.period.frame, a_coordinator("NZ")))
    held = story.operation("LK", DetailAudience.PARTICIPANTS, hold=True)
    kept = story.posts(held)
    held, *said = held.release_headline(story.period.frame, a_coordinator("LK"))
    story.ledger.note([*said, *kept.release(held, story.period.frame)])
    story.publish("LK")
    story.endorse("LK")
    story.joins("TH", endorsing=3)
    frame = story.period.frame
    story.ledger.note([*shared.open_to(["TH"], frame, a_coordinator("TH")), *update.open_to(["TH"], shared, frame)])
    story.posts(shared)
    story.does(held.complete(frame, NOON, a_coordinator("LK")))
    story.period_does(lambda p: p.leave("Elections.", a_coordinator("TH"), NOON))
    story.posts(shared)
    story.period_does(lambda p: p.close(a_chair(), NOON))
    story.period_does(lambda p: p.archive(a_chair()))
    return story


def a_joint_story() -> Story:
    """Of three states: a version that one of them refuses, one that all consent to, updates of two, and a withdrawal."""
    story = Story().runs("NZ", "LK", "TH")
    frame, nz, second = story.period.frame, a_coordinator("NZ"), a_coordinator("NZ", name="second")
    draft = story.drafts("NZ")
    refused = story.does(joint.propose(draft, frame, ("LK", "TH"), {}, nz), nz)
    lk = a_coordinator("LK")
    refused = story.does(joint.answer(refused, frame, 1, JointAnswer.REFUSED, "Not now.", lk, NOON), lk)
    agreed = story.does(joint.propose(refused, frame, ("LK", "TH"), {}, nz), nz)
    for by in (second, lk, a_coordinator("TH")):
        agreed = story.does(joint.answer(agreed, frame, 2, JointAnswer.CONSENTED, "", by, NOON), by)
    scheduled = story.does(agreed.schedule(frame, None, False, nz, NOON), nz)
    running = story.does(scheduled.start(frame, NOON, nz), nz)
    story.posts(running)
    posted = an_update(running, party="LK")
    story.does(Update.post(posted, running, frame, an_officer("LK")), an_officer("LK"))
    story.does(joint.withdraw(running, frame, "Floods.", a_coordinator("TH"), NOON), a_coordinator("TH"))
    return story


def an_amended_story() -> Story:
    """Of three states: scheduled on the first version, an amendment that one refuses, one that comes in force; it runs."""
    story = Story().runs("NZ", "LK", "TH")
    frame, nz, lk = story.period.frame, a_coordinator("NZ"), a_coordinator("LK")
    states = (a_coordinator("NZ", name="second"), lk, a_coordinator("TH"))
    now = story.does(joint.propose(story.drafts("NZ"), frame, ("LK", "TH"), {}, nz), nz)
    for by in states:
        now = story.does(joint.answer(now, frame, 1, JointAnswer.CONSENTED, "", by, NOON), by)
    now = story.does(now.schedule(frame, None, False, nz, NOON), nz)
    to = Changes(kind=OperationKind.TRAINING, window=now.window, brief=now.brief)
    now = story.does(joint_amending.propose(now, frame, to, nz), nz)
    now = story.does(joint_amending.answer(now, frame, 2, JointAnswer.REFUSED, "Not so.", lk, NOON), lk)
    now = story.does(joint_amending.propose(now, frame, to, nz), nz)
    for by in states:
        now = story.does(joint_amending.answer(now, frame, 3, JointAnswer.CONSENTED, "", by, NOON), by)
    story.posts(story.does(now.start(frame, NOON, nz), nz))
    return story
