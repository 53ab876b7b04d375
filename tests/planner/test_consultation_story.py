"""Whatever anybody tries with a consultation, in any order: no forbidden state is reached, and its events tell it whole."""

from typing import Any
from unittest import mock
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.planner.domain.consultation import Consultation
from services.planner.usecases import consultations
from shared.actor import Actor
from shared.errors import Refusal
from shared.events.base import Event
from shared.events.planner import (
    ConsultationAnswered,
    ConsultationCalled,
    ConsultationClosed,
    ConsultationHeld,
    ConsultationRecorded,
    ConsultationUnanswered,
    ConsultationWithdrawn,
)
from shared.vocabulary import Attendance, Role
from tests.builders import a_chair, a_coordinator
from tests.planner.memory import Kept, MemoryWorld, a_consultation, everyone

PARTIES = ("NZ", "AU", "ID", "TH", "VN")
INVITED = st.lists(st.sampled_from(("AU", "ID", "TH")), min_size=1, max_size=3, unique=True).map(tuple)
# those who may do most come most often, so that stories come beyond the first steps
OFTEN = (a_chair(), a_chair(), a_chair(), a_chair("AU"), a_chair("ID"), a_coordinator("AU"), a_coordinator("TH"))
ACTORS = st.one_of(st.sampled_from(OFTEN), st.sampled_from(OFTEN), st.sampled_from(everyone(*PARTIES)))
STALE = st.sampled_from((False, False, False, True))
FOLLOWS = {
    ("", "called"), ("called", "held"), ("called", "withdrawn"), ("held", "closed"),
}  # fmt: skip
BECOMES: dict[type[Event], str] = {
    ConsultationCalled: "called", ConsultationHeld: "held", ConsultationClosed: "closed",
    ConsultationWithdrawn: "withdrawn",
}  # fmt: skip


def told(events: list[Event]) -> dict[str, Any]:
    """What a reader of all of them knows."""
    known: dict[str, Any] = {"state": "", "answers": {}, "attendees": (), "record": None, "silent": None}
    for event in events:
        state = BECOMES.get(type(event), known["state"])
        if state != known["state"]:
            assert (known["state"], state) in FOLLOWS
        known |= {"state": state, "version": event.version}  # type: ignore[attr-defined]
        match event:
            case ConsultationAnswered():
                known["answers"][event.party] = (event.answer, event.by, event.note, event.at)
            case ConsultationHeld():
                known["attendees"] = event.attendees
            case ConsultationRecorded():
                known["record"] = (event.number, event.text)
            case ConsultationUnanswered():
                assert known["silent"] is None, "silence is told once"
                known["silent"] = event.silent
    return known


class Story(RuleBasedStateMachine):
    """Anybody may try anything; what is accepted is looked at from outside."""

    @initialize(invited=INVITED)
    def call(self, invited: tuple[str, ...]) -> None:
        self.world, self.kept = MemoryWorld(), Kept(Consultation)
        self.patch = mock.patch.object(consultations, "Consultations", self.kept)
        self.patch.start()
        asked = a_consultation(version=0, invited=invited)
        self.id: UUID = asked.id
        assert isinstance(self.world.do(consultations.call, a_chair(), asked), list)

    def teardown(self) -> None:
        if hasattr(self, "patch"):
            self.patch.stop()

    @property
    def now(self) -> Consultation:
        return self.kept.now(self.id)

    def try_it(self, actor: Actor, name: str, *given: Any, stale: bool = False) -> None:
        before = self.now
        expected = () if name == "answer" else (before.version - stale,)
        result = self.world.do(getattr(consultations, name), actor, self.id, *expected, *given)
        if isinstance(result, Refusal):
            assert self.now == before
            return
        assert not stale or name == "answer", "one who looked at an older version changes nothing"
        assert [event.party for event in result] == [actor.party]
        assert before.state.value not in {"closed", "withdrawn"}
        if name != "answer":
            assert actor.party in before.co_chairs
            assert Role.CO_CHAIR in actor.roles
        elif actor.party in before.invited:
            assert actor.roles & {Role.COORDINATOR, Role.RSO_OFFICER}, "only who commits the state gives its word"

    @rule(actor=ACTORS, answer=st.sampled_from(Attendance), note=st.sampled_from(("", "With two officers.")))
    def answer(self, actor: Actor, answer: Attendance, note: str) -> None:
        self.try_it(actor, "answer", answer, note)

    @rule(actor=ACTORS, came=st.lists(st.sampled_from(PARTIES), max_size=4).map(tuple), stale=STALE)
    def hold(self, actor: Actor, came: tuple[str, ...], stale: bool) -> None:
        before = self.now
        self.try_it(actor, "hold", came, self.world.now, stale=stale)
        if self.now.state is not before.state:
            for party in set(self.now.attendees) - {actor.party}:
                assert before.answers[party].answer is Attendance.ATTENDING

    @rule(come=st.lists(st.sampled_from(("AU", "ID", "TH")), min_size=1, max_size=3, unique=True))
    def goes_on_as_it_should(self, come: list[str]) -> None:
        """The next step of the way that it is meant to go, so that stories come to its end."""
        one = self.now
        if one.state.value == "called":
            for party in come:
                speaks = a_coordinator(party) if party in one.invited else a_chair(party)
                self.answer(speaks, Attendance.ATTENDING, "")
            self.hold(a_chair(), tuple(come), False)
        elif one.record is None:
            self.write_record(a_chair(), "Two vessels go.", False)
        else:
            self.close(a_chair(), False)

    @rule(actor=ACTORS, text=st.sampled_from(("Two vessels go.", "Three.", "")), stale=STALE)
    def write_record(self, actor: Actor, text: str, stale: bool) -> None:
        self.try_it(actor, "write_record", text, stale=stale)

    @rule(actor=ACTORS, stale=STALE)
    def close(self, actor: Actor, stale: bool) -> None:
        self.try_it(actor, "close", stale=stale)

    @rule(actor=ACTORS, reason=st.sampled_from(("A false report.", "No.", "")), stale=STALE)
    def withdraw(self, actor: Actor, reason: str, stale: bool) -> None:
        self.try_it(actor, "withdraw", reason, stale=stale)

    @rule(hours=st.sampled_from((0, 1, 3, 5)), looks=st.integers(1, 3))
    def time_passes(self, hours: int, looks: int) -> None:
        """However often the clock looks, and however many look."""
        self.world.pass_time(hours=hours)
        for _ in range(looks):
            before = self.now
            for event in self.world.do(consultations.tell_silence, None, self.id):  # type: ignore[union-attr]
                assert isinstance(event, ConsultationUnanswered)
                assert self.world.now >= before.answer_by
                assert event.silent == tuple(sorted(set(before.invited) - set(before.answers)))

    @invariant()
    def its_events_tell_it_whole(self) -> None:
        if not hasattr(self, "world"):
            return
        one, known = self.now, told(self.world.said)
        answers = {party: (word.answer, word.by, word.note, word.at) for party, word in one.answers.items()}
        record = (one.record.number, one.record.text) if one.record else None
        assert known["version"] == one.version == len(self.world.said)
        assert (known["state"], known["answers"]) == (one.state.value, answers)
        assert (known["attendees"], known["record"]) == (one.attendees, record)
        assert known["silent"] is None or one.told

    @invariant()
    def nobody_hears_who_should_not(self) -> None:
        if not hasattr(self, "world"):
            return
        one = self.now
        asked = set(one.invited) | {f"{party}#co_chair" for party in set(one.co_chairs) - set(one.invited)}
        came = {entry for entry in asked if entry.partition("#")[0] in one.attendees}
        for event in self.world.said:
            assert set(event.audience) == (came if isinstance(event, ConsultationRecorded) else asked)

    @invariant()
    def no_forbidden_state_is_reached(self) -> None:
        if not hasattr(self, "world"):
            return
        one = self.now
        assert one.state.value != "closed" or one.record
        assert bool(one.attendees) == (one.state.value in {"held", "closed"})
        assert one.record is None or one.attendees
        assert set(one.answers) <= {*one.invited, *one.co_chairs}


Story.TestCase.settings = settings(max_examples=200, stateful_step_count=20, deadline=None, derandomize=True)
test_any_story_of_a_consultation = Story.TestCase
