"""An operation worked out from what was said of it, and from nothing else."""

from services.planner.domain.detail import Brief, Recall
from services.planner.domain.operation import Operation
from shared.events.base import Event
from shared.events.planner import (
    DetailAudienceChosen,
    DetailPurgeConfirmed,
    DetailRecalled,
    Headline,
    HeadlineReleased,
    OperationBriefed,
    OperationCancelled,
    OperationCompleted,
    OperationDrafted,
    OperationStarted,
    ResourceStated,
    TaskOverdue,
    TaskStated,
)
from shared.vocabulary import OperationState

S = OperationState
BECAME = {OperationStarted: S.UNDER_WAY, OperationCompleted: S.COMPLETED, OperationCancelled: S.CANCELLED}
OF_HEADLINE = ("kind", "window", "objective_id", "held", "held_until", "version")


def replayed(said: list[Event]) -> Operation:
    """The operation after these events."""
    drafted, briefed, *rest = said
    assert isinstance(drafted, OperationDrafted)
    assert isinstance(briefed, OperationBriefed)
    operation = Operation(
        id=drafted.operation_id, period_id=drafted.period_id, owner=drafted.party, brief=_brief(briefed),
        places=briefed.places, **{name: getattr(drafted, name) for name in OF_HEADLINE},
    )  # fmt: skip
    before: Event = briefed
    for event in rest:
        operation = operation.model_copy(update=_changes(operation, event, before))
        before = event
    return operation


def _brief(event: OperationBriefed) -> Brief:
    return Brief(**event.model_dump(include=set(Brief.model_fields)))


def _changes(operation: Operation, event: Event, before: Event) -> dict[str, object]:
    match event:
        case HeadlineReleased(to_newcomers=True):
            return {}
        case Headline():
            return {"state": event.status, **{name: getattr(event, name) for name in OF_HEADLINE}}
        case OperationCancelled():
            unheard = operation.state is S.DRAFTED
            return {"state": S.CANCELLED, "version": event.version, "held_until": None, "unheard": unheard}
        case OperationStarted() | OperationCompleted():
            return {"state": BECAME[type(event)], "version": event.version}
        case OperationBriefed(to_newcomers=True) if isinstance(before, DetailAudienceChosen | HeadlineReleased):
            # what is released anew is taken back no longer
            return {"recalls": tuple(one for one in operation.recalls if one.recipient not in event.audience)}
        case OperationBriefed(to_newcomers=False):
            return {"brief": _brief(event), **{name: getattr(event, name) for name in ("places", "means", "tasks")}}
        case DetailAudienceChosen():
            return {"detail_audience": event.detail_audience, "named": event.named, "version": event.version}
        case DetailRecalled():
            others = tuple(one for one in operation.recalls if one.recipient != event.recipient)
            return {"recalls": (*others, Recall(id=event.recall_id, recipient=event.recipient, at=event.at))}
        case DetailPurgeConfirmed():
            return {
                "recalls": tuple(
                    one.model_copy(update={"purged_at": event.at}) if one.id == event.recall_id else one
                    for one in operation.recalls
                )
            }
        case ResourceStated():
            means = {one.id: one for one in operation.means} | {event.resource.id: event.resource}
            return {"means": tuple(means.values())}
        case TaskStated() | TaskOverdue():
            tasks = {one.id: one for one in operation.tasks} | {event.task.id: event.task}
            return {"tasks": tuple(tasks.values())}
    return {}
