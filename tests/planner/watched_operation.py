"""An operation under watch: who was told what by whose word, in words of the test's own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis.stateful import RuleBasedStateMachine

from services.planner.domain import work
from services.planner.domain.disclosing import Choice
from services.planner.domain.operation import NEXT, Operation
from services.planner.domain.permissions import may
from services.planner.domain.update import Update
from shared.actor import Actor
from shared.errors import NotFound, Refusal
from shared.events.base import Event
from shared.events.planner import (
    DetailEvent,
    DetailRecalled,
    OperationBriefed,
    ResourceStated,
    TaskOverdue,
    TaskStated,
    UpdateDetailed,
)
from shared.vocabulary import DetailAudience
from tests.builders import NOON, a_frame

A = DetailAudience
OWNER, OTHERS = "NZ", ("LK", "TH", "INTERPOL")
HOME = {OWNER}


class Watched(RuleBasedStateMachine):
    """What is asked of an operation of NZ goes through `do`, and what is said of it through `hear`."""

    operation: Operation

    def begin(self) -> None:
        self.now: datetime = NOON
        self.frame = a_frame(joined=(OWNER, "LK", "TH"))
        self.said: list[Event] = []
        self.updates: list[Update] = []
        self.chosen, self.home = Choice(A.OWN), True
        self.holding: dict[UUID | None, set[str]] = {}
        self.overdue: list[tuple[UUID, datetime]] = []

    def allowed(self) -> set[str]:
        """Whom the owner gave the detail, in the test's own words."""
        if self.home or self.chosen.audience is A.OWN:
            return set(HOME)
        every = set(self.frame.participants) if self.chosen.audience is A.PARTICIPANTS else set()
        return {OWNER, *self.chosen.named, *every}

    def hear(self, said: list[Event]) -> None:
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
            assert readers <= self.allowed()
        elif self.home:
            assert readers == HOME
        else:
            assert parties <= {OWNER, *self.frame.participants, *self.chosen.named}

    def do(
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
        assert {one.party for one in {*after.means} - {*before.means}} <= {by.party}, "no party pledges for another"
        if by.party != OWNER:
            self._is_its_own(before, after, by.party)
        self.operation, self.chosen = after, choice or self.chosen
        self.hear(said)
        return True

    def _is_its_own(self, before: Operation, after: Operation, party: str) -> None:
        """Another party changes its own resources, and says of its own tasks that they are done; nothing else."""
        same = {"means": (), "tasks": ()}
        assert before.model_copy(update=same) == after.model_copy(update=same)
        for task in {*after.tasks} - {*before.tasks}:
            assert (task.party, task.done_at) == (party, self.now)

    def allowed_by(self, choice: Choice) -> set[str]:
        now, self.chosen = self.chosen, choice
        found = self.allowed()
        self.chosen = now
        return found
