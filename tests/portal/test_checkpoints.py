"""Numbers since the last progression session: each day's counts stand in one stretch, and all stretches sum to the whole."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.portal.checkpoints import Session, sessions
from services.portal.pages.checkpoints import checkpoints
from shared.vocabulary import Role
from tests.portal.fake_desk import NOW, PERIOD, desk, period

TODAY = date(2016, 7, 26)
POINTS = (
    {"name": "Midway", "day": "2016-07-20"}, {"name": "First", "day": "2016-07-10"}, {"name": "Last", "day": "2016-08-01"},
)  # fmt: skip


def a_day(day: str, value: int, indicator: str = "arrests") -> dict[str, Any]:
    return {"day": date.fromisoformat(day), "indicator": indicator, "value": value}


def told(found: tuple[Session, ...]) -> list[Any]:
    return [(one.name, one.before, [(line.indicator, line.since, line.standing) for line in one.counted]) for one in found]


def test_each_session_counts_what_was_posted_since_the_one_before_it():
    days = [a_day("2016-07-01", 5), a_day("2016-07-10", 2), a_day("2016-07-19", 1), a_day("2016-07-20", 4)]
    assert told(sessions(POINTS, TODAY, days)) == [
        ("First", "", [("arrests", 5, 5)]),
        ("Midway", "First", [("arrests", 3, 8)]),
        ("", "Midway", [("arrests", 4, 12)]),
        ("Last", "", []),
    ]


def test_a_session_that_is_to_come_has_no_numbers():
    assert [one.ahead for one in sessions(POINTS, TODAY, [a_day("2016-07-01", 5)])] == [False, False, False, True]


def test_what_was_taken_back_since_is_shown_as_less():
    assert told(sessions(POINTS[1:2], TODAY, [a_day("2016-07-01", 5), a_day("2016-07-12", -2)]))[1] == (
        "", "First", [("arrests", -2, 3)],
    )  # fmt: skip


def test_without_checkpoints_there_is_the_present_day():
    assert told(sessions((), TODAY, [a_day("2016-07-01", 5)])) == [("", "", [("arrests", 5, 5)])]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(-5, 9), st.sampled_from(("arrests", "seizures"))), max_size=30))
def test_the_stretches_sum_to_the_whole(entries: list[tuple[int, int, str]]):
    days = [
        {"day": TODAY - timedelta(days=30) + timedelta(days=n), "indicator": indicator, "value": value}
        for n, value, indicator in entries
    ]
    found = [one for one in sessions(POINTS, TODAY, days) if not one.ahead]
    for indicator in ("arrests", "seizures"):
        whole = sum(row["value"] for row in days if row["indicator"] == indicator)
        lines = [line for one in found for line in one.counted if line.indicator == indicator]
        assert sum(line.since for line in lines) == whole
        last = [line.standing for line in found[-1].counted if line.indicator == indicator]
        assert sum(last) == whole


async def test_the_page_shows_the_numbers_of_each_session_and_those_to_come():
    row = period("active", checkpoints=list(POINTS), first_day=date(2016, 7, 1), last_day=date(2016, 8, 5))
    at = desk(
        "LK", Role.LIAISON_OFFICER, rows=row, periods=([row], None), alerts_waiting_count=0,
        counts_by_day=[a_day("2016-07-01", 5), a_day("2016-07-12", 3)],
    )  # fmt: skip
    at.request.query_params = {}  # type: ignore[misc]
    at.request.headers = {}  # type: ignore[misc]
    page = bytes((await checkpoints(PERIOD, at)).body).decode()
    assert NOW.date() == TODAY
    for text in ("First", "since First", "to come"):
        assert text in page
