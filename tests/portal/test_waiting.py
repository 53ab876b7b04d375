"""Whose word is awaited, and what the live stream says again when an update changed."""

from typing import Any
from uuid import uuid4

import pytest

from services.portal.pages.lines import bar
from services.portal.pages.waiting import own_words, waiting
from services.portal.stream import _changed, _renewed
from shared.vocabulary import Role
from tests.portal.fake_desk import NOW, PERIOD, desk, period

PLAN = {"number": 2, "at": NOW, "carried": []}
BASE = f"/periods/{PERIOD}"


def word(party: str, answer: str = "endorsed") -> dict[str, Any]:
    return {"party": party, "number": 2, "answer": answer}


async def words(party: str, role: Role, status: str, **said: Any) -> list[tuple[str, str]]:
    at = desk(party, role, rows=period(status), participants=("LK", "NZ"), **said)
    found = await own_words(at, at.fake, [at.fake.rows])  # type: ignore[arg-type]
    assert {one.who for one in found} <= {"2nd period"}
    return [(one.text, one.href) for one in found]


async def test_a_coordinator_is_reminded_of_a_plan_until_the_state_has_answered():
    awaited = await words("LK", Role.COORDINATOR, "planning", plans=[PLAN], plan_answers=[word("NZ")])
    assert awaited == [("Endorse plan version 2", f"{BASE}/plan")]
    assert await words("LK", Role.COORDINATOR, "planning", plans=[PLAN], plan_answers=[word("LK")]) == []
    assert await words("LK", Role.LIAISON_OFFICER, "planning", plans=[PLAN]) == []
    assert await words("AU", Role.COORDINATOR, "planning", plans=[PLAN]) == []


async def test_a_coordinator_is_reminded_of_own_results_that_nobody_stands_by():
    totals = [{"party": party, "provisional": 2} for party in ("LK", "NZ")]
    for status in ("active", "closed"):
        found = await words("LK", Role.COORDINATOR, status, totals=totals)
        assert found == [("Validate provisional results", f"{BASE}/updates?party=LK&status=provisional")]
    assert await words("LK", Role.COORDINATOR, "active", totals=[{"party": "NZ", "provisional": 2}]) == []


@pytest.mark.parametrize(
    ("status", "said", "text"),
    [
        ("planning", {}, "Publish the first version of the plan"),
        ("planning", {"plans": [PLAN], "plan_answers": [word("NZ"), word("LK")]}, "Adopt plan version 2"),
        ("planning", {"plans": [PLAN], "plan_answers": [word("NZ"), word("LK", "reserved")]}, None),
        ("planning", {"plans": [PLAN], "plan_answers": [word("NZ")]}, None),
        ("adopted", {}, "Start the period"),
        ("active", {}, None),
        ("closed", {}, None),
    ],
)
async def test_a_co_chair_is_reminded_of_the_step_that_only_co_chairs_take(
    status: str, said: dict[str, Any], text: str | None
):
    assert [one for one, _ in await words("NZ", Role.CO_CHAIR, status, **said)] == ([text] if text else [])
    assert await words("AU", Role.CO_CHAIR, status, **said) == []


async def test_the_invitation_opens_its_form_for_who_may_fill_it_in_and_the_plan_for_others():
    for party, role, end in [
        ("LK", Role.COORDINATOR, "answer"), ("LK", Role.LIAISON_OFFICER, "plan"), ("NZ", Role.COORDINATOR, "plan"),
    ]:  # fmt: skip
        at = desk(party, role, rows=period("proposed"), answers=[{"party": "NZ"}])
        found = await waiting(at, at.fake, at.fake.rows, (), ())  # type: ignore[arg-type]
        assert [(one.who, one.href) for one in found] == [("LK", f"{BASE}/{end}")]


def test_an_operation_is_drawn_on_the_days_of_the_reader():
    late = NOW.replace(hour=22)
    row = {"id": uuid4(), "owner": "AE", "kind": "training", "status": "scheduled", "held": False}
    row |= {"starts_at": late, "ends_at": late}
    assert bar(desk("NZ"), row).first.day == 27
    assert bar(desk("AE"), row).first.day == 27
    assert bar(desk("FR"), row).first.day == 27
    assert bar(desk("INTERPOL"), row).first.day in {26, 27}


async def test_a_correction_sends_the_numbers_and_the_first_entry_again():
    first, newer = uuid4(), uuid4()
    posted = {
        "id": 3, "at": NOW, "type": "planner.update.posted.v1", "party": "NZ", "subject_id": first, "period_id": PERIOD,
        "body": {"kind": "result", "counts": {"arrests": 1}}, "text": None, "language": None, "update_status": "superseded",
        "operation_kind": "training",
    }  # fmt: skip
    correction = posted | {"id": 9, "subject_id": newer, "body": {"kind": "result", "supersedes": str(first)}}
    validated = posted | {"id": 10, "type": "planner.update.validated.v1", "subject_id": newer, "body": {}}
    started = posted | {"id": 11, "type": "planner.operation.started.v1", "subject_id": uuid4(), "body": {}}
    assert _changed([correction, validated, started]) == {first, newer}
    totals = [{"indicator": "arrests", "party": "NZ", "validated": 0, "provisional": 4321}]
    at = desk("NZ", Role.CO_CHAIR, totals=totals, history=[posted, validated | {"subject_id": first}])
    said = await _renewed(at, PERIOD, {first})
    again, figures = said.split("event: figures\n")
    assert again.count("<li ") == 1
    assert 'id="t-3" data-again' in again
    assert "corrected since" in again
    assert "id: " not in "".join(line for line in again.splitlines() if not line.startswith("data:"))
    assert "4,321" in figures
    assert 'id="objectives"' in figures
    assert all(line.startswith("data: ") for line in figures.strip().splitlines())
