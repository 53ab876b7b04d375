"""A serious incident: from an officer straight to rights officers of other parties, past the officer's own chain."""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.planner.domain.frame import PeriodNotOpen
from services.planner.domain.operation import Operation
from services.planner.domain.period import Period
from shared.actor import Actor
from shared.errors import Conflict, FieldError, Invalid
from shared.events.base import audience_of
from shared.events.planner import IncidentReported
from shared.parties import PARTIES
from shared.vocabulary import TLP, PeriodState

AHEAD = timedelta(minutes=10)


class NoRightsOfficer(Conflict):
    """The plan names nobody of another party to whom it could go. Nothing was kept."""


class Incident(BaseModel):
    """What is reported. It does not change: its event is all there is of it.

    An audience has words for parties and their roles, and none for one person: who reported it reads what was sent on the
    page that says so, and nowhere later.
    """

    model_config = ConfigDict(frozen=True)

    id: UUID
    happened_at: datetime
    reported_at: datetime
    text: str
    place: str = ""
    language: str = ""

    def report(self, operation: Operation, period: Period, by: Actor) -> IncidentReported:
        """To the rights officers whom the plan in force names, of other parties than the officer's own.

        Raises:
            NotFound, Forbidden: it is not an operation of the officer's own state.
            PeriodNotOpen: nothing of the period changes any more.
            Invalid: fields that break a rule.
            NoRightsOfficer: there is nobody to whom it could go; says what to do.
        """
        operation.require_owner(by, period.frame)
        if period.state in {PeriodState.ARCHIVED, PeriodState.CANCELLED}:
            raise PeriodNotOpen(f"Nothing of a period that is {period.state.value} changes.")
        if errors := tuple(self._problems()):
            raise Invalid("Some of this cannot be accepted.", errors=errors)
        parties = self.goes_to(period, by.party)
        if not parties:
            raise NoRightsOfficer(
                "The plan in force names no rights officer of another party, so there is nobody to whom this could go; "
                "nothing of it was kept. Ask a co-chair to amend the plan and name one (Plan, Rights officers of), and "
                "report it then. It can be reported to IOM or UNHCR directly, too."
            )
        return IncidentReported(
            incident_id=self.id, period_id=period.id, operation_id=operation.id, party=operation.owner, by=by.name,
            tlp=TLP.RED, audience=audience_of(rights_officer=parties), **self.model_dump(exclude={"id"}),
        )  # fmt: skip

    @staticmethod
    def goes_to(period: Period, party: str) -> tuple[str, ...]:
        """The parties whose rights officers read a serious incident of this one; whoever is out of the period does not."""
        named = period.plans[period.adopted - 1].rights_officers if period.adopted else ()
        return tuple(sorted({*named} & PARTIES.keys() - {party} - period.gone))

    def _problems(self) -> list[FieldError]:
        found = []
        if not self.text.strip():
            found.append(FieldError("text", "Say what happened."))
        if self.happened_at > self.reported_at + AHEAD:
            found.append(FieldError("happened_at", "This is in the future."))
        return found
