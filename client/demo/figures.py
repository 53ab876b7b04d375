"""Published against computed: the same nine totals from the co-chair's API, after the rebuild, and from the debrief."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.vocabulary import Indicator


@dataclass(frozen=True)
class Row:
    """One indicator in all four places."""

    indicator: Indicator
    published: int
    computed: int
    rebuilt: int
    debrief: int

    @property
    def agrees(self) -> bool:
        return self.published == self.computed == self.rebuilt == self.debrief


def validated(figures: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """The sum over parties of what coordinators stand by."""
    total: Counter[str] = Counter()
    for figure in figures:
        total[figure["indicator"]] += figure["validated"]
    return total


def compare(
    published: Mapping[Indicator, int],
    computed: Mapping[str, int],
    rebuilt: Mapping[str, int],
    debrief: Mapping[str, int],
) -> list[Row]:
    return [
        Row(each, number, *(found.get(each, 0) for found in (computed, rebuilt, debrief)))
        for each, number in published.items()
    ]
