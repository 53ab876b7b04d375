"""Whatever is asked of an update by whomever: no forbidden status, and a state of origin never learns of it unreleased."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.planner.domain.frame import Frame
from services.planner.domain.permissions import may
from services.planner.domain.update import NEXT, Update
from shared.actor import Actor
from shared.errors import NotFound, Refusal
from shared.events.base import Event
from shared.events.planner import (
    OriginReleased,
    OriginWithheld,
    UpdateDetailed,
    UpdatePosted,
    UpdateReleased,
    UpdateReturned,
    UpdateValidated,
)
from shared.vocabulary import DetailAudience, ProtectionConcern, Role, UpdateKind, UpdateStatus
from tests.builders import a_frame, an_actor, an_operation, an_update

ROLES = (Role.LIAISON_OFFICER, Role.COORDINATOR, Role.RIGHTS_OFFICER, Role.OBSERVER, Role.OPERATOR)
parties = st.sampled_from(("NZ", "NZ", "NZ", "LK", "TH", "AU"))
anybody = st.builds(an_actor, parties, st.sampled_from(ROLES), name=st.sampled_from("ab"))
some = st.sampled_from(((), ("TH",), ("LK",), ("LK", "TH"), ("ZZ",), ("NZ",)))
concerns = st.sampled_from((None, ProtectionConcern.WITNESS))
STATUS = {UpdateValidated: UpdateStatus.VALIDATED, UpdateReturned: UpdateStatus.RETURNED}


class UpdateMachine(RuleBasedStateMachine):
    """Updates of NZ on an operation that all participants read in detail; others join and leave, a hold ends."""

    @initialize(held=st.booleans(), kind=st.sampled_from((UpdateKind.PROGRESS, UpdateKind.INCIDENT)))
    def begun(self, held: bool, kind: UpdateKind) -> None:
        self.operation = an_operation(detail_audience=DetailAudience.PARTICIPANTS, held=held)
        self.frame: Frame = a_frame()
        self.kind, self.updates, self.freed = kind, list[Update](), dict[UUID, set[str]]()
        self.said: list[Event] = []

    def _do(self, what: str, by: Actor, command: Callable[[Actor], Any]) -> Any:
        """As the use case does it; None when it is refused."""
        try:
            self.operation.require_owner(by, self.frame)
            may(by, what)
            after, *said = command(by)
        except Refusal as why:
            hidden = isinstance(why, NotFound)
        else:
            hidden = None
        if hidden is not None:
            assert hidden is not (by.reads(self.operation.headline_readers(self.frame)) or by.reads(("NZ",)))
            return None
        assert by.party == "NZ"
        self.said += said
        return after

    def _of(self, number: int) -> Update | None:
        return self.updates[number % len(self.updates)] if self.updates else None

    def _keep(self, update: Update) -> None:
        place = [one.id for one in self.updates].index(update.id)
        before = self.updates[place].status
        assert update.status is before or update.status in NEXT[before]
        self.updates[place] = update

    @rule(by=anybody, concern=concerns, origins=some, corrects=st.integers(-3, 6))
    def posts(self, by: Actor, concern: ProtectionConcern | None, origins: tuple[str, ...], corrects: int) -> None:
        earlier = self._of(corrects) if corrects >= 0 else None
        made = an_update(
            self.operation, id=UUID(int=len(self.said) + 1000), kind=self.kind, counts={}, text="x", posted_by=by.id,
            protection_concern=concern, origins=origins, supersedes=earlier.id if earlier else None, party="NZ",
        )  # fmt: skip
        if earlier is not None and UpdateStatus.SUPERSEDED not in NEXT[earlier.status]:
            return
        posted = self._do("post update", by, lambda by: Update.post(made, self.operation, self.frame, by, earlier))
        if posted is None:
            return
        self.updates.append(posted)
        if earlier is not None:
            assert set(earlier.origins) <= set(posted.origins), "a correction tells nobody more"
            self._keep(earlier.supersede())
        while earlier is not None and posted.origins:
            shielded, *said = next(one for one in self.updates if one.id == earlier.id).shield(
                posted, self.operation, self.frame
            )
            self._keep(shielded)
            self.said += said
            earlier = next((one for one in self.updates if one.id == shielded.supersedes), None)

    @rule(by=anybody, number=st.integers(0, 6), well=st.booleans())
    def judges(self, by: Actor, number: int, well: bool) -> None:
        if update := self._of(number):
            steps = (update.validate_counts, lambda *given: update.send_back("Why?", *given))
            judged = self._do("judge update", by, lambda by: steps[not well](self.operation, self.frame, by))
            if judged is not None:
                assert by.id != update.posted_by
                self._keep(judged)

    @rule(by=anybody, number=st.integers(0, 6), states=some, why=st.sampled_from(("", "They asked for it.")))
    def releases(self, by: Actor, number: int, states: tuple[str, ...], why: str) -> None:
        if update := self._of(number):
            freed = self._do("release origin", by, lambda by: update.release_origins(
                states, why, self.operation, self.frame, by))  # fmt: skip
            if freed is not None:
                assert Role.RIGHTS_OFFICER in by.roles
                assert by.id != update.posted_by
                self._keep(freed)
                self.freed.setdefault(update.id, set()).update(states)

    @rule(joined=st.sets(st.sampled_from(("LK", "TH", "VN"))))
    def others_come_and_go(self, joined: set[str]) -> None:
        before = self.frame.participants
        self.frame = a_frame(joined=("NZ", *sorted(joined)))
        newcomers = set(self.frame.participants) - set(before)
        for update in self.updates:
            self.said += update.open_to(newcomers, self.operation, self.frame)

    @rule()
    def the_hold_ends(self) -> None:
        if self.operation.held:
            self.operation = self.operation.model_copy(update={"held": False})
            for update in self.updates:
                self.said += update.release(self.operation, self.frame)

    @invariant()
    def a_state_of_origin_learns_nothing_from_the_moment_it_is_named(self) -> None:
        kept: dict[UUID, set[str]] = {}
        for event in self.said:
            update_id = getattr(event, "update_id", None)
            if isinstance(event, OriginWithheld):
                kept.setdefault(update_id, set()).update(event.origins)
                assert event.audience == ("NZ",)
            elif isinstance(event, OriginReleased):
                kept[update_id] = set(event.origins)
                assert event.audience == ("NZ",)
            elif update_id in kept:
                assert kept[update_id].isdisjoint(entry.partition("#")[0] for entry in event.audience)
            assert "NZ" not in kept.get(update_id, set())

    @invariant()
    def the_events_tell_each_status_and_from_whom_it_is_kept(self) -> None:
        status: dict[UUID, UpdateStatus] = {}
        origins: dict[UUID, tuple[str, ...]] = {}
        for event in self.said:
            if isinstance(event, UpdatePosted):
                status[event.update_id] = UpdateStatus.PROVISIONAL
                if event.supersedes:
                    status[event.supersedes] = UpdateStatus.SUPERSEDED
            elif type(event) in STATUS:
                status[event.update_id] = STATUS[type(event)]  # type: ignore[attr-defined,index]
            elif isinstance(event, OriginWithheld | OriginReleased):
                origins[event.update_id] = event.origins
            elif isinstance(event, UpdateReleased):
                assert event.status == status[event.update_id]
            elif isinstance(event, UpdateDetailed):
                assert event.text == "x"
        assert {one.id: one.status for one in self.updates} == status
        assert {one.id: one.origins for one in self.updates if one.origins or one.id in origins} == origins


UpdateMachine.TestCase.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
test_whatever_is_asked_of_an_update = UpdateMachine.TestCase
