"""What waits for a state's word, on one page."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class AwaitedWord:
    """One thing that is asked of the state: since when, and until when."""

    text: str
    title: str
    href: str
    since: datetime | None = None
    by: datetime | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class OwnWordPage:
    """All of them; `may_answer`: the reader is one that gives the state's word."""

    words: tuple[AwaitedWord, ...]
    may_answer: bool
