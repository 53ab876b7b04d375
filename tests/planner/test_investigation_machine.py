"""Whatever is asked of an investigation plan by whomever: agreed by all or not at all, and its events tell all of it."""

from collections.abc import Coroutine
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.planner.domain.investigation import Investigation
from services.planner.usecases import investigations, participation
from shared.actor import Actor
from shared.errors import Refusal
from shared.events.base import Event
from shared.events.planner import (
    InvestigationAgreed,
    InvestigationAnswered,
    InvestigationEvent,
    InvestigationProposed,
    InvestigationWithdrawn,
    Milestone,
    MilestoneReached,
    MilestonesOverdue,
)
from shared.vocabulary import InvestigationState, JointAnswer, LedgerKind, Role
from tests.builders import NOON, an_actor
from tests.planner.in_memory import Memory
from tests.planner.ledger_story import Story

S = InvestigationState
STATES = ("NZ", "LK", "TH")
COORDINATORS = tuple(an_actor(state, Role.COORDINATOR, name=name) for state in STATES for name in ("first", "second"))
STRANGERS = (an_actor("VN", Role.COORDINATOR), an_actor("AU", Role.COORDINATOR), an_actor("LK", Role.OBSERVER))
coordinators = st.sampled_from(COORDINATORS)
anybody = st.one_of(*[coordinators] * 6, st.sampled_from(STRANGERS))
owners = st.one_of(*[st.sampled_from(COORDINATORS[:2])] * 5, anybody)
members = st.sampled_from((("LK",), ("LK", "TH"), ("LK", "TH"), ("VN",), ("NZ",)))
milestones = st.lists(
    st.builds(
        Milestone, id=st.integers(1, 3).map(lambda n: UUID(int=n)), title=st.just("x"),
        owner=st.sampled_from(("NZ", "LK")), due=st.integers(0, 20).map(lambda days: NOON.date() + timedelta(days=days)),
    ),
    max_size=3, unique_by=lambda one: one.id,
).map(tuple)  # fmt: skip


class InvestigationMachine(RuleBasedStateMachine):
    """A plan of NZ with others, in a period of NZ, LK and TH that runs; VN was asked and does not take part."""

    @initialize(names=st.sampled_from((("LK",), ("LK", "TH"))), steps=milestones, agreed=st.booleans())
    def proposed(self, names: tuple[str, ...], steps: tuple[Milestone, ...], agreed: bool) -> None:
        story = Story(invited=(*STATES, "VN")).runs(*STATES)
        self.ledger, self.memory = story.ledger, Memory(story.period)
        self.id = UUID(int=77)
        self.told: list[UUID] = []
        self.words: dict[str, bool] = {}
        self.number, self.proposer = 0, ""
        plan = Investigation(
            id=self.id, period_id=story.period.id, owner="NZ", title="A plan", members=names, milestones=steps
        )
        self.do(COORDINATORS[0], investigations.propose(self.memory.tx, COORDINATORS[0], plan))
        if agreed:
            self.everybody_consents()

    @property
    def now(self) -> Investigation:
        return self.memory.investigations[self.id]

    def do(self, by: Actor | None, command: Coroutine[Any, Any, Any]) -> list[Event] | Refusal:
        before, said = dict(self.memory.investigations), len(self.memory.said)
        try:
            command.send(None)
        except StopIteration:
            pass
        except Refusal as refusal:
            assert (self.memory.investigations, len(self.memory.said)) == (before, said), "a refusal changes nothing"
            return refusal
        new = self.memory.said[said:]
        self.ledger.note(new, by)
        for event in new:
            self._look_at(event, by)
        return new

    def _look_at(self, event: Event, by: Actor | None) -> None:
        if isinstance(event, InvestigationEvent):
            assert set(event.audience) <= set(self.now.states) & {"NZ", *self.memory.period.participants}
        match event:
            case InvestigationProposed():
                assert by
                self.number, self.proposer, self.words = event.number, by.id, {}
            case InvestigationAnswered():
                assert by
                assert by.id != self.proposer
                assert (by.party, event.number) == (event.party, self.number)
                self.words[event.party] = event.answer is JointAnswer.CONSENTED
            case InvestigationAgreed():
                assert {state for state, word in self.words.items() if word} >= set(self.now.states)
            case InvestigationWithdrawn():
                assert by
                assert by.party == event.party
                self.words[event.party] = False
            case MilestonesOverdue():
                due = {one.id: one for one in self.now.milestones}
                assert all(due[one].done_at is None for one in event.milestones)
                assert not set(event.milestones) & set(self.told), "each is told once"
                self.told += event.milestones

    @rule(by=owners, names=members, steps=milestones, stale=st.integers(0, 9))
    def revises(self, by: Actor, names: tuple[str, ...], steps: tuple[Milestone, ...], stale: int) -> None:
        before = {one.id: one for one in self.now.milestones}
        version = self.now.version - (stale == 9)
        said = self.do(by, investigations.revise(self.memory.tx, by, self.id, version, "A plan", "", names, steps))
        if isinstance(said, list):
            # a day that was moved may pass once more
            same = {one.id for one in steps if one.id in before and before[one.id].due == one.due}
            self.told = [one for one in self.told if one in same]

    @rule(by=anybody, word=st.sampled_from((*[JointAnswer.CONSENTED] * 3, JointAnswer.REFUSED)), behind=st.integers(0, 5))
    def answers(self, by: Actor, word: JointAnswer, behind: int) -> None:
        self.do(by, investigations.answer(self.memory.tx, by, self.id, self.number - (behind == 5), word, "Why."))

    @precondition(lambda self: self.now.state is S.PROPOSED)
    @rule()
    def everybody_consents(self) -> None:
        """Rare by chance, and much comes only after it."""
        for by in COORDINATORS[1::2]:
            self.do(by, investigations.answer(self.memory.tx, by, self.id, self.number, JointAnswer.CONSENTED, ""))

    @precondition(lambda self: len(self.memory.said) > 8)
    @rule(by=anybody)
    def withdraws(self, by: Actor) -> None:
        was = self.now.state
        if isinstance(self.do(by, investigations.withdraw(self.memory.tx, by, self.id, "")), list):
            assert self.now.state is (S.STOPPED if was is S.AGREED else was), "at once"

    @precondition(lambda self: self.now.milestones)
    @rule(by=anybody, which=st.integers(0, 2))
    def reaches(self, by: Actor, which: int) -> None:
        one = self.now.milestones[which % len(self.now.milestones)]
        if isinstance(self.do(by, investigations.reach(self.memory.tx, by, self.id, one.id)), list):
            assert by.party == one.owner

    @rule(days=st.integers(0, 8), looks=st.integers(1, 2))
    def time_passes(self, days: int, looks: int) -> None:
        self.memory.now += timedelta(days=days)
        for _ in range(looks):
            self.do(None, investigations.tell_overdue(self.memory.tx, self.id))

    @precondition(lambda self: len(self.memory.said) > 12)
    @rule(by=st.sampled_from(COORDINATORS[2:]))
    def leaves(self, by: Actor) -> None:
        before = self.now
        said = self.do(by, participation.leave(self.memory.tx, by, self.memory.period.id, ""))
        if isinstance(said, list) and by.party in before.states:
            assert self.now.state is not S.AGREED, "leaving is a withdrawal"

    @invariant()
    def what_is_agreed_has_the_word_of_every_state_on_this_version(self) -> None:
        if self.now.state is S.AGREED:
            assert {state for state, word in self.words.items() if word} == set(self.now.states)

    @invariant()
    def the_ledger_holds(self) -> None:
        assert self.ledger.gaps() == []

    @invariant()
    def the_events_tell_all_of_it(self) -> None:
        assert replayed([event for event in self.memory.said if event.key == str(self.id)], self.now) == self.now

    def teardown(self) -> None:
        """What was agreed does not hold without any one of the consents to it."""
        if not hasattr(self, "ledger"):
            return
        agreed = [line for line in self.ledger.lines if line.subject == self.id and line.kind is LedgerKind.ADOPTED]
        for line in self.ledger.lines:
            if line.subject == self.id and line.kind is LedgerKind.YES and line.version in {one.version for one in agreed}:
                assert self.ledger.without(line), line


def replayed(said: list[Event], like: Investigation) -> Investigation:
    """The plan after these events; what only the officer's account tells is taken over."""
    told: dict[str, Any] = {}
    words: dict[str, str] = {}
    for event in said:
        assert isinstance(event, InvestigationEvent)
        told["version"] = event.version
        match event:
            case InvestigationProposed():
                before, passed = {one.id: one for one in told.get("milestones", ())}, told.get("told", ())
                same = [one.id for one in event.milestones if one.id in before and before[one.id].due == one.due]
                told |= event.model_dump(include={"title", "aim"}) | {"members": event.members, "state": S.PROPOSED}
                told |= {"milestones": event.milestones, "told": tuple(one for one in same if one in passed)}
                words = {}
            case InvestigationAnswered():
                words[event.party] = event.answer
            case InvestigationAgreed():
                told["state"] = S.AGREED
            case InvestigationWithdrawn():
                words[event.party] = "withdrawn"
                told["state"] = S.STOPPED if event.stopped else told["state"]
            case MilestoneReached():
                told["milestones"] = tuple(
                    one.model_copy(update={"done_at": event.at}) if one.id == event.milestone_id else one
                    for one in told["milestones"]
                )
            case MilestonesOverdue():
                told["told"] = (*told.get("told", ()), *event.milestones)
    assert like.proposal
    given = {party: like.proposal.words[party].model_copy(update={"answer": word}) for party, word in words.items()}
    return like.model_copy(update={**told, "proposal": like.proposal.model_copy(update={"words": given})})


InvestigationMachine.TestCase.settings = settings(max_examples=70, stateful_step_count=30, deadline=None)
test_whatever_is_asked_of_an_investigation_plan = InvestigationMachine.TestCase
