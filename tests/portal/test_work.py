"""How much runs for each further row of a page: calls are counted, so that it is the same on every machine."""

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from services.portal.pages import page
from services.portal.pages.views import Option
from tests.portal.more_samples import MORE
from tests.portal.samples import PAGES

FEW, MANY = 10, 60
# a page, how it grows, and how many calls a row may take: a fifth more than it does; what repeats belongs before the loop
GROWN: dict[str, tuple[str, Callable[[Any, int], Any], int]] = {
    "a bar of the chart": ("period", lambda view, n: replace(view, bars=(view.bars * n)[:n]), 300),
    "an operation to filter by": (
        "updates",
        lambda view, n: replace(view, operations=tuple(Option(value=f"o{i}", text=f"NZ · {i}") for i in range(n))),
        30,
    ),
    "an operation of the list": ("operations", lambda view, n: replace(view, operations=(view.operations * n)[:n]), 450),
    "an update of the list": ("updates", lambda view, n: replace(view, updates=(view.updates * n)[:n]), 260),
    "an entry of the timeline": ("period", lambda view, n: replace(view, timeline=(view.timeline * n)[:n]), 350),
}


def calls(name: str, grow: Callable[[Any, int], Any], rows: int) -> int:
    """Of functions, Python's and C's, while a page with so many rows is made the second time."""
    template, context, view = (PAGES | MORE)[name]
    view = grow(view, rows)
    page(context, template, view)
    count = 0

    def seen(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(seen)
    try:
        page(context, template, view)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("row", GROWN)
def test_a_further_row_of_a_page_is_little_work(row: str):
    name, grow, bound = GROWN[row]
    each = (calls(name, grow, MANY) - calls(name, grow, FEW)) / (MANY - FEW)
    assert each <= bound
