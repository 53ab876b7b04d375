"""Which clock people have at a position: by the map, and for a place of a known country by a zone of that country."""

import math
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_RINGS = (0.05, 0.15, 0.35)
"""How far off, in degrees, a place's country may begin: positions are of minutes, and ports lie before the coast."""


def zone_at(latitude: float, longitude: float) -> str:
    """The zone on the map; on the open sea it is the nautical one."""
    name = _on_the_map(latitude, longitude)
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"  # a pole, or a zone younger than the zones installed here


def zone_in(country: str, latitude: float, longitude: float) -> str | None:
    """The country's zone at that position or beside it; None when it is nowhere near, and so not a position of that country.

    A border post, of whose position seconds were cut, would else have the clock of the state on the other side.
    """
    if country not in _countries().values():
        return zone_at(latitude, longitude)
    around = [_on_the_map(*point) for point in _around(latitude, longitude)]
    return next((zone for zone in around if _countries().get(zone) == country), None) or next(
        (zone for zone in around if country in _also().get(zone, ())), None
    )


def _around(latitude: float, longitude: float) -> Iterator[tuple[float, float]]:
    yield latitude, longitude
    for ring in _RINGS:
        for step in range(8):
            angle = step * math.pi / 4
            east = ring * math.cos(angle) / max(math.cos(math.radians(latitude)), 0.1)
            yield max(min(latitude + ring * math.sin(angle), 90), -90), (longitude + east + 180) % 360 - 180


def _on_the_map(latitude: float, longitude: float) -> str:
    import tzfpy

    return tzfpy.get_tz(longitude, latitude)


@cache
def _countries() -> Mapping[str, str]:
    """The country of each zone."""
    return {zone: country for country, zone in _read("zone.tab")}


@cache
def _also() -> Mapping[str, frozenset[str]]:
    """The countries that keep the same clock, whose zone on the map it may be: Asia/Bangkok in the north of Viet Nam."""
    return {zone: frozenset(countries.split(",")) for countries, zone in _read("zone1970.tab")}


def _read(table: str) -> Iterator[tuple[str, str]]:
    for line in (files("tzdata") / "zoneinfo" / table).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            countries, _, zone, *_ = line.split("\t")
            yield countries, zone
