"""Bodies of the planner's API, where they differ from the domain."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, ValidationInfo, ValidatorFunctionWrapHandler, field_validator
from pydantic_core import PydanticCustomError

from services.planner.domain.operation import Operation
from services.planner.domain.period import Period
from services.planner.domain.update import Update
from services.planner.schemas_protection import moment_or_none
from services.planner.usecases.disclosure import Preview
from shared.countries import CountryCode
from shared.parties import PartyCode
from shared.places import PlaceAsked
from shared.runtime.bodies import Body, Line, Moment, Note, Text
from shared.vocabulary import (
    Answer,
    DetailAudience,
    Focus,
    Indicator,
    OperationKind,
    OperationState,
    PeriodState,
    PlanAnswer,
    ProtectionConcern,
    Severity,
    UpdateKind,
    UpdateStatus,
)

Seal = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class ObjectiveAsked(Body):
    title: Line
    indicator: Indicator
    baseline: int = Field(default=0, ge=0, le=1_000_000_000)
    target: int = Field(ge=0, le=1_000_000_000)
    measured_by: Line = ""


class PlanObjective(ObjectiveAsked):
    """With the id of an objective of an earlier version it is that one, changed or not; without, a new one."""

    id: UUID | None = None


class CheckpointAsked(Body):
    name: Line
    day: date


class ProposePeriod(Body):
    title: Line
    focus: tuple[Focus, ...] = Field(max_length=9)
    first_day: date
    last_day: date
    co_chairs: tuple[PartyCode, ...] = Field(min_length=1, max_length=8)
    invited: tuple[PartyCode, ...] = Field(max_length=60)
    supporting: tuple[PartyCode, ...] = Field(default=(), max_length=60)
    objectives: tuple[ObjectiveAsked, ...] = Field(default=(), max_length=50)
    checkpoints: tuple[CheckpointAsked, ...] = Field(default=(), max_length=50)
    answer_by: Moment | None = None


class AnswerInvitation(Body):
    """`plan_version`: to join once a plan is in force, the version in force, which is endorsed by this."""

    answer: Answer
    reservation: Note = ""
    plan_version: int | None = None


class InviteParties(Body):
    """Without `answer_by` the time for answers stays as it was set."""

    invited: tuple[PartyCode, ...] = Field(default=(), max_length=60)
    supporting: tuple[PartyCode, ...] = Field(default=(), max_length=60)
    answer_by: Moment | None = None


class ExtendInvitation(Body):
    answer_by: Moment


class SectionAsked(Body):
    title: Annotated[Line, Field(min_length=1)]
    text: Text = ""


class PublishPlan(Body):
    """Without `objectives` they stay as they are. `affected`: in an amendment, the states that are to reconfirm."""

    sections: tuple[SectionAsked, ...] = Field(min_length=1, max_length=100)
    rights_officers: tuple[PartyCode, ...] = Field(default=(), max_length=60)
    objectives: tuple[PlanObjective, ...] | None = Field(default=None, max_length=50)
    affected: tuple[PartyCode, ...] = Field(default=(), max_length=60)
    annexes: tuple[Seal, ...] = Field(default=(), max_length=20)
    """What `POST /api/v1/files` gave for each."""


class AnswerPlan(Body):
    answer: PlanAnswer
    reason: Note = ""


class Leave(Body):
    """Why."""

    reason: Note = ""


class AdoptPlan(Body):
    plan_version: int


class WindowAsked(Body):
    starts_at: Moment
    ends_at: Moment


class DraftOperation(Body):
    period_id: UUID
    kind: OperationKind
    title: Line
    window: WindowAsked
    objective_id: UUID | None = None
    agency: Line = ""
    place: Line = ""
    places: tuple[PlaceAsked, ...] = Field(default=(), max_length=20)
    narrative: Text = ""
    tactics: Text = ""
    resources: Text = ""
    contacts: Text = ""
    detail_audience: DetailAudience = DetailAudience.OWN
    named: tuple[PartyCode, ...] = Field(default=(), max_length=60)


class ScheduleOperation(Body):
    """`hold` keeps the headline back until the owner releases it, `held_until` until then."""

    hold: bool = False
    held_until: Moment | None = None


class PostUpdate(Body):
    kind: UpdateKind
    happened_at: Moment | None = None
    text: Text = ""
    place: Line = ""
    language: Annotated[str, StringConstraints(max_length=35, pattern=r"^[A-Za-z0-9-]*$")] = ""
    counts: dict[Indicator, int] = Field(default={}, max_length=40)
    supersedes: UUID | None = None
    severity: Severity | None = Field(default=None, validate_default=True)
    protection_concern: ProtectionConcern | None = None
    origins: tuple[CountryCode, ...] = Field(default=(), max_length=20)
    files: tuple[Seal, ...] = Field(default=(), max_length=10)
    """What `POST /api/v1/files` gave for each."""
    without_files: tuple[Sha256, ...] = Field(default=(), max_length=40)
    """Of the files of the version that this corrects, those that it does not have any more; it has all others."""

    @field_validator("happened_at", mode="wrap")
    @classmethod
    def _never_stops_distress(
        cls, given: object, read: ValidatorFunctionWrapHandler, said: ValidationInfo
    ) -> datetime | None:
        return moment_or_none(given, read) if said.data.get("kind") is UpdateKind.DISTRESS else read(given)

    @field_validator("severity")
    @classmethod
    def _severity_of_incidents(cls, severity: Severity | None, said: ValidationInfo) -> Severity | None:
        if "kind" in said.data and (said.data["kind"] is UpdateKind.INCIDENT) != (severity is not None):
            raise PydanticCustomError("severity", "An incident is minor or serious; nothing else has a severity.")
        return severity


class PeriodView(BaseModel):
    id: UUID
    version: int
    status: PeriodState
    title: str
    plan_version: int | None
    adopted: int | None
    """The version in force."""

    @classmethod
    def of(cls, period: Period) -> "PeriodView":
        present = period.plans[-1].number if period.plans else None
        return cls(
            id=period.id, version=period.version, status=period.state, title=period.title, plan_version=present,
            adopted=period.adopted,
        )  # fmt: skip


class OperationView(BaseModel):
    id: UUID
    period_id: UUID
    version: int
    status: OperationState
    owner: str
    held: bool
    partners: tuple[str, ...] = ()
    proposal: int | None = None
    """The present version of a joint operation."""
    amendment: int | None = None
    """The version that its states were asked last to amend it to, where it is not in force."""

    @classmethod
    def of(cls, operation: Operation) -> "OperationView":
        return cls(
            id=operation.id, period_id=operation.period_id, version=operation.version, status=operation.state,
            owner=operation.owner, held=operation.held, partners=operation.partners,
            proposal=operation.proposal.number if operation.proposal else None,
            amendment=operation.amendment.proposal.number if operation.amendment else None,
        )  # fmt: skip


class Disclosure(BaseModel):
    """The exact headline and detail with who would read each, shown before the owner consents.

    `gaining`, `losing`: who would read the detail that does not now, and who would not any more.
    """

    id: UUID
    version: int
    headline: dict[str, object]
    headline_readers: tuple[str, ...]
    detail: dict[str, object]
    detail_readers: tuple[str, ...]
    detail_audience: DetailAudience
    named: tuple[str, ...]
    gaining: tuple[str, ...]
    losing: tuple[str, ...]

    @classmethod
    def of(cls, preview: Preview) -> "Disclosure":
        operation = preview.operation
        said = operation.model_dump(mode="json", include=_HEADLINE)
        detail = operation.model_dump(mode="json", include={"brief", "places", "means", "tasks"})
        return cls(
            id=operation.id,
            version=preview.version,
            headline={**said, "status": operation.state},
            headline_readers=operation.headline_readers(preview.frame),
            detail={**detail.pop("brief"), **detail},
            detail_readers=operation.detail_readers(preview.frame),
            detail_audience=operation.detail_audience,
            named=operation.named,
            gaining=preview.gaining,
            losing=preview.losing,
        )


_HEADLINE = {"owner", "kind", "window", "objective_id", "held", "held_until"}


class UpdateView(BaseModel):
    id: UUID
    operation_id: UUID
    period_id: UUID
    version: int
    status: UpdateStatus
    kind: UpdateKind
    happened_at: datetime
    posted_at: datetime
    counts: dict[Indicator, int]
    supersedes: UUID | None
    protection_concern: ProtectionConcern | None
    origins: tuple[str, ...]

    @classmethod
    def of(cls, update: Update) -> "UpdateView":
        return cls.model_validate(update, from_attributes=True)
