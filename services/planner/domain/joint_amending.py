"""A joint operation that is scheduled is amended: proposed by its owner, in force when each of its states has consented."""

from datetime import datetime

from services.planner.domain.consents import Proposal
from services.planner.domain.frame import Frame, PeriodNotOpen
from services.planner.domain.joint_amendment import Changes, JointAmendment
from services.planner.domain.operation import NotThisState, Operation
from shared.actor import Actor
from shared.errors import Conflict
from shared.events.planner import (
    JointAmendmentBriefed,
    JointAmendmentProposed,
    JointAnswered,
    OperationAmended,
    OperationBriefed,
)
from shared.vocabulary import JointAnswer, OperationState, PeriodState

S = OperationState


class NothingNew(Conflict):
    """States are not asked about what they have consented to already."""


def propose(
    operation: Operation, frame: Frame, to: Changes, by: Actor
) -> tuple[Operation, JointAmendmentProposed, JointAmendmentBriefed]:
    """Put to its states; the operation stays what it is. One that was put to them before, and is not in force, is void.

    Raises:
        NotThisState: it is a draft, or has begun.
        NothingNew: it is what is in force.
        Invalid: what an operation cannot be.
    """
    operation.require_owner(by, frame)
    present = _of_joint(operation)
    _require_open(operation, frame)
    frame.require_participant(operation.owner)
    changed = operation.changed(**to.fields)
    changed.require_sound(frame)
    if changed.terms == operation.terms:
        raise NothingNew("That is what is in force. Change something first.")
    number = (operation.amendment.proposal if operation.amendment else present).number + 1
    proposal = Proposal(number=number, by=by.id, officer=by.name, terms=changed.terms)
    amendment = JointAmendment(**to.fields, proposal=proposal, version=operation.version + 1)
    proposed = operation.changed(amendment=amendment)
    about = proposed._envelope(by, proposed.home(frame))
    headline = {name: getattr(to, name) for name in ("kind", "window", "objective_id")}
    return (
        proposed,
        JointAmendmentProposed(number=number, by=by.name, **headline, **about),
        JointAmendmentBriefed(number=number, places=to.places, **to.brief.model_dump(), **about),
    )


def answer(
    operation: Operation, frame: Frame, number: int, given: JointAnswer, reason: str, by: Actor, at: datetime
) -> tuple[Operation, JointAnswered, *tuple[OperationAmended | OperationBriefed, ...]]:
    """A state's word on it, by an officer who did not propose it. The last consent puts it in force; a refusal ends it.

    Raises:
        ConsentMissing: what is to come in force is not what its states consented to.
        Invalid: it breaks a rule by now.
    """
    operation.require_state(by, frame)
    _of_joint(operation)
    amendment = operation.amendment
    if amendment is None:
        raise Conflict("No amendment of it is proposed.")
    _require_open(operation, frame)
    frame.require_participant(by.party)
    amendment.proposal.require_open(number)
    proposal = amendment.proposal.with_word(given, reason, by, at)
    after = {"proposal": proposal, "version": operation.version + 1}
    answered = operation.changed(amendment=amendment.model_copy(update=after))
    about = {**answered._envelope(by, answered.home(frame)), "party": by.party}
    said = JointAnswered(number=number, answer=given, by=by.name, reason=reason, **about)
    states = (operation.owner, *operation.partners)
    if proposal.missing(states):
        return answered, said
    amended = answered.changed(**amendment.fields, proposal=proposal, amendment=None)
    amended.require_sound(frame)
    amended.require_consents()
    # by whom it was proposed: who of another state said the last word stays between the states
    headline = OperationAmended(by=proposal.officer, **amended._headline(by, amended.headline_readers(frame)))
    return amended, said, headline, OperationBriefed(**amended._briefed(by, amended.detail_readers(frame)))


def remarked(before: Operation, after: Operation) -> Operation:
    """With fewer readers: its states had consented to more than that, to what it is and to what it is to become.

    What was changed past them stays so: its mark did not fit before, either.
    """
    proposal, amendment = after.proposal, after.amendment
    if proposal and proposal.terms == before.terms:
        proposal = proposal.model_copy(update={"terms": after.terms})
    if amendment and amendment.proposal.terms == before.changed(**amendment.fields).terms:
        terms = after.changed(**amendment.fields).terms
        marked = amendment.proposal.model_copy(update={"terms": terms})
        amendment = amendment.model_copy(update={"proposal": marked})
    return after.model_copy(update={"proposal": proposal, "amendment": amendment})


def _of_joint(operation: Operation) -> Proposal:
    if operation.proposal is None:
        raise Conflict("This is no joint operation: its owner amends it, and no other state is asked.")
    return operation.proposal


def _require_open(operation: Operation, frame: Frame) -> None:
    if operation.state is S.DRAFTED:
        raise NotThisState("It is a draft: propose another version of it to its states.")
    if operation.state is not S.SCHEDULED:
        now = operation.state.value.replace("_", " ")
        raise NotThisState(f"An operation is amended before it starts; it is {now}.")
    if frame.state not in {PeriodState.ADOPTED, PeriodState.ACTIVE}:
        raise PeriodNotOpen(f"What is scheduled is amended until its period is over; it is {frame.state.value}.")
