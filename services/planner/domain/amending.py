"""An operation is amended: its owner plans anew what it drafted or scheduled, in a new version for the same readers."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.planner.domain.detail import Brief
from services.planner.domain.frame import Frame, PeriodNotOpen
from services.planner.domain.operation import NotThisState, Operation
from shared.actor import Actor
from shared.errors import Conflict
from shared.events.base import Event
from shared.events.planner import OperationAmended, OperationBriefed, Place, Window
from shared.vocabulary import DetailAudience, OperationKind, OperationState, PeriodState

S = OperationState


class ReadersUnchanged(Conflict):
    """An amendment is not the way to give a detail to others, or to take it back."""


class Amendment(BaseModel):
    """What an operation is to be from now on; None: for the readers of the detail, as it is."""

    model_config = ConfigDict(frozen=True)
    kind: OperationKind
    window: Window
    objective_id: UUID | None = None
    brief: Brief
    places: tuple[Place, ...] = ()
    detail_audience: DetailAudience | None = None
    named: tuple[str, ...] | None = None


def amend(operation: Operation, to: Amendment, frame: Frame, by: Actor) -> tuple[Operation, *tuple[Event, ...]]:
    """The operation as amended, headline and detail said again to their readers. A draft stays at home.

    Raises:
        ReadersUnchanged: it is scheduled, and others would read the detail than before.
        NotThisState: it began, or states were asked about it as it is.
    """
    operation.require_owner(by, frame)
    frame.require_participant(operation.owner)
    if operation.state not in {S.DRAFTED, S.SCHEDULED}:
        now = operation.state.value.replace("_", " ")
        raise NotThisState(f"An operation is amended before it starts; it is {now}.")
    if operation.state is not S.DRAFTED:
        operation.require_alone()
    elif operation.proposal is not None and not operation.proposal.refused_by:
        number = operation.proposal.number
        raise NotThisState(f"Version {number} of it is put to its states: to change it, propose another version to them.")
    if frame.state not in {PeriodState.PLANNING, PeriodState.ADOPTED, PeriodState.ACTIVE}:
        raise PeriodNotOpen(f"Operations are amended while a period is planned or runs; it is {frame.state.value}.")
    wanted = {name: getattr(to, name) for name in type(to).model_fields}
    chosen = {name: wanted[name] for name in ("detail_audience", "named") if wanted[name] is not None}
    before = {"detail_audience": operation.detail_audience, "named": operation.named}
    changed = operation._next(**{**wanted, **before, **chosen})
    rechosen = (changed.detail_audience, set(changed.named)) != (operation.detail_audience, set(operation.named))
    if rechosen and operation.state is not S.DRAFTED:
        raise ReadersUnchanged("It is scheduled: release the detail to others, or recall it, as an act of its own.")
    changed.require_sound(frame)
    headline = OperationAmended(by=by.name, **changed._headline(by, changed.headline_readers(frame)))
    detail = OperationBriefed(**changed._briefed(by, changed.detail_readers(frame)))
    return changed, headline, detail, *((changed.choice(by),) if rechosen else ())
