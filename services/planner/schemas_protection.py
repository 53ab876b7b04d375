"""Bodies of what protects people, where they differ from the domain."""

from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, ValidatorFunctionWrapHandler, WrapValidator

from services.planner.domain.distress import Distress
from services.planner.domain.incident import Incident
from services.planner.domain.referral import Referral
from shared.countries import CountryCode
from shared.parties import PartyCode
from shared.runtime.bodies import Body, Line, Moment, Text
from shared.vocabulary import (
    DistressOutcome,
    DistressState,
    Exploitation,
    IncidentFinding,
    IncidentState,
    Precedence,
    ReferralState,
    Severity,
    UpdateKind,
    VictimIndicator,
)

Language = Annotated[str, StringConstraints(max_length=35, pattern=r"^[A-Za-z0-9-]*$")]


def moment_or_none(given: object, read: ValidatorFunctionWrapHandler) -> datetime | None:
    """Of a distress: where it is no moment, as a clock that was never set has none, that of its arrival stands."""
    try:
        return cast(datetime | None, read(given))
    except ValueError:
        return None


def _number_or_none(given: object, read: ValidatorFunctionWrapHandler) -> int | None:
    try:
        return cast(int | None, read(given))
    except ValueError:
        return None


class ReportDistress(Body):
    """What is not known is left out: something by which it can be found is enough. Degrees, WGS 84.

    A moment that is none or is still to come is taken as that of arrival, a number of persons that is none is left out.
    """

    happened_at: Annotated[Moment | None, WrapValidator(moment_or_none)] = None
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    place: Line = ""
    persons_on_board: Annotated[int | None, WrapValidator(_number_or_none)] = None
    vessel: Line = ""
    contact: Line = ""
    text: Text = ""
    language: Language = ""


class CloseDistress(Body):
    outcome: DistressOutcome
    note: Text = ""


class DistressView(BaseModel):
    id: UUID
    period_id: UUID
    version: int
    kind: UpdateKind = UpdateKind.DISTRESS
    status: DistressState
    precedence: Precedence = Precedence.FLASH
    party: str
    reported_at: datetime

    @classmethod
    def of(cls, distress: Distress) -> "DistressView":
        return cls(
            id=distress.id, period_id=distress.period_id, version=distress.version, status=distress.state,
            party=distress.party, reported_at=distress.reported_at,
        )  # fmt: skip


class IncidentView(BaseModel):
    """That it was sent, and to whose rights officers: all that anybody of the reporter's state is ever shown."""

    id: UUID
    operation_id: UUID
    kind: UpdateKind = UpdateKind.INCIDENT
    severity: Severity = Severity.SERIOUS
    status: str = "sent"
    happened_at: datetime
    reported_at: datetime
    sent_to: tuple[str, ...]

    @classmethod
    def of(cls, incident: Incident) -> "IncidentView":
        said = incident.model_dump(include={"id", "operation_id", "happened_at", "reported_at", "sent_to"})
        return cls(**said)


class CloseIncident(Body):
    finding: IncidentFinding
    note: Text = ""


class IncidentStands(BaseModel):
    """Where it stands, as the rights officer reads it who has just acted."""

    id: UUID
    version: int
    status: IncidentState
    party: str

    @classmethod
    def of(cls, incident: Incident) -> "IncidentStands":
        return cls(id=incident.id, version=incident.version, status=incident.state, party=incident.party)


class ReleaseOrigins(Body):
    """`origins`: the states that may know from now on."""

    origins: tuple[CountryCode, ...] = Field(min_length=1, max_length=20)
    reason: Text = ""


class ReferVictim(Body):
    """No name anywhere: `reference` is a number of the caller's own. `answer_by`: in three days unless said otherwise."""

    service: PartyCode
    reference: Line
    indicators: tuple[VictimIndicator, ...] = Field(max_length=11)
    exploitation: tuple[Exploitation, ...] = Field(default=(), max_length=11)
    answer_by: Moment | None = None


class AcceptReferral(Body):
    note: Text = ""


class ReferralView(BaseModel):
    id: UUID
    version: int
    status: ReferralState
    party: str
    service: str
    reference: str
    made_at: datetime
    answer_by: datetime

    @classmethod
    def of(cls, referral: Referral) -> "ReferralView":
        said = referral.model_dump(include={"id", "version", "party", "service", "reference", "made_at", "answer_by"})
        return cls(status=referral.state, **said)
