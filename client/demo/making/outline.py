"""The shape in which an operation is sketched before its updates are laid out over its days."""

from dataclasses import dataclass, field
from datetime import date


def day(month: int, number: int) -> date:
    return date(2015, month, number)


@dataclass(frozen=True)
class Voice:
    """What is written from one place in one language: beginnings of results, and words on how it goes."""

    language: str
    place: str
    results: tuple[str, ...]
    progress: tuple[str, ...]


@dataclass(frozen=True)
class Sketch:
    """An operation, and what of the published totals is put down to it."""

    key: str
    kind: str
    title: str
    first: date
    last: date
    objective: str
    figures: dict[str, int]
    results: int
    voices: tuple[Voice, ...]
    narrative: str
    tactics: str
    resources: str
    hours: tuple[int, int] = (8, 18)
    officer: int = 1
    detail_audience: str = "own"
    exact: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Where the parts of a total are set, one for each result in order, and not drawn."""

    @property
    def party(self) -> str:
        return self.key.split("-")[0].upper()
