"""A joint operation: proposed to its states in versions, consented to by each, stopped by any of them at any time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.planner.domain.consents import Proposal
from services.planner.domain.frame import Frame, PeriodNotOpen
from services.planner.domain.operation import NotThisState, Operation
from shared.actor import Actor
from shared.errors import Conflict, Invalid
from shared.events.planner import (
    DetailAudienceChosen,
    JointAnswered,
    JointProposed,
    JointWithdrawn,
    OperationBriefed,
    OperationCancelled,
)
from shared.vocabulary import JointAnswer, OperationState, PeriodState

S = OperationState
_PROPOSED_IN = frozenset({PeriodState.PLANNING, PeriodState.ADOPTED, PeriodState.ACTIVE})


def propose(
    operation: Operation, frame: Frame, partners: tuple[str, ...], changes: Mapping[str, Any], by: Actor
) -> tuple[Operation, JointProposed, OperationBriefed, *tuple[DetailAudienceChosen, ...]]:
    """A version of a draft, with what it changes, put to its partners and to the owner's own state.

    They are told for whom the detail is to be as well: they consent to that too.

    Raises:
        NotThisState: it is scheduled already; its states consented to what it is.
        Invalid: who cannot be a partner, or what an operation cannot be.
    """
    operation.require_owner(by, frame)
    if operation.state is not S.DRAFTED:
        raise NotThisState("It is no draft any more: what its states consented to is amended by a proposal to all of them.")
    if frame.state not in _PROPOSED_IN:
        raise PeriodNotOpen(f"Joint operations are proposed while a period is planned or runs; it is {frame.state.value}.")
    frame.require_participant(operation.owner)
    others = tuple(sorted(set(partners)))
    if not others:
        raise Invalid.field("partners", "Name at least one other state.")
    if operation.owner in others:
        raise Invalid.field("partners", "Your own state is part of it; name others.")
    if strangers := [party for party in others if party not in frame.participants]:
        raise Invalid.field("partners", f"{', '.join(strangers)}: not a participating state.")
    changed = operation.changed(**changes, partners=others)
    changed.require_sound(frame)
    if double := sorted(set(changed.named) & set(others)):
        raise Invalid.field("named", f"{', '.join(double)}: a state of it has the detail; name others.")
    number = operation.proposal.number + 1 if operation.proposal else 1
    proposal = Proposal(number=number, by=by.id, officer=by.name, terms=changed.terms)
    proposed = changed.model_copy(update={"proposal": proposal})
    readers = proposed.home(frame)
    told = {"detail_audience": proposed.detail_audience, "named": proposed.named}
    said = JointProposed(number=number, by=by.name, **told, **proposed._headline(by, readers))
    brief = OperationBriefed(**proposed._briefed(by, readers))
    rechosen = (proposed.detail_audience, set(proposed.named)) != (operation.detail_audience, set(operation.named))
    return proposed, said, brief, *((proposed.choice(by),) if rechosen else ())


def answer(
    operation: Operation, frame: Frame, number: int, given: JointAnswer, reason: str, by: Actor, at: datetime
) -> tuple[Operation, JointAnswered]:
    """A state's word on the present version, by an officer who did not propose it; on nothing but what was proposed."""
    proposal = _of_state(operation, frame, by)
    if operation.state is not S.DRAFTED:
        raise NotThisState("Words are given before it is scheduled. A state that wants it no longer withdraws.")
    frame.require_not_over()
    frame.require_participant(by.party)
    proposal.require_open(number)
    proposal.require_same(operation.terms)
    changed = operation.changed(proposal=proposal.with_word(given, reason, by, at))
    said = JointAnswered(
        number=number, answer=given, by=by.name, reason=reason, **_of(changed, frame, by.party)
    )
    return changed, said


def withdraw(
    operation: Operation, frame: Frame, reason: str, by: Actor, at: datetime
) -> tuple[Operation, JointWithdrawn, *tuple[OperationCancelled, ...]]:
    """A state takes its word back: at once, and for good. Of a draft only the version is stopped."""
    proposal = _of_state(operation, frame, by)
    if operation.state in {S.COMPLETED, S.CANCELLED}:
        raise NotThisState(f"It is {operation.state.value}: there is nothing to withdraw from.")
    if frame.state is PeriodState.ARCHIVED:
        raise PeriodNotOpen("Nothing of an archived period changes.")
    changed = operation.changed(proposal=proposal.withdrawn(reason, by, at))
    said = JointWithdrawn(number=proposal.number, by=by.name, reason=reason, **_of(changed, frame, by.party))
    if operation.state is S.DRAFTED:
        return changed, said
    stopped = changed.stopped()
    own = by.name if by.party == operation.owner else ""  # who of another state did it stays between the states
    envelope = stopped._envelope(by, stopped.headline_readers(frame))
    return stopped, said, OperationCancelled(at=at, by=own, withdrawn_by=by.party, **envelope)


def require_consented(operation: Operation, by: Actor, frame: Frame) -> None:
    """The same as of the owner, for each state that consented to it, when it is over as well."""
    if has_consented(operation, by.party) and by.reads((by.party,)):
        return
    operation.require_owner(by, frame)


def has_consented(operation: Operation, party: str) -> bool:
    """Whether a partner gave its word: to the present version of a draft; what was scheduled had the word of each."""
    if party not in operation.partners or operation.proposal is None:
        return False
    was_scheduled = operation.state is not S.DRAFTED and not operation.unheard
    return was_scheduled or not operation.proposal.missing((party,))


def _of_state(operation: Operation, frame: Frame, by: Actor) -> Proposal:
    """The present proposal, for an officer of one of its states."""
    operation.require_state(by, frame)
    if operation.proposal is None:
        raise Conflict("This is no joint operation: no other state was asked.")
    return operation.proposal


def _of(operation: Operation, frame: Frame, party: str) -> dict[str, Any]:
    """The envelope of a state's own word, for the states that it is between."""
    by = operation._envelope(None, operation.home(frame))
    return {**by, "party": party}
