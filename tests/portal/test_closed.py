"""A period that is over, or not begun: what pages still offer, and what they say instead."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.portal.pages.overview import overview
from services.portal.pages.post_update import new_update, receipt
from services.portal.pages.updates import update
from shared.errors import NotFound
from shared.vocabulary import Role
from tests.portal.fake_desk import NOW, PERIOD, FakeDesk, desk, period

OPERATION, FIRST, NEWER = uuid4(), uuid4(), uuid4()
HEADLINE = {
    "id": OPERATION, "period_id": PERIOD, "owner": "NZ", "kind": "training", "status": "completed", "title": "Training",
    "audience_id": 1, "detail_audience_id": 2, "objective_id": None, "held": False,
}  # fmt: skip
POSTED = {
    "id": NEWER, "operation_id": OPERATION, "period_id": PERIOD, "party": "NZ", "version": 1, "kind": "result",
    "status": "provisional", "happened_at": NOW, "posted_at": NOW, "counts": {"arrests": 2}, "supersedes": FIRST,
    "superseded_by": None, "audience_id": 1, "detail_audience_id": 2, "text": "Two.", "place": "Auckland",
    "language": "en", "by": "nz.someone", "return_reason": None, "operation_kind": "training", "held": False,
    "operation_title": "Training",
}  # fmt: skip


def reader(status: str, **said: Any) -> FakeDesk:
    row = period(status)
    found = desk("NZ", Role.LIAISON_OFFICER, rows=row, periods=([row], None), alerts_waiting_count=0, **said)
    found.request.query_params = {}  # type: ignore[misc]
    found.request.headers = {}  # type: ignore[misc]
    return found


def text(answer: Any) -> str:
    return bytes(answer.body).decode()


@pytest.mark.parametrize(
    ("status", "why"),
    [("closed", "2nd period is over: it takes corrections"), ("planning", "2nd period does not run")],
)
async def test_where_nothing_can_be_posted_a_sentence_says_so_and_no_form_is_shown(status: str, why: str):
    at = reader(status, headline=HEADLINE, own_operations=[HEADLINE], entries={})
    with pytest.raises(NotFound) as refused:
        await new_update(at, str(OPERATION))
    assert why in refused.value.detail


async def test_while_a_period_runs_the_form_is_there():
    at = reader("active", headline=HEADLINE, own_operations=[HEADLINE], entries={1: ("NZ",), 2: ("NZ",)})
    assert 'action="/updates"' in text(await new_update(at, str(OPERATION)))


async def test_the_receipt_of_a_correction_says_what_it_replaces_and_where_it_was():
    for status, more in (("active", True), ("closed", False)):
        at = reader(status, update=POSTED, entries={1: ("NZ",), 2: ("NZ",)})
        shown = text(await receipt(NEWER, at))
        assert "Replaces the one of" in shown
        assert f'href="/updates/{FIRST}"' in shown
        assert "Auckland" in shown
        assert ("Post another" in shown) is more


async def test_the_history_of_what_was_corrected_ends_with_the_correction():
    told = {"id": 1, "at": NOW + timedelta(hours=1), "type": "planner.update.posted.v1", "party": "NZ", "body": {}}
    at = reader("active", update=POSTED | {"superseded_by": NEWER, "status": "superseded"}, history=[told])
    assert "Corrected by a newer version" in text(await update(FIRST, at))


async def test_a_proposed_period_has_not_begun_although_its_days_have():
    row_words = {"participants": (), "last_entry": 0, "last_posts": {}, "held": 0}
    at = reader("proposed", **row_words)
    at.portal.settings.streams_per_session = 3
    shown = text(await overview(PERIOD, at))
    assert "2 invited, 0 joined" in shown
    assert "posted this week" not in shown
    assert "day 1 of" not in shown
    at = reader("active", **row_words)
    at.portal.settings.streams_per_session, at.portal.settings.silent_days = 3, 7
    at.session.token_hash = b""  # type: ignore[misc]
    assert "day 1 of 1" in text(await overview(PERIOD, at))
