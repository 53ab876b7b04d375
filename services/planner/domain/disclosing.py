"""Who reads an operation's detail, changed by its owner: released to more, or taken back from some."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from uuid_utils.compat import uuid7

from services.planner.domain.detail import Recall
from services.planner.domain.frame import Frame
from services.planner.domain.joint_amending import remarked
from services.planner.domain.operation import NotThisState, Operation
from services.planner.domain.update import Update
from shared.actor import Actor
from shared.errors import Conflict
from shared.events.base import Event
from shared.events.planner import DetailPurgeConfirmed, DetailRecalled, HeadlineReleased, OperationBriefed
from shared.vocabulary import DetailAudience, OperationState, UpdateKind


class OneAtATime(Conflict):
    """A release gives to some and takes from nobody; a recall takes from some and gives to nobody."""


class Choice(NamedTuple):
    """For whom the owner wants the detail to be."""

    audience: DetailAudience
    named: tuple[str, ...] = ()


def gaining(before: Operation, after: Operation, frame: Frame) -> tuple[str, ...]:
    """Who would read the detail that does not read it now; of a held one, once its hold ends."""
    return _less(_unheld(after).detail_readers(frame), _unheld(before).detail_readers(frame))


def losing(before: Operation, after: Operation, frame: Frame) -> tuple[str, ...]:
    """Who reads the detail, or would once its hold ends, and would not any more."""
    return gaining(after, before, frame)


def choose(operation: Operation, choice: Choice, frame: Frame, by: Actor) -> Operation:
    """The operation with other readers of its detail.

    Raises:
        NotThisState: it is a draft (whose choice is part of the draft), or nobody will ever read it.
        OneAtATime: some would gain it and others lose it.
    """
    operation.require_owner(by, frame)
    if operation.state is OperationState.DRAFTED or operation.unheard:
        raise NotThisState("Readers are released and recalled once it is scheduled; before, the draft says for whom it is.")
    named = tuple(sorted(set(choice.named)))
    changed = operation._next(detail_audience=choice.audience, named=named)
    more, less = gaining(operation, changed, frame), losing(operation, changed, frame)
    if more and less:
        some, others = ", ".join(more), ", ".join(less)
        raise OneAtATime(f"{some} would get the detail and {others} would lose it: do one, then the other.")
    operation.require_named(named, choice.audience, frame)
    return changed


def release(
    operation: Operation, updates: Sequence[Update], choice: Choice, frame: Frame, by: Actor
) -> tuple[Operation, *tuple[Event, ...]]:
    """Give the detail, and what updates say in detail, to further parties: its present state, for them alone."""
    changed = choose(operation, choice, frame, by)
    if losing(operation, changed, frame) or not gaining(operation, changed, frame):
        raise OneAtATime("A release gives the detail to further parties. To take it from some, recall it.")
    operation.require_alone()
    frame.require_not_over()
    changed = changed.model_copy(update={"recalls": _others(operation, gaining(operation, changed, frame))})
    said: list[Event] = [changed.choice(by)]
    first = _less(changed.headline_readers(frame), operation.headline_readers(frame))
    near = _less(changed.detail_readers(frame), operation.detail_readers(frame))
    if first:
        said.append(HeadlineReleased(**changed._headline(by, first), to_newcomers=True))
    if near:
        said.append(OperationBriefed(**changed._briefed(by, near), to_newcomers=True))
    for update in updates:
        for was, part in zip(update.release(operation, frame), update.release(changed, frame), strict=True):
            if newly := _less(part.audience, was.audience):
                said.append(part.model_copy(update={"audience": newly, "to_newcomers": True}))
    return changed, *said


def recall(
    operation: Operation, choice: Choice, frame: Frame, by: Actor, at: datetime
) -> tuple[Operation, *tuple[Event, ...]]:
    """Take the detail back from some: each of them is told to purge it. Whoever keeps it gets it anew: see `said_again`.

    What was said in the headline stays said. It is possible for as long as anything is kept: a state decides.
    """
    changed = choose(operation, choice, frame, by)
    if gaining(operation, changed, frame) or not losing(operation, changed, frame):
        raise OneAtATime("A recall takes the detail from some parties. To give it to others, release it.")
    lost = _less(operation.detail_readers(frame), changed.detail_readers(frame))
    recalls = tuple(Recall(id=uuid7(), recipient=party, at=at) for party in lost)
    changed = changed.model_copy(update={"recalls": (*_others(operation, lost), *recalls)})
    changed = remarked(operation, changed)
    said: list[Event] = [changed.choice(by)]
    for one in recalls:
        known = changed._envelope(by, tuple(sorted((changed.owner, one.recipient))))
        said.append(DetailRecalled(recall_id=one.id, recipient=one.recipient, at=at, by=by.name, **known))
    return changed, *said


def said_again(operation: Operation, updates: Sequence[Update], frame: Frame, by: Actor) -> tuple[Event, ...]:
    """Detail and updates' details for all that read them now: what was said before is void.

    With an incident its headline, which is for the readers of the detail as well.
    """
    said: list[Event] = [OperationBriefed(**operation._briefed(by, operation.detail_readers(frame)))]
    for update in updates:
        headline, detail = update.release(operation, frame)
        said += [headline, detail] if update.kind is UpdateKind.INCIDENT else [detail]
    return tuple(said)


def without(operation: Operation, party: str, by: Actor) -> tuple[Operation, *tuple[Event, ...]] | None:
    """A party that is out of the period is named no longer; None where it was not."""
    if party not in operation.named:
        return None
    changed = remarked(operation, operation._next(named=tuple(one for one in operation.named if one != party)))
    return changed, changed.choice(by)


def confirm_purge(
    operation: Operation, recall_id: UUID, recipient: str, at: datetime
) -> tuple[Operation, DetailPurgeConfirmed] | None:
    """It is gone at that party; None where that was told before, or the detail was released to it anew."""
    for one in operation.recalls:
        if one.id == recall_id and one.recipient == recipient:
            if one.purged_at is not None:
                return None
            purged = one.model_copy(update={"purged_at": at})
            recalls = tuple(purged if other is one else other for other in operation.recalls)
            said = DetailPurgeConfirmed(
                operation_id=operation.id, period_id=operation.period_id, recall_id=recall_id, recipient=recipient,
                at=at, party=recipient, audience=(operation.owner,),
            )  # fmt: skip
            return operation.model_copy(update={"recalls": recalls}), said
    return None


def _unheld(operation: Operation) -> Operation:
    return operation.model_copy(update={"held": False})


def _less(readers: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(readers) - set(others)))


def _others(operation: Operation, parties: tuple[str, ...]) -> tuple[Recall, ...]:
    return tuple(one for one in operation.recalls if one.recipient not in parties)
