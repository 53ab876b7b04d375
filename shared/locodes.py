"""The UN/LOCODE list of the UNECE, whole: ports, inland towns, stations, airports and border crossings, by code and by name.

The package pyunlocode brings the edition 2023-1 as the files that the UNECE published. Those are read here, and its
database, which takes degrees and minutes for decimals, is not. 116,000 lines are kept as one text in 5.6 MB, by code.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import groupby
from operator import itemgetter
from pathlib import Path

EDITION = "2023-1"
_POSITION = re.compile(r"(\d{2})(\d{2})([NS]) (\d{3})(\d{2})([EW])")
_REMOVED = frozenset("Xx")
"""What the edition marks as leaving the list."""


@dataclass(frozen=True, slots=True)
class Locode:
    """A line of the list. Its position is of minutes, and a fifth of the lines have none."""

    code: str
    plain: str
    """Its name in small letters without marks."""
    name: str
    functions: str
    """A digit or `B` for each that it has, as in `-23----B`."""
    iata: str
    written: str

    @property
    def country(self) -> str:
        return self.code[:2]

    @property
    def position(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees."""
        return _degrees(self.written)


@dataclass(frozen=True, slots=True)
class _List:
    text: str
    """A line each, between line ends: code, plain name, name, functions, IATA code, position; between tabs."""
    countries: Mapping[str, tuple[int, int]]
    """Where in the text each country's lines begin and end."""


@lru_cache(maxsize=1024)
def find(code: str) -> Locode | None:
    """The place with that code, in capitals without a space. Some have several lines, one a name; they lie in one place."""
    begin, end = _list().countries.get(code[:2], (0, 0)) if len(code) == 5 else (0, 0)
    return next((_line(line) for line in _lines(f"\n{code}\t", begin, end)), None)


def named(plain: str, country: str = "", whole: bool = False) -> Iterator[Locode]:
    """All lines whose name holds these words, in small letters without marks; `whole`: whose name they are."""
    begin, end = _list().countries.get(country, (0, 0)) if country else (0, len(_list().text))
    for line in _lines(f"\t{plain}\t" if whole else plain, begin, end):
        if plain in line.split("\t", 2)[1]:
            yield _line(line)


def is_country(code: str) -> bool:
    """Whether the list knows that country's code, in capitals."""
    return code in _list().countries


def _lines(words: str, begin: int, end: int) -> Iterator[str]:
    text = _list().text
    at = text.find(words, begin, end)
    while at >= 0:
        start = text.rfind("\n", 0, at + 1) + 1
        stop = text.index("\n", start)
        yield text[start:stop]
        at = text.find(words, stop, end)


def _line(line: str) -> Locode:
    return Locode(*line.split("\t"))


def _degrees(written: str) -> tuple[float, float] | None:
    """`1339N 10233E` as degrees; minutes of sixty, which is where lists of this list go wrong."""
    if not (parts := _POSITION.fullmatch(written)):
        return None
    north, north_minutes, hemisphere, east, east_minutes, side = parts.groups()
    latitude = int(north) + int(north_minutes) / 60
    longitude = int(east) + int(east_minutes) / 60
    if latitude > 90 or longitude > 180:
        return None
    return round(latitude if hemisphere == "N" else -latitude, 4), round(longitude if side == "E" else -longitude, 4)


@cache
def _list() -> _List:
    found = find_spec("pyunlocode")  # found and not imported: only its files are wanted
    assert found
    folder = Path(next(iter(found.submodule_search_locations or ()))) / "csv"
    rows = []
    for part in sorted(folder.glob(f"{EDITION} UNLOCODE CodeListPart*.csv")):
        with part.open(encoding="latin-1", newline="") as file:
            for change, country, place, name, plain, _, functions, _, _, iata, position, _ in csv.reader(file):
                if place and change not in _REMOVED:
                    rows.append(f"{country}{place}\t{plain.lower()}\t{name}\t{functions}\t{iata}\t{position}")
    rows.sort()
    countries: dict[str, tuple[int, int]] = {}
    begin = 0
    for country, lines in groupby(rows, key=itemgetter(slice(2))):
        end = begin + sum(len(line) + 1 for line in lines)
        countries[country] = begin, end
        begin = end
    return _List("\n" + "\n".join(rows) + "\n", countries)
