"""What of two texts is in both, and what in one: sentences, words, or letters, at a cost that is bounded."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import accumulate
from typing import Literal

_SENTENCE = re.compile(r"[^\n.!?。؟]*[\n.!?。؟]*\s*")
# Thai, Lao, Tibetan, Burmese, Khmer, kana and Chinese are written without spaces: there each letter is compared
_WITHOUT_SPACES = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
MOST_STEPS = 400_000
"""Of work on one difference: what is still to be compared then is shown as taken out and put in."""
_STEPS_A_PART = 150_000
_STEPS_A_LETTER = 4
"""What it takes to find the words of a text, by what one step of comparing takes."""


@dataclass(frozen=True)
class Piece:
    """A run of text that is in both versions, or in one."""

    change: Literal["same", "added", "removed"]
    text: str


class TooMuch(Exception):
    """More work than a page may cost those who wait beside its reader."""


@dataclass
class Budget:
    """How much work is left."""

    left: int = MOST_STEPS

    def spend(self, steps: int) -> None:
        """Raises TooMuch where that is not left."""
        if steps > self.left:
            raise TooMuch
        self.left -= steps


class _Compared(SequenceMatcher[str]):
    """Counts what it does: where tokens repeat, its work grows with the third power of their number."""

    def __init__(self, old: list[str], new: list[str], budget: Budget) -> None:
        self._budget = budget
        self._steps: list[int] = []
        super().__init__(None, old, new, False)
        times = Counter(new)
        self._steps = [0, *accumulate(1 + times[token] for token in old)]

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        self._budget.spend(self._steps[len(self._steps) - 1 if ahi is None else ahi] - self._steps[alo])
        return super().find_longest_match(alo, ahi, blo, bhi)


def pieces_of(old: str, new: str, budget: Budget | None = None) -> Iterator[Piece]:
    """The words of two texts: sentence by sentence first, then within those that are others now."""
    budget = budget or Budget()
    if old == new:
        yield from _joined(_plain(old, new))
        return
    yield from _joined(
        piece
        for was, now in _blocks(old, new, _SENTENCE.findall, budget)
        for piece in (_words_of(was, now, budget) if was and now and was != now else _plain(was, now))
    )


def _words_of(old: str, new: str, budget: Budget) -> Iterator[Piece]:
    for was, now in _blocks(old, new, _tokens, budget):
        yield from _plain(was, now)


def _plain(was: str, now: str) -> Iterator[Piece]:
    if was == now:
        yield Piece("same", now)
    else:
        yield Piece("removed", was)
        yield Piece("added", now)


def _blocks(old: str, new: str, parts: Callable[[str], list[str]], budget: Budget) -> Iterator[tuple[str, str]]:
    """Runs of both, side by side; all of them as one where there is too much to compare."""
    part = Budget(min(_STEPS_A_PART, budget.left))
    granted = part.left
    try:
        part.spend(_STEPS_A_LETTER * (len(old) + len(new)))
        before, after = parts(old), parts(new)
        found = _Compared(before, after, part).get_opcodes()
        runs = [("".join(before[a:b]), "".join(after[c:d])) for _, a, b, c, d in found]
    except TooMuch:
        runs = [(old, new)]
    budget.left -= granted - part.left
    yield from runs


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one, and nothing that is empty."""
    held: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if held and held.change == piece.change:
            held = Piece(held.change, held.text + piece.text)
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held


def _tokens(text: str) -> list[str]:
    """Words, spaces and signs; a mark stays with the letter that carries it."""
    found: list[str] = []
    last = ""
    for letter in text:
        category = unicodedata.category(letter)
        if category[0] == "M" or letter == "\u200d":
            kind = last or "mark"
        elif category[0] in "LN":
            kind = "" if _WITHOUT_SPACES.match(letter) else "word"
        else:
            kind = "space" if letter.isspace() else ""
        if found and (category[0] == "M" or letter == "\u200d" or (kind and kind == last)):
            found[-1] += letter
        else:
            found.append(letter)
            last = kind
    return found
