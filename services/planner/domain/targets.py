"""The targets that an operation names, as tokens; and how many tries at others' operations a party has in a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.planner.domain.frame import Frame
from services.planner.domain.operation import Operation
from shared.actor import Actor
from shared.errors import Conflict, Invalid, TooMany
from shared.events.base import SERVICES_ONLY
from shared.events.planner import Target, TargetsCounted, TargetsNamed
from shared.vocabulary import IdentifierKind, OperationState

MOST = 200


class OperationOver(Conflict):
    """The operation is completed or cancelled: what it was after is compared no more."""


class Targets(BaseModel):
    """The aggregate, beside its operation and under the same id."""

    model_config = ConfigDict(frozen=True)
    id: UUID
    version: int = 0
    named: tuple[Target, ...] = ()

    @property
    def tokens(self) -> frozenset[str]:
        return frozenset(target.token for target in self.named)

    def name(
        self, targets: Iterable[Target], operation: Operation, frame: Frame, by: Actor
    ) -> tuple[Self, tuple[TargetsNamed, TargetsCounted]]:
        """These as well; naming one twice names it once."""
        return self._say({*self.named, *targets}, operation, frame, by)

    def unname(
        self, targets: Iterable[Target], operation: Operation, frame: Frame, by: Actor
    ) -> tuple[Self, tuple[TargetsNamed, TargetsCounted]]:
        """These no more. Nobody can read tokens back, so who takes one out gives its identifier again."""
        return self._say(set(self.named) - set(targets), operation, frame, by)

    def _say(
        self, named: set[Target], operation: Operation, frame: Frame, by: Actor
    ) -> tuple[Self, tuple[TargetsNamed, TargetsCounted]]:
        operation.require_owner(by, frame)
        frame.require_not_over()
        if operation.state in {OperationState.COMPLETED, OperationState.CANCELLED}:
            raise OperationOver(f"The operation is {operation.state.value}: its targets stay as they were.")
        if len(named) > MOST:
            raise Invalid.field("identifiers", f"An operation names at most {MOST} targets.")
        ordered = tuple(sorted(named, key=lambda one: (one.kind, one.token)))
        changed = self.model_copy(update={"named": ordered, "version": self.version + 1})
        kinds = [one.kind for one in ordered]
        about = {
            "operation_id": operation.id, "period_id": operation.period_id, "version": changed.version,
            "party": operation.owner,
        }  # fmt: skip
        return changed, (
            TargetsNamed(**about, targets=ordered, audience=SERVICES_ONLY),
            TargetsCounted(
                **about, counts={kind: kinds.count(kind) for kind in IdentifierKind if kind in kinds},
                audience=(operation.owner,),
            ),
        )  # fmt: skip


class TooManyTries(TooMany):
    """A party that tries many places and targets looks for others' operations, or is about to be taken for it."""


@dataclass(frozen=True)
class Allowance:
    """How many places and targets a party may have compared in so many hours."""

    places: int = 100
    targets: int = 300
    hours: float = 24.0

    def require(self, places: tuple[int, int], targets: tuple[int, int]) -> None:
        """Of each what was tried before and what is tried now.

        Raises:
            TooManyTries: it is beyond what is allowed; what is not tried now counts for nothing.
        """
        for what, most, (before, now) in (("places", self.places, places), ("targets", self.targets, targets)):
            if now and before + now > most:
                raise TooManyTries(
                    f"Your party has had {before} {what} compared with others' operations in the last {self.hours:g} hours, "
                    f"and {most} are allowed. Try again later, or ask the operator."
                )
