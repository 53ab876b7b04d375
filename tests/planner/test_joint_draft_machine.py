"""Whatever its owner makes of a joint draft: nothing is scheduled on a word that was given on something else."""

from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.planner.domain.amending import Amendment, amend
from services.planner.domain.consents import ConsentMissing
from services.planner.domain.detail import Brief
from services.planner.domain.joint import answer, propose
from services.planner.domain.operation import NotThisState, Operation
from services.planner.usecases import disclosure, joint, operations
from shared.actor import Actor
from shared.errors import Refusal
from shared.events.base import Event
from shared.events.planner import JointAnswered, JointProposed, OperationAmended, OperationBriefed, OperationScheduled
from shared.vocabulary import DetailAudience, JointAnswer, OperationState
from tests.builders import NOON, a_coordinator, an_operation
from tests.planner.in_memory import Memory
from tests.planner.ledger_story import Story
from tests.planner.ledgered import Ledgered
from tests.planner.test_joint import FRAME, PROPOSER, SECOND, STATES, proposed, with_words

S = OperationState
A = DetailAudience
YES, NO = JointAnswer.CONSENTED, JointAnswer.REFUSED
BOLD, MILD = Brief(title="Big", tactics="LK bears all risk."), Brief(title="Small", tactics="Harmless.")
NZ, LK = (a_coordinator("NZ"), a_coordinator("NZ", name="second")), a_coordinator("LK")
owners, briefs = st.sampled_from(NZ), st.sampled_from((BOLD, MILD))
audiences = st.sampled_from((A.OWN, A.PARTICIPANTS))


def to_be(operation: Operation, brief: Brief, audience: DetailAudience | None = None) -> Amendment:
    return Amendment(
        kind=operation.kind, window=operation.window, objective_id=operation.objective_id, brief=brief,
        places=operation.places, detail_audience=audience,
    )  # fmt: skip


@pytest.mark.parametrize("words", [(), ("LK",), STATES])
def test_a_draft_is_not_amended_while_its_states_are_asked_about_it(words: tuple[str, ...]):
    asked = with_words(proposed(brief=BOLD), *words)
    for readers in (None, A.PARTICIPANTS):
        with pytest.raises(NotThisState, match="Version 1 of it is put to its states"):
            amend(asked, to_be(asked, MILD, readers), FRAME, PROPOSER)


def test_once_a_version_is_refused_the_draft_is_amended_and_takes_another_version_to_go_on():
    refused = with_words(proposed(brief=BOLD), "LK", given=NO)
    amended, *_ = amend(refused, to_be(refused, MILD), FRAME, PROPOSER)
    for by in (SECOND, a_coordinator("TH")):
        with pytest.raises(Exception, match="LK refused version 1"):
            answer(amended, FRAME, 1, YES, "", by, NOON)
    again = propose(amended, FRAME, ("LK", "TH"), {}, PROPOSER)[0]
    assert with_words(again, *STATES).schedule(FRAME, None, False, PROPOSER, NOON)[0].brief == MILD


@pytest.mark.parametrize("given", [YES, NO])
def test_no_word_is_taken_on_what_is_not_as_it_was_proposed(given: JointAnswer):
    changed = proposed(brief=BOLD).changed(brief=MILD)
    with pytest.raises(ConsentMissing, match="changed after version 1 was proposed"):
        answer(changed, FRAME, 1, given, "Why.", a_coordinator("LK"), NOON)


def test_the_ledger_notices_a_draft_that_is_changed_while_its_states_are_asked():
    story = Story().runs("NZ", "LK", "TH")
    frame, asked = story.period.frame, story.drafts("NZ")
    asked = story.does(propose(asked, frame, ("LK",), {}, PROPOSER), PROPOSER)
    told = {"by": "nz.coordinator", **asked._headline(PROPOSER, ("LK", "NZ"))}
    assert story.ledger.gaps() == []
    story.ledger.note([OperationAmended(**told)], PROPOSER)
    assert ["while its states were asked about version 1" in gap for gap in story.ledger.gaps()] == [True]


class DraftMachine(RuleBasedStateMachine):
    """A draft of NZ that it proposes to LK, and changes as it likes: by proposals, by amendments."""

    @initialize()
    def drafted(self) -> None:
        story = Story().runs("NZ", "LK", "TH")
        self.ledger: Ledgered = story.ledger
        draft = an_operation("NZ", S.DRAFTED, version=0, period_id=story.period.id, brief=BOLD)
        self.memory, self.id = Memory(story.period), draft.id
        self.shown: tuple[Any, ...] = ()  # to the states: what they see of it now
        self.readers = A.OWN
        self.consented: dict[str, tuple[Any, ...]] = {}
        self.do(NZ[0], operations.draft(self.memory.tx, NZ[0], draft))

    @property
    def now(self) -> Operation:
        return self.memory.operations[self.id]

    def do(self, by: Actor, command: Coroutine[Any, Any, Any]) -> bool:
        said = len(self.memory.said)
        try:
            command.send(None)
        except StopIteration:
            pass
        except Refusal:
            return False
        new = self.memory.said[said:]
        self.ledger.note(new, by)
        for event in new:
            self._hear(event)
        return True

    def _hear(self, event: Event) -> None:
        """As an officer of LK does."""
        match event:
            case JointProposed():
                self.readers, self.consented = event.detail_audience or A.OWN, {}
            case OperationBriefed() if self.now.state is S.DRAFTED:
                self.shown = (event.tactics, self.readers)
            case JointAnswered():
                self.consented[event.party] = self.shown if event.answer is YES else ()
            case OperationAmended():
                assert not self.now.proposal or self.now.proposal.refused_by
            case OperationScheduled() if self.now.partners:
                agreed = (self.now.brief.tactics, self.now.detail_audience)
                assert self.consented == {"NZ": agreed, "LK": agreed}, "each consented to what it was shown, and it is that"

    @rule(by=owners, brief=briefs, audience=audiences)
    def proposes(self, by: Actor, brief: Brief, audience: DetailAudience) -> None:
        changes = {"detail_audience": audience}
        self.do(by, joint.propose(self.memory.tx, by, self.id, self.now.version, ("LK",), changes, brief.model_dump()))

    @rule(by=owners, brief=briefs, audience=audiences)
    def amends(self, by: Actor, brief: Brief, audience: DetailAudience) -> None:
        to = to_be(self.now, brief, audience)
        self.do(by, disclosure.change(self.memory.tx, by, self.id, self.now.version, to))

    @precondition(lambda self: self.now.proposal)
    @rule(by=st.sampled_from((*NZ, LK, LK)), word=st.sampled_from((YES, YES, YES, NO)))
    def answers(self, by: Actor, word: JointAnswer) -> None:
        assert self.now.proposal
        self.do(by, joint.answer(self.memory.tx, by, self.id, self.now.proposal.number, word, "Why."))

    @precondition(lambda self: self.now.proposal)
    @rule()
    def all_consent(self) -> None:
        for by in (*NZ, LK):
            self.answers(by, YES)

    @precondition(lambda self: self.now.partners)
    @rule(by=owners)
    def schedules(self, by: Actor) -> None:
        self.do(by, operations.schedule(self.memory.tx, by, self.id, self.now.version, None, False))

    @invariant()
    def the_ledger_holds(self) -> None:
        assert self.ledger.gaps() == []


DraftMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
test_whatever_is_made_of_a_joint_draft = DraftMachine.TestCase
