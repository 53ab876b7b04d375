"""Times as people of the region read them: `14:05 ICT (07:05 UTC)`."""

from datetime import UTC, date, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

from shared.parties import PARTIES

SHORT = {
    "AE": "GST", "AF": "AFT", "BD": "BDT", "BN": "BNT", "BT": "BTT", "FJ": "FJT", "FR": "NCT", "IR": "IRST", "KH": "ICT",
    "KI": "GILT", "LA": "ICT", "LK": "SLST", "MM": "MMT", "MN": "ULAT", "MV": "MVT", "MY": "MYT", "NP": "NPT",
    "NR": "NRT", "PG": "PGT", "PH": "PHT", "PW": "PWT", "RSO": "ICT", "SB": "SBT", "SG": "SGT", "TH": "ICT", "TL": "TLT",
    "TO": "TOT", "TR": "TRT", "VN": "ICT", "VU": "VUT", "WS": "WST",
}  # fmt: skip
"""Names in use where the time zone database gives only a number."""


def zone_of(party: str) -> ZoneInfo:
    return _zone(PARTIES[party].time_zone if party in PARTIES else "UTC")


@cache
def _zone(name: str) -> ZoneInfo:
    """Kept for good: by itself the library keeps eight, and reads the ninth from its file each time."""
    return ZoneInfo(name)


@lru_cache(4096)
def _written(value: date, pattern: str, locale: str) -> str:
    """Kept: a page says the same few days many times, and Babel takes its pattern apart anew for each."""
    text: str = format_date(value, pattern, locale=locale)
    return text


def zone_name(party: str, at: datetime) -> str:
    """`PHT`, `AEST`, `UTC`: what the people there call their time on that day."""
    return SHORT.get(party) or at.astimezone(zone_of(party)).tzname() or "UTC"


def day(value: date, now: datetime, locale: str, party: str = "", year: bool = False) -> str:
    """`28 Sep`, with the year where it is not this one or when it is asked for.

    A moment is shown as the day that it is for that party; a date stays itself.
    """
    zone = zone_of(party)
    if isinstance(value, datetime):
        value = value.astimezone(zone).date()
    now = now.astimezone(zone)
    return _written(value, "d MMM" if value.year == now.year and not year else "d MMM y", locale)


def span(first: date, last: date, locale: str) -> str:
    """`28 September – 28 October 2015`."""
    start = _written(first, "d MMMM" if first.year == last.year else "d MMMM y", locale)
    return f"{start} – {_written(last, 'd MMMM y', locale)}"


def local_time(at: datetime, party: str, now: datetime, locale: str, full: bool = False) -> str:
    """The party's own clock first, UTC in brackets; the day is said when `full` or when it is not today's there."""
    zone = zone_of(party)
    there, here, today = at.astimezone(zone), at.astimezone(UTC), now.astimezone(zone)
    said = "" if there.date() == today.date() and not full else f"{day(there.date(), today, locale)}, "
    if there.utcoffset() == here.utcoffset():
        return f"{said}{here:%H:%M} UTC"
    return f"{said}{there:%H:%M} {zone_name(party, at)} ({here:%H:%M} UTC)"


def time_there(at: datetime, zone: str, locale: str) -> str:
    """`1 Oct 2015, 14:05 WIB`: a moment by the clock of a place; where that has only a number, as `UTC+07`."""
    there = at.astimezone(_zone(zone))
    name = there.tzname() or "UTC"
    return f"{_written(there.date(), 'd MMM y', locale)}, {there:%H:%M} {f'UTC{name}' if name[0] in '+-' else name}"
