"""Places by name or code: for whoever does not know a UN/LOCODE or an IATA code by heart."""

import asyncio
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest

from shared import locodes, places
from shared.parties import PARTIES
from shared.vocabulary import PlaceFunction, PlaceKind

MOST = 20
_FUNCTIONS = {
    "1": PlaceFunction.PORT, "2": PlaceFunction.RAIL, "3": PlaceFunction.ROAD, "4": PlaceFunction.AIRPORT,
    "5": PlaceFunction.POST, "6": PlaceFunction.DRY_PORT, "7": PlaceFunction.INSTALLATION,
    "8": PlaceFunction.INLAND_PORT, "B": PlaceFunction.BORDER_CROSSING,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A place that may be meant. `has_position`: it is known where it lies, so that its code is taken."""

    kind: PlaceKind
    code: str
    name: str
    country: str
    functions: tuple[PlaceFunction, ...]
    has_position: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The nearest to what was asked for, best first; `more`: how many there are besides."""

    entries: tuple[Entry, ...] = ()
    more: int = 0


async def look(words: str, most: int = MOST) -> Found:
    """Places of that name or code. The first look reads lists, so that it is done beside what else goes on."""
    return await asyncio.to_thread(search, words, most)


def search(words: str, most: int = MOST) -> Found:
    """Places of that name or code, those of the parties first. Two capitals at the end narrow it to a country: `San KH`."""
    text, _, last = words.strip().rpartition(" ")
    country = last if text and len(last) == 2 and last.isupper() and locodes.is_country(last) else ""
    sought = plain(text if country else words)
    if len(sought) < 2:
        return Found()
    best: dict[tuple[PlaceKind, str], tuple[int, Entry]] = {}
    for called, entry in (*_of_the_list(sought, country), *_airports(sought, country)):
        rank = _rank(sought, called, entry.code)
        known = best.setdefault((entry.kind, entry.code), (rank, entry))
        if rank < known[0]:
            best[entry.kind, entry.code] = rank, known[1]  # another line says the same place by another name
    first = nsmallest(most, best.values(), key=_order)
    return Found(tuple(entry for _, entry in first), len(best) - len(first))


def plain(text: str) -> str:
    """In small letters without marks, as the lists are searched."""
    marked = unicodedata.normalize("NFKD", text)
    return " ".join("".join(mark for mark in marked if not unicodedata.combining(mark)).casefold().split())


def _order(found: tuple[int, Entry]) -> tuple[int, bool, bool, str, str]:
    rank, entry = found
    return rank, entry.country not in PARTIES, not entry.has_position, entry.name, entry.code


def _rank(sought: str, called: str, code: str) -> int:
    if sought == code.casefold():
        return 0
    if called == sought:
        return 1
    if called.startswith(sought):
        return 2
    return 3 if f" {sought}" in called or f"({sought}" in called else 4


def _of_the_list(sought: str, country: str) -> Iterator[tuple[str, Entry]]:
    code = sought.replace(" ", "").upper()
    by_code = locodes.find(code) if len(code) == 5 else None
    # names of two letters are sought whole: half of all lines hold any two
    for line in (*([by_code] if by_code else ()), *locodes.named(sought, country, whole=len(sought) < 3)):
        functions = tuple(_FUNCTIONS[mark] for mark in line.functions if mark in _FUNCTIONS)
        entry = Entry(PlaceKind.LOCODE, line.code, line.name, line.country, functions, places.is_placed(line))
        yield line.plain, entry


def _airports(sought: str, country: str) -> Iterator[tuple[str, Entry]]:
    held = sought if len(sought) > 2 else f" {sought} "
    for called, entry in _all_airports():
        if (held in f" {called} " or sought == entry.code.casefold()) and country in {"", entry.country}:
            yield called, entry


@cache
def _all_airports() -> tuple[tuple[str, Entry], ...]:
    return tuple(
        (plain(f"{airport.name} {airport.city}"),
         Entry(PlaceKind.IATA, code, airport.name, airport.country, (PlaceFunction.AIRPORT,), True))
        for code, airport in places.airports().items()
    )  # fmt: skip
