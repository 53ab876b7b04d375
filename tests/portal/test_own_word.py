"""What waits for one state's word: all of it in one place, and nothing that was said already."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.portal.awaited_words import awaited
from services.portal.pages.own_word import joint_words, own_word
from shared.vocabulary import Role
from tests.portal.fake_desk import NOW, PERIOD, FakeReads, desk, period

THING = UUID(int=5)


def a_plan(number: int = 1, carried: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"number": number, "at": NOW - timedelta(days=2), "carried": list(carried)}


AMENDED = {"operation_id": THING, "title": "Two coasts", "period_id": PERIOD, "number": 3, "proposed_at": NOW}
JOINT = {"operation_id": THING, "title": "Two coasts", "period_id": PERIOD, "number": 2, "proposed_at": NOW}
PLAN = {"id": THING, "title": "Recruiters", "period_id": PERIOD, "number": 1, "proposed_at": NOW}
CALL = {"id": THING, "title": "Boats adrift", "period_id": None, "called_at": NOW, "answer_by": NOW}
ACTIVITY = {"id": THING, "title": "Course", "status": "proposed", "changed_at": NOW}


async def kinds(row: dict[str, Any], party: str = "LK", **said: Any) -> list[tuple[str, int | None]]:
    reads: Any = FakeReads(row, {"periods": ([row], None), **said})
    return [(word.kind, word.number) for word in await awaited(reads, party, NOW)]


async def test_an_invitation_waits_until_it_is_answered_or_its_time_is_over():
    assert await kinds(period("proposed")) == [("invitation", None)]
    assert await kinds(period("planning", answer_by=NOW + timedelta(hours=1))) == [("invitation", None)]
    assert await kinds(period("proposed", answer_by=NOW - timedelta(hours=1))) == []
    assert await kinds(period("proposed"), answers_of=[{"period_id": PERIOD}]) == []
    assert await kinds(period("proposed"), party="AU") == []
    assert await kinds(period("active")) == []


async def test_a_version_of_the_plan_waits_for_those_that_have_not_spoken_on_it():
    said: dict[str, Any] = {"answers_of": [{"period_id": PERIOD}], "participants": ("LK", "NZ"), "plans": [a_plan(3)]}
    assert await kinds(period("planning"), **said) == [("plan", 3)]
    assert await kinds(period("planning"), **said, plan_answers=[{"number": 3, "party": "LK"}]) == []
    assert await kinds(period("planning"), **said, plan_answers=[{"number": 2, "party": "LK"}]) == [("plan", 3)]
    amended = period("active", plan_version=3, adopted=2)
    assert await kinds(amended, **said) == [("amendment", 3)]
    assert await kinds(amended, **{**said, "plans": [a_plan(3, carried=("LK",))]}) == []
    assert await kinds(period("active", plan_version=3, adopted=3), **said) == []


async def test_all_periods_are_looked_through_and_not_the_first_page_of_them_alone():
    class Pages(FakeReads):
        async def periods(self, cursor: str | None = None) -> Any:
            row = period("proposed", id=UUID(int=1 if cursor else 2))
            return [row], None if cursor else "more"

    reads: Any = Pages(period("proposed"), {})
    assert [word.subject_id for word in await awaited(reads, "LK", NOW)] == [UUID(int=2), UUID(int=1)]


async def test_what_is_asked_jointly_and_by_the_working_group_stands_beside_it():
    found = await kinds(
        period("active"), joint_awaited=[JOINT], joint_amendments_awaited=[AMENDED], investigations_awaited=[PLAN],
        consultations_awaited=[CALL],
        activities_asked=[ACTIVITY, {**ACTIVITY, "status": "under_way"}],
    )  # fmt: skip
    assert found == [
        ("joint_operation", 2), ("joint_amendment", 3), ("investigation_plan", 1), ("consultation", None),
        ("activity", None),
    ]  # fmt: skip


@pytest.mark.parametrize(("role", "told"), [(Role.COORDINATOR, False), (Role.LIAISON_OFFICER, True)])
async def test_the_page_leads_to_each_and_says_who_gives_the_states_word(role: Role, told: bool):
    at = desk("LK", role, periods=([period("proposed")], None), alerts_waiting_count=0, joint_awaited=[JOINT],
              investigations_awaited=[PLAN], consultations_awaited=[CALL], activities_asked=[ACTIVITY])  # fmt: skip
    at.request.query_params = {}  # type: ignore[misc]
    at.request.headers = {}  # type: ignore[misc]
    text = bytes((await own_word(at)).body).decode()
    for href in (f"/periods/{PERIOD}/answer", f"/operations/{THING}", f"/investigations/{THING}",
                 f"/consultations/{THING}", f"/programme/{THING}"):  # fmt: skip
        assert f'href="{href}"' in text, href
    assert ("Your coordinator gives your state" in text) is told


async def test_home_names_joint_work_to_coordinators_and_late_milestones_to_officers():
    late = {**PLAN, "overdue": ["a", "b"], "milestones": [
        {"id": "a", "owner": "LK", "done_at": None}, {"id": "b", "owner": "NZ", "done_at": None}]}  # fmt: skip
    said: dict[str, Any] = {
        "joint_awaited": [JOINT], "joint_amendments_awaited": [AMENDED], "investigations_awaited": [PLAN],
        "investigations_late": [late],
    }  # fmt: skip

    async def told(party: str, role: Role) -> list[str]:
        at = desk(party, role, **said)
        return [one.text for one in await joint_words(at, at.fake)]  # type: ignore[arg-type]

    asked = [
        "Answer version 2 of a joint operation", "Answer version 3 of a joint operation that is scheduled",
        "Answer version 1 of an investigation plan",
    ]  # fmt: skip
    assert await told("LK", Role.COORDINATOR) == [*asked, "Overdue in an investigation plan"]
    assert await told("LK", Role.LIAISON_OFFICER) == ["Overdue in an investigation plan"]
    assert await told("TH", Role.LIAISON_OFFICER) == []
    assert await told("LK", Role.OBSERVER) == []
