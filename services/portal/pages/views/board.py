"""The consent board: operations by states, with the plan above them."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.portal.consent_board import BoardWord
from services.portal.pages.views.common import Paging


@dataclass(frozen=True, kw_only=True)
class BoardRow:
    """One thing; a state that it does not concern has no word."""

    href: str
    name: str
    status: str
    words: Mapping[str, BoardWord]
    number: int = 0
    owner: str = ""


@dataclass(frozen=True, kw_only=True)
class BoardPage:
    """What the reader may know of each state's word."""

    period_id: str
    title: str
    states: tuple[str, ...]
    plans: tuple[BoardRow, ...] = ()
    operations: tuple[BoardRow, ...] = ()
    investigations: tuple[BoardRow, ...] = ()
    awaited: Mapping[str, int]
    """How many words are awaited of each state that owes one."""
    paging: Paging
