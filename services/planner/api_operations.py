"""The planner's HTTP door to amendments, and to the release and recall of an operation's detail."""

from uuid import UUID

from services.planner.domain.amending import Amendment
from services.planner.domain.detail import Brief
from services.planner.domain.disclosing import Choice
from services.planner.schemas import Disclosure, OperationView
from services.planner.schemas_operations import AmendOperation, AskDisclosure, ChooseReaders
from services.planner.usecases import disclosure
from shared import places
from shared.events.planner import Window
from shared.runtime.commands import commands
from shared.runtime.web import Caller, Expected, Reading, Transaction

router = commands()


@router.post("/operations/{operation_id}/amend")
async def amend_operation(
    operation_id: UUID, body: AmendOperation, actor: Caller, expected: Expected, tx: Transaction
) -> OperationView:
    return OperationView.of(await disclosure.change(tx, actor, operation_id, expected, await _amendment(body)))


@router.post("/operations/{operation_id}/release-detail")
async def release_detail(
    operation_id: UUID, body: ChooseReaders, actor: Caller, expected: Expected, tx: Transaction
) -> OperationView:
    return OperationView.of(await disclosure.release(tx, actor, operation_id, expected, _choice(body)))


@router.post("/operations/{operation_id}/recall-detail")
async def recall_detail(
    operation_id: UUID, body: ChooseReaders, actor: Caller, expected: Expected, tx: Transaction
) -> OperationView:
    return OperationView.of(await disclosure.recall(tx, actor, operation_id, expected, _choice(body)))


@router.get("/operations/{operation_id}/disclosure")
async def present_disclosure(operation_id: UUID, actor: Caller, tx: Reading) -> Disclosure:
    """The exact headline and the exact detail with the readers of each; of a draft as they would be when it is scheduled."""
    return Disclosure.of(await disclosure.preview(tx, actor, operation_id, None, None))


@router.post("/operations/{operation_id}/disclosure")
async def thought_of_disclosure(operation_id: UUID, body: AskDisclosure, actor: Caller, tx: Reading) -> Disclosure:
    """The same for what is thought of: nothing is kept, and what the command would refuse is refused here."""
    to = await _amendment(body.amendment) if body.amendment else None
    choice = _choice(body.readers) if body.readers else None
    return Disclosure.of(await disclosure.preview(tx, actor, operation_id, to, choice))


async def _amendment(body: AmendOperation) -> Amendment:
    return Amendment(
        window=Window(**body.window.model_dump()),
        brief=Brief(**body.model_dump(include=set(Brief.model_fields))),
        places=await places.resolve(body.places),
        named=None if body.named is None else tuple(sorted(set(body.named))),
        **body.model_dump(include={"kind", "objective_id", "detail_audience"}),
    )


def _choice(body: ChooseReaders) -> Choice:
    return Choice(body.detail_audience, body.named)
