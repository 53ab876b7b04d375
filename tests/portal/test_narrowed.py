"""An incident that is taken back from some leaves their timeline, and is not told anew to those that keep it."""

from typing import Any, cast

from services.planner.domain.disclosing import Choice, recall, said_again
from services.planner.domain.update import Update
from services.portal.projections.rows import Rows
from services.portal.projections.timeline import narrow
from shared.vocabulary import DetailAudience, UpdateKind
from tests.builders import NOON, a_coordinator, a_frame, an_officer, an_operation, an_update
from tests.portal.in_memory import Nothing, Numbered, Shown

NZ = a_coordinator("NZ")
FRAME = a_frame(joined=("NZ", "LK", "TH"))


class Timeline(Nothing):
    """A database that holds what was told of one thing, by audience."""

    def __init__(self, numbers: list[int]) -> None:
        self.numbers = numbers

    async def sql(self, statement: str, *parameters: Any) -> list[Any]:
        if statement.startswith("SELECT DISTINCT"):
            return [{"audience_id": number} for number in self.numbers]
        if statement.startswith("DELETE"):
            self.numbers = [number for number in self.numbers if number != parameters[1]]
        elif statement.startswith("UPDATE"):
            self.numbers = [parameters[2] if number == parameters[1] else number for number in self.numbers]
        return []


async def test_what_was_told_is_for_those_at_most_that_keep_it():
    audiences = Numbered()
    told = [("LK", "NZ", "TH"), ("NZ", "TH"), ("LK",), ("NZ",)]
    await audiences.learn(told)
    timeline = Timeline([audiences[one] for one in told])
    await narrow(Rows(cast(Any, timeline), audiences, {}), an_operation().id, ("NZ", "TH"))
    assert [await audiences.readers(number) for number in timeline.numbers] == [("NZ", "TH"), ("NZ", "TH"), ("NZ",)]


async def test_behind_a_recall_an_incident_is_not_told_anew_and_at_the_end_of_a_hold_it_is():
    operation = an_operation(detail_audience=DetailAudience.PARTICIPANTS)
    incident, *posted = Update.post(
        an_update(operation, kind=UpdateKind.INCIDENT, counts={}), operation, FRAME, an_officer("NZ")
    )
    narrower, *_ = recall(operation, Choice(DetailAudience.OWN), FRAME, NZ, NOON)
    shown = Shown()
    await shown.hear(*posted)
    assert [kind for kind, _ in shown.timeline()] == ["planner.update.posted.v1"]
    await shown.hear(*said_again(narrower, [incident], FRAME, NZ))
    assert "planner.update.released.v1" not in [kind for kind, _ in shown.timeline()]
    held = operation.model_copy(update={"held": True})
    at_home, *posted = Update.post(an_update(held, kind=UpdateKind.INCIDENT, counts={}), held, FRAME, an_officer("NZ"))
    ended = Shown()
    await ended.hear(*posted, *at_home.release(operation, FRAME))
    assert ("planner.update.released.v1", ("LK", "NZ", "TH")) in ended.timeline()


async def test_where_it_was_first_said_in_what_is_forgotten_it_is_told_as_of_then():
    operation = an_operation(detail_audience=DetailAudience.PARTICIPANTS)
    shown = Shown()
    await shown.hear(*an_update(operation, kind=UpdateKind.INCIDENT, counts={}).release(operation, FRAME))
    assert shown.told_at("planner.update.released.v1") == [NOON]
