"""A serious incident: from an officer past the own chain to rights officers of others, who take it up and close it."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.planner.domain.frame import PeriodNotOpen
from services.planner.domain.joint import require_consented
from services.planner.domain.operation import Operation
from services.planner.domain.period import Period
from shared.actor import Actor
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.events.base import audience_of
from shared.events.planner import IncidentClosed, IncidentEscalated, IncidentReported, IncidentTakenUp
from shared.parties import PARTIES
from shared.vocabulary import TLP, IncidentFinding, IncidentState, PeriodState

S = IncidentState
NEXT: dict[IncidentState, set[IncidentState]] = {
    S.REPORTED: {S.TAKEN_UP, S.ESCALATED},
    S.ESCALATED: {S.TAKEN_UP},
    S.TAKEN_UP: {S.CLOSED},
    S.CLOSED: set(),
}
AHEAD = timedelta(minutes=10)


class NoRightsOfficer(Conflict):
    """The plan names nobody of another party to whom it could go. Nothing was kept."""


class IncidentElsewhere(Conflict):
    """It has left the state in which this happens, or has not reached it."""


class Incident(BaseModel):
    """The aggregate. `party`: the one whose officer reported it; of that party nobody reads any of it, ever.

    An audience has words for parties and their roles, and none for one person: who reported it reads what was sent on the
    page that says so, and nowhere later. `sent_to`: the parties whose rights officers have it.
    """

    model_config = ConfigDict(frozen=True)

    id: UUID
    operation_id: UUID
    period_id: UUID
    party: str
    version: int = 0
    state: IncidentState = S.REPORTED
    happened_at: datetime
    reported_at: datetime
    take_up_by: datetime
    text: str
    place: str = ""
    language: str = ""
    by: str = ""
    sent_to: tuple[str, ...] = ()

    @classmethod
    def report(
        cls, incident: "Incident", operation: Operation, period: Period, by: Actor
    ) -> tuple["Incident", IncidentReported]:
        """To the rights officers whom the plan in force names, of other parties than the officer's own.

        Raises:
            NotFound, Forbidden: it is not an operation of the officer's own state, alone or by its consent to a joint one.
            PeriodNotOpen: nothing of the period changes any more.
            Invalid: fields that break a rule.
            NoRightsOfficer: there is nobody to whom it could go; says what to do.
        """
        require_consented(operation, by, period.frame)
        if period.state in {PeriodState.ARCHIVED, PeriodState.CANCELLED}:
            raise PeriodNotOpen(f"Nothing of a period that is {period.state.value} changes.")
        if errors := tuple(incident._problems()):
            raise Invalid("Some of this cannot be accepted.", errors=errors)
        parties = cls.goes_to(period, by.party)
        if not parties:
            raise NoRightsOfficer(
                "The plan in force names no rights officer of another party, so there is nobody to whom this could go; "
                "nothing of it was kept. Ask a co-chair to amend the plan and name one (Plan, Rights officers of), and "
                "report it then. It can be reported to IOM or UNHCR directly, too."
            )
        reported = incident._next(period_id=period.id, by=by.name, sent_to=parties)
        return reported, IncidentReported(**reported._told(), **reported._envelope(reported.party, period))

    @property
    def due_at(self) -> datetime | None:
        """When the clock has to look at it."""
        return self.take_up_by if self.state is S.REPORTED else None

    def take_up(self, period: Period, by: Actor, now: datetime) -> tuple[Self, IncidentTakenUp]:
        """By a rights officer to whom it went, in person: the others read who has it in hand, and since when."""
        self.require_visible(period, by)
        changed = self._become(S.TAKEN_UP)
        return changed, IncidentTakenUp(at=now, by=by.name, **changed._envelope(by.party, period))

    def close(
        self, finding: IncidentFinding, note: str, period: Period, by: Actor, now: datetime
    ) -> tuple[Self, IncidentClosed]:
        """With a finding and words on it, by any rights officer to whom it went: whoever took it up may be gone by then."""
        self.require_visible(period, by)
        if not note.strip():
            raise Invalid.field("note", "Say what was found, or why nothing could be.")
        changed = self._become(S.CLOSED)
        said = {"finding": finding, "note": note, "at": now, "by": by.name}
        return changed, IncidentClosed(**said, **changed._envelope(by.party, period))

    def escalate(self, period: Period, now: datetime) -> tuple[Self, IncidentEscalated] | None:
        """Nobody has taken it up in time: said once, whole, to those who have it and to whom the plan names by now.

        None when there is nothing to say (any more), or nobody to whom it could be said: a plan may name somebody later.
        """
        if self.due_at is None or self.due_at > now:
            return None
        parties = {*self.sent_to, *self.goes_to(period, self.party)} - period.gone
        if not parties:
            return None
        changed = self._become(S.ESCALATED, sent_to=tuple(sorted(parties)))
        return changed, IncidentEscalated(**changed._told(), **changed._envelope(self.party, period))

    @staticmethod
    def goes_to(period: Period, party: str) -> tuple[str, ...]:
        """The parties whose rights officers read a serious incident of this one; whoever is out of the period does not."""
        named = period.plans[period.adopted - 1].rights_officers if period.adopted else ()
        return tuple(sorted({*named} & PARTIES.keys() - {party} - period.gone))

    def readers(self, period: Period) -> tuple[str, ...]:
        """Rights officers of the parties that have it and are not out of the period: nobody else, and no feed."""
        return audience_of(rights_officer=sorted({*self.sent_to} - period.gone - {self.party}))

    def require_visible(self, period: Period, by: Actor) -> None:
        """Raises NotFound for whoever is no rights officer of a party that has it: it does not exist for them."""
        if not by.reads(self.readers(period)):
            raise NotFound

    def _problems(self) -> list[FieldError]:
        found = []
        if not self.text.strip():
            found.append(FieldError("text", "Say what happened."))
        if self.happened_at > self.reported_at + AHEAD:
            found.append(FieldError("happened_at", "This is in the future."))
        return found

    def _become(self, state: IncidentState, **changes: object) -> Self:
        if state not in NEXT[self.state]:
            raise IncidentElsewhere(
                f"This incident is {self.state.label.lower()}. It is taken up once, and closed after that; look at it again."
            )
        return self._next(state=state, **changes)

    def _next(self, **changes: object) -> Self:
        return self.model_copy(update={**changes, "version": self.version + 1})

    def _told(self) -> dict[str, object]:
        return self.model_dump(include={"happened_at", "reported_at", "take_up_by", "text", "place", "language", "by"})

    def _envelope(self, party: str, period: Period) -> dict[str, object]:
        return {
            "incident_id": self.id,
            "period_id": self.period_id,
            "operation_id": self.operation_id,
            "version": self.version,
            "party": party,
            "tlp": TLP.RED,
            "audience": self.readers(period),
        }
