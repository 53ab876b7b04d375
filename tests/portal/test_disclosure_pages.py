"""The pages before a disclosure: for the owner alone, with every place by its own clock."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from services.portal.pages.details import place_text, renamed, shown_detail
from services.portal.pages.disclosure import edit_page, readers_page
from services.portal.pages.forms import Posted
from services.portal.pages.views import Form
from services.portal.pages.work import task_page, work_page
from shared.errors import Conflict, NotFound
from shared.vocabulary import Role
from tests.portal.fake_desk import NOW, PERIOD, FakeDesk, desk, period

OPERATION = UUID("01500000-0000-7000-8000-000000000007")
STARTS, ENDS = datetime(2016, 7, 1, 18, tzinfo=UTC), datetime(2016, 7, 9, 18, tzinfo=UTC)
AUCKLAND = {"kind": "locode", "code": "NZAKL", "name": "Auckland", "time_zone": "Pacific/Auckland"}
AT_SEA = {"kind": "point", "code": "", "name": "", "latitude": 3.0, "longitude": 105.0, "time_zone": "Etc/GMT-7"}
TASK = {
    "id": "t1", "title": "Brief them", "party": "NZ", "officer": "", "due": "2016-08-01T00:00:00Z", "after": [],
    "done_at": None, "done_by": "", "overdue": False, "version": 1,
}  # fmt: skip


def an_operation(**more: Any) -> dict[str, Any]:
    return {
        "id": OPERATION, "period_id": PERIOD, "owner": "NZ", "version": 4, "kind": "visa_checks", "status": "scheduled",
        "starts_at": STARTS, "ends_at": ENDS, "objective_id": None, "held": False, "held_until": None, "audience_id": 1,
        "title": "Ports", "place": "", **more,
    }  # fmt: skip


def a_detail(**more: Any) -> dict[str, Any]:
    words = dict.fromkeys(("agency", "place", "narrative", "tactics", "resources", "contacts"), "")
    return {
        "operation_id": OPERATION, "audience_id": 2, "title": "Ports", **words, "places": [AUCKLAND, AT_SEA],
        "means": [], "tasks": [TASK], **more,
    }  # fmt: skip


def reader(party: str, row: dict[str, Any], detail: dict[str, Any] | None) -> FakeDesk:
    rows = period("active", supporting=["INTERPOL"], invited=["NZ", "LK", "TH"])
    answers = [{"party": one, "answer": word} for one, word in (("NZ", "joined"), ("LK", "joined"), ("TH", "left"))]
    found = desk(
        party, Role.COORDINATOR, rows=rows, periods=([rows], None), alerts_waiting_count=0, operation=row,
        operation_detail=detail, answers=answers, detail_choice=None, entries={2: ("NZ",)},
        detail_recalls=({"recipient": "LK", "at": NOW, "purged_at": None},),
    )  # fmt: skip
    found.request.query_params, found.request.headers = {}, {}  # type: ignore[misc]
    return found


async def shown(page: Any, at: FakeDesk, *more: str) -> str:
    return bytes((await page(at, Form(), str(OPERATION), *more)).body).decode()


@pytest.mark.parametrize("page", [edit_page, readers_page, task_page])
async def test_for_another_party_the_owners_pages_do_not_exist(page: Any):
    with pytest.raises(NotFound):
        await page(reader("LK", an_operation(), a_detail()), Form(), str(OPERATION))


@pytest.mark.parametrize("page", [edit_page, readers_page, work_page])
async def test_who_reads_only_the_headline_finds_no_page_of_the_detail(page: Any):
    with pytest.raises(NotFound):
        await page(reader("LK", an_operation(), None), Form(), str(OPERATION))


async def test_what_has_started_is_not_offered_to_be_amended():
    with pytest.raises(Conflict):
        await edit_page(reader("NZ", an_operation(status="under_way"), a_detail()), Form(), str(OPERATION))


async def test_the_form_holds_the_places_as_they_were_written_and_the_version_that_is_meant():
    page = await shown(edit_page, reader("NZ", an_operation(), a_detail()))
    assert "NZAKL; Auckland\n3.0, 105.0" in page
    assert 'name="version" value="4"' in page
    assert 'name="detail_audience"' not in page, "readers of what is scheduled are chosen on a page of their own"


async def test_only_who_belongs_to_the_period_can_be_named_and_who_has_not_purged_yet_is_shown():
    page = await shown(readers_page, reader("NZ", an_operation(), a_detail()))
    for party, there in (("LK", True), ("INTERPOL", True), ("TH", False), ("NZ", False), ("AU", False)):
        assert (f'value="{party}"' in page) is there, party
    assert "not confirmed yet" in page


async def test_another_reader_of_the_detail_sees_the_work_and_finishes_only_its_own():
    page = await shown(work_page, reader("LK", an_operation(), a_detail()))
    assert "Brief them" in page
    assert "/finish" not in page
    assert "/tasks/new" not in page


def test_a_window_is_shown_by_the_clock_of_each_place():
    lines = shown_detail(desk("NZ", Role.COORDINATOR), a_detail(), STARTS, ENDS).places
    assert [line.text for line in lines] == ["Auckland (NZAKL)", "3.0, 105.0"]
    assert [line.starts for line in lines] == ["2 Jul 2016, 06:00 NZST", "2 Jul 2016, 01:00 UTC+07"]
    assert place_text({**AT_SEA, "name": "Off Natuna"}) == "Off Natuna (3.0, 105.0)"


def test_resources_and_tasks_are_part_of_what_is_shown_before_it_leaves():
    vessels = {"party": "LK", "kind": "vessels", "planned": 2, "unit": "boats", "status": "pledged", "note": "From Galle"}
    shown = shown_detail(desk("NZ", Role.COORDINATOR), a_detail(means=[vessels]), STARTS, ENDS)
    assert shown.means == ("Sri Lanka: vessels, 2 boats (pledged), From Galle",)
    assert shown.tasks == ("New Zealand: Brief them",)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ("places.1", "places"), ("amendment.places.0.code", "places"), ("window", "starts_at"),
        ("amendment.window.ends_at", "ends_at"), ("readers.named", "named"), ("title", "title"),
    ],
)  # fmt: skip
def test_an_error_is_told_at_the_field_where_it_was_written(said: str, field: str):
    assert renamed(Posted(()), said) == field
