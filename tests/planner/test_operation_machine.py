"""Whatever is asked of an operation by whomever: it never comes where it must not, nobody is told more than its owner said,
everybody has all that the owner said, and its events tell all of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.planner.domain import disclosing, work
from services.planner.domain.amending import Amendment, amend
from services.planner.domain.disclosing import Choice
from services.planner.domain.operation import NEXT, Brief, Operation
from services.planner.domain.permissions import may
from services.planner.domain.update import Update
from shared.actor import Actor
from shared.errors import NotFound, Refusal
from shared.events.base import Event
from shared.events.planner import (
    DetailEvent,
    DetailPurgeConfirmed,
    DetailRecalled,
    OperationBriefed,
    OperationEvent,
    Resource,
    ResourceStated,
    Task,
    TaskOverdue,
    TaskStated,
    UpdateDetailed,
    UpdatePosted,
    UpdateReleased,
)
from shared.vocabulary import DetailAudience, OperationKind, OperationState, PeriodState, ResourceKind, ResourceState, Role
from tests.builders import NOON, a_frame, an_actor, an_operation, an_update
from tests.planner.replayed_operation import replayed

S, A, P = OperationState, DetailAudience, PeriodState
OWNER, OTHERS = "NZ", ("LK", "TH", "INTERPOL")
ROLES = (Role.COORDINATOR, Role.LIAISON_OFFICER, Role.CO_CHAIR, Role.OBSERVER, Role.OPERATOR)
HOME = {OWNER}

anybody = st.builds(an_actor, st.sampled_from((OWNER, *OTHERS, "AU")), st.sampled_from(ROLES))
owners = st.one_of(*[st.just(an_actor(OWNER, Role.COORDINATOR))] * 6, anybody)
near = st.one_of(*[st.builds(an_actor, st.sampled_from((OWNER, "INTERPOL")), st.just(Role.COORDINATOR))] * 4, anybody)
some = st.sets(st.sampled_from((*OTHERS, *OTHERS, *OTHERS, OWNER, "AU")), max_size=2)
names = some.map(lambda found: tuple(sorted(found)))
wider = st.sampled_from((A.INVOLVED, A.INVOLVED, A.PARTICIPANTS))
choices = st.one_of(st.just(Choice(A.OWN)), st.builds(Choice, wider, names))
beginnings = st.sampled_from((S.DRAFTED, *[S.SCHEDULED] * 2, *[S.UNDER_WAY] * 3))
ids = st.integers(1, 4).map(lambda number: UUID(int=number))


class OperationMachine(RuleBasedStateMachine):
    """An operation of NZ in a period of NZ, LK and TH with INTERPOL in support; AU was never asked."""

    @initialize(choice=choices, begin=beginnings, hold=st.integers(0, 2))
    def drafted(self, choice: Choice, begin: OperationState, hold: int) -> None:
        self.now: datetime = NOON
        self.frame = a_frame(joined=(OWNER, "LK", "TH"))
        self.said: list[Event] = []
        self.updates: list[Update] = []
        self.chosen, self.home = Choice(A.OWN), True
        self.holding: dict[UUID | None, set[str]] = {}
        self.overdue: list[tuple[UUID, datetime]] = []
        named = tuple(set(choice.named) & set(OTHERS)) if choice.audience is not A.OWN else ()
        wanted = an_operation(version=0, state=S.DRAFTED, detail_audience=choice.audience, named=tuple(sorted(named)))
        by = an_actor(OWNER, Role.COORDINATOR)
        operation, *said = Operation.draft(wanted, self.frame, by)
        self.operation, self.chosen = operation, Choice(choice.audience, operation.named)
        self._hear(said)
        if begin is not S.DRAFTED:
            self.schedules(by, hold == 2)
        if begin is S.UNDER_WAY:
            self.steps(by, "start")
            self.posts("first")

    def _allowed(self) -> set[str]:
        """Whom the owner gave the detail, in the test's own words."""
        if self.home or self.chosen.audience is A.OWN:
            return set(HOME)
        every = set(self.frame.participants) if self.chosen.audience is A.PARTICIPANTS else set()
        return {OWNER, *self.chosen.named, *every}

    def _hear(self, said: list[Event]) -> None:
        """As a read model hears it: who has the detail, and each update's text, after these events."""
        for event in said:
            self._is_for_whom_it_may(event)
            if isinstance(event, DetailRecalled):
                self.holding = {}
            elif isinstance(event, OperationBriefed | UpdateDetailed):
                key, readers = getattr(event, "update_id", None), set(event.audience)
                self.holding[key] = readers | (self.holding.get(key, set()) if event.to_newcomers else set())
            elif isinstance(event, ResourceStated | TaskStated | TaskOverdue):
                self.holding[None] = set(event.audience)
            if isinstance(event, TaskOverdue):
                self.overdue.append((event.task.id, event.task.due))
        self.said += said

    def _is_for_whom_it_may(self, event: Event) -> None:
        readers, parties = set(event.audience), {entry.partition("#")[0] for entry in event.audience}
        assert "AU" not in parties
        if isinstance(event, DetailRecalled):
            assert readers == {OWNER, event.recipient}
        elif isinstance(event, DetailEvent):
            assert readers <= self._allowed()
        elif self.home:
            assert readers == HOME
        else:
            assert parties <= {OWNER, *self.frame.participants, *self.chosen.named}

    def _do(
        self, what: str, by: Actor, command: Callable[[Actor], Any], choice: Choice | None = None, work_on: bool = False
    ) -> bool:
        """As the use case does it: hidden before it is anything else, then the role, then the rules.

        `choice`: what the owner says with it about who is told; `work_on`: readers of the detail may do it as well.
        """
        before = self.operation
        self.now += timedelta(hours=1)
        hidden = not by.reads(before.headline_readers(self.frame))
        try:
            if work_on:
                work.require_near(before, self.frame, by)
            else:
                before.require_owner(by, self.frame)
            may(by, what)
            after, *said = command(by)
        except Refusal as why:
            not_there = isinstance(why, NotFound)
        else:
            not_there = None
        assert not_there or not hidden, "what one may not see is not there"
        if not_there is not None:
            assert work_on or hidden or not not_there
            return False
        assert by.party != "AU"
        assert after.state is before.state or after.state in NEXT[before.state]
        if by.party != OWNER:
            self._is_its_own(before, after, by.party)
        self.operation, self.chosen = after, choice or self.chosen
        self._hear(said)
        return True

    def _is_its_own(self, before: Operation, after: Operation, party: str) -> None:
        """Another party changes its own resources, and says of its own tasks that they are done; nothing else."""
        same = {"means": (), "tasks": ()}
        assert before.model_copy(update=same) == after.model_copy(update=same)
        assert {one.party for one in {*after.means} - {*before.means}} <= {party}
        for task in {*after.tasks} - {*before.tasks}:
            assert (task.party, task.done_at) == (party, self.now)

    @precondition(lambda self: self.operation.state is S.DRAFTED)
    @rule(by=owners, hold=st.booleans())
    def schedules(self, by: Actor, hold: bool) -> None:
        # only the owner's coordinator gets further than this: what the machine hears is judged by it
        was, self.home = self.home, hold
        done = self._do("commit operation", by, lambda by: self.operation.schedule(self.frame, None, hold, by, self.now))
        self.home = hold if done else was

    @rule(by=owners)
    def releases_headline(self, by: Actor) -> None:
        was, self.home = self.home, False
        if self._do("commit operation", by, lambda by: self.operation.release_headline(self.frame, by)):
            self._hear([part for update in self.updates for part in update.release(self.operation, self.frame)])
        else:
            self.home = was

    @precondition(lambda self: len(self.said) > 14 or self.operation.state is S.SCHEDULED)
    @rule(by=owners, step=st.sampled_from(("start", "start", "start", "complete", "cancel")))
    def steps(self, by: Actor, step: str) -> None:
        what = "commit operation" if step == "cancel" else "run operation"
        self._do(what, by, lambda by: getattr(self.operation, step)(self.frame, self.now, by))

    @rule(by=owners, choice=st.one_of(st.none(), st.none(), choices), title=st.sampled_from(("a", "b", "")))
    def amends(self, by: Actor, choice: Choice | None, title: str) -> None:
        operation = self.operation
        to = Amendment(
            kind=OperationKind.TRAINING, window=operation.window, brief=Brief(title=title),
            detail_audience=choice.audience if choice else None, named=choice.named if choice else None,
        )  # fmt: skip
        drafted = operation.state is S.DRAFTED
        before = self.chosen
        done = self._do(
            "draft operation" if drafted else "commit operation", by, lambda by: amend(operation, to, self.frame, by),
            choice if drafted else None,
        )  # fmt: skip
        if not done or not drafted:
            assert self.chosen == before, "an amendment of what is scheduled gives the detail to nobody else"

    @rule(by=owners, choice=choices)
    def releases(self, by: Actor, choice: Choice) -> None:
        was, self.chosen = self.chosen, choice
        held_by = self._allowed_by(was)
        if self._do("disclose detail", by, lambda by: disclosing.release(
            self.operation, self.updates, choice, self.frame, by
        ), choice):  # fmt: skip
            assert held_by <= self._allowed()
        else:
            self.chosen = was

    @rule(by=owners, choice=choices)
    def recalls(self, by: Actor, choice: Choice) -> None:
        before = self._allowed()
        if self._do("disclose detail", by, lambda by: disclosing.recall(
            self.operation, choice, self.frame, by, self.now
        ), choice):  # fmt: skip
            assert self._allowed() <= before
            lost = before - self._allowed()
            assert lost <= {one.recipient for one in self.operation.recalls if one.purged_at is None}
            if lost:
                self._hear(list(disclosing.said_again(self.operation, self.updates, self.frame, by)))

    @rule(wider=choices, narrower=choices)
    def gives_and_takes_back(self, wider: Choice, narrower: Choice) -> None:
        """Rare by chance, and much comes only after it."""
        by = an_actor(OWNER, Role.COORDINATOR)
        for choice in (wider, Choice(A.PARTICIPANTS, self.chosen.named)):
            self.releases(by, choice)
        self.posts("between")
        for choice in (narrower, Choice(A.OWN)):
            self.recalls(by, choice)

    def _allowed_by(self, choice: Choice) -> set[str]:
        now, self.chosen = self.chosen, choice
        found = self._allowed()
        self.chosen = now
        return found

    @precondition(lambda self: self.operation.recalls)
    @rule(which=st.integers(0, 5), party=st.sampled_from(OTHERS))
    def confirms(self, which: int, party: str) -> None:
        recall = self.operation.recalls[which % len(self.operation.recalls)]
        for recipient in (party, recall.recipient):
            was = next(one for one in self.operation.recalls if one.id == recall.id)
            confirmed = disclosing.confirm_purge(self.operation, recall.id, recipient, self.now)
            assert bool(confirmed) == (recipient == recall.recipient and was.purged_at is None)
            if confirmed:
                self.operation, said = confirmed
                self._hear([said])

    @rule(by=near, number=ids)
    def pledges(self, by: Actor, number: UUID) -> None:
        resource = Resource(id=number, party="LK", kind=ResourceKind.VESSELS, planned=number.int)
        if any(one.id == number for one in self.operation.means):
            return
        self._do("pledge resource", by, lambda by: work.pledge(self.operation, resource, self.frame, by), work_on=True)

    @rule(by=near, number=ids, status=st.sampled_from(ResourceState))
    def moves(self, by: Actor, number: UUID, status: ResourceState) -> None:
        before = {one.id: one.status for one in self.operation.means}
        what = "confirm resource" if status is ResourceState.CONFIRMED else "pledge resource"
        if self._do(what, by, lambda by: work.move(self.operation, number, status, 1, self.frame, by), work_on=True):
            assert status in work.NEXT[before[number]]

    @rule(
        by=owners, number=ids, party=st.sampled_from((OWNER, "INTERPOL", "LK", "AU")), hours=st.integers(0, 30),
        after=st.sets(ids, max_size=2),
    )  # fmt: skip
    def sets_task(self, by: Actor, number: UUID, party: str, hours: int, after: set[UUID]) -> None:
        due = self.now + timedelta(hours=hours)
        task = Task(id=number, title="A task", party=party, due=due, after=tuple(sorted(after)))
        self._do("run operation", by, lambda by: work.set_task(self.operation, task, self.frame, by, self.now))

    @rule(by=near, number=ids)
    def finishes(self, by: Actor, number: UUID) -> None:
        if self._do("run operation", by, lambda by: work.finish(
            self.operation, number, self.frame, by, self.now
        ), work_on=True):  # fmt: skip
            done = {one.id for one in self.operation.tasks if one.done_at}
            assert set(next(one for one in self.operation.tasks if one.id == number).after) <= done

    @rule(hours=st.integers(1, 40))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        for _ in range(2):  # two replicas look
            if told := work.tell_overdue(self.operation, self.frame, self.now):
                self.operation, *said = told
                self._hear(list(said))

    @rule(text=st.sampled_from(("here", "there")))
    def posts(self, text: str) -> None:
        update = an_update(self.operation, text=text, officer="o")
        try:
            posted, *said = Update.post(update, self.operation, self.frame, an_actor(OWNER, Role.LIAISON_OFFICER))
        except Refusal:
            return
        self.updates.append(posted)
        self._hear(said)

    @precondition(lambda self: len(self.said) > 12)
    @rule(party=st.sampled_from(OTHERS))
    def leaves(self, party: str) -> None:
        """With what the use case does then: it is named by nobody any more, and the detail is said again."""
        self.frame = replace(
            self.frame,
            participants=tuple(one for one in self.frame.participants if one != party),
            belonging=tuple(one for one in self.frame.belonging if one != party),
        )
        by = an_actor(party, Role.COORDINATOR)
        self.chosen = Choice(self.chosen.audience, tuple(one for one in self.chosen.named if one != party))
        if dropped := disclosing.without(self.operation, party, by):
            self.operation, *said = dropped
            self._hear([*said, *disclosing.said_again(self.operation, self.updates, self.frame, by)])

    @rule(party=st.sampled_from(("LK", "TH")))
    def joins(self, party: str) -> None:
        if party in self.frame.participants:
            return
        self.frame = replace(
            self.frame,
            participants=tuple(sorted({*self.frame.participants, party})),
            belonging=tuple(sorted({*self.frame.belonging, party})),
        )
        by = an_actor(party, Role.COORDINATOR)
        if said := self.operation.open_to([party], self.frame, by):
            updates = (update.open_to([party], self.operation, self.frame) for update in self.updates)
            self._hear([*said, *(part for parts in updates for part in parts)])

    @rule(state=st.sampled_from((*[P.ACTIVE] * 9, P.ADOPTED, P.CLOSED)))
    def period_becomes(self, state: PeriodState) -> None:
        self.frame = replace(self.frame, state=state)

    @invariant()
    def who_belongs_to_the_period_has_what_the_owner_gave_it_and_nothing_else(self) -> None:
        """Who has left keeps what it had until the next is said; of what was recalled nothing is left anywhere."""
        for readers in self.holding.values():
            assert readers & set(self.frame.belonging) == self._allowed() & set(self.frame.belonging)

    @invariant()
    def tasks_wait_for_no_circle_and_each_time_that_is_over_was_told_once(self) -> None:
        work._require_order(list(self.operation.tasks)) if self.operation.tasks else None
        assert len(set(self.overdue)) == len(self.overdue)

    @invariant()
    def headlines_are_told_with_versions_that_only_rise(self) -> None:
        own = [event for event in self.said if isinstance(event, OperationEvent)]
        versions = [event.version for event in own if not isinstance(event, UpdatePosted | UpdateReleased)]
        assert versions == sorted(versions)

    @invariant()
    def the_events_tell_all_of_it(self) -> None:
        of_updates = UpdatePosted | UpdateReleased | UpdateDetailed
        assert replayed([event for event in self.said if not isinstance(event, of_updates)]) == self.operation

    @invariant()
    def a_purge_is_confirmed_once(self) -> None:
        confirmed = [event.recall_id for event in self.said if isinstance(event, DetailPurgeConfirmed)]
        assert len(set(confirmed)) == len(confirmed)


OperationMachine.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
test_whatever_is_asked_of_an_operation = OperationMachine.TestCase
