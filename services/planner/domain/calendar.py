"""When a period's days begin and end, and what the clock has to do about it."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.parties import PARTIES


def first_moment(day: date, parties: Iterable[str]) -> datetime:
    """When this day begins for the first of these parties, each by its own zone; in UTC where there are none."""
    return min((_midnight(day, party) for party in parties), default=_utc(day))


def last_moment(day: date, parties: Iterable[str]) -> datetime:
    """When this day is over for the last of these parties."""
    after = day + timedelta(days=1)
    return max((_midnight(after, party) for party in parties), default=_utc(after))


def _midnight(day: date, party: str) -> datetime:
    return datetime.combine(day, time(0), ZoneInfo(PARTIES[party].time_zone))


def _utc(day: date) -> datetime:
    return datetime.combine(day, time(0), ZoneInfo("UTC"))
