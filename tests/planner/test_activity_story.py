"""Whatever anybody tries with an activity, in any order and with any Working Group: it stays its owner's."""

from datetime import date, timedelta
from typing import Any
from unittest import mock
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.planner.domain.activity import Activity
from services.planner.domain.group import Group
from services.planner.usecases import programme
from shared.actor import Actor
from shared.errors import Refusal
from shared.events.base import Event
from shared.events.planner import (
    ActivityAgreed,
    ActivityCancelled,
    ActivityCompleted,
    ActivityDeclined,
    ActivityEvent,
    ActivityOverdue,
    ActivityProposed,
    ActivityRevised,
    ActivityShared,
    ActivityStarted,
    Document,
)
from shared.vocabulary import Role
from tests.builders import a_chair, a_coordinator, an_officer
from tests.planner.memory import Kept, MemoryWorld, a_group, an_activity, everyone

PARTIES = ("NZ", "LK", "TH", "AU")
OWNER = "LK"
# its owner comes most often, so that stories come beyond the first steps
OFTEN = (a_coordinator(OWNER), a_coordinator(OWNER), a_chair(OWNER), an_officer(OWNER), a_chair(), a_coordinator("NZ"))
ACTORS = st.one_of(st.sampled_from(OFTEN), st.sampled_from(OFTEN), st.sampled_from(everyone(*PARTIES)))
STALE = st.sampled_from((False, False, False, True))
COMMITS = {Role.COORDINATOR, Role.RSO_OFFICER}
MAY = {"agree": COMMITS, "decline": COMMITS, "cancel": COMMITS | {Role.CO_CHAIR}}
FOLLOWS = {
    ("", "proposed"), ("proposed", "agreed"), ("proposed", "declined"), ("proposed", "cancelled"),
    ("agreed", "under_way"), ("agreed", "completed"), ("agreed", "cancelled"), ("under_way", "completed"),
    ("under_way", "cancelled"),
}  # fmt: skip
BECOMES: dict[type[Event], str] = {
    ActivityProposed: "proposed", ActivityAgreed: "agreed", ActivityDeclined: "declined", ActivityStarted: "under_way",
    ActivityCompleted: "completed", ActivityCancelled: "cancelled",
}  # fmt: skip
NOTES: dict[type[Event], str] = {
    ActivityAgreed: "note", ActivityDeclined: "reason", ActivityCompleted: "result", ActivityCancelled: "reason",
}  # fmt: skip
OF_OWNER = ("title", "description", "due", "documents")


def told(events: list[ActivityEvent]) -> dict[str, Any]:
    """What a reader of all of them knows."""
    known: dict[str, Any] = {"state": "", "note": "", "overdue": None}
    for event in events:
        state = BECOMES.get(type(event), known["state"])
        if state != known["state"]:
            assert (known["state"], state) in FOLLOWS
        known |= {"state": state, "version": event.version}
        if isinstance(event, (ActivityProposed, ActivityRevised)):
            known |= {name: getattr(event, name) for name in OF_OWNER}
        if note := NOTES.get(type(event)):
            known["note"] = getattr(event, note)
        if isinstance(event, ActivityOverdue):
            assert known["overdue"] != event.due, "a day that passed is told once"
            known["overdue"] = event.due
        if isinstance(event, ActivityShared):  # by itself it tells a newcomer as much
            assert {name: getattr(event, name) for name in OF_OWNER} == {name: known[name] for name in OF_OWNER}
            assert (event.status.value, event.note, event.owner) == (state, known["note"], OWNER)
            assert event.is_overdue == (known["overdue"] == known["due"])
    return known


class Story(RuleBasedStateMachine):
    """Anybody may try anything; what is accepted is looked at from outside."""

    @initialize()
    def propose(self) -> None:
        self.world, self.kept, self.groups = MemoryWorld(), Kept(Activity), Kept(Group)
        self.patches = [
            mock.patch.object(programme, "Activities", self.kept), mock.patch.object(programme, "Groups", self.groups),
        ]  # fmt: skip
        for patch in self.patches:
            patch.start()
        group = a_group("LK", "NZ", "TH")
        self.groups._rows[group.id] = group.model_dump_json()
        self.readers: list[tuple[Event, set[str]]] = []
        asked = an_activity(OWNER, version=0)
        self.id: UUID = asked.id
        self._heard(self.world.do(programme.propose, a_chair(), asked))

    def teardown(self) -> None:
        for patch in getattr(self, "patches", ()):
            patch.stop()

    @property
    def now(self) -> Activity:
        return self.kept.now(self.id)

    @property
    def members(self) -> set[str]:
        return set(self.groups.now(a_group().id).members)

    def _heard(self, result: list[Event] | Refusal) -> None:
        assert isinstance(result, list)
        self.readers += [(event, self.members | {OWNER}) for event in result if isinstance(event, ActivityEvent)]

    def try_it(self, actor: Actor, name: str, *given: Any, stale: bool = False) -> None:
        before = self.now
        result = self.world.do(getattr(programme, name), actor, self.id, before.version - stale, *given)
        if isinstance(result, Refusal):
            assert self.now == before
            return
        assert not stale, "one who looked at an older version changes nothing"
        assert before.state.value not in {"completed", "declined", "cancelled"}
        assert actor.roles & MAY.get(name, COMMITS | {Role.LIAISON_OFFICER})
        if name == "cancel" and before.state.value == "proposed" and actor.party != OWNER:
            assert Role.CO_CHAIR in actor.roles
            assert actor.party in self.members
        else:
            assert actor.party == OWNER
        self._heard(result)

    @rule(actor=ACTORS, stale=STALE, note=st.sampled_from(("", "In Colombo.")))
    def agree(self, actor: Actor, stale: bool, note: str) -> None:
        self.try_it(actor, "agree", note, stale=stale)

    @rule(actor=ACTORS, stale=STALE, reason=st.sampled_from(("Not this year.", "No.", "")))
    def decline(self, actor: Actor, stale: bool, reason: str) -> None:
        self.try_it(actor, "decline", reason, stale=stale)

    @rule(actor=ACTORS, stale=STALE)
    def start(self, actor: Actor, stale: bool) -> None:
        self.try_it(actor, "start", stale=stale)

    @rule(actor=ACTORS, stale=STALE, result=st.sampled_from(("", "31 officers trained.")))
    def complete(self, actor: Actor, stale: bool, result: str) -> None:
        self.try_it(actor, "complete", result, stale=stale)

    @rule(actor=ACTORS, stale=STALE, reason=st.sampled_from(("Taken into another.", "No.", "")))
    def cancel(self, actor: Actor, stale: bool, reason: str) -> None:
        self.try_it(actor, "cancel", reason, stale=stale)

    @rule(
        actor=ACTORS, stale=STALE, title=st.sampled_from(("", "Course", "Longer course")),
        days=st.integers(-10, 60), documents=st.sampled_from(((), (Document(title="Outline, version 2"),))),
    )  # fmt: skip
    def revise(self, actor: Actor, stale: bool, title: str, days: int, documents: tuple[Document, ...]) -> None:
        due: date = self.world.now.date() + timedelta(days=days)
        self.try_it(actor, "revise", title, "In words.", due, documents, stale=stale)

    @rule(days=st.integers(1, 40))
    def its_owner_works_on_it_and_time_passes(self, days: int) -> None:
        """The way that it is meant to go, so that stories come beyond the first step."""
        owner = next(one for one in everyone(OWNER) if Role.COORDINATOR in one.roles)
        if self.now.state.value == "proposed":
            self.agree(owner, False, "")
        self.time_passes(days, 2)

    @rule(days=st.integers(0, 40), looks=st.integers(1, 3))
    def time_passes(self, days: int, looks: int) -> None:
        """However often the clock looks, and however many look."""
        self.world.pass_time(days=days)
        for _ in range(looks):
            before = self.now
            said = self.world.do(programme.tell_overdue, None, self.id)
            self._heard(said)
            if said:
                assert before.state.value in {"agreed", "under_way"}
                assert self.world.now.date() >= before.due

    @rule(add=st.sets(st.sampled_from(PARTIES), max_size=2), remove=st.sets(st.sampled_from(PARTIES), max_size=2))
    def the_operator_names_members(self, add: set[str], remove: set[str]) -> None:
        result = self.world.do(programme.name_members, None, frozenset(add), frozenset(remove))
        if not isinstance(result, Refusal):
            self._heard(result)
            # who is of it now has been told how the activity stands
            assert not result or any(isinstance(event, ActivityShared) for event in result)
            assert len(self.members) >= 2

    @invariant()
    def its_events_tell_it_whole(self) -> None:
        if not hasattr(self, "world"):
            return
        events = [event for event in self.world.said if isinstance(event, ActivityEvent)]
        one, known = self.now, told(events)
        assert known["version"] == one.version == len(events)
        assert (known["state"], known["note"], known["overdue"]) == (one.state.value, one.note, one.overdue)
        assert {name: known[name] for name in OF_OWNER} == {name: getattr(one, name) for name in OF_OWNER}

    @invariant()
    def every_member_hears_it_and_nobody_else(self) -> None:
        for event, entitled in getattr(self, "readers", ()):
            assert set(event.audience) == entitled


Story.TestCase.settings = settings(max_examples=200, stateful_step_count=20, deadline=None, derandomize=True)
test_any_story_of_an_activity = Story.TestCase
