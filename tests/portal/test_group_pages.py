"""What the pages of consultations and of the programme offer to whom, and what Home says of them."""

from datetime import timedelta
from typing import Any

import pytest

from services.portal.pages.awaited import group_words
from services.portal.pages.consultations import _may as may_consult
from services.portal.pages.consultations import consultation_line
from services.portal.pages.programme import _filters, activity_line
from services.portal.pages.programme import _may as may_act
from services.portal.pages.several import forms_of
from services.portal.pages.views import Form
from shared.errors import FieldError
from shared.vocabulary import Role
from tests.portal.fake_desk import NOW, desk


def a_row(status: str = "called", **more: Any) -> dict[str, Any]:
    return {
        "id": 1, "title": "Boats", "status": status, "precedence": "FLASH", "called_by": "NZ", "called_at": NOW,
        "answer_by": NOW, "invited": ["ID", "TH"], "co_chairs": ["NZ", "AU"], "attendees": ["NZ", "TH"],
        "my_answer": None, "given": 0, **more,
    }  # fmt: skip


def an_activity(status: str, **more: Any) -> dict[str, Any]:
    return {
        "id": 1, "title": "Course", "status": status, "kind": "training", "owner": "LK", "due": NOW.date(),
        "overdue": None, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("party", "role", "status", "recorded", "offered"),
    [
        ("TH", Role.COORDINATOR, "called", False, {"answer"}),
        ("TH", Role.LIAISON_OFFICER, "called", False, set()),
        ("TH", Role.CO_CHAIR, "called", False, set()),
        ("NZ", Role.CO_CHAIR, "called", False, {"answer", "hold", "withdraw"}),
        ("NZ", Role.CO_CHAIR, "held", False, {"record"}),
        ("NZ", Role.CO_CHAIR, "held", True, {"record", "close"}),
        ("AU", Role.CO_CHAIR, "held", False, set()),
        ("NZ", Role.CO_CHAIR, "closed", True, set()),
        ("NZ", Role.CO_CHAIR, "withdrawn", False, set()),
    ],
)
def test_of_a_consultation_each_is_offered_what_it_may_do(
    party: str, role: Role, status: str, recorded: bool, offered: set[str]
):
    assert may_consult(desk(party, role), a_row(status), recorded) == offered


@pytest.mark.parametrize(
    ("party", "role", "status", "offered"),
    [
        ("LK", Role.COORDINATOR, "proposed", {"agree", "decline"}),
        ("LK", Role.LIAISON_OFFICER, "proposed", set()),
        ("NZ", Role.CO_CHAIR, "proposed", {"cancel"}),
        ("NZ", Role.CO_CHAIR, "agreed", set()),
        ("LK", Role.COORDINATOR, "agreed", {"start", "complete", "revise", "cancel"}),
        ("LK", Role.LIAISON_OFFICER, "under_way", {"complete", "revise"}),
        ("LK", Role.COORDINATOR, "completed", set()),
        ("TH", Role.COORDINATOR, "under_way", set()),
    ],
)
def test_of_an_activity_each_is_offered_what_it_may_do(party: str, role: Role, status: str, offered: set[str]):
    assert may_act(desk(party, role), an_activity(status)) == offered


def test_a_call_says_whether_the_readers_own_word_is_awaited():
    assert consultation_line(desk("TH"), a_row()).answer == "awaited"
    assert consultation_line(desk("TH"), a_row(my_answer="attending")).answer == "attending"
    assert consultation_line(desk("NZ"), a_row()).answer == ""
    assert consultation_line(desk("TH"), a_row("withdrawn")).answer == ""


def test_an_activity_is_called_overdue_for_the_day_that_it_has_now_only():
    late = NOW.date()
    assert activity_line(an_activity("agreed", overdue=late)).overdue
    assert not activity_line(an_activity("agreed", overdue=late, due=late + timedelta(days=9))).overdue
    assert not activity_line(an_activity("completed", overdue=late)).overdue


async def test_home_reminds_whoever_gives_the_partys_word_and_officers_of_what_is_late():
    said = {
        "consultations_awaited": [a_row()],
        "activities_asked": [an_activity("proposed"), an_activity("agreed", id=2, overdue=NOW.date())],
    }
    for role, hrefs in (
        (Role.COORDINATOR, ["/consultations/1", "/programme/1", "/programme/2"]),
        (Role.LIAISON_OFFICER, ["/programme/2"]),
        (Role.OBSERVER, []),
    ):
        at = desk("LK", role, **said)
        assert [one.href for one in await group_words(at, at.fake)] == hrefs  # type: ignore[arg-type]


async def test_home_tells_a_co_chair_who_is_silent_and_what_is_still_to_be_recorded():
    said = {"consultations_chaired": [a_row(silent=["ID", "TH"]), a_row("held", id=2)]}
    for party, texts in (
        ("NZ", ["Silent when called to a consultation: ID, TH", "Record and close the consultation"]),
        ("AU", ["Silent when called to a consultation: ID, TH"]),  # it did not attend
    ):
        at = desk(party, Role.CO_CHAIR, **said)
        assert [one.text for one in await group_words(at, at.fake)] == texts  # type: ignore[arg-type]
    at = desk("NZ", Role.COORDINATOR, **said)
    assert await group_words(at, at.fake) == ()  # type: ignore[arg-type]


def test_of_several_forms_the_one_that_was_wrong_comes_back_and_none_shares_its_key():
    typed = Form(idempotency_key="mine", version=1, errors=(FieldError("reason", "Say why."),))
    found = forms_of(("hold", "close", "withdraw"), {"withdraw": typed}, 7)
    assert found.wrong == (found["withdraw"],)
    assert (found["withdraw"].idempotency_key, found["withdraw"].version) == ("mine", 7)
    assert len({form.idempotency_key for form in found.by_name.values()} - {""}) == 3


def test_a_filter_is_taken_away_alone():
    at = desk("LK")
    assert _filters(at, "training", "LK") == (
        ("Training", "/programme?owner=LK"), ("Sri Lanka", "/programme?kind=training"),
    )  # fmt: skip
    assert _filters(at, "", "LK") == (("Sri Lanka", "/programme"),)
