"""What a scheduled joint operation is to become, and its states' words on that: beside it, until all have consented."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.planner.domain.consents import Proposal
from services.planner.domain.detail import Brief
from shared.events.planner import Place, Window
from shared.vocabulary import OperationKind


class Changes(BaseModel):
    """The whole of what may be others: its states, and the readers of its detail, stay as they are."""

    model_config = ConfigDict(frozen=True)
    kind: OperationKind
    window: Window
    objective_id: UUID | None = None
    brief: Brief
    places: tuple[Place, ...] = ()

    @property
    def fields(self) -> dict[str, Any]:
        """Of the operation, as they are to be."""
        return {name: getattr(self, name) for name in Changes.model_fields}


class JointAmendment(Changes):
    """An amendment as it was put to the states. `version`: of the operation, when it was proposed or last answered."""

    version: int
    proposal: Proposal
