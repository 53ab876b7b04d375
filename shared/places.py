"""Places by UN/LOCODE, IATA code or point, each with its local time zone; what they need is read when first asked for.

UN/LOCODE: the UNECE's list (`shared/locodes.py`). Where a seaport lies, the package searoute says more exactly;
for an airport without a position there it is airportsdata. What has no position anywhere is refused: a point names it.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

from pydantic import Field

from shared import locodes
from shared.errors import Invalid
from shared.events.planner import Place
from shared.runtime.bodies import Body, Line
from shared.vocabulary import PlaceKind
from shared.zones import zone_at, zone_in

_POINT = re.compile(r"([+-]?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*([+-]?\d{1,3}(?:\.\d+)?)")
_LOCODE = re.compile(r"[A-Za-z]{2}\s?[A-Za-z2-9]{3}")
_IATA = re.compile(r"[A-Za-z]{3}")


class PlaceAsked(Body):
    """A place as somebody names it: a code of its kind, or a point in degrees (WGS 84). A name is never needed."""

    kind: PlaceKind
    code: Line = ""
    name: Line = ""
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None


@dataclass(frozen=True)
class _Known:
    name: str
    latitude: float
    longitude: float
    time_zone: str = ""
    country: str = ""
    city: str = ""


async def resolve(asked: Sequence[PlaceAsked], field: str = "places") -> tuple[Place, ...]:
    """The places, found; the first look reads lists, so that it is done beside what else goes on.

    Raises:
        Invalid: one of them is not known; `field` and its number say which.
    """
    if not asked:
        return ()
    return await asyncio.to_thread(lambda: tuple(find(one, f"{field}.{number}") for number, one in enumerate(asked)))


def find(asked: PlaceAsked, field: str = "place") -> Place:
    """The place, found.

    Raises:
        Invalid: no such code, or half a point.
    """
    if asked.kind is PlaceKind.POINT:
        if asked.latitude is None or asked.longitude is None:
            raise Invalid.field(field, "A point has a latitude and a longitude.")
        where = _Known(asked.name, round(asked.latitude, 5), round(asked.longitude, 5))
        return _place(asked, "", where)
    code = asked.code.replace(" ", "").upper()
    known = _by_locode(code) if asked.kind is PlaceKind.LOCODE else _by_iata(code)
    if known is None:
        raise Invalid.field(field, _unknown(asked.kind, asked.code))
    return _place(asked, code, known)


def written(text: str, field: str = "place") -> PlaceAsked:
    """A place as a person writes it in one line: `NZAKL`, `BKK` or `13.69, 100.75`, and a name after a semicolon.

    Raises:
        Invalid: it is none of the three.
    """
    text, _, name = (part.strip() for part in text.partition(";"))
    if point := _POINT.fullmatch(text):
        latitude, longitude = (float(part) for part in point.groups())
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise Invalid.field(field, f"{text} is no point: the latitude, to 90, comes first, then the longitude, to 180.")
        return PlaceAsked(kind=PlaceKind.POINT, latitude=latitude, longitude=longitude, name=name[:200])
    if _LOCODE.fullmatch(text):
        return PlaceAsked(kind=PlaceKind.LOCODE, code=text, name=name[:200])
    if _IATA.fullmatch(text):
        return PlaceAsked(kind=PlaceKind.IATA, code=text, name=name[:200])
    ways = "write a UN/LOCODE (NZAKL), an IATA code (BKK) or a point (13.69, 100.75)"
    raise Invalid.field(field, f"{text[:50]!r} is no place: {ways}.")


def is_placed(listed: locodes.Locode) -> bool:
    """Whether a position of it is known, without asking the map whether that is in its country."""
    return bool(listed.position or listed.code in _seaports() or _airport(listed))


def _place(asked: PlaceAsked, code: str, known: _Known) -> Place:
    return Place(
        kind=asked.kind,
        code=code,
        name=asked.name or known.name,
        latitude=known.latitude,
        longitude=known.longitude,
        time_zone=known.time_zone or zone_at(known.latitude, known.longitude),
    )


def _by_locode(code: str) -> _Known | None:
    """Its position in the list, more exactly where a seaport is known beside it; else the seaport's, else the airport's."""
    listed, port = locodes.find(code), _in_its_country(code, _seaports().get(code))
    there = _in_its_country(code, _Known(listed.name, *listed.position)) if listed and listed.position else None
    if port and (there is None or _is_beside(port, there)):
        return replace(port, name=listed.name) if listed else port
    if there or listed is None:
        return there
    airport = _airport(listed)
    return replace(_in_its_country(code, airport) or airport, name=listed.name) if airport else None


def _airport(listed: locodes.Locode) -> _Known | None:
    airport = airports().get(listed.iata or listed.code[2:]) if "4" in listed.functions else None
    return airport if airport and airport.country == listed.country else None


def _by_iata(code: str) -> _Known | None:
    """By the clock of its country at its position: what its own list says of that is wrong for some."""
    airport = airports().get(code)
    return (_in_its_country(airport.country, airport) or airport) if airport else None


def _in_its_country(code: str, known: _Known | None) -> _Known | None:
    zone = zone_in(code[:2], known.latitude, known.longitude) if known else None
    return replace(known, time_zone=zone) if known and zone else None


def _is_beside(one: _Known, other: _Known) -> bool:
    return abs(one.latitude - other.latitude) < 0.5 and abs(one.longitude - other.longitude) < 0.5


def _unknown(kind: PlaceKind, code: str) -> str:
    if kind is PlaceKind.IATA:
        return f"{code[:20]!r} is not the IATA code of an airport."
    if listed := locodes.find(code.replace(" ", "").upper()):
        # none in the list, or one in another country: 19 of 100 codes of the members
        return f"{listed.code} ({listed.name}) is in the UN/LOCODE list without a usable position: write a point instead."
    return f"{code[:20]!r} is not in the UN/LOCODE list ({locodes.EDITION}); an airport or a point will do as well."


@cache
def _seaports() -> Mapping[str, _Known]:
    # found and not imported: the package itself brings a good deal with it that finds ways over the sea
    found = find_spec("searoute")
    assert found
    folder = next(iter(found.submodule_search_locations or ()))
    ports = json.loads((Path(folder) / "data" / "ports.geojson").read_text("utf-8"))
    seaports = {}
    for port in ports["features"]:
        code, (longitude, latitude) = port["properties"]["port"], port["geometry"]["coordinates"]
        if _LOCODE.fullmatch(code):
            seaports[code] = _Known(port["properties"]["name"], round(latitude, 4), round(longitude, 4))
    return seaports


@cache
def airports() -> Mapping[str, _Known]:
    import airportsdata

    return {
        code: _Known(airport["name"], round(airport["lat"], 5), round(airport["lon"], 5), airport["tz"],
                     airport["country"], airport["city"])
        for code, airport in airportsdata.load("IATA").items()
    }
