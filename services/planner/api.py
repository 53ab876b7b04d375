"""The planner's HTTP door: commands that the portal forwards."""

from uuid import UUID

from uuid_utils.compat import uuid7

from services.planner.api_incidents import incident_on
from services.planner.api_protection import distress_on
from services.planner.domain.detail import Brief
from services.planner.domain.operation import Operation
from services.planner.domain.period import Period
from services.planner.domain.update import Update
from services.planner.files import named
from services.planner.schemas import (
    AdoptPlan,
    AnswerInvitation,
    AnswerPlan,
    DraftOperation,
    ExtendInvitation,
    InviteParties,
    Leave,
    OperationView,
    PeriodView,
    PostUpdate,
    ProposePeriod,
    PublishPlan,
    ScheduleOperation,
    UpdateView,
)
from services.planner.schemas_protection import DistressView, IncidentView, ReleaseOrigins
from services.planner.usecases import operations, participation, periods, updates
from shared import places
from shared.events.planner import Checkpoint, Objective, Section, Window
from shared.runtime.bodies import Nothing, Reason
from shared.runtime.commands import commands
from shared.runtime.web import Caller, Expected, Transaction, Verifying
from shared.vocabulary import Severity, UpdateKind

router = commands()


# the first, because routes are tried in turn and this one is asked for most
@router.post("/operations/{operation_id}/updates", status_code=201)
async def post_update(
    operation_id: UUID, body: PostUpdate, actor: Caller, verifier: Verifying, tx: Transaction
) -> UpdateView | DistressView | IncidentView:
    if body.kind is UpdateKind.DISTRESS:
        return await distress_on(operation_id, body, actor, tx)
    if body.severity is Severity.SERIOUS:
        return await incident_on(operation_id, body, actor, tx)
    update = Update(
        id=uuid7(),
        operation_id=operation_id,
        period_id=operation_id,  # the use case sets the operation's own
        party=actor.party,
        kind=body.kind,
        happened_at=body.happened_at or tx.now,
        posted_at=tx.now,
        posted_by=actor.id,
        officer=actor.name,
        counts=body.counts,
        text=body.text,
        place=body.place,
        language=body.language,
        supersedes=body.supersedes,
        protection_concern=body.protection_concern,
        origins=body.origins,
        files=named(body.files, actor, verifier) if body.files else (),
    )
    return UpdateView.of(await updates.post(tx, actor, update, body.without_files))


@router.post("/periods", status_code=201)
async def propose_period(body: ProposePeriod, actor: Caller, tx: Transaction) -> PeriodView:
    objectives = tuple(Objective(id=uuid7(), **objective.model_dump()) for objective in body.objectives)
    checkpoints = tuple(Checkpoint(**checkpoint.model_dump()) for checkpoint in body.checkpoints)
    asked = body.model_dump(exclude={"objectives", "checkpoints"})
    period = Period(id=uuid7(), objectives=objectives, checkpoints=checkpoints, **asked)
    return PeriodView.of(await periods.propose(tx, actor, period))


@router.post("/periods/{period_id}/answers", status_code=201)
async def answer_invitation(period_id: UUID, body: AnswerInvitation, actor: Caller, tx: Transaction) -> PeriodView:
    return PeriodView.of(
        await participation.answer(tx, actor, period_id, body.answer, body.reservation, body.plan_version)
    )


@router.post("/periods/{period_id}/invitations", status_code=201)
async def invite_parties(
    period_id: UUID, body: InviteParties, actor: Caller, expected: Expected, tx: Transaction
) -> PeriodView:
    return PeriodView.of(
        await participation.invite(tx, actor, period_id, expected, body.invited, body.supporting, body.answer_by)
    )


@router.post("/periods/{period_id}/extend")
async def extend_invitation(
    period_id: UUID, body: ExtendInvitation, actor: Caller, expected: Expected, tx: Transaction
) -> PeriodView:
    return PeriodView.of(await participation.extend(tx, actor, period_id, expected, body.answer_by))


@router.post("/periods/{period_id}/leave")
async def leave_period(period_id: UUID, body: Leave, actor: Caller, tx: Transaction) -> PeriodView:
    return PeriodView.of(await participation.leave(tx, actor, period_id, body.reason))


@router.post("/periods/{period_id}/plan-versions", status_code=201)
async def publish_plan(
    period_id: UUID, body: PublishPlan, actor: Caller, expected: Expected, verifier: Verifying, tx: Transaction
) -> PeriodView:
    sections = tuple(Section(**section.model_dump()) for section in body.sections)
    objectives = None
    if body.objectives is not None:
        objectives = tuple(
            Objective(id=one.id or uuid7(), **one.model_dump(exclude={"id"})) for one in body.objectives
        )
    return PeriodView.of(
        await periods.publish_plan(
            tx, actor, period_id, expected, sections, body.rights_officers, objectives, body.affected,
            named(body.annexes, actor, verifier, "annexes"),
        )
    )


@router.post("/periods/{period_id}/plan-versions/{number}/answers", status_code=201)
async def answer_plan(period_id: UUID, number: int, body: AnswerPlan, actor: Caller, tx: Transaction) -> PeriodView:
    return PeriodView.of(await periods.answer_plan(tx, actor, period_id, number, body.answer, body.reason))


@router.post("/periods/{period_id}/adopt")
async def adopt_plan(
    period_id: UUID, body: AdoptPlan, actor: Caller, expected: Expected, tx: Transaction
) -> PeriodView:
    return PeriodView.of(await periods.adopt(tx, actor, period_id, expected, body.plan_version))


@router.post("/periods/{period_id}/activate")
async def activate_period(
    period_id: UUID, body: Nothing, actor: Caller, expected: Expected, tx: Transaction
) -> PeriodView:
    return PeriodView.of(await periods.activate(tx, actor, period_id, expected))


@router.post("/periods/{period_id}/close")
async def close_period(
    period_id: UUID, body: Nothing, actor: Caller, expected: Expected, tx: Transaction
) -> PeriodView:
    return PeriodView.of(await periods.close(tx, actor, period_id, expected, tx.now))


@router.post("/periods/{period_id}/archive")
async def archive_period(
    period_id: UUID, body: Nothing, actor: Caller, expected: Expected, tx: Transaction
) -> PeriodView:
    return PeriodView.of(await periods.archive(tx, actor, period_id, expected))


@router.post("/periods/{period_id}/cancel")
async def cancel_period(
    period_id: UUID, body: Reason, actor: Caller, expected: Expected, tx: Transaction
) -> PeriodView:
    return PeriodView.of(await periods.cancel(tx, actor, period_id, expected, body.reason))


@router.post("/operations", status_code=201)
async def draft_operation(body: DraftOperation, actor: Caller, tx: Transaction) -> OperationView:
    asked = body.model_dump(include={"period_id", "kind", "objective_id", "detail_audience"})
    operation = Operation(
        id=uuid7(),
        owner=actor.party,
        window=Window(**body.window.model_dump()),
        brief=Brief(**body.model_dump(include=set(Brief.model_fields))),
        places=await places.resolve(body.places),
        named=tuple(sorted(set(body.named))),
        **asked,
    )
    return OperationView.of(await operations.draft(tx, actor, operation))


@router.post("/operations/{operation_id}/schedule")
async def schedule_operation(
    operation_id: UUID, body: ScheduleOperation, actor: Caller, expected: Expected, tx: Transaction
) -> OperationView:
    return OperationView.of(
        await operations.schedule(tx, actor, operation_id, expected, body.held_until, body.hold)
    )


@router.post("/operations/{operation_id}/release-headline")
async def release_headline(
    operation_id: UUID, body: Nothing, actor: Caller, expected: Expected, tx: Transaction
) -> OperationView:
    return OperationView.of(await operations.release_headline(tx, actor, operation_id, expected))


@router.post("/operations/{operation_id}/start")
async def start_operation(
    operation_id: UUID, body: Nothing, actor: Caller, expected: Expected, tx: Transaction
) -> OperationView:
    return OperationView.of(await operations.start(tx, actor, operation_id, expected, tx.now))


@router.post("/operations/{operation_id}/complete")
async def complete_operation(
    operation_id: UUID, body: Nothing, actor: Caller, expected: Expected, tx: Transaction
) -> OperationView:
    return OperationView.of(await operations.complete(tx, actor, operation_id, expected, tx.now))


@router.post("/operations/{operation_id}/cancel")
async def cancel_operation(
    operation_id: UUID, body: Nothing, actor: Caller, expected: Expected, tx: Transaction
) -> OperationView:
    return OperationView.of(await operations.cancel(tx, actor, operation_id, expected, tx.now))


@router.post("/updates/{update_id}/validate")
async def validate_update(
    update_id: UUID, body: Nothing, actor: Caller, expected: Expected, tx: Transaction
) -> UpdateView:
    return UpdateView.of(await updates.validate(tx, actor, update_id, expected))


@router.post("/updates/{update_id}/return")
async def return_update(
    update_id: UUID, body: Reason, actor: Caller, expected: Expected, tx: Transaction
) -> UpdateView:
    return UpdateView.of(await updates.send_back(tx, actor, update_id, expected, body.reason))


@router.post("/updates/{update_id}/release-origins")
async def release_origins(
    update_id: UUID, body: ReleaseOrigins, actor: Caller, expected: Expected, tx: Transaction
) -> UpdateView:
    return UpdateView.of(
        await updates.release_origins(tx, actor, update_id, expected, body.origins, body.reason)
    )
