"""Joint operations: the words of the states that carry one out together, on `planner.operations`."""

from typing import ClassVar

from shared.events.planner.operations import Headline, OperationEvent
from shared.vocabulary import DetailAudience, JointAnswer


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
