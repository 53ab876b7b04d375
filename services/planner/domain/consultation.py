"""A consultation: in an emergency co-chairs call affected parties; each answers in time; who attended reads the record."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.actor import Actor
from shared.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from shared.events.base import audience_of
from shared.events.planner import (
    ConsultationAnswered,
    ConsultationCalled,
    ConsultationClosed,
    ConsultationHeld,
    ConsultationRecorded,
    ConsultationUnanswered,
    ConsultationWithdrawn,
)
from shared.vocabulary import Attendance, ConsultationState, Precedence

S = ConsultationState
NEXT: dict[ConsultationState, set[ConsultationState]] = {
    S.CALLED: {S.HELD, S.WITHDRAWN},
    S.HELD: {S.CLOSED},
    S.CLOSED: set(),
    S.WITHDRAWN: set(),
}


class ConsultationNotOpen(Conflict):
    """The consultation is in a state in which this does not happen."""


class NotAttending(Conflict):
    """A party is said to have been there whose own word is another, or none."""


class RecordMissing(Conflict):
    """A consultation that was held is closed with its record."""


class Spoken(BaseModel):
    """A party's word on the call: by which officer, and when."""

    model_config = ConfigDict(frozen=True)
    answer: Attendance
    by: str
    at: datetime
    note: str = ""


class Record(BaseModel):
    """What was said and settled, as it was written last."""

    model_config = ConfigDict(frozen=True)
    number: int
    text: str


class Consultation(BaseModel):
    """The aggregate. `told` once the silence of some has been said after `answer_by`, or there was none to tell."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    version: int = 0
    state: ConsultationState = S.CALLED
    title: str
    trigger: str
    precedence: Precedence = Precedence.IMMEDIATE
    co_chairs: tuple[str, ...]
    invited: tuple[str, ...]
    answer_by: datetime
    meets_at: datetime | None = None
    place: str = ""
    period_id: UUID | None = None
    answers: dict[str, Spoken] = {}
    attendees: tuple[str, ...] = ()
    record: Record | None = None
    told: bool = False

    @classmethod
    def call(
        cls, consultation: "Consultation", by: Actor, now: datetime
    ) -> tuple["Consultation", ConsultationCalled]:
        """A new consultation, from what a co-chair asks.

        Raises:
            Invalid: fields that break a rule; all of them are named.
        """
        errors = tuple(_problems(consultation, by, now))
        if errors:
            raise Invalid("Some of this cannot be accepted.", errors=errors)
        once = {name: tuple(dict.fromkeys(getattr(consultation, name))) for name in ("co_chairs", "invited")}
        called = consultation._next(**once)
        said = called.model_dump(include=_CALLED)
        return called, ConsultationCalled(**said, by=by.name, **called._envelope(by.party))

    @property
    def readers(self) -> tuple[str, ...]:
        """Who reads why it was called and what was answered: those invited, and the co-chairs by their role."""
        return self._among(*self.co_chairs, *self.invited)

    @property
    def present(self) -> tuple[str, ...]:
        """Who reads the record: those that attended, co-chairs by their role."""
        return self._among(*self.attendees)

    @property
    def silent(self) -> tuple[str, ...]:
        """The invited parties that have not given their word."""
        return tuple(sorted(set(self.invited) - set(self.answers)))

    @property
    def due_at(self) -> datetime | None:
        """When the clock has to look at it."""
        return self.answer_by if self.state is S.CALLED and not self.told else None

    def answer(
        self, answer: Attendance, note: str, by: Actor, at: datetime
    ) -> tuple[Self, ConsultationAnswered]:
        """An invited party's or a co-chair's word; its last one counts."""
        self.require_visible(by)
        if self.state is not S.CALLED:
            raise ConsultationNotOpen(f"Answers are given until it is held; this consultation is {self.state.value}.")
        given = Spoken(answer=answer, by=by.name, at=at, note=note)
        changed = self._next(answers={**self.answers, by.party: given})
        said = {"answer": answer, "note": note, "at": at, "late": at > self.answer_by}
        return changed, ConsultationAnswered(**said, by=by.name, **changed._envelope(by.party))

    def tell_silence(self, now: datetime) -> tuple[Self, ConsultationUnanswered | None] | None:
        """The time for answers is over: who is silent is told once. None when there is nothing to do (any more)."""
        if self.due_at is None or self.due_at > now:
            return None
        if not self.silent:
            return self.model_copy(update={"told": True}), None  # nothing that anyone has looked at changes
        changed = self._next(told=True)
        return changed, ConsultationUnanswered(
            silent=self.silent, answer_by=self.answer_by, **changed._envelope("")
        )

    def hold(
        self, attendees: tuple[str, ...], held_at: datetime, by: Actor, now: datetime
    ) -> tuple[Self, ConsultationHeld]:
        """It took place. Who attended had said so: nobody is put at a table on another's word."""
        self.require_co_chair(by)
        came = tuple(sorted({*attendees, by.party}))
        absent = [party for party in came if party != by.party and not self._attends(party)]
        if absent:
            raise NotAttending(f"{', '.join(absent)} did not say that it attends: its own word comes first.")
        if not set(came) - {by.party}:
            raise Invalid.field("attendees", "Name at least one party beside your own.")
        if held_at > now:
            raise Invalid.field("held_at", "This is in the future.")
        changed = self._become(S.HELD, attendees=came)
        return changed, ConsultationHeld(
            attendees=came, held_at=held_at, by=by.name, **changed._envelope(by.party)
        )

    def write_record(self, text: str, by: Actor, at: datetime) -> tuple[Self, ConsultationRecorded]:
        """What was said and settled; written anew it takes the place of what was written before."""
        self.require_co_chair(by)
        if by.party not in self.attendees:
            raise Forbidden("Only a co-chair that attended writes the record.")
        if self.state is not S.HELD:
            raise ConsultationNotOpen(f"A record is written once it is held; this consultation is {self.state.value}.")
        if not text.strip():
            raise Invalid.field("text", "Write down what was said and settled.")
        record = Record(number=self.record.number + 1 if self.record else 1, text=text)
        changed = self._next(record=record)
        said = {**changed._envelope(by.party), "audience": self.present}
        return changed, ConsultationRecorded(number=record.number, text=text, at=at, by=by.name, **said)

    def close(self, by: Actor) -> tuple[Self, ConsultationClosed]:
        self.require_co_chair(by)
        if self.state is S.HELD and self.record is None:
            raise RecordMissing("Write the record first: a consultation is closed with it.")
        changed = self._become(S.CLOSED)
        return changed, ConsultationClosed(by=by.name, **changed._envelope(by.party))

    def withdraw(self, reason: str, by: Actor) -> tuple[Self, ConsultationWithdrawn]:
        self.require_co_chair(by)
        if not reason.strip():
            raise Invalid.field("reason", "Say why it does not take place; those invited will see this.")
        changed = self._become(S.WITHDRAWN)
        return changed, ConsultationWithdrawn(reason=reason, by=by.name, **changed._envelope(by.party))

    def require_visible(self, by: Actor) -> None:
        """Raises NotFound for whoever is neither invited nor a co-chair of it."""
        if not by.reads(self.readers):
            raise NotFound

    def require_co_chair(self, by: Actor) -> None:
        self.require_visible(by)
        if by.party not in self.co_chairs:
            raise Forbidden("Only a co-chair of this consultation does this.")

    def _attends(self, party: str) -> bool:
        return party in self.answers and self.answers[party].answer is Attendance.ATTENDING

    def _among(self, *parties: str) -> tuple[str, ...]:
        """Invited parties whole; a co-chair whose state is not affected reads by its role only."""
        return audience_of(set(parties) & set(self.invited), co_chair=set(parties) - set(self.invited))

    def _become(self, state: ConsultationState, **changes: object) -> Self:
        if state not in NEXT[self.state]:
            raise ConsultationNotOpen(f"A consultation that is {self.state.value} does not become {state.value}.")
        return self._next(state=state, **changes)

    def _next(self, **changes: object) -> Self:
        return self.model_copy(update={**changes, "version": self.version + 1})

    def _envelope(self, party: str) -> dict[str, object]:
        return {"consultation_id": self.id, "version": self.version, "party": party, "audience": self.readers}


_CALLED = {
    "title", "trigger", "precedence", "co_chairs", "invited", "answer_by", "meets_at", "place", "period_id",
}  # fmt: skip


def _problems(consultation: Consultation, by: Actor, now: datetime) -> list[FieldError]:
    found = []
    if not consultation.title.strip():
        found.append(FieldError("title", "Say in one line what it is about."))
    if not consultation.trigger.strip():
        found.append(FieldError("trigger", "Say what has happened."))
    if by.party not in consultation.co_chairs:
        found.append(FieldError("co_chairs", f"{by.party} calls this and is not among the co-chairs."))
    if not set(consultation.invited) - {by.party}:
        found.append(FieldError("invited", "Invite at least one party beside your own."))
    if consultation.answer_by <= now:
        found.append(FieldError("answer_by", "The time for answers is over before it begins."))
    if consultation.meets_at is not None and consultation.meets_at < consultation.answer_by:
        found.append(FieldError("meets_at", "It meets before the time for answers is over."))
    return found
