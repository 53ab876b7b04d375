"""Stories of operations and their updates: as events, and as what anyone can work out from them with a pencil."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

from shared.events.base import Event, internal_bytes
from shared.events.planner import (
    HeadlineReleased,
    OperationScheduled,
    OperationStarted,
    PeriodProposed,
    UpdateDetailed,
    UpdatePosted,
    UpdateReleased,
    UpdateReturned,
    UpdateValidated,
    Window,
)
from shared.vocabulary import Focus, Indicator, OperationKind, OperationState, UpdateKind
from tests.intel.hearing import Record

BEGIN = datetime(2026, 3, 1, 9, tzinfo=UTC)
EVERYONE = ("LK", "NZ", "VN")
OWNERS = ("NZ", "LK", "NZ")
HELD = (False, True, True)
"""Three operations; two of them are for their own party only, until their headline is released."""


@dataclass
class Posted:
    """An update as it stands."""

    id: UUID
    operation: int
    counts: dict[Indicator, int]
    audience: tuple[str, ...]
    at: datetime
    status: str = "provisional"


@dataclass
class Story:
    """What happened, said as its planner would say it. The same steps make the same story with other ids."""

    beside: "Story | None" = None
    """Another story of the same period."""
    updates: list[Posted] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root = uuid7()
        self.period_id = self.beside.period_id if self.beside else self.id("period")
        self.operation_ids = [self.id(f"operation {n}") for n in range(3)]
        self.now = BEGIN
        self.open = [not held for held in HELD]
        if not self.beside:
            self.say(
                PeriodProposed(
                    period_id=self.period_id, version=1, title="A period", focus=(Focus.AIR,),
                    first_day=date(2026, 2, 20), last_day=date(2026, 5, 1), co_chairs=("NZ",), invited=EVERYONE,
                    party="NZ", audience=EVERYONE,
                )
            )  # fmt: skip
        for n in range(3):
            self.say(self._headline(OperationScheduled, n))
            at = {"operation_id": self.operation_ids[n], "period_id": self.period_id}
            self.say(OperationStarted(**at, version=3, at=BEGIN, by="x", party=OWNERS[n], audience=self.readers(n)))

    def id(self, name: str) -> UUID:
        return uuid5(self.root, name)

    def readers(self, operation: int) -> tuple[str, ...]:
        return EVERYONE if self.open[operation] else (OWNERS[operation],)

    def say(self, event: Event) -> None:
        self.now += timedelta(hours=7)
        place = (event.topic, event.key)
        number = self._numbers[place] = self._numbers.get(place, 0) + 1
        body = internal_bytes(event.public_bytes(self.now), number, " ".join(event.audience), "")
        self.records.append(Record(event.topic, len(self.records), event.key.encode(), body))

    def post(self, operation: int, counts: dict[Indicator, int], corrects: Posted | None = None) -> None:
        update = Posted(self.id(f"update {len(self.updates)}"), operation, counts, self.readers(operation), self.now)
        known = {"operation_id": self.operation_ids[operation], "period_id": self.period_id, "update_id": update.id}
        known |= {"party": OWNERS[operation]}
        said = UpdatePosted(
            **known, version=1, kind=UpdateKind.RESULT, happened_at=BEGIN, counts=counts, audience=update.audience,
            supersedes=corrects.id if corrects else None,
        )  # fmt: skip
        if corrects:
            corrects.status = "superseded"
        self.say(said)
        update.at = self.now
        self.updates.append(update)
        self.say(UpdateDetailed(**known, text="In words.", audience=(OWNERS[operation],)))

    def judge(self, update: Posted, validated: bool) -> None:
        kind = UpdateValidated if validated else UpdateReturned
        update.status = "validated" if validated else "returned"
        self.say(
            kind(
                operation_id=self.operation_ids[update.operation], period_id=self.period_id, update_id=update.id,
                version=2, by="x", party=OWNERS[update.operation], audience=update.audience,
            )
        )  # fmt: skip

    def release(self, operation: int) -> None:
        self.open[operation] = True
        self.say(self._headline(HeadlineReleased, operation))
        for update in self.updates:
            if update.operation == operation:
                update.audience = EVERYONE
                self.say(
                    UpdateReleased(
                        operation_id=self.operation_ids[operation], period_id=self.period_id, update_id=update.id,
                        version=3, kind=UpdateKind.RESULT, happened_at=BEGIN, counts=update.counts, status=update.status,
                        posted_at=update.at, party=OWNERS[operation], audience=EVERYONE,
                    )
                )  # fmt: skip

    def _headline(self, kind: type[OperationScheduled] | type[HeadlineReleased], operation: int) -> Event:
        return kind(
            operation_id=self.operation_ids[operation], period_id=self.period_id, version=2,
            kind=OperationKind.VISA_CHECKS, status=OperationState.SCHEDULED,
            window=Window(starts_at=BEGIN, ends_at=BEGIN + timedelta(days=40)), held=not self.open[operation],
            party=OWNERS[operation], audience=self.readers(operation),
        )  # fmt: skip

    # what anyone can work out

    def seen_by(self, party: str) -> list[Posted]:
        return [update for update in self.updates if party in update.audience]

    def totals(self, party: str) -> dict[tuple[str, str], tuple[int, int, int]]:
        """Validated, provisional and how many updates, by indicator and reporting party."""
        sums: dict[tuple[str, str], tuple[int, int, int]] = {}
        for update in self.seen_by(party):
            for indicator, value in update.counts.items():
                if update.status in {"validated", "provisional"}:
                    place = (indicator.value, OWNERS[update.operation])
                    validated, provisional, n = sums.get(place, (0, 0, 0))
                    more = (value, 0) if update.status == "validated" else (0, value)
                    sums[place] = (validated + more[0], provisional + more[1], n + 1)
        return sums

    def counts(self, party: str, operation: int | None = None, before: date = date.max) -> dict[str, int]:
        """What stands, by indicator."""
        sums: dict[str, int] = {}
        for update in self.seen_by(party):
            wanted = operation in (None, update.operation) and update.at.date() < before
            for indicator, value in update.counts.items() if wanted else ():
                if update.status in {"validated", "provisional"} and value:
                    sums[indicator.value] = sums.get(indicator.value, 0) + value
        return sums
