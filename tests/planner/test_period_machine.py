"""Whatever is asked of a period by whomever: it never comes where it must not, and its events tell all of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.planner.domain.convened import RUNS
from services.planner.domain.period import Period
from services.planner.domain.permissions import may
from services.planner.usecases.periods import CLOCK
from shared.actor import Actor
from shared.errors import NotFound, Refusal
from shared.events.base import Event
from shared.events.planner import (
    InvitationAnswered,
    Objective,
    ParticipantLeft,
    PartiesInvited,
    PeriodEvent,
    PlanAnswered,
    PlanPublished,
    Section,
)
from shared.vocabulary import Answer, Indicator, PeriodState, PlanAnswer, Role
from tests.builders import NOON, an_actor
from tests.planner.replayed import replayed, told_by

S = PeriodState
ASKED = ("NZ", "LK", "TH", "VN")
FIRST = NOON.date() + timedelta(2)
ROLES = (Role.CO_CHAIR, Role.COORDINATOR, Role.LIAISON_OFFICER, Role.OBSERVER, Role.OPERATOR)
AIMS = tuple(Objective(id=UUID(int=n), title=f"{n}", indicator=Indicator.ARRESTS, target=n) for n in range(1, 4))

parties = st.sampled_from((*ASKED, "INTERPOL", "AU"))
anybody = st.builds(an_actor, parties, st.sampled_from(ROLES))
CHAIR = an_actor("NZ", Role.CO_CHAIR, name="chair")
BOTH = an_actor("NZ", Role.CO_CHAIR, Role.COORDINATOR, name="both")
chairs = st.one_of(*[st.sampled_from((CHAIR, CHAIR, BOTH))] * 3, anybody)
own = st.builds(an_actor, st.sampled_from(ASKED), st.just(Role.COORDINATOR))
coordinators = st.one_of(*[own] * 3, st.just(BOTH), anybody)
words = st.sampled_from((*PlanAnswer, *[PlanAnswer.ENDORSED] * 3))
numbers = st.integers(1, 4)
ORDER = (S.PROPOSED, S.PLANNING, S.ADOPTED, S.ACTIVE, S.CLOSED, S.ARCHIVED)
BECOMES = {*pairwise(ORDER), *((state, S.CANCELLED) for state in ORDER[:4])}


class PeriodMachine(RuleBasedStateMachine):
    """A period of NZ, LK, TH and VN, with INTERPOL in support; AU was never asked."""

    @initialize(deadline=st.sampled_from((None, 1, 40)), begin=st.sampled_from(("proposed", "planning", *["active"] * 4)))
    def proposed(self, deadline: int | None, begin: str) -> None:
        self.now: datetime = NOON
        self.said: list[tuple[Event, datetime]] = []
        self.own: dict[str, str] = {}
        until = NOON + timedelta(hours=deadline) if deadline else None
        period = Period(
            id=UUID(int=9), title="A period", focus=(), first_day=FIRST, last_day=FIRST + timedelta(30),
            co_chairs=("NZ",), invited=ASKED, supporting=("INTERPOL",), objectives=AIMS[:1], answer_by=until,
        )  # fmt: skip
        self.period, said = Period.propose(period, CHAIR, self.now)
        self._keep(said)
        if begin == "proposed":
            return
        self.now -= timedelta(hours=9)  # in time for any deadline; by chance few runs would come this far
        for party in ASKED[:3]:
            self.answers(an_actor(party, Role.COORDINATOR), Answer.JOINED, None)
        chair = CHAIR
        self.publishes(chair, AIMS[:1], set(), ())
        if begin == "active":
            self.everybody_endorses()
            self.adopts(chair, 1)
            self.steers(chair, "activate")
            assert self.period.state is S.ACTIVE

    def _keep(self, *said: PeriodEvent) -> None:
        self.said += [(event, self.now) for event in said]

    def _do(self, what: str, by: Actor, command: Callable[[Actor], Any]) -> None:
        """As the use case does it: hidden before it is anything else, then the role, then the rules."""
        before = self.period
        self.now += timedelta(hours=1)
        try:
            self.period.require_visible(by)
            may(by, what)
            after, *said = command(by)
        except Refusal as why:
            hidden = isinstance(why, NotFound)
        else:
            hidden = None
        if hidden is not None:
            assert hidden is not by.reads(before.audience), "what one may not see is not there, and all else is"
            return
        assert by.party in {*ASKED, "FJ"}
        assert after.state is before.state or (before.state, after.state) in BECOMES
        assert said
        assert [event.version for event in said] == list(range(before.version + 1, after.version + 1))
        assert {event.party for event in said} == {by.party}
        for event in said:
            self._is_for_whom_it_may(event)
        if what in {"answer invitation", "answer plan"}:
            changed = {party for party in after.answers if after.answers[party] != before.answers.get(party)}
            assert changed <= {by.party}, "nobody speaks for another"
        self.period = after
        self._keep(*said)

    def _is_for_whom_it_may(self, event: Event) -> None:
        assert "AU" not in {entry.partition("#")[0] for entry in event.audience}
        own_word = {event.party} if isinstance(event, InvitationAnswered | ParticipantLeft) else set()
        if isinstance(event, InvitationAnswered):
            self.own[event.party] = event.answer
        if isinstance(event, ParticipantLeft):
            self.own[event.party] = "left"
        if isinstance(event, PartiesInvited):
            for party in event.newcomers:
                self.own.pop(party, None)
        gone = {party for party, word in self.own.items() if word in {Answer.DECLINED, "left"}}
        assert gone.isdisjoint(set(event.audience) - own_word), "who is out of it hears nothing more"

    @rule(by=coordinators, word=st.sampled_from(Answer), number=st.sampled_from((None, None, 1, 2)))
    def answers(self, by: Actor, word: Answer, number: int | None) -> None:
        late = self.period.answer_by is not None and self.now >= self.period.answer_by
        before = self.period
        self._do("answer invitation", by, lambda by: self.period.answer(word, "", by, self.now, number))
        if late and self.period is not before:
            assert (word, by.party in before.silent) == (Answer.DECLINED, True), "only a silent party's no"

    @rule(who=st.sampled_from(("VN", "FJ")), word=st.sampled_from(Answer), number=st.sampled_from((None, 1)))
    def the_silent_one_answers(self, who: str, word: Answer, number: int | None) -> None:
        self.answers(an_actor(who, Role.COORDINATOR), word, number)

    @rule(by=chairs, hours=st.integers(-2, 50))
    def extends(self, by: Actor, hours: int) -> None:
        until = self.now + timedelta(hours=hours)
        self._do("steer period", by, lambda by: self.period.extend(until, by, self.now))

    @rule(by=chairs, who=st.sets(st.sampled_from((*ASKED, "FJ")), min_size=1, max_size=2), hours=st.sampled_from((None, 50)))
    def invites(self, by: Actor, who: set[str], hours: int | None) -> None:
        """FJ is asked later, and others once more; AU never is."""
        until = self.now + timedelta(hours=hours) if hours else None
        before = self.period
        self._do("steer period", by, lambda by: self.period.invite(tuple(sorted(who)), (), until, by, self.now))
        if self.period is not before:
            assert who.isdisjoint(before.audience), "nobody is asked who is asked already"
            newest = self.said[-1][0]
            assert isinstance(newest, PartiesInvited)
            assert who <= set(newest.audience)
            assert told_by(newest) == self.period.model_copy(update={"by_clock": False}), "they get all of it"

    @rule(by=coordinators)
    def leaves(self, by: Actor) -> None:
        self._do("answer invitation", by, lambda by: self.period.leave("", by, self.now))

    @rule(by=chairs, aims=st.sampled_from((None, AIMS, ())), affected=st.sets(parties, max_size=2),
          rights=st.sampled_from(((), (), (), ("LK",))))  # fmt: skip
    def publishes(self, by: Actor, aims: Any, affected: set[str], rights: tuple[str, ...]) -> None:
        sections = (Section(title="Aim", text=str(self.now)),)
        before = self.period
        self._do("publish plan", by, lambda by: self.period.publish_plan(
            sections, rights, by, aims, tuple(sorted(affected))))  # fmt: skip
        if self.period is not before and before.adopted:
            in_force, *pending = before.plans[before.adopted - 1 :]
            carried = set(self.period.plans[-1].carried)
            assert not carried or rights == in_force.rights_officers, "the guardians of rights change with the word of all"
            for plan in pending:
                assert carried.isdisjoint(plan.affected), "who was asked is asked again"
            told_no = {party for plan in before.plans if plan.amends for party, given in plan.answers.items()
                       if given.answer != PlanAnswer.ENDORSED}  # fmt: skip
            assert carried.isdisjoint(told_no), "who said no is asked again"

    @precondition(lambda self: self.period.plans)
    @rule(by=coordinators, word=words, newest=st.booleans(), number=numbers)
    def answers_plan(self, by: Actor, word: PlanAnswer, newest: bool, number: int) -> None:
        number = self.period.plans[-1].number if newest else number
        self._do("answer plan", by, lambda by: self.period.answer_plan(
            number, word, "Because.", by, self.now))  # fmt: skip

    @precondition(lambda self: self.period.plans)
    @rule()
    def everybody_endorses(self) -> None:
        """Rare by chance, and much comes only after it."""
        for party in self.period.participants:
            self._do("answer plan", an_actor(party, Role.COORDINATOR), lambda by: self.period.answer_plan(
                self.period.plans[-1].number, PlanAnswer.ENDORSED, "", by, self.now))  # fmt: skip

    @precondition(lambda self: self.period.plans)
    @rule(by=chairs, number=numbers)
    def adopts(self, by: Actor, number: int) -> None:
        self._do("steer period", by, lambda by: self.period.adopt(number, by, self.now))

    @precondition(lambda self: len(self.said) > 14)
    @rule(by=chairs, step=st.sampled_from(("activate", "activate", "close", "archive", "cancel")))
    def steers(self, by: Actor, step: str) -> None:
        steps: dict[str, Callable[[Actor], Any]] = {
            "activate": lambda by: self.period.activate(by, self.now),
            "close": lambda by: self.period.close(by, self.now),
            "archive": self.period.archive,
            "cancel": lambda by: self.period.cancel("", by),
        }
        self._do("steer period", by, steps[step])

    @rule(days=st.sampled_from((0, 1, 8, 45)))
    def time_passes(self, days: int) -> None:
        """The clock looks, and does only what is due: the same look again finds nothing."""
        self.now += timedelta(days=days)
        before = self.period
        after, *said = before.turn(CLOCK, self.now)
        due = before.due_at is not None and before.due_at <= self.now
        assert due is bool(said) is (after is not before)
        if (before.state, after.state) == (S.ADOPTED, S.ACTIVE):
            assert self.now >= before.begins
        elif (before.state, after.state) == (S.ACTIVE, S.CLOSED):
            assert self.now >= before.ends
        else:
            assert after.state is before.state
        assert after.answers == before.answers, "the clock speaks for nobody"
        for event in said:
            assert event.party == ""
            self._is_for_whom_it_may(event)
        self.period = after
        self._keep(*said)

    @invariant()
    def nobody_takes_part_without_its_own_word(self) -> None:
        assert set(self.period.participants) == {party for party, word in self.own.items() if word == Answer.JOINED}

    @invariant()
    def what_is_in_force_has_the_endorsement_of_all_that_take_part(self) -> None:
        period = self.period
        assert (period.adopted is not None) == (period.state in {*RUNS, S.CLOSED, S.ARCHIVED}) or (
            period.state is S.CANCELLED
        )
        if period.adopted:
            plan = period.plans[period.adopted - 1]
            assert plan.missing(period.participants) == []
            words = [event for event, _ in self.said if isinstance(event, PlanAnswered)]
            assert set(period.participants) <= {word.party for word in words}, "a word that is carried over was given once"
            last = {word.party: word.answer for word in words if word.plan_version == period.adopted}
            assert {last.get(party, PlanAnswer.ENDORSED) for party in period.participants} <= {PlanAnswer.ENDORSED}
            assert period.objectives == plan.objectives

    @invariant()
    def nobody_endorses_what_they_published(self) -> None:
        authors = {event.plan_version: event.by for event, _ in self.said if isinstance(event, PlanPublished)}
        words = [event for event, _ in self.said if isinstance(event, PlanAnswered)]
        assert not [word for word in words if word.answer == "endorsed" and word.by == authors[word.plan_version]]

    @invariant()
    def versions_of_the_plan_are_numbered_and_never_change(self) -> None:
        assert [plan.number for plan in self.period.plans] == list(range(1, len(self.period.plans) + 1))

    @invariant()
    def the_events_tell_all_of_it(self) -> None:
        assert replayed(self.said) == self.period


PeriodMachine.TestCase.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
test_whatever_is_asked_of_a_period = PeriodMachine.TestCase
