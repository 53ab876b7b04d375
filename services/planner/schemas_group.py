"""Bodies of the commands on consultations and on the programme."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from services.planner.domain.activity import Activity
from services.planner.domain.consultation import Consultation
from shared.parties import PartyCode
from shared.runtime.bodies import Body, Line, Moment, Text
from shared.vocabulary import ActivityKind, ActivityState, Attendance, ConsultationState, Precedence


class CallConsultation(Body):
    """Answers are due by `answer_by`; without it, by the precedence."""

    title: Line
    trigger: Text
    precedence: Precedence = Precedence.IMMEDIATE
    co_chairs: tuple[PartyCode, ...] = Field(min_length=1, max_length=8)
    invited: tuple[PartyCode, ...] = Field(max_length=60)
    answer_by: Moment | None = None
    meets_at: Moment | None = None
    place: Line = ""
    period_id: UUID | None = None


class AnswerConsultation(Body):
    answer: Attendance
    note: Text = ""


class HoldConsultation(Body):
    """Who attended, beside the co-chair who says so, and when it was; without that, now."""

    attendees: tuple[PartyCode, ...] = Field(max_length=68)
    held_at: Moment | None = None


class WriteRecord(Body):
    text: Text


class ConsultationView(BaseModel):
    id: UUID
    version: int
    status: ConsultationState
    title: str
    answer_by: datetime

    @classmethod
    def of(cls, consultation: Consultation) -> "ConsultationView":
        return cls(
            id=consultation.id, version=consultation.version, status=consultation.state, title=consultation.title,
            answer_by=consultation.answer_by,
        )  # fmt: skip


class DocumentAsked(Body):
    title: Line
    address: Annotated[Line, StringConstraints(max_length=500)] = ""


class ReviseActivity(Body):
    title: Line
    description: Text = ""
    due: date
    documents: tuple[DocumentAsked, ...] = Field(default=(), max_length=20)


class ProposeActivity(ReviseActivity):
    kind: ActivityKind
    owner: PartyCode


class Note(Body):
    note: Text = ""


class Result(Body):
    result: Text = ""


class ActivityView(BaseModel):
    id: UUID
    version: int
    status: ActivityState
    kind: ActivityKind
    title: str
    owner: str
    due: date

    @classmethod
    def of(cls, activity: Activity) -> "ActivityView":
        return cls(
            id=activity.id, version=activity.version, status=activity.state, kind=activity.kind, title=activity.title,
            owner=activity.owner, due=activity.due,
        )  # fmt: skip


class GroupView(BaseModel):
    version: int
    members: tuple[str, ...]
