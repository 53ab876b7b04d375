"""What the portal shows of a detail after a choice, a recall, a purge, and as resources and tasks come along."""

from datetime import timedelta
from typing import cast
from uuid import UUID

from services.planner.domain import disclosing, work
from services.planner.domain.disclosing import Choice
from services.planner.domain.operation import Operation
from services.planner.repository_details import _KINDS
from services.portal.projections.details import STAYS
from shared.events import CATALOGUE
from shared.events.planner import DetailEvent, DetailForgotten, Resource, Task
from shared.runtime.db import Tx
from shared.vocabulary import DetailAudience, OperationState, ResourceKind
from tests.builders import NOON, a_coordinator, a_frame, an_operation
from tests.portal.in_memory import Nothing, Shown

NZ, FRAME = a_coordinator("NZ"), a_frame()
A = DetailAudience


async def scheduled(shown: Shown, audience: DetailAudience = A.PARTICIPANTS) -> Operation:
    drafted = an_operation(state=OperationState.DRAFTED, detail_audience=audience)
    operation, *said = drafted.schedule(FRAME, None, False, NZ, NOON)
    await shown.hear(*said)
    return operation


async def test_the_choice_of_readers_is_for_the_owners_own_people():
    shown = Shown()
    operation, *said = disclosing.release(await scheduled(shown, A.OWN), [], Choice(A.PARTICIPANTS), FRAME, NZ)
    await shown.hear(*said)
    choice = shown.row("detail_choice", operation.id)
    assert (choice["detail_audience"], choice["version"], choice["audience"]) == ("participants", operation.version, ("NZ",))
    assert shown.row("operation_detail", operation.id)["audience"] == ("LK", "NZ")


async def test_a_recall_is_between_owner_and_receiver_and_a_purge_is_noted_once_it_is_confirmed():
    shown = Shown()
    operation, *said = disclosing.recall(await scheduled(shown), Choice(A.OWN), FRAME, NZ, NOON)
    recall = operation.recalls[0]
    await shown.hear(*said)
    row = shown.row("detail_recall", operation.id, "LK")
    assert (row["purged_at"], row["audience"]) == (None, ("LK", "NZ"))
    confirmed = disclosing.confirm_purge(operation, recall.id, "LK", NOON)
    assert confirmed
    await shown.hear(confirmed[1])
    assert shown.row("detail_recall", operation.id, "LK")["purged_at"] == NOON


async def test_what_is_said_again_behind_a_recall_is_for_those_that_keep_it():
    shown = Shown()
    operation, *said = disclosing.recall(await scheduled(shown), Choice(A.OWN), FRAME, NZ, NOON)
    await shown.hear(*said, *disclosing.said_again(operation, [], FRAME, NZ))
    assert shown.row("operation_detail", operation.id)["audience"] == ("NZ",)


async def test_resources_and_tasks_are_part_of_the_detail_as_they_stand():
    shown = Shown()
    operation = await scheduled(shown)
    said: list[DetailEvent] = []
    for number in (1, 2):
        resource = Resource(id=UUID(int=number), party="NZ", kind=ResourceKind.VESSELS, planned=number)
        operation, pledged = work.pledge(operation, resource, FRAME, NZ)
        said.append(pledged)
    task = Task(id=UUID(int=3), title="Brief them", party="LK", due=NOON + timedelta(days=1))
    operation, given = work.set_task(operation, task, FRAME, NZ, NOON)
    operation, done = work.finish(operation, task.id, FRAME, a_coordinator("LK"), NOON)
    await shown.hear(*said, given, done)
    row = shown.row("operation_detail", operation.id)
    assert [one["planned"] for one in row["means"]] == [1, 2]
    assert [(one["title"], one["version"], bool(one["done_at"])) for one in row["tasks"]] == [("Brief them", 2, True)]
    assert row["audience"] == ("LK", "NZ")


async def test_who_has_left_does_not_see_how_the_work_goes_on():
    shown = Shown()
    operation = await scheduled(shown)
    alone = a_frame(joined=("NZ",))
    resource = Resource(id=UUID(int=1), party="NZ", kind=ResourceKind.VESSELS, planned=1)
    _, pledged = work.pledge(operation, resource, alone, NZ)
    await shown.hear(pledged)
    assert shown.row("operation_detail", operation.id)["audience"] == ("NZ",)


def test_a_recall_empties_the_quarantine_of_what_is_said_again_and_of_nothing_that_is_said_once():
    of_operations = {
        kind.type for kind in CATALOGUE.values()
        if kind.topic == DetailEvent.topic and kind.key_field == "operation_id" and kind is not DetailForgotten
    }  # fmt: skip
    assert set(STAYS) == of_operations - set(_KINDS)


async def test_what_is_no_detail_stays_in_quarantine():
    asked: list[tuple[object, ...]] = []

    class Database(Nothing):
        async def sql(self, statement: str, *parameters: object) -> list[object]:
            if "UPDATE quarantine" in statement:
                asked.append(parameters)
            return []

    shown = Shown()
    shown._rows.tx = cast(Tx, Database())
    operation, *said = disclosing.recall(await scheduled(shown), Choice(A.OWN), FRAME, NZ, NOON)
    await shown.hear(*said)
    assert asked == [(str(operation.id), list(STAYS))]
