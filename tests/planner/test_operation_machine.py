"""Whatever is asked of an operation by whomever: it never comes where it must not, nobody is told more than its owner said,
everybody has all that the owner said, and its events tell all of it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from services.planner.domain import disclosing, work
from services.planner.domain.amending import Amendment, amend
from services.planner.domain.detail import Brief
from services.planner.domain.disclosing import Choice
from services.planner.domain.operation import Operation
from services.planner.domain.update import Update
from shared.actor import Actor
from shared.errors import Refusal
from shared.events.planner import (
    DetailPurgeConfirmed,
    OperationEvent,
    Resource,
    Task,
    UpdateDetailed,
    UpdatePosted,
    UpdateReleased,
)
from shared.vocabulary import DetailAudience, OperationKind, OperationState, PeriodState, ResourceKind, ResourceState, Role
from tests.builders import an_actor, an_operation, an_update
from tests.planner.replayed_operation import replayed
from tests.planner.watched_operation import OTHERS, OWNER, Watched

S, A, P = OperationState, DetailAudience, PeriodState
ROLES = (Role.COORDINATOR, Role.LIAISON_OFFICER, Role.CO_CHAIR, Role.OBSERVER, Role.OPERATOR)

anybody = st.builds(an_actor, st.sampled_from((OWNER, *OTHERS, "AU")), st.sampled_from(ROLES))
owners = st.one_of(*[st.just(an_actor(OWNER, Role.COORDINATOR))] * 6, anybody)
near = st.one_of(*[st.builds(an_actor, st.sampled_from((OWNER, "INTERPOL")), st.just(Role.COORDINATOR))] * 4, anybody)
some = st.sets(st.sampled_from((*OTHERS, *OTHERS, *OTHERS, OWNER, "AU")), max_size=2)
names = some.map(lambda found: tuple(sorted(found)))
wider = st.sampled_from((A.INVOLVED, A.INVOLVED, A.PARTICIPANTS))
choices = st.one_of(st.just(Choice(A.OWN)), st.builds(Choice, wider, names))
beginnings = st.sampled_from((S.DRAFTED, *[S.SCHEDULED] * 2, *[S.UNDER_WAY] * 3))
ids = st.integers(1, 4).map(lambda number: UUID(int=number))


class OperationMachine(Watched):
    """An operation of NZ in a period of NZ, LK and TH with INTERPOL in support; AU was never asked."""

    @initialize(choice=choices, begin=beginnings, hold=st.integers(0, 2))
    def drafted(self, choice: Choice, begin: OperationState, hold: int) -> None:
        self.begin()
        named = tuple(set(choice.named) & set(OTHERS)) if choice.audience is not A.OWN else ()
        wanted = an_operation(version=0, state=S.DRAFTED, detail_audience=choice.audience, named=tuple(sorted(named)))
        by = an_actor(OWNER, Role.COORDINATOR)
        operation, *said = Operation.draft(wanted, self.frame, by)
        self.operation, self.chosen = operation, Choice(choice.audience, operation.named)
        self.hear(said)
        if begin is not S.DRAFTED:
            self.schedules(by, hold == 2)
        if begin is S.UNDER_WAY:
            self.steps(by, "start")
            self.posts("first")

    @precondition(lambda self: self.operation.state is S.DRAFTED)
    @rule(by=owners, hold=st.booleans())
    def schedules(self, by: Actor, hold: bool) -> None:
        # only the owner's coordinator gets further than this: what the machine hears is judged by it
        was, self.home = self.home, hold
        done = self.do("commit operation", by, lambda by: self.operation.schedule(self.frame, None, hold, by, self.now))
        self.home = hold if done else was

    @rule(by=owners)
    def releases_headline(self, by: Actor) -> None:
        was, self.home = self.home, False
        if self.do("commit operation", by, lambda by: self.operation.release_headline(self.frame, by)):
            self.hear([part for update in self.updates for part in update.release(self.operation, self.frame)])
        else:
            self.home = was

    @precondition(lambda self: len(self.said) > 14 or self.operation.state is S.SCHEDULED)
    @rule(by=owners, step=st.sampled_from(("start", "start", "start", "complete", "cancel")))
    def steps(self, by: Actor, step: str) -> None:
        what = "commit operation" if step == "cancel" else "run operation"
        self.do(what, by, lambda by: getattr(self.operation, step)(self.frame, self.now, by))

    @rule(by=owners, choice=st.one_of(st.none(), st.none(), choices), title=st.sampled_from(("a", "b", "")))
    def amends(self, by: Actor, choice: Choice | None, title: str) -> None:
        operation = self.operation
        to = Amendment(
            kind=OperationKind.TRAINING, window=operation.window, brief=Brief(title=title),
            detail_audience=choice.audience if choice else None, named=choice.named if choice else None,
        )  # fmt: skip
        drafted = operation.state is S.DRAFTED
        before = self.chosen
        done = self.do(
            "draft operation" if drafted else "commit operation", by, lambda by: amend(operation, to, self.frame, by),
            choice if drafted else None,
        )  # fmt: skip
        if not done or not drafted:
            assert self.chosen == before, "an amendment of what is scheduled gives the detail to nobody else"

    @rule(by=owners, choice=choices)
    def releases(self, by: Actor, choice: Choice) -> None:
        was, self.chosen = self.chosen, choice
        held_by = self.allowed_by(was)
        if self.do("disclose detail", by, lambda by: disclosing.release(
            self.operation, self.updates, choice, self.frame, by
        ), choice):  # fmt: skip
            assert held_by <= self.allowed()
        else:
            self.chosen = was

    @rule(by=owners, choice=choices)
    def recalls(self, by: Actor, choice: Choice) -> None:
        before = self.allowed()
        if self.do("disclose detail", by, lambda by: disclosing.recall(
            self.operation, choice, self.frame, by, self.now
        ), choice):  # fmt: skip
            assert self.allowed() <= before
            lost = before - self.allowed()
            assert lost <= {one.recipient for one in self.operation.recalls if one.purged_at is None}
            if lost:
                self.hear(list(disclosing.said_again(self.operation, self.updates, self.frame, by)))

    @rule(wider=choices, narrower=choices)
    def gives_and_takes_back(self, wider: Choice, narrower: Choice) -> None:
        """Rare by chance, and much comes only after it."""
        by = an_actor(OWNER, Role.COORDINATOR)
        for choice in (wider, Choice(A.PARTICIPANTS, self.chosen.named)):
            self.releases(by, choice)
        self.posts("between")
        for choice in (narrower, Choice(A.OWN)):
            self.recalls(by, choice)

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
                self.hear([said])

    @rule(by=near, number=ids)
    def pledges(self, by: Actor, number: UUID) -> None:
        resource = Resource(id=number, party="LK", kind=ResourceKind.VESSELS, planned=number.int)
        if any(one.id == number for one in self.operation.means):
            return
        self.do("pledge resource", by, lambda by: work.pledge(self.operation, resource, self.frame, by), work_on=True)

    @rule(number=ids)
    def others_try_to_move_what_interpol_brings(self, number: UUID) -> None:
        if "INTERPOL" not in self.allowed():
            self.releases(an_actor(OWNER, Role.COORDINATOR), Choice(self.chosen.audience, ("INTERPOL",)))
        self.pledges(an_actor("INTERPOL", Role.COORDINATOR), number)
        for party in (OWNER, "LK", "INTERPOL"):
            self.moves(an_actor(party, Role.COORDINATOR), number, ResourceState.CONFIRMED)

    @rule(by=near, number=ids, status=st.sampled_from(ResourceState))
    def moves(self, by: Actor, number: UUID, status: ResourceState) -> None:
        before = {one.id: one.status for one in self.operation.means}
        what = "confirm resource" if status is ResourceState.CONFIRMED else "pledge resource"
        if self.do(what, by, lambda by: work.move(self.operation, number, status, 1, self.frame, by), work_on=True):
            assert status in work.NEXT[before[number]]

    @rule(
        by=owners, number=ids, party=st.sampled_from((OWNER, "INTERPOL", "LK", "AU")), hours=st.integers(0, 30),
        after=st.sets(ids, max_size=2),
    )  # fmt: skip
    def sets_task(self, by: Actor, number: UUID, party: str, hours: int, after: set[UUID]) -> None:
        due = self.now + timedelta(hours=hours)
        task = Task(id=number, title="A task", party=party, due=due, after=tuple(sorted(after)))
        self.do("run operation", by, lambda by: work.set_task(self.operation, task, self.frame, by, self.now))

    @rule(by=near, number=ids)
    def finishes(self, by: Actor, number: UUID) -> None:
        if self.do("run operation", by, lambda by: work.finish(
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
                self.hear(list(said))

    @rule(number=ids, party=st.sampled_from((OWNER, "INTERPOL")))
    def a_task_comes_too_late(self, number: UUID, party: str) -> None:
        self.sets_task(an_actor(OWNER, Role.COORDINATOR), number, party, 3, set())
        self.time_passes(4)

    @rule(text=st.sampled_from(("here", "there")))
    def posts(self, text: str) -> None:
        update = an_update(self.operation, text=text, officer="o")
        try:
            posted, *said = Update.post(update, self.operation, self.frame, an_actor(OWNER, Role.LIAISON_OFFICER))
        except Refusal:
            return
        self.updates.append(posted)
        self.hear(said)

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
            self.hear([*said, *disclosing.said_again(self.operation, self.updates, self.frame, by)])

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
            self.hear([*said, *(part for parts in updates for part in parts)])

    @rule(state=st.sampled_from((*[P.ACTIVE] * 9, P.ADOPTED, P.CLOSED)))
    def period_becomes(self, state: PeriodState) -> None:
        self.frame = replace(self.frame, state=state)

    @invariant()
    def who_belongs_to_the_period_has_what_the_owner_gave_it_and_nothing_else(self) -> None:
        """Who has left keeps what it had until the next is said; of what was recalled nothing is left anywhere."""
        for readers in self.holding.values():
            assert readers & set(self.frame.belonging) == self.allowed() & set(self.frame.belonging)

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


OperationMachine.TestCase.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
test_whatever_is_asked_of_an_operation = OperationMachine.TestCase
