"""Joint operations: the words of the states that carry one out together."""

from typing import ClassVar
from uuid import UUID

from shared.events.planner.details import DetailEvent
from shared.events.planner.operations import Headline, OperationEvent
from shared.events.planner.parts import Place, Window
from shared.vocabulary import DetailAudience, JointAnswer, OperationKind


class JointProposed(Headline):
    """A version of a joint operation is put to the states that it names: they see it, and nobody else does yet.

    Each of them, the owner's too, consents to this version by an officer who did not propose it; and so to who reads the
    detail once it is scheduled: these states, the parties that are `named`, and participants as `detail_audience` says.
    """

    type: ClassVar[str] = "planner.joint.proposed.v1"

    number: int
    by: str
    detail_audience: DetailAudience | None = None
    named: tuple[str, ...] = ()


class JointAnswered(OperationEvent):
    """A state's word on one version of a joint operation; the reason stays between the states that it names."""

    type: ClassVar[str] = "planner.joint.answered.v1"

    number: int
    answer: JointAnswer
    by: str
    reason: str = ""


class JointWithdrawn(OperationEvent):
    """A state takes its word back: a joint operation that is scheduled or under way stops at once."""

    type: ClassVar[str] = "planner.joint.withdrawn.v1"

    number: int
    by: str
    reason: str = ""


class JointAmendmentProposed(OperationEvent):
    """A joint operation that is scheduled is to become this, once each of its states has consented: for these alone.

    Until then it stays as it was; OperationAmended says that it has come in force, and a refusal ends it.
    """

    type: ClassVar[str] = "planner.joint.amendment_proposed.v1"

    number: int
    by: str
    kind: OperationKind
    window: Window
    objective_id: UUID | None = None


class JointAmendmentBriefed(DetailEvent):
    """Where, how and with what, in the amendment of that number: for the states that are asked."""

    type: ClassVar[str] = "planner.joint.amendment_briefed.v1"

    number: int
    title: str
    agency: str = ""
    place: str = ""
    places: tuple[Place, ...] = ()
    narrative: str = ""
    tactics: str = ""
    resources: str = ""
    contacts: str = ""
