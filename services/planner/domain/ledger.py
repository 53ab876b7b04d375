"""The consent ledger: which event makes which line. Every line is made here, so that nothing is announced past it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from shared.events import planner as said
from shared.events.base import Event
from shared.vocabulary import Answer, Attendance, JointAnswer, LedgerKind, PlanAnswer

K = LedgerKind


class Line(NamedTuple):
    """Who said or showed what, on which thing, and to whom it was shown. Never content.

    `number` orders all lines: that of the event in the outbox. `version`: of what the word is about, such as a plan's;
    else of the thing itself. `named`: the parties whom the event names, as the table below says; of a choice of readers
    its audience too, in the word for it (`own`, `involved`, `participants`).
    """

    number: int
    event_id: UUID
    at: datetime
    party: str
    officer: str
    kind: LedgerKind
    type: str
    aggregate: str
    subject: UUID
    period_id: UUID | None
    operation_id: UUID | None
    version: int
    named: tuple[str, ...]
    audience: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """How an event becomes a line: its kind, and which of its fields are the version and the parties named."""

    kind: LedgerKind | Callable[[Any], LedgerKind]
    version: str = "version"
    named: str | Callable[[Any], tuple[str, ...]] = ""

    def named_by(self, event: Event) -> tuple[str, ...]:
        if isinstance(self.named, str):
            return tuple(getattr(event, self.named)) if self.named else ()
        return self.named(event)


def _answered(event: said.InvitationAnswered) -> LedgerKind:
    if event.answer is Answer.JOINED:
        return K.RESERVATION if event.reservation else K.YES
    return K.OBSERVING if event.answer is Answer.OBSERVING else K.NO


def _endorsed(event: said.PlanAnswered) -> LedgerKind:
    return {PlanAnswer.ENDORSED: K.YES, PlanAnswer.RESERVED: K.RESERVATION, PlanAnswer.DECLINED: K.NO}[event.answer]


def _scheduled(event: said.OperationScheduled) -> LedgerKind:
    return K.HELD if event.held else K.SCHEDULED


def _released(event: said.HeadlineReleased) -> LedgerKind:
    return K.DISCLOSED if event.to_newcomers else K.RELEASED


def _consented(event: said.JointAnswered | said.InvestigationAnswered) -> LedgerKind:
    return K.YES if event.answer is JointAnswer.CONSENTED else K.NO


def _chosen(event: said.DetailAudienceChosen) -> tuple[str, ...]:
    return (event.detail_audience.value, *event.named)


def _attends(event: said.ConsultationAnswered) -> LedgerKind:
    return K.YES if event.answer is Attendance.ATTENDING else K.NO


LINES: dict[type[Event], Entry] = {
    said.PeriodProposed: Entry(K.PROPOSED, named="co_chairs"),
    said.PartiesInvited: Entry(K.INVITED, named="newcomers"),
    said.InvitationAnswered: Entry(_answered),
    said.ParticipantLeft: Entry(K.LEFT),
    said.PlanPublished: Entry(K.PUBLISHED, "plan_version", "carried"),
    said.PlanAnswered: Entry(_endorsed, "plan_version"),
    said.PlanAdopted: Entry(K.ADOPTED, "plan_version"),
    said.PlanAmended: Entry(K.AMENDED, "plan_version"),
    said.PeriodActivated: Entry(K.ACTIVATED),
    said.PeriodClosed: Entry(K.CLOSED),
    said.PeriodArchived: Entry(K.ARCHIVED),
    said.PeriodCancelled: Entry(K.CANCELLED),
    said.OperationDrafted: Entry(K.DRAFTED),
    said.OperationAmended: Entry(K.AMENDED),
    said.OperationScheduled: Entry(_scheduled),
    said.HeadlineReleased: Entry(_released),
    said.JointProposed: Entry(K.PROPOSED, "number", "partners"),
    said.JointAmendmentProposed: Entry(K.PROPOSED, "number"),
    said.JointAmendmentBriefed: Entry(K.DISCLOSED, "number"),
    said.JointAnswered: Entry(_consented, "number"),
    said.JointWithdrawn: Entry(K.WITHDRAWN, "number"),
    said.InvestigationProposed: Entry(K.PROPOSED, "number", "members"),
    said.InvestigationAnswered: Entry(_consented, "number"),
    said.InvestigationAgreed: Entry(K.ADOPTED, "number"),
    said.InvestigationWithdrawn: Entry(K.WITHDRAWN, "number"),
    said.MilestoneReached: Entry(K.DISCLOSED),
    said.OperationStarted: Entry(K.STARTED),
    said.OperationCompleted: Entry(K.COMPLETED),
    said.OperationCancelled: Entry(K.CANCELLED),
    said.DetailAudienceChosen: Entry(K.CHOSEN, named=_chosen),
    said.DetailRecalled: Entry(K.RECALLED),
    said.OperationBriefed: Entry(K.DISCLOSED),
    said.ResourceStated: Entry(K.DISCLOSED),
    said.TaskStated: Entry(K.DISCLOSED),
    said.TaskOverdue: Entry(K.DISCLOSED),
    said.ReferralsCounted: Entry(K.DISCLOSED),
    said.DistressReported: Entry(K.DISCLOSED),
    said.DistressRevised: Entry(K.DISCLOSED),
    said.DistressClosed: Entry(K.DISCLOSED),
    said.OriginReleased: Entry(K.RELEASED),
    said.UpdatePosted: Entry(K.DISCLOSED),
    said.UpdateReleased: Entry(K.DISCLOSED),
    said.UpdateValidated: Entry(K.DISCLOSED),
    said.UpdateReturned: Entry(K.DISCLOSED),
    said.UpdateDetailed: Entry(K.DISCLOSED),
    said.ReturnExplained: Entry(K.DISCLOSED),
    said.ConsultationAnswered: Entry(_attends),
    said.ActivityAgreed: Entry(K.YES),
    said.ActivityDeclined: Entry(K.NO),
}
"""The kinds of events of which each is a line, and how."""

NO_LINE: dict[type[Event], str] = {
    said.InvitationUnanswered: "silence is no word",
    said.DetailForgotten: "takes the place of what was said to those from whom it was taken back",
    said.ReaderLeft: "shows nothing: takes from one that left what it read by taking part",
    said.DetailReaderLeft: "shows nothing: takes from one that left what it read by taking part",
    said.UpdateForgotten: "takes the place of what was said of an incident to those from whom it was taken back",
    said.DetailPurgeConfirmed: "told by the portal, to the owner",
    said.OriginWithheld: "stays with the state that posted it",
    said.IncidentReported: "goes past the reporter's own chain, which reads its state's lines",
    said.IncidentEscalated: "told by the clock, past the chain of whoever reported it",
    said.IncidentTakenUp: "between rights officers; a line would tell the reporter's state that there is one",
    said.IncidentClosed: "between rights officers; a line would tell the reporter's state that there is one",
    said.ReferralMade: "between the state that refers and the protection service; a line would tell of a victim",
    said.ReferralAccepted: "between the state that refers and the protection service; a line would tell of a victim",
    said.ReferralRefused: "between the state that refers and the protection service; a line would tell of a victim",
    said.ReferralWithdrawn: "between the state that refers and the protection service; a line would tell of a victim",
    said.ReferralOverdue: "told by the clock, to the state that refers and the protection service",
    said.ConflictFound: "told by the service to each owner of its own side; nothing of the other's is in it",
    said.ConflictAnswered: "settles who does what at home, and permits nothing",
    said.ConflictSettled: "both had said the same",
    said.ConflictLapsed: "told by the service; it does not say by what",
    said.ContactChanged: "where the other party wants to be reached",
    said.ContactGiven: "stays with the party that gives it",
    said.TargetsNamed: "for services only",
    said.TargetsCounted: "stays with the owner",
    said.InvitationExtended: "the co-chairs wait longer; nobody has said anything",
    said.HeldCounted: "a number for the co-chairs, of which nothing can be told apart",
    said.InvestigationsCounted: "a number for the co-chairs, of which nothing can be told apart",
    said.MilestonesOverdue: "told by the clock, to the states of the plan",
    said.PeriodSealed: "for services only",
    said.PeriodDebriefed: "the debrief's own word",
    said.ConsultationCalled: "a question to the parties that it names",
    said.ConsultationUnanswered: "silence is no word",
    said.ConsultationHeld: "who came had said so",
    said.ConsultationRecorded: "the co-chairs' own record, for those that came",
    said.ConsultationClosed: "the co-chairs' own act",
    said.ConsultationWithdrawn: "the co-chairs' own act",
    said.ActivityProposed: "a question to its owner",
    said.ActivityRevised: "the Working Group's programme",
    said.ActivityStarted: "the Working Group's programme",
    said.ActivityCompleted: "the Working Group's programme",
    said.ActivityCancelled: "the Working Group's programme",
    said.ActivityOverdue: "told by the clock",
    said.ActivityShared: "the Working Group's programme, for its members",
    said.GroupNamed: "the operator's data",
}
"""The kinds that make no line, each with the reason: they give no state's word and show nothing of a state's own."""

_OTHERS = Entry(K.DISCLOSED)
_AGGREGATES = (
    ("distress_id", "distress"),
    ("update_id", "update"), ("operation_id", "operation"), ("investigation_id", "investigation"), ("period_id", "period"),
    ("consultation_id", "consultation"), ("activity_id", "activity"),
)  # fmt: skip


def line_of(event: Event, officer: str, at: datetime, number: int = 0) -> Line | None:
    """Its line, if it makes one. What stays with the party that says it is disclosed to nobody, and needs none."""
    if type(event) in NO_LINE or not event.type.startswith("planner."):
        return None  # the last: what every service says of its own is nobody's word
    entry = LINES.get(type(event), _OTHERS)
    kind = entry.kind if isinstance(entry.kind, LedgerKind) else entry.kind(event)
    if kind is K.DISCLOSED and event.party and parties_of(event.audience) <= {event.party}:
        return None
    field, aggregate = next(
        ((field, name) for field, name in _AGGREGATES if hasattr(event, field)), (event.key_field, event.key_field)
    )
    subject = getattr(event, field)
    return Line(
        number, event.id, event.time or at, event.party, getattr(event, "by", "") or officer, kind, event.type,
        aggregate, subject, getattr(event, "period_id", None), getattr(event, "operation_id", None),
        getattr(event, entry.version, 0), entry.named_by(event), event.audience,
    )  # fmt: skip


def parties_of(audience: tuple[str, ...]) -> set[str]:
    """Whose people these are, by whichever role."""
    return {entry.partition("#")[0] for entry in audience}


def shown(line: Line) -> dict[str, Any]:
    """As JSON has it, in an export and under the hash."""
    return {
        "number": line.number,
        "event_id": str(line.event_id),
        "at": line.at.astimezone(UTC).isoformat(),
        "party": line.party,
        "officer": line.officer,
        "kind": line.kind.value,
        "type": line.type,
        "aggregate": line.aggregate,
        "subject": str(line.subject),
        "period_id": str(line.period_id) if line.period_id else None,
        "operation_id": str(line.operation_id) if line.operation_id else None,
        "version": line.version,
        "named": list(line.named),
        "audience": list(line.audience),
    }


def read(given: dict[str, Any]) -> Line:
    """The line that was exported so; the opposite of `shown`."""
    period, operation = given["period_id"], given["operation_id"]
    return Line(
        int(given["number"]), UUID(given["event_id"]), datetime.fromisoformat(given["at"]), str(given["party"]),
        str(given["officer"]), LedgerKind(given["kind"]), str(given["type"]), str(given["aggregate"]),
        UUID(given["subject"]), UUID(period) if period else None, UUID(operation) if operation else None,
        int(given["version"]), tuple(given["named"]), tuple(given["audience"]),
    )  # fmt: skip


def chained(before: bytes, line: Line) -> bytes:
    """The hash of a line in the chain: SHA-256 over the hash before it and the line as JSON."""
    return hashlib.sha256(before + json.dumps(shown(line), ensure_ascii=False).encode()).digest()
