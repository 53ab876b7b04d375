"""A distress at sea: reported to everybody of the period at once, kept up to date, and closed by whoever reported it."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.planner.domain.frame import PeriodNotOpen
from services.planner.domain.period import Period
from shared.actor import Actor
from shared.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from shared.events.planner import DistressClosed, DistressReported, DistressRevised
from shared.vocabulary import DistressOutcome, DistressState, PeriodState

S = DistressState
NEXT: dict[DistressState, set[DistressState]] = {
    S.OPEN: {S.OPEN, S.CLOSED},
    S.CLOSED: set(),
}
MOST_PERSONS = 100_000


class DistressOver(Conflict):
    """It was closed."""


class Known(BaseModel):
    """What is known of it. Nothing of this must be known for it to go out, as long as something is."""

    model_config = ConfigDict(frozen=True)

    happened_at: datetime
    latitude: float | None = None
    longitude: float | None = None
    place: str = ""
    persons_on_board: int | None = None
    vessel: str = ""
    contact: str = ""
    text: str = ""
    language: str = ""

    def at_most(self, now: datetime) -> Self:
        """As it is kept: a clock that is fast, or a number of persons that is none, stops no report."""
        persons = self.persons_on_board if self.persons_on_board in range(MOST_PERSONS + 1) else None
        return self.model_copy(update={"happened_at": min(self.happened_at, now), "persons_on_board": persons})

    def require_findable(self) -> None:
        """Raises Invalid where nothing is said by which it could be found, or half a position."""
        found = []
        if self.latitude is None and not (self.place.strip() or self.text.strip() or self.vessel.strip()):
            found.append(FieldError("place", "Say where it is, in words or as a position, or what has happened."))
        if (self.latitude is None) != (self.longitude is None):
            found.append(FieldError("longitude", "A position is latitude and longitude."))
        if found:
            raise Invalid("Some of this cannot be accepted.", errors=tuple(found))


class Distress(BaseModel):
    """The aggregate. It belongs to a period, and to no operation: nothing of an operation can be learned from it."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    period_id: UUID
    party: str
    version: int = 0
    state: DistressState = S.OPEN
    known: Known
    reported_at: datetime
    by: str = ""
    outcome: DistressOutcome | None = None
    note: str = ""

    @classmethod
    def report(cls, distress: "Distress", period: Period, by: Actor) -> tuple["Distress", DistressReported]:
        """From anybody of the period, whatever becomes of the period or of any operation.

        Raises:
            PeriodNotOpen: nobody looks at that period any more; another is named, or a rescue centre is called.
            Invalid: nothing is said by which it could be found.
        """
        period.require_visible(by)
        if period.state in {PeriodState.CANCELLED, PeriodState.ARCHIVED}:
            raise PeriodNotOpen(
                f"This period is {period.state.value} and nobody looks at it any more: report it in one that is not, and "
                "call a rescue co-ordination centre."
            )
        distress.known.require_findable()
        reported = distress._next(known=distress.known.at_most(distress.reported_at), by=by.name)
        return reported, DistressReported(**reported._said(period))

    def revise(self, known: Known, period: Period, by: Actor, now: datetime) -> tuple[Self, DistressRevised]:
        """What is known now; it takes the place of what was known before."""
        self._require_reporter(period, by)
        known.require_findable()
        changed = self._become(S.OPEN, known=known.at_most(now), by=by.name)
        return changed, DistressRevised(**changed._said(period))

    def share(self, period: Period) -> tuple[Self, DistressRevised] | None:
        """As it stands, for whoever the period has now; None when it is over.

        Of what is known nothing changes: whoever revises it meanwhile, at sea, is in nobody's way.
        """
        return None if self.state is S.CLOSED else (self, DistressRevised(**self._said(period)))

    def close(
        self, outcome: DistressOutcome, note: str, period: Period, by: Actor, now: datetime
    ) -> tuple[Self, DistressClosed]:
        """It ended. The period itself may be over meanwhile."""
        self._require_reporter(period, by)
        changed = self._become(S.CLOSED, outcome=outcome, note=note)
        said = {"outcome": outcome, "note": note, "at": now, "by": by.name}
        return changed, DistressClosed(**said, **changed._envelope(period))

    def readers(self, period: Period) -> tuple[str, ...]:
        """All parties of the period that are not out of it, and always the one that reported it."""
        return tuple(sorted({*period.audience, self.party}))

    def require_visible(self, period: Period, by: Actor) -> None:
        """Raises NotFound for whoever is not of the period."""
        if not by.reads(self.readers(period)):
            raise NotFound

    def _require_reporter(self, period: Period, by: Actor) -> None:
        self.require_visible(period, by)
        if by.party != self.party:
            raise Forbidden(f"{self.party} reported this; only {self.party} revises and closes it.")

    def _become(self, state: DistressState, **changes: object) -> Self:
        if state not in NEXT[self.state]:
            raise DistressOver("This distress is closed. One that goes on is reported anew.")
        return self._next(state=state, **changes)

    def _next(self, **changes: object) -> Self:
        return self.model_copy(update={**changes, "version": self.version + 1})

    def _said(self, period: Period) -> dict[str, object]:
        return {
            **self.known.model_dump(), "reported_at": self.reported_at, "by": self.by, **self._envelope(period)
        }  # fmt: skip

    def _envelope(self, period: Period) -> dict[str, object]:
        return {
            "distress_id": self.id,
            "period_id": self.period_id,
            "version": self.version,
            "party": self.party,
            "audience": self.readers(period),
        }
