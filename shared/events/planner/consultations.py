"""Consultations in an emergency, on `planner.consultations`."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared.events.base import Event
from shared.vocabulary import Attendance, Precedence


class ConsultationEvent(Event):
    """On `planner.consultations`: for the parties that are affected, and the co-chairs that called it."""

    topic: ClassVar[str] = "planner.consultations"
    key_field: ClassVar[str] = "consultation_id"

    consultation_id: UUID
    version: int = 0


class ConsultationCalled(ConsultationEvent):
    """The co-chairs call the parties that are affected together: why, and until when their word is awaited."""

    type: ClassVar[str] = "planner.consultation.called.v1"

    title: str
    trigger: str
    precedence: Precedence
    co_chairs: tuple[str, ...]
    invited: tuple[str, ...]
    answer_by: datetime
    meets_at: datetime | None = None
    place: str = ""
    period_id: UUID | None = None
    by: str


class ConsultationAnswered(ConsultationEvent):
    """A party said whether it attends. `party` of the envelope is whose word it is; `late` after the time for it."""

    type: ClassVar[str] = "planner.consultation.answered.v1"

    answer: Attendance
    by: str
    note: str = ""
    at: datetime
    late: bool = False


class ConsultationUnanswered(ConsultationEvent):
    """The time for answers is over, and these parties have not given theirs. Said once."""

    type: ClassVar[str] = "planner.consultation.unanswered.v1"

    silent: tuple[str, ...]
    answer_by: datetime


class ConsultationHeld(ConsultationEvent):
    """It took place, with these parties."""

    type: ClassVar[str] = "planner.consultation.held.v1"

    attendees: tuple[str, ...]
    held_at: datetime
    by: str


class ConsultationRecorded(ConsultationEvent):
    """What was said and settled: for those that attended. A later number takes the place of an earlier one."""

    type: ClassVar[str] = "planner.consultation.recorded.v1"

    number: int
    text: str
    at: datetime
    by: str


class ConsultationClosed(ConsultationEvent):
    """Nothing of it changes any more."""

    type: ClassVar[str] = "planner.consultation.closed.v1"

    by: str


class ConsultationWithdrawn(ConsultationEvent):
    """The co-chairs take the call back: it does not take place."""

    type: ClassVar[str] = "planner.consultation.withdrawn.v1"

    by: str
    reason: str
