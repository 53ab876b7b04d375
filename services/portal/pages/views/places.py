"""The gazetteer's page: what was asked for, and the places that may be meant."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PlaceFound:
    """A place by its code, the country in words, and what it is for as codes of words."""

    code: str
    name: str
    country: str
    functions: tuple[str, ...]
    has_position: bool


@dataclass(frozen=True, kw_only=True)
class PlacesPage:
    """What was found for the words; `more`: how many there are besides."""

    asked: str = ""
    places: tuple[PlaceFound, ...] = ()
    more: int = 0
