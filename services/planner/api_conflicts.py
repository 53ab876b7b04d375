"""The planner's HTTP door to conflicts and targets. Of targets only tokens come in, which the portal makes."""

from uuid import UUID

from services.planner.schemas_conflicts import (
    AnswerConflict,
    ConflictView,
    ContactView,
    GiveContact,
    NameTargets,
    TargetsView,
)
from services.planner.usecases import conflicts
from shared.events.planner import Target
from shared.runtime.commands import commands
from shared.runtime.web import Caller, Expected, Transaction

router = commands()


@router.post("/conflicts/{conflict_id}/answer")
async def answer_conflict(
    conflict_id: UUID, body: AnswerConflict, actor: Caller, expected: Expected, tx: Transaction
) -> ConflictView:
    return ConflictView.of(*await conflicts.answer(tx, actor, conflict_id, expected, body.answer, body.words))


@router.post("/conflicts/contact")
async def give_contact(body: GiveContact, actor: Caller, expected: Expected, tx: Transaction) -> ContactView:
    return ContactView.of(await conflicts.give_contact(tx, actor, expected, body.contact))


# without If-Match: targets are added and taken out one by one, and no two officers' undo each other's
@router.post("/operations/{operation_id}/targets", status_code=201)
async def name_targets(operation_id: UUID, body: NameTargets, actor: Caller, tx: Transaction) -> TargetsView:
    return TargetsView.of(await conflicts.name_targets(tx, actor, operation_id, _targets(body)))


@router.post("/operations/{operation_id}/targets/remove")
async def unname_targets(operation_id: UUID, body: NameTargets, actor: Caller, tx: Transaction) -> TargetsView:
    return TargetsView.of(await conflicts.unname_targets(tx, actor, operation_id, _targets(body)))


def _targets(body: NameTargets) -> tuple[Target, ...]:
    return tuple(Target(kind=one.kind, token=one.token) for one in body.targets)
