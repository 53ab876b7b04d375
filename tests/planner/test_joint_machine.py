"""Whatever is asked of a joint operation by whomever: it never runs without the word of each of its states."""

from collections.abc import Coroutine
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.planner.domain.joint_amendment import Changes
from services.planner.domain.operation import Operation
from services.planner.usecases import joint, joint_amending, operations, participation, updates
from shared.actor import Actor
from shared.errors import NotFound, Refusal
from shared.events.base import Event
from shared.events.planner import (
    JointAmendmentBriefed,
    JointAmendmentProposed,
    JointAnswered,
    JointProposed,
    JointWithdrawn,
    OperationAmended,
    OperationBriefed,
    OperationScheduled,
    OperationStarted,
)
from shared.vocabulary import Answer, JointAnswer, LedgerKind, OperationKind, OperationState, Role
from tests.builders import NOON, an_actor, an_operation, an_update
from tests.planner.in_memory import Memory
from tests.planner.ledger_story import Story
from tests.planner.ledgered import CONSENTS
from tests.planner.replayed_joint import replayed

S = OperationState
STATES = ("NZ", "LK", "TH")
COORDINATORS = tuple(an_actor(state, Role.COORDINATOR, name=name) for state in STATES for name in ("first", "second"))
STRANGERS = (
    an_actor("VN", Role.COORDINATOR), an_actor("AU", Role.COORDINATOR), an_actor("LK", Role.LIAISON_OFFICER),
    an_actor("TH", Role.PARTY_ADMIN), an_actor("NZ", Role.CO_CHAIR, name="chair"),
)  # fmt: skip
coordinators = st.sampled_from(COORDINATORS)
anybody = st.one_of(*[coordinators] * 6, st.sampled_from(STRANGERS))
owners = st.one_of(*[st.sampled_from(COORDINATORS[:2])] * 5, anybody)
partners = st.one_of(
    *[st.sampled_from((("LK",), ("LK", "TH")))] * 4, st.sampled_from(((), ("NZ",), ("VN",), ("AU",)))
)
STEPS = ("schedule", "schedule", "hold", "release", "start", "start", "complete", "cancel")


class JointMachine(RuleBasedStateMachine):
    """A period of NZ, LK and TH that runs, and an operation of NZ; VN was asked and does not take part."""

    @initialize(shared=st.booleans(), begin=st.sampled_from((*range(10), 8, 9, 9)))
    def drafted(self, shared: bool, begin: int) -> None:
        story = Story(invited=(*STATES, "VN")).runs(*STATES)
        self.ledger, self.begun = story.ledger, list(story.ledger.lines)
        draft = an_operation(
            "NZ", S.DRAFTED, version=0, period_id=story.period.id, detail_audience="participants" if shared else "own"
        )
        self.memory = Memory(story.period)
        self.id: UUID = draft.id
        self.words: dict[str, tuple[int, JointAnswer | None]] = {}  # by state: of which version, and what
        self.number, self.proposer = 0, ""
        self.asked, self.asker, self.on_it = 0, "", dict[str, JointAnswer]()  # the amendment, and the words on it
        self.do(COORDINATORS[0], operations.draft(self.memory.tx, COORDINATORS[0], draft))
        # by chance few runs would come so far
        if begin > 0:
            self.proposes(COORDINATORS[0], ("LK", "TH") if shared else ("LK",), None, 0)
        if begin > 1:
            self.everybody_consents()
        for step in ("schedule", "start")[: max(0, begin - 2) if begin < 5 else 1]:
            self.goes_on(COORDINATORS[1], step)
            assert self.now.state is not S.DRAFTED
        if begin > 4:
            self.amends(COORDINATORS[0], OperationKind.MARITIME_PATROL, "Another", 0)
            assert self.now.amendment
        if begin > 6:
            self.answers_amendment(COORDINATORS[2], (JointAnswer.CONSENTED, JointAnswer.REFUSED)[begin == 9], 0, 0)
            assert self.on_it

    @property
    def now(self) -> Operation:
        return self.memory.operations[self.id]

    def do(self, by: Actor, command: Coroutine[Any, Any, Any]) -> list[Event] | Refusal:
        before, said = dict(self.memory.operations), len(self.memory.said)
        self.memory.actor = by
        try:
            command.send(None)
        except StopIteration:
            pass
        except Refusal as refusal:
            assert (self.memory.operations, len(self.memory.said)) == (before, said), "a refusal changes nothing"
            return refusal
        new = self.memory.said[said:]
        if before and not any(isinstance(event, OperationAmended | JointProposed) for event in new):
            assert before[self.id].terms == self.now.terms, "what its states consented to is as it was"
        self.ledger.note(new, by)
        for event in new:
            self._look_at(event, by)
        return new

    def _look_at(self, event: Event, by: Actor) -> None:
        taking_part = set(self.memory.period.participants)
        assert {entry.partition("#")[0] for entry in event.audience} <= {"NZ", "LK", "TH", "VN", "INTERPOL"}
        if isinstance(event, JointProposed):
            assert by.party == event.party == "NZ"
            assert event.number == self.number + 1
            self.number, self.proposer, self.words = event.number, by.id, {}
        if isinstance(event, JointAmendmentProposed):
            assert by.party == event.party == "NZ"
            assert event.number == max(self.number, self.asked) + 1
            self.asked, self.asker, self.on_it = event.number, by.id, {}
        if isinstance(event, JointAmendmentProposed | JointAmendmentBriefed | JointAnswered | JointWithdrawn):
            assert set(event.audience) <= {self.now.owner, *self.now.partners} & (taking_part | {self.now.owner})
        if isinstance(event, JointAnswered):
            assert by.party == event.party
            is_draft = self.now.state is S.DRAFTED
            assert by.id != (self.proposer if is_draft else self.asker), "nobody consents to what they proposed"
            assert by.roles == {Role.COORDINATOR}
            if is_draft:
                self.words[event.party] = (event.number, event.answer)
            else:
                assert event.number == self.asked
                assert JointAnswer.REFUSED not in self.on_it.values(), "a refusal has ended it"
                self.on_it[event.party] = event.answer
        if isinstance(event, OperationAmended):
            assert self.on_it == dict.fromkeys((self.now.owner, *self.now.partners), JointAnswer.CONSENTED)
            self.number, self.proposer = self.asked, self.asker
            self.words = {state: (self.asked, word) for state, word in self.on_it.items()}
        if isinstance(event, JointWithdrawn):
            assert by.party == event.party
            self.words[event.party] = (event.number, None)
        if isinstance(event, OperationScheduled | OperationStarted):
            now = self.now
            if now.partners:
                agreed = {state for state, word in self.words.items() if word == (self.number, JointAnswer.CONSENTED)}
                assert agreed >= {now.owner, *now.partners}, "every state consented to exactly this version"
        if getattr(event, "operation_id", None) == self.id and not getattr(event, "update_id", None):
            now = self.now
            near = {now.owner, *now.partners} & (taking_part | {now.owner})
            if now.state is S.DRAFTED or now.held or now.unheard:
                assert set(event.audience) <= near, "a draft and what is held are for its states alone"
            elif isinstance(event, OperationBriefed):
                assert near <= set(event.audience) <= taking_part | {now.owner}
            elif isinstance(event, JointWithdrawn):
                assert set(event.audience) <= near

    @rule(by=owners, names=partners, kind=st.sampled_from((None, *OperationKind)), stale=st.integers(0, 9))
    def proposes(self, by: Actor, names: tuple[str, ...], kind: OperationKind | None, stale: int) -> None:
        version = self.now.version - (stale == 9)
        changes = {"kind": kind} if kind else {}
        said = self.do(by, joint.propose(self.memory.tx, by, self.id, version, names, changes, {}))
        assert not isinstance(said, list) or stale != 9

    @precondition(lambda self: self.number)
    @rule(by=anybody, word=st.sampled_from((*[JointAnswer.CONSENTED] * 3, JointAnswer.REFUSED)), behind=st.integers(0, 5))
    def answers(self, by: Actor, word: JointAnswer, behind: int) -> None:
        number, visible = self.number - (behind == 5), {self.now.owner, *self.now.partners}
        said = self.do(by, joint.answer(self.memory.tx, by, self.id, number, word, "Why."))
        if by.party not in visible and self.now.state is S.DRAFTED:
            assert isinstance(said, NotFound), "a draft is not there for others"

    @precondition(lambda self: self.now.state is S.SCHEDULED)
    @rule(
        by=owners, kind=st.sampled_from(OperationKind), title=st.sampled_from(("Another", "A third", " ")),
        stale=st.integers(0, 9),
    )  # fmt: skip
    def amends(self, by: Actor, kind: OperationKind, title: str, stale: int) -> None:
        to = Changes(kind=kind, window=self.now.window, brief=self.now.brief.model_copy(update={"title": title}))
        said = self.do(by, joint_amending.propose(self.memory.tx, by, self.id, self.now.version - (stale == 9), to))
        assert not isinstance(said, list) or (stale != 9 and title != " ")

    @precondition(lambda self: self.now.amendment)
    @rule(
        by=anybody, word=st.sampled_from((*[JointAnswer.CONSENTED] * 3, JointAnswer.REFUSED)),
        behind=st.integers(0, 5), stale=st.integers(0, 9),
    )  # fmt: skip
    def answers_amendment(self, by: Actor, word: JointAnswer, behind: int, stale: int) -> None:
        number, before = self.asked - (behind == 5), self.now
        assert before.amendment
        version = before.amendment.version - (stale == 9)
        said = self.do(by, joint_amending.answer(self.memory.tx, by, self.id, number, version, word, "Why."))
        if isinstance(said, list):
            assert (before.state, behind == 5, stale == 9) == (S.SCHEDULED, False, False)

    @precondition(lambda self: self.now.state is S.SCHEDULED and self.now.amendment)
    @rule()
    def everybody_consents_to_it(self) -> None:
        """Rare by chance as well."""
        for by in COORDINATORS[1::2]:
            if pending := self.now.amendment:
                given = (pending.version, JointAnswer.CONSENTED, "")
                self.do(by, joint_amending.answer(self.memory.tx, by, self.id, self.asked, *given))

    @precondition(lambda self: self.number and self.now.state is S.DRAFTED)
    @rule()
    def everybody_consents(self) -> None:
        """Rare by chance, and much comes only after it."""
        for by in COORDINATORS[1::2]:
            self.do(by, joint.answer(self.memory.tx, by, self.id, self.number, JointAnswer.CONSENTED, ""))

    @rule(by=owners, step=st.sampled_from(STEPS))
    def goes_on(self, by: Actor, step: str) -> None:
        tx, version = self.memory.tx, self.now.version
        steps: dict[str, Coroutine[Any, Any, Any]] = {}
        match step:
            case "schedule" | "hold":
                steps[step] = operations.schedule(tx, by, self.id, version, None, step == "hold")
            case "release":
                steps[step] = operations.release_headline(tx, by, self.id, version)
            case "start":
                steps[step] = operations.start(tx, by, self.id, version, NOON)
            case "complete":
                steps[step] = operations.complete(tx, by, self.id, version, NOON)
            case _:
                steps[step] = operations.cancel(tx, by, self.id, version, NOON)
        self.do(by, steps[step])

    @precondition(lambda self: self.number and self.now.state in {S.DRAFTED, S.SCHEDULED})
    @rule()
    def the_owner_goes_on(self) -> None:
        """Whatever was said so far: rare by chance, and what must not be, while words are missing."""
        self.goes_on(COORDINATORS[1], "schedule" if self.now.state is S.DRAFTED else "start")

    @rule(by=anybody)
    def posts(self, by: Actor) -> None:
        update = an_update(self.now, party=by.party, posted_by=by.id)
        before = self.now
        if isinstance(self.do(by, updates.post(self.memory.tx, by, update)), list):
            assert by.party in (before.owner, *before.partners)
            assert before.state in {S.UNDER_WAY, S.COMPLETED}

    @precondition(lambda self: len(self.memory.said) > 5)
    @rule(by=anybody)
    def withdraws(self, by: Actor) -> None:
        before = self.now
        if isinstance(self.do(by, joint.withdraw(self.memory.tx, by, self.id, "")), list) and before.state is not S.DRAFTED:
            assert self.now.state is S.CANCELLED, "at once"

    @precondition(lambda self: len(self.memory.said) > 8)
    @rule(by=st.sampled_from(COORDINATORS[2:]), much=st.integers(0, 3))
    def leaves(self, by: Actor, much: int) -> None:
        before = self.now
        if much:
            return  # not too often: little is left of it afterwards
        said = self.do(by, participation.leave(self.memory.tx, by, self.memory.period.id, ""))
        if isinstance(said, list) and by.party in before.partners:
            assert self.now.state not in {S.SCHEDULED, S.UNDER_WAY}, "leaving is a withdrawal"

    @precondition(lambda self: len(self.memory.period.participants) < 3)
    @rule(by=coordinators)
    def comes_back(self, by: Actor) -> None:
        self.do(by, participation.answer(self.memory.tx, by, self.memory.period.id, Answer.JOINED, "", 1))

    @invariant()
    def the_ledger_holds(self) -> None:
        assert self.ledger.gaps() == []

    @invariant()
    def the_events_tell_all_of_it(self) -> None:
        assert replayed([event for event in self.memory.said if event.key == str(self.id)], self.now) == self.now

    def teardown(self) -> None:
        """What rests on a consent does not hold without it."""
        if not hasattr(self, "ledger"):
            return
        lines = self.ledger.lines
        for line in lines[:-1]:
            assert self.ledger.broken_without(line)
        start = next((line for line in lines if line.kind is LedgerKind.STARTED), None)
        if start is None:
            return
        version = self.number  # what was in force last, and with that when it began
        for line in lines[: lines.index(start)]:
            of_period = line in self.begun and line.kind in CONSENTS
            of_state = line.subject == self.id and line.kind is LedgerKind.YES and line.version == version
            by_owner = line.subject == self.id and line.kind in {LedgerKind.SCHEDULED, LedgerKind.HELD}
            if of_period or of_state or by_owner:
                assert self.ledger.without(line), line


JointMachine.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
test_whatever_is_asked_of_a_joint_operation = JointMachine.TestCase
