"""A period as the planner tells it: each aggregate's events in their order, to be heard in any order across them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

from shared.events.base import Event, audience_of
from shared.events.planner import (
    HeadlineReleased,
    InvitationAnswered,
    Objective,
    OperationCancelled,
    OperationCompleted,
    OperationDrafted,
    OperationEvent,
    OperationScheduled,
    OperationStarted,
    ParticipantLeft,
    PeriodClosed,
    PeriodProposed,
    PeriodSealed,
    PlanAmended,
    Reached,
    UpdatePosted,
    UpdateReleased,
    UpdateReturned,
    UpdateValidated,
    Window,
)
from shared.vocabulary import Answer, Indicator, OperationKind, OperationState, UpdateKind
from tests.builders import NOON

I = Indicator  # noqa: E741
ARRESTS = Objective(id=uuid5(UUID(int=0), "arrests"), title="Arrest facilitators", indicator=I.ARRESTS, target=20)
TRAINED = Objective(
    id=uuid5(UUID(int=0), "trained"), title="Train officers", indicator=I.OFFICERS_TRAINED, baseline=5, target=50
)


@dataclass
class Story:
    """NZ and LK take part; AU chairs too and does not take part; TH observes, INTERPOL supports."""

    participants: tuple[str, ...] = ("LK", "NZ")
    id: UUID = field(default_factory=uuid7)
    period: list[Event] = field(default_factory=list)
    operations: dict[UUID, list[Event]] = field(default_factory=dict)
    owners: dict[UUID, str] = field(default_factory=dict)
    held: set[UUID] = field(default_factory=set)
    updates: dict[UUID, UpdatePosted] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._period(
            PeriodProposed,
            title="1st Joint Period of Action",
            focus=(),
            first_day=date(2015, 9, 28),
            last_day=date(2015, 10, 28),
            co_chairs=("AU", "NZ"),
            invited=("LK", "NZ", "TH"),
            supporting=("INTERPOL",),
            objectives=(ARRESTS, TRAINED),
        )
        for party in self.participants:
            self._period(InvitationAnswered, party=party, answer=Answer.JOINED, by="somebody")
        self._period(InvitationAnswered, party="TH", answer=Answer.OBSERVING, by="somebody")

    @property
    def events(self) -> list[Event]:
        return [*self.period, *(event for events in self.operations.values() for event in events)]

    def operation(self, owner: str, hold: bool = False, started: bool = True) -> UUID:
        """Drafted, scheduled and under way."""
        key = uuid7()
        self.owners[key], self.operations[key] = owner, []
        self.held.add(key)  # a draft is its owner's alone, as a held one is
        self._headline(OperationDrafted, key, OperationState.DRAFTED)
        if not hold:
            self.held.discard(key)
        self._headline(OperationScheduled, key, OperationState.SCHEDULED)
        if started:
            self._operation(OperationStarted, key, at=NOON, by="somebody")
        return key

    def complete(self, operation: UUID) -> None:
        self._operation(OperationCompleted, operation, at=NOON, by="somebody")

    def cancel(self, operation: UUID) -> None:
        self._operation(OperationCancelled, operation, at=NOON, by="somebody")

    def update(self, operation: UUID, supersedes: UUID | None = None, **counts: int) -> UUID:
        update_id = uuid7()
        said = {Indicator(name): value for name, value in counts.items()}
        self.updates[update_id] = self._operation(
            UpdatePosted, operation, update_id=update_id, kind=UpdateKind.RESULT, happened_at=NOON, counts=said,
            supersedes=supersedes,
        )  # fmt: skip
        return update_id

    def validate(self, update: UUID) -> None:
        self._operation(UpdateValidated, self.updates[update].operation_id, update_id=update, by="somebody")

    def send_back(self, update: UUID) -> None:
        self._operation(UpdateReturned, self.updates[update].operation_id, update_id=update, by="somebody")

    def release(self, operation: UUID, **statuses: str) -> None:
        """End the hold; the updates come with the status that is given by their id's text, else provisional."""
        self.held.discard(operation)
        self._headline(HeadlineReleased, operation, OperationState.UNDER_WAY)
        for update in [u for u in self.updates.values() if u.operation_id == operation]:
            self._operation(
                UpdateReleased, operation, update_id=update.update_id, kind=update.kind, happened_at=NOON,
                counts=update.counts, status=statuses.get(str(update.update_id), "provisional"), posted_at=NOON,
            )  # fmt: skip

    def join_late(self, party: str) -> None:
        """What the others see is opened to it; nothing of that is said to them again."""
        self._period(InvitationAnswered, party=party, answer=Answer.JOINED, by="somebody")
        self.participants = (*self.participants, party)
        for operation in [key for key in self.operations if key not in self.held]:
            window = Window(starts_at=NOON, ends_at=NOON)
            opened = {"audience": (party,), "to_newcomers": True}
            self._operation(
                HeadlineReleased, operation, kind=OperationKind.VISA_CHECKS, status=OperationState.UNDER_WAY, window=window,
                **opened,
            )  # fmt: skip
            for update in [u for u in self.updates.values() if u.operation_id == operation]:
                self._operation(
                    UpdateReleased, operation, update_id=update.update_id, kind=update.kind, happened_at=NOON,
                    counts=update.counts, status="provisional", posted_at=NOON, **opened,
                )  # fmt: skip

    def leave(self, party: str) -> None:
        self._period(ParticipantLeft, party=party, by="somebody")
        self.participants = tuple(one for one in self.participants if one != party)

    def amend(self, *objectives: Objective) -> None:
        self._period(PlanAmended, party="NZ", plan_version=2, amends=1, objectives=objectives)

    def close(self) -> None:
        self._period(PeriodClosed, at=NOON, by="somebody")
        reached = [
            Reached(operation_id=key, sequences={OperationEvent.topic: len(events), "planner.details": 9})
            for key, events in self.operations.items()
        ]
        self.period.append(PeriodSealed(period_id=self.id, operations=tuple(reached)))

    def _period(self, kind: type[Event], /, **said: Any) -> None:
        self.period.append(kind(period_id=self.id, version=len(self.period) + 1, **said))

    def _operation(self, kind: type[Event], operation: UUID, /, **said: Any) -> Any:
        owner = self.owners[operation]
        readers = (owner,) if operation in self.held else audience_of(self.participants, co_chair=["AU"])
        event = kind(operation_id=operation, period_id=self.id, party=owner, **{"audience": readers, **said})
        self.operations[operation].append(event)
        return event

    def _headline(self, kind: type[Event], operation: UUID, status: OperationState) -> None:
        window = Window(starts_at=NOON, ends_at=NOON)
        self._operation(kind, operation, kind=OperationKind.VISA_CHECKS, status=status, window=window)
