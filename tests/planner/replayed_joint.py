"""A joint operation worked out from what was said of it: what is in force, what was asked, and the words on both."""

from typing import Any

from services.planner.domain.detail import Brief
from services.planner.domain.operation import Operation
from shared.events.base import Event
from shared.events.planner import (
    HeadlineReleased,
    JointAmendmentBriefed,
    JointAmendmentProposed,
    JointAnswered,
    JointProposed,
    JointWithdrawn,
    OperationAmended,
    OperationBriefed,
    OperationCancelled,
    OperationCompleted,
    OperationDrafted,
    OperationScheduled,
    OperationStarted,
)
from shared.vocabulary import OperationState

S = OperationState
BECAME = {OperationStarted: S.UNDER_WAY, OperationCompleted: S.COMPLETED, OperationCancelled: S.CANCELLED}


def replayed(said: list[Event], like: Operation) -> Operation:
    """The operation after these events, as far as it is joint; what only the officer's account tells is taken over."""
    now: dict[str, Any] = {"state": S.DRAFTED, "version": 0, "partners": (), "held": False}
    number, words = 0, dict[str, str]()
    asked: dict[str, Any] = {}
    for event in said:
        if hasattr(event, "update_id") or getattr(event, "to_newcomers", False):
            continue
        now["version"] = max(now["version"], getattr(event, "version", 0))
        match event:
            case JointProposed():
                number, words = event.number, {}
                now |= {"partners": event.partners, "kind": event.kind, "window": event.window}
            case JointAmendmentProposed():
                asked = {"number": event.number, "kind": event.kind, "window": event.window, "words": {}}
                asked |= {"objective_id": event.objective_id, "version": event.version}
            case JointAmendmentBriefed():
                assert event.number == asked["number"]
                asked |= {"brief": _brief(event), "places": event.places}
            case JointAnswered() if asked and event.number == asked["number"]:
                asked["words"][event.party], asked["version"] = event.answer, event.version
            case JointAnswered():
                words[event.party] = event.answer
            case JointWithdrawn():
                words[event.party] = "withdrawn"
            case OperationAmended():
                number, words, asked = asked["number"], asked["words"], {}
                now |= {"kind": event.kind, "window": event.window, "objective_id": event.objective_id}
            case OperationBriefed():
                now |= {"brief": _brief(event), "places": event.places}
            case OperationDrafted() | OperationScheduled() | HeadlineReleased():
                now |= {"state": event.status, "held": event.held, "kind": event.kind, "window": event.window}
            case OperationStarted() | OperationCompleted() | OperationCancelled():
                now["state"] = BECAME[type(event)]
    return like.model_copy(update={**now, "proposal": _proposal(like, number, words), "amendment": _amendment(like, asked)})


def _brief(event: OperationBriefed | JointAmendmentBriefed) -> Brief:
    return Brief(**event.model_dump(include=set(Brief.model_fields)))


def _proposal(like: Operation, number: int, words: dict[str, str]) -> Any:
    if not number:
        return None
    assert like.proposal
    given = {party: like.proposal.words[party].model_copy(update={"answer": word}) for party, word in words.items()}
    return like.proposal.model_copy(update={"number": number, "words": given})


def _amendment(like: Operation, asked: dict[str, Any]) -> Any:
    if not asked:
        return None
    assert like.amendment
    words, number = asked.pop("words"), asked.pop("number")
    before = like.amendment.proposal
    given = {party: before.words[party].model_copy(update={"answer": word}) for party, word in words.items()}
    return like.amendment.model_copy(
        update={**asked, "proposal": before.model_copy(update={"number": number, "words": given})}
    )
