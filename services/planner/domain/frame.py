"""What an operation needs to know of its period: its days, its state, and who takes part."""

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.errors import Conflict, Forbidden, Invalid
from shared.events.base import audience_of
from shared.events.planner import Place, Window
from shared.parties import PARTIES
from shared.vocabulary import PeriodState


class PeriodNotOpen(Conflict):
    """The period is in a state in which this does not happen."""


@dataclass(frozen=True)
class Frame:
    """What an operation needs to know of its period."""

    id: UUID
    state: PeriodState
    first_day: date
    last_day: date
    participants: tuple[str, ...]
    presiding: tuple[str, ...]
    objectives: tuple[UUID, ...] = ()
    belonging: tuple[str, ...] = ()
    """All that were asked and are not out of it: whom an owner may name. Known only where the period was loaded as well,
    as wherever readers are chosen."""

    @property
    def together(self) -> tuple[str, ...]:
        """The readers of a headline: participants, and co-chairs by role where their state does not take part."""
        return audience_of(self.participants, co_chair=set(self.presiding) - set(self.participants))

    @property
    def is_over(self) -> bool:
        """Nothing of it changes any more, not by the clock either."""
        return self.state in {PeriodState.ARCHIVED, PeriodState.CANCELLED}

    def require_participant(self, party: str) -> None:
        if party not in self.participants:
            raise Forbidden("Only a participating state plans and carries out operations.")

    def require_not_over(self) -> None:
        """Raises PeriodNotOpen for a period of which nothing changes any more."""
        if self.is_over:
            raise PeriodNotOpen(f"Nothing of a period that is {self.state.value} changes.")

    def require_inside(self, window: Window, party: str, places: tuple[Place, ...] = ()) -> None:
        """Raises Invalid for a window outside the period, by the calendar of each place, or else of the party."""
        for zone in {place.time_zone for place in places} or {PARTIES[party].time_zone}:
            self._require_inside(window, ZoneInfo(zone))

    def _require_inside(self, window: Window, zone: ZoneInfo) -> None:
        starts, ends = window.starts_at.astimezone(zone), window.ends_at.astimezone(zone)
        if ends <= starts:
            raise Invalid.field("window.ends_at", "The end is not after the start.")
        last_moment = ends.date() if ends.time() > time(0) else ends.date().fromordinal(ends.toordinal() - 1)
        if starts.date() < self.first_day or last_moment > self.last_day:
            raise Invalid.field(
                "window",
                f"The window {starts:%d %b %Y} to {ends:%d %b %Y} is not inside the period, "
                f"{self.first_day:%d %b %Y} to {self.last_day:%d %b %Y} ({zone.key}).",
            )
