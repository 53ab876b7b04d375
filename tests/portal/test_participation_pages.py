"""Answering, extending, leaving, cancelling and archiving: who is asked what, and when nobody is."""

from datetime import timedelta
from typing import Any

import pytest

from services.portal.pages.endings import archive_page, cancel_page
from services.portal.pages.overview import overview
from services.portal.pages.participation import answer_page, extend_page, invite_page, leave_page, may_answer
from services.portal.pages.views import Form
from services.portal.selects import Row
from shared.errors import Forbidden, NotFound
from shared.vocabulary import Role
from tests.portal.fake_desk import NOW, PERIOD, FakeDesk, desk, period

KEY = Form(idempotency_key="k")
SOON, OVER = NOW + timedelta(hours=1), NOW - timedelta(hours=1)


def a_word(party: str, answer: str) -> Row:
    return {"party": party, "answer": answer, "number": 1, "at": NOW, "note": ""}


def reader(party: str, role: Role, status: str = "active", own: str = "", said: Any = None, **row: Any) -> FakeDesk:
    rows = period(status, **{"focus": ["air"], "invited": ["NZ", "LK", "TH"], "adopted": 1, "plan_version": 1, **row})
    words = (a_word("NZ", "joined"), *([a_word(party, own)] if own else []))
    found = desk(party, role, rows=rows, periods=([rows], None), alerts_waiting_count=0, answers=words, **(said or {}))
    found.request.query_params = {}  # type: ignore[misc]
    found.request.headers = {}  # type: ignore[misc]
    return found


async def shown(page: Any, at: FakeDesk) -> str:
    return bytes((await page(at, KEY, str(PERIOD))).body).decode()


@pytest.mark.parametrize(
    ("status", "answer_by", "own", "may"),
    [
        ("proposed", None, "", True),
        ("planning", SOON, "joined", True),
        ("planning", OVER, "", False),
        ("active", None, "", True),
        ("active", NOW, "observing", True),
        ("active", SOON, "joined", False),
        ("closed", None, "", False),
        ("cancelled", None, "", False),
    ],
)
def test_an_answer_is_asked_for_in_time_and_once_a_plan_is_in_force_not_of_who_takes_part(
    status: str, answer_by: Any, own: str, may: bool
):
    row = period(status, answer_by=answer_by)
    assert may_answer("LK", row, own, NOW) is may
    assert not may_answer("AU", row, own, NOW)


async def test_after_the_time_for_answers_a_silent_party_is_offered_to_decline_and_nothing_else():
    page = await shown(answer_page, reader("TH", Role.COORDINATOR, "planning", answer_by=OVER))
    assert 'value="declined"' in page
    assert 'value="joined"' not in page
    assert "may still decline" in page
    page = await shown(answer_page, reader("LK", Role.COORDINATOR, "planning", "observing", answer_by=OVER))
    assert 'value="declined"' not in page


async def test_who_joins_late_is_told_that_it_endorses_the_version_in_force_by_it():
    page = await shown(answer_page, reader("TH", Role.COORDINATOR))
    assert "Version 1 of the plan is in force" in page
    assert 'name="plan_version" value="1"' in page
    assert "plan_version" not in await shown(answer_page, reader("TH", Role.COORDINATOR, "planning"))


async def test_after_the_close_the_page_says_so_and_holds_no_form():
    page = await shown(answer_page, reader("TH", Role.COORDINATOR, "closed", answer_by=OVER))
    assert "No answer is taken any more" in page
    assert 'name="answer"' not in page


async def test_a_co_chair_is_shown_who_is_silent_and_may_give_more_time():
    page = await shown(extend_page, reader("NZ", Role.CO_CHAIR, answer_by=OVER))
    assert "Not answered yet: Sri Lanka, Thailand" in page
    assert 'name="version" value="1"' in page
    with pytest.raises(Forbidden):
        await shown(extend_page, reader("LK", Role.CO_CHAIR, answer_by=OVER))
    assert 'action="/periods' not in (await shown(extend_page, reader("NZ", Role.CO_CHAIR))).partition("<main")[2]


async def test_whoever_leaves_is_told_first_what_becomes_of_its_operations():
    own = [{"status": "under_way"}, {"status": "completed"}, {"status": "drafted"}]
    page = await shown(leave_page, reader("TH", Role.COORDINATOR, own="joined", said={"own_operations": own}))
    assert "Your operations that are not completed are cancelled: 2." in page
    assert 'name="reason"' in page


@pytest.mark.parametrize(
    ("role", "status", "own"),
    [(Role.LIAISON_OFFICER, "active", "joined"), (Role.COORDINATOR, "active", ""), (Role.COORDINATOR, "active", "left"),
     (Role.COORDINATOR, "closed", "joined")],
)  # fmt: skip
async def test_only_a_coordinator_of_a_party_that_is_in_it_is_asked_whether_it_leaves(role: Role, status: str, own: str):
    with pytest.raises(Forbidden):
        await shown(leave_page, reader("TH", role, status, own=own))


async def test_a_co_chair_is_offered_whoever_is_not_asked_already_or_is_out_of_it():
    page = await shown(invite_page, reader("NZ", Role.CO_CHAIR, own="joined", supporting=["IOM"]))
    asked = [code for code in ("NZ", "LK", "TH", "IOM") if f'value="{code}"' in page]
    assert asked == []
    assert 'value="FJ"' in page
    assert 'value="UNODC"' in page
    declined = reader("NZ", Role.CO_CHAIR, supporting=[])
    declined.fake.said["answers"] = [a_word("TH", "declined")]
    assert 'value="TH"' in await shown(invite_page, declined)


@pytest.mark.parametrize(("party", "role"), [("LK", Role.CO_CHAIR), ("NZ", Role.COORDINATOR)])
async def test_nobody_else_is_offered_to_invite(party: str, role: Role):
    with pytest.raises(Forbidden):
        await shown(invite_page, reader(party, role, supporting=[]))


async def test_to_what_is_over_nobody_is_invited():
    with pytest.raises(NotFound):
        await shown(invite_page, reader("NZ", Role.CO_CHAIR, "closed", supporting=[]))


@pytest.mark.parametrize(
    ("page", "possible", "not_any_more"),
    [(cancel_page, ("proposed", "planning", "adopted", "active"), ("closed", "archived", "cancelled")),
     (archive_page, ("closed", "debriefed"), ("active", "archived", "cancelled"))],
)  # fmt: skip
async def test_a_co_chair_is_asked_before_a_period_ends_and_only_while_it_can(
    page: Any, possible: tuple[str, ...], not_any_more: tuple[str, ...]
):
    for status in possible:
        assert 'name="version" value="1"' in await shown(page, reader("NZ", Role.CO_CHAIR, status))
        with pytest.raises(Forbidden):
            await shown(page, reader("LK", Role.CO_CHAIR, status))
        with pytest.raises(Forbidden):
            await shown(page, reader("NZ", Role.COORDINATOR, status))
    for status in not_any_more:
        with pytest.raises(NotFound):
            await shown(page, reader("NZ", Role.CO_CHAIR, status))


async def test_what_is_still_open_is_told_before_it_is_ended():
    running = {"headlines": [{"status": "under_way"}, {"status": "completed"}]}
    assert "Operations under way now: 1." in await shown(cancel_page, reader("NZ", Role.CO_CHAIR, said=running))
    open_figures = {"totals": [{"provisional": 3}, {"provisional": 0}]}
    page = await shown(archive_page, reader("NZ", Role.CO_CHAIR, "closed", said=open_figures))
    assert "1 figures are still provisional" in page


@pytest.mark.parametrize(
    ("status", "cancel", "archive"), [("planning", True, False), ("active", True, False), ("closed", False, True)]
)
async def test_the_page_of_a_period_leads_a_co_chair_to_its_end(status: str, cancel: bool, archive: bool):
    at = reader("NZ", Role.CO_CHAIR, status, said={"last_posts": {}, "held": 0, "last_entry": 0})
    at.portal.settings.streams_per_session, at.portal.settings.silent_days = 3, 7
    at.session.token_hash = b""  # type: ignore[misc]
    page = bytes((await overview(PERIOD, at)).body).decode()
    assert (f"/periods/{PERIOD}/cancel" in page) is cancel
    assert (f"/periods/{PERIOD}/archive" in page) is archive
