"""The page of a plan: what became of it, whose word waits, and who may write, from made-up rows."""

from typing import Any

import pytest

from services.portal.pages.forms import Posted
from services.portal.pages.plan import _objectives, _row_of, plan_page
from services.portal.pages.views import Form
from services.portal.pages.waiting import waiting
from shared.vocabulary import Role
from tests.portal.fake_desk import NOW, PERIOD, FakeDesk, desk, period

OBJECTIVE = {"id": "o1", "title": "Arrests", "indicator": "arrests", "baseline": 0, "target": 40, "measured_by": "RSO"}


def a_version(number: int, text: str, **more: Any) -> dict[str, Any]:
    return {
        "number": number, "sections": [{"title": "Aim", "text": text}], "objectives": [OBJECTIVE], "rights_officers": [],
        "amends": None, "affected": [], "carried": [], "at": NOW, **more,
    }  # fmt: skip


def a_word(party: str, answer: str, number: int = 1, **more: Any) -> dict[str, Any]:
    return {"party": party, "answer": answer, "number": number, "at": NOW, "note": "", **more}


JOINED = tuple(a_word(party, "joined") for party in ("LK", "NZ", "TH"))
TWO = (a_version(1, "Act together."), a_version(2, "Act together at sea.", amends=1, affected=["LK"], carried=["NZ", "TH"]))


def reader(party: str, role: Role, given: tuple[Any, ...] = (), plans: tuple[Any, ...] = TWO, **row: Any) -> FakeDesk:
    rows = period("active", **{"plan_version": len(plans), "adopted": 1, **row})
    found = desk(
        party, role, rows=rows, periods=([rows], None), alerts_waiting_count=0, plans=plans, answers=JOINED,
        plan_answers=given,
    )  # fmt: skip
    found.request.query_params = {}  # type: ignore[misc]
    found.request.headers = {}  # type: ignore[misc]
    return found


async def shown(at: FakeDesk, version: int = 0, since: int | None = None) -> str:
    return bytes((await plan_page(at, Form(idempotency_key="k"), str(PERIOD), version, since)).body).decode()


async def test_a_version_is_compared_with_the_one_before_it_and_with_any_other_that_is_asked_for():
    at = reader("LK", Role.LIAISON_OFFICER)
    assert "Act together<ins> at sea</ins>." in await shown(at)
    assert "Act together<del> at sea</del>." in await shown(at, version=1, since=2)
    assert "<ins>" not in await shown(at, since=0)
    assert "Nothing differs." in await shown(reader("LK", Role.OBSERVER, plans=(TWO[0], {**TWO[0], "number": 2})))


async def test_a_version_that_is_not_there_shows_the_newest():
    assert "version 2" in await shown(reader("LK", Role.LIAISON_OFFICER), version=9)


async def test_while_an_amendment_waits_each_state_is_shown_as_carried_over_or_to_reconfirm():
    page = await shown(reader("NZ", Role.CO_CHAIR))
    assert page.count("carried over</span>") == 2
    assert page.count("to reconfirm</span>") == 1
    assert "Sri Lanka: to reconfirm." in page
    assert "What stands before it is in force" in page
    assert "States that this affects" in page


@pytest.mark.parametrize(
    ("party", "role", "adopted", "may"),
    [("LK", Role.COORDINATOR, 1, True), ("TH", Role.COORDINATOR, 1, True), ("LK", Role.LIAISON_OFFICER, 1, False),
     ("LK", Role.COORDINATOR, 2, False)],
)  # fmt: skip
async def test_a_participating_states_coordinator_gives_its_word_until_the_amendment_is_in_force(
    party: str, role: Role, adopted: int, may: bool
):
    page = await shown(reader(party, role, adopted=adopted))
    assert ('name="answer"' in page) is may


async def test_only_a_co_chair_of_the_period_is_offered_the_form_and_it_begins_with_what_is_there():
    assert "Publish an amendment" not in await shown(reader("LK", Role.CO_CHAIR))
    page = await shown(reader("NZ", Role.CO_CHAIR))
    assert "Publish an amendment" in page
    assert 'name="objectives.0.id" value="o1"' in page
    assert "Act together at sea.</textarea>" in page


async def test_who_is_to_reconfirm_is_reminded_and_whose_endorsement_carries_over_is_not():
    at = reader("NZ", Role.CO_CHAIR)
    asked = await waiting(at, at.fake, at.fake.rows, ("LK", "NZ", "TH"), ())  # type: ignore[arg-type]
    assert [(one.text, one.who) for one in asked] == [("Reconfirm plan version 2", "LK")]
    done = reader("NZ", Role.CO_CHAIR, plans=TWO[:1])
    assert not await waiting(done, done.fake, done.fake.rows, ("LK", "NZ", "TH"), ())  # type: ignore[arg-type]


def test_an_objective_whose_title_is_emptied_is_taken_out_and_an_error_finds_its_row():
    posted = Posted(
        (("objectives.0.id", "o1"), ("objectives.0.title", ""), ("objectives.0.target", "4"),
         ("objectives.1.title", "Training"), ("objectives.3.target", "5"))
    )  # fmt: skip
    assert [n for n, _ in _objectives(posted)] == [1, 3]
    assert _row_of(posted, "objectives.1.title") == "objectives.3.title"
