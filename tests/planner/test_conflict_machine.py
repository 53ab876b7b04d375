"""Whatever is scheduled, amended, ended and answered by whomever: conflicts are those that looking at every pair finds."""

from collections import Counter
from collections.abc import Coroutine
from datetime import timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.planner.domain.operation import Operation
from services.planner.domain.targets import Allowance
from services.planner.usecases import conflicts, deconfliction, operations
from shared.errors import Refusal
from shared.events.planner import (
    ConflictAnswered,
    ConflictEvent,
    ConflictFound,
    ConflictLapsed,
    ConflictSettled,
    ContactChanged,
    Window,
)
from shared.vocabulary import Role, Settlement
from tests.builders import a_coordinator, an_actor
from tests.planner.deconflicting import (
    STATES,
    World,
    a_place,
    a_target,
    a_window,
    an_operation_at,
    in_place_of_the_database,
)

NEAR = {frozenset({"BKK", "Bangkok"}), *(frozenset({one}) for one in ("BKK", "Bangkok", "Laem Chabang", "AKL"))}
owners = st.sampled_from(STATES)
places = st.lists(st.sampled_from(("BKK", "Bangkok", "Laem Chabang", "AKL")), max_size=2, unique=True)
windows = st.builds(a_window, st.integers(0, 6), st.integers(1, 4))
targets = st.builds(a_target, st.integers(0, 3))
anybody = st.builds(an_actor, st.sampled_from((*STATES, "VN")), st.sampled_from((Role.COORDINATOR, Role.LIAISON_OFFICER)))
LIVE = {"scheduled", "under_way"}


def overlaps(first: Operation, second: Operation, tokens: dict[UUID, frozenset[str]]) -> set[str]:
    """By looking: at their windows and the names of their places, and at their tokens."""
    found = set()
    at_once = first.window.starts_at < second.window.ends_at and second.window.starts_at < first.window.ends_at
    if at_once and any(frozenset({a.name, b.name}) in NEAR for a in first.places for b in second.places):
        found.add("window_and_place")
    if tokens.get(first.id, frozenset()) & tokens.get(second.id, frozenset()):
        found.add("target")
    return found


class ConflictMachine(RuleBasedStateMachine):
    """Operations of three states in one period; anybody may try anything."""

    @initialize()
    def begins(self) -> None:
        self.patches = in_place_of_the_database()
        self.patches.__enter__()
        self.before = deconfliction.allowance
        deconfliction.allow(Allowance(10**6, 10**6))
        self.world = World()
        self.looked = 0
        self.views: dict[str, dict[UUID, dict[str, Any]]] = {state: {} for state in STATES}

    def teardown(self) -> None:
        if hasattr(self, "patches"):
            deconfliction.allow(self.before)
            self.patches.__exit__(None, None, None)

    def run_(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Its answer, or with what it was refused; nothing here is waited for."""
        said, kept = len(self.world.said), dict(self.world.conflicts)
        self.world.now += timedelta(minutes=1)
        try:
            coroutine.send(None)
        except StopIteration as done:
            return done.value
        except Refusal as refusal:
            assert (len(self.world.said), self.world.conflicts) == (said, kept), "a refusal says and keeps nothing"
            return refusal
        raise AssertionError

    def pick(self, number: int, *states: str) -> Operation | None:
        found = [one for one in self.world.operations.values() if one.state in states]
        return found[number % len(found)] if found else None

    @rule(owner=owners, where=places, when=windows, named=st.lists(targets, max_size=2), hold=st.booleans())
    def schedules(self, owner: str, where: list[str], when: Window, named: list[Any], hold: bool) -> None:
        title = f"title-{len(self.world.operations)}-of-{owner}"
        draft = an_operation_at(owner, *where, period_id=self.world.period.id)
        draft = draft.model_copy(update={"window": when, "brief": draft.brief.model_copy(update={"title": title})})
        self.world.operations[draft.id] = draft
        actor = a_coordinator(owner)
        tx = self.world.acts(actor).tx
        if named:
            self.run_(conflicts.name_targets(tx, actor, draft.id, tuple(named)))
        done = self.run_(operations.schedule(tx, actor, draft.id, draft.version, None, hold))
        assert isinstance(done, Operation)

    @rule(number=st.integers(0, 99), where=places, when=windows)
    def amends(self, number: int, where: list[str], when: Window) -> None:
        if one := self.pick(number, *LIVE):
            self.world.acts(a_coordinator(one.owner))
            moved = one.model_copy(update={"places": tuple(map(a_place, where)), "window": when})
            self.run_(self.world.moves(moved))

    @rule(number=st.integers(0, 99), named=st.lists(targets, min_size=1, max_size=2), by=anybody, adds=st.booleans())
    def names_targets(self, number: int, named: list[Any], by: Any, adds: bool) -> None:
        if one := self.pick(number, *LIVE, "completed", "cancelled"):
            use_case = conflicts.name_targets if adds else conflicts.unname_targets
            actor = by if number % 4 == 0 else a_coordinator(one.owner)
            done = self.run_(use_case(self.world.acts(actor).tx, actor, one.id, tuple(named)))
            assert isinstance(done, Refusal) or (actor.party == one.owner and one.state in LIVE)

    @rule(number=st.integers(0, 99), end=st.sampled_from(("complete", "cancel", "start")))
    def ends(self, number: int, end: str) -> None:
        if one := self.pick(number, *LIVE):
            actor = a_coordinator(one.owner)
            step = getattr(operations, end)
            self.run_(step(self.world.acts(actor).tx, actor, one.id, one.version, self.world.now))

    @precondition(lambda self: getattr(self, "world", None) and self.world.conflicts)
    @rule(
        number=st.integers(0, 99), second=st.booleans(), given=st.sampled_from(Settlement), by=anybody, stale=st.booleans(),
        own=st.integers(0, 3),
    )  # fmt: skip
    def answers(self, number: int, second: bool, given: Settlement, by: Any, stale: bool, own: int) -> None:
        before = list(self.world.conflicts.values())[number % len(self.world.conflicts)]
        side = before.second if second else before.first
        actor = a_coordinator(side.party) if own else by
        expected = before.version - (stale and own == 1)
        done = self.run_(
            conflicts.answer(self.world.acts(actor).tx, actor, side.id, expected, given, f"words of {actor.party}")
        )
        if not isinstance(done, Refusal):
            assert (actor.party, before.state, expected) == (side.party, "open", before.version)
            assert Role.COORDINATOR in actor.roles

    @precondition(lambda self: getattr(self, "world", None) and self.world.conflicts)
    @rule(number=st.integers(0, 99), given=st.sampled_from(Settlement))
    def both_agree(self, number: int, given: Settlement) -> None:
        for second in (False, True):
            self.answers(number, second, given, None, False, 2)

    @rule(party=owners, text=st.sampled_from(("Day desk", "")))
    def is_reached(self, party: str, text: str) -> None:
        version = self.world.contacts[party].version if party in self.world.contacts else 0
        actor = a_coordinator(party)
        self.run_(conflicts.give_contact(self.world.acts(actor).tx, actor, version, text))

    @invariant()
    def each_party_knows_what_looking_at_every_pair_finds(self) -> None:
        if not hasattr(self, "world"):
            return
        self._hear()
        tokens = {known: one.tokens for known, one in self.world.targets.items()}
        live = [one for one in self.world.operations.values() if one.state in LIVE]
        found: dict[str, Counter[Any]] = {state: Counter() for state in STATES}
        kinds: dict[frozenset[UUID], set[str]] = {}
        for first, second in combinations(live, 2):
            if first.owner != second.owner and (how := overlaps(first, second, tokens)):
                found[first.owner][first.id, second.owner] += 1
                found[second.owner][second.id, first.owner] += 1
                kinds[frozenset((first.id, second.id))] = how
        for party, views in self.views.items():
            going = [view for view in views.values() if view["state"] != "lapsed"]
            assert Counter((view["operation"], view["other"]) for view in going) == found[party]
        for conflict in self.world.conflicts.values():
            mine, theirs = (self.views[side.party][side.id] for side in (conflict.first, conflict.second))
            stands = conflict.state, conflict.version
            assert (mine["state"], mine["version"]) == (theirs["state"], theirs["version"]) == stands
            assert mine["answers"] == theirs["answers"]
            assert mine["answers"] == {
                side.party: side.answer for side in (conflict.first, conflict.second) if side.answer
            }
            how = kinds.get(frozenset((conflict.first.operation_id, conflict.second.operation_id)), set())
            assert mine["kinds"] == theirs["kinds"]
            assert {"open": how == mine["kinds"], "settled": how and how <= mine["kinds"], "lapsed": not how}[conflict.state]
            assert (conflict.state == "settled") == (conflict.state != "lapsed" and len(set(mine["answers"].values())) == 1
                                                     and len(mine["answers"]) == 2)  # fmt: skip

    def _hear(self) -> None:
        """What each party makes of its own events, and that these name nothing of the others'."""
        for event in self.world.said[self.looked :]:
            if isinstance(event, ConflictEvent):
                (party,) = event.audience
                self._names_nothing_of_others(event, party)
                self._follow(self.views[party].setdefault(event.conflict_id, {}), event)
        self.looked = len(self.world.said)
        for conflict in self.world.conflicts.values():
            for side, other in ((conflict.first, conflict.second), (conflict.second, conflict.first)):
                assert side.id not in self.views[other.party]

    def _follow(self, view: dict[str, Any], event: ConflictEvent) -> None:
        match event:
            case ConflictFound():
                answers = view["answers"] if event.answers_stand else {}
                view.update(operation=event.operation_id, other=event.other_party, state="open", answers=answers)
                view["kinds"] = set(event.overlaps)
            case ConflictAnswered():
                view["answers"] = {**view["answers"], event.party: event.answer}
            case ConflictSettled():
                assert set(view["answers"].values()) == {event.settlement}
                view["state"] = "settled"
            case ConflictLapsed():
                view.update(state="lapsed", answers={})
            case ContactChanged():
                assert view["state"] != "lapsed"
        assert event.version >= view.get("version", 0)
        view["version"] = event.version

    def _names_nothing_of_others(self, event: ConflictEvent, party: str) -> None:
        said = event.public_bytes(self.world.now).decode()
        own_word = event.party == party
        for one in self.world.operations.values():
            if one.owner != party:
                assert str(one.id) not in said
                assert one.brief.title not in said
        assert own_word or "coordinator" not in said
        for word in ("BKK", "Bangkok", "Laem", "AKL", "13.", "starts_at", "ends_at", "0" * 20):
            assert word not in said


TestConflicts = ConflictMachine.TestCase
TestConflicts.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
