"""The filter of a list is its address."""

from collections.abc import Mapping
from urllib.parse import urlencode

from services.portal.pages.desk import Desk
from services.portal.pages.render import party_name


class Filter:
    """The filters asked for, and addresses with and without each of them."""

    def __init__(self, path: str, **asked: str) -> None:
        self._path = path
        self.values = {name: value for name, value in asked.items() if value}

    @property
    def is_figure(self) -> bool:
        """Whether it names just what a number on a page sums."""
        return "indicator" in self.values and self.values.keys() <= {"indicator", "party"}

    def href(self, without: str = "", **more: str) -> str:
        query = urlencode({name: value for name, value in self.values.items() if name != without} | more)
        return f"{self._path}?{query}" if query else self._path

    def in_force(self, at: Desk, names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """Each filter in words, with the address without it."""
        return tuple((_words(at, name, value, names), self.href(without=name)) for name, value in self.values.items())


def _words(at: Desk, name: str, value: str, names: Mapping[str, str]) -> str:
    if name == "party":
        return party_name(value)
    return names.get(value) or at.words(value)
